/** The dynamic provider's process, unmodified, and its gRPC methods as the engine calls them: secrets in plain, unknowns as sentinels. */
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { QUICK_START } from "../shared/quick-node";
import { Child, type ChildOptions, childEnv } from "./processes";
import { type Project, sdkFile } from "./project";
import type { ResourceState } from "./state";
import { decodeMap, encodeMap, type PropertyMap } from "./values";

export const MAX_MESSAGE = { "grpc.max_receive_message_length": 400 * 1024 * 1024 };

/** A create or update that had an effect and then failed: `properties` is what the resource has become. */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";
  constructor(
    readonly id: string,
    readonly properties: PropertyMap,
    readonly reasons: string[],
  ) {
    super(
      `${reasons.length} error${reasons.length === 1 ? "" : "s"} occurred:\n${reasons.map((r) => `\t* ${r}`).join("\n")}`,
    );
  }
}

/** What all processes of a run share. */
export interface Surroundings {
  env?: Record<string, string>;
  kill?: AbortSignal;
  /** By which a provider can see that its engine lives. */
  engineAddress: string;
  /** What a provider process loads first, by its path. */
  preload?: string;
  /** Takes each line a process prints. */
  onLine(line: string): void;
}

/** What the engine asks of a provider, wherever it runs. */
export type Provider = Pick<
  ProviderProcess,
  "check" | "diff" | "create" | "update" | "read" | "delete" | "stop"
>;

export type Changes = "some" | "none" | "unknown";

export class ProviderProcess {
  private constructor(
    private readonly child: Child,
    private readonly client: ResourceProviderClient,
  ) {}

  /**
   * @param config the stack's whole configuration, by `<namespace>:<key>`
   */
  static async start(
    project: Project,
    config: PropertyMap,
    surroundings: Surroundings,
  ): Promise<ProviderProcess> {
    const { env, kill, engineAddress, preload, onLine } = surroundings;
    const settings = encodeMap(config) as Record<string, string>;
    let child: Child | undefined;
    const port = await new Promise<string>((resolve, reject) => {
      let serving = false;
      // The first line of its standard output is the port, by the protocol of Pulumi's plugins.
      const take: ChildOptions["onLine"] = (line, stream) => {
        if (serving || stream === "stderr") return onLine(line);
        serving = true;
        resolve(line.trim());
      };
      child = new Child({
        // The argument is the engine's address; the dynamic provider itself never connects.
        args: [
          ...QUICK_START,
          ...(preload === undefined ? [] : ["--require", preload]),
          sdkFile("cmd/dynamic-provider", project.programDir),
          engineAddress,
        ],
        cwd: project.programDir,
        env: childEnv(
          {
            PULUMI_PROJECT: project.name,
            PULUMI_NODEJS_PROJECT: project.name,
            PULUMI_CONFIG: JSON.stringify(settings),
          },
          env,
        ),
        kill,
        onLine: take,
      });
      child.ended.then(
        (code) => reject(new Error(`the dynamic provider ended with code ${code} before it served`)),
        reject,
      );
    });
    if (child === undefined || !/^\d+$/.test(port)) {
      child?.kill();
      throw new Error(`the dynamic provider printed ${JSON.stringify(port)} in place of its port`);
    }
    const client = new ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      MAX_MESSAGE,
    );
    const provider = new ProviderProcess(child, client);
    const request = new messages.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript(settings));
    await call<messages.ConfigureResponse>((done) => client.configure(request, done));
    return provider;
  }

  async check(urn: string, olds: PropertyMap, news: PropertyMap) {
    const request = new messages.CheckRequest();
    request.setUrn(urn);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const response = await call<messages.CheckResponse>((done) => this.client.check(request, done));
    return {
      inputs: map(response.getInputs()),
      failures: response.getFailuresList().map((f) => ({ property: f.getProperty(), reason: f.getReason() })),
    };
  }

  async diff(old: ResourceState, news: PropertyMap, ignoreChanges: string[]) {
    const request = new messages.DiffRequest();
    request.setId(old.id ?? "");
    request.setUrn(old.urn);
    request.setOldInputs(struct(old.inputs));
    request.setOlds(struct(old.outputs));
    request.setNews(struct(news));
    request.setIgnorechangesList(ignoreChanges);
    const response = await call<messages.DiffResponse>((done) => this.client.diff(request, done));
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    const changes = response.getChanges();
    return {
      changes: (changes === DIFF_SOME ? "some" : changes === DIFF_NONE ? "none" : "unknown") as Changes,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(urn: string, inputs: PropertyMap) {
    const request = new messages.CreateRequest();
    request.setUrn(urn);
    request.setProperties(struct(inputs));
    const response = await call<messages.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), outputs: map(response.getProperties()) };
  }

  async update(old: ResourceState, news: PropertyMap): Promise<PropertyMap> {
    const request = new messages.UpdateRequest();
    request.setId(old.id ?? "");
    request.setUrn(old.urn);
    request.setOldInputs(struct(old.inputs));
    request.setOlds(struct(old.outputs));
    request.setNews(struct(news));
    const response = await call<messages.UpdateResponse>((done) => this.client.update(request, done));
    return map(response.getProperties());
  }

  /** An empty id in the answer means that the resource is gone. */
  async read(urn: string, id: string, state: PropertyMap, inputs: PropertyMap) {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setUrn(urn);
    request.setProperties(struct(state));
    request.setInputs(struct(inputs));
    const response = await call<messages.ReadResponse>((done) => this.client.read(request, done));
    return {
      id: response.getId(),
      outputs: map(response.getProperties()),
      inputs: response.hasInputs() ? map(response.getInputs()) : undefined,
    };
  }

  async delete(old: ResourceState): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(old.id ?? "");
    request.setUrn(old.urn);
    request.setProperties(struct(old.outputs));
    request.setOldInputs(struct(old.inputs));
    await call((done) => this.client.delete(request, done));
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.child.stop();
  }
}

function struct(properties: PropertyMap): Struct {
  return Struct.fromJavaScript(encodeMap(properties));
}

function map(properties: Struct | undefined): PropertyMap {
  return decodeMap(properties?.toJavaScript() ?? {});
}

function call<T>(
  start: (done: (error: grpc.ServiceError | null, response: T) => void) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, response) =>
      error === null ? resolve(response) : reject(partialFailure(error) ?? plainError(error)),
    );
  });
}

/** gRPC for Node does not read the structured details of an error: they are in a trailer. */
function partialFailure(error: grpc.ServiceError): PartialFailure | undefined {
  const [trailer] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!Buffer.isBuffer(trailer)) return undefined;
  const detail = Status.deserializeBinary(trailer)
    .getDetailsList()
    .find((any) => any.getTypeName() === "pulumirpc.ErrorResourceInitFailed");
  if (detail === undefined) return undefined;
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return new PartialFailure(failed.getId(), map(failed.getProperties()), failed.getReasonsList());
}

function plainError(error: grpc.ServiceError): Error {
  return new Error(error.details);
}

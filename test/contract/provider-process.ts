/** Pulumi's own process that runs stored providers, and its methods as an engine calls them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "./layouts";
import { childEnv } from "./run";

/** A resource in a state, `__provider` among its properties. */
export interface Stored {
  id: string;
  properties: Properties;
}

export class ProviderProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: ResourceProviderClient,
  ) {}

  static async start(programDir: string): Promise<ProviderProcess> {
    const sdk = createRequire(join(programDir, "index.js"));
    const program = sdk.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
    // The argument is the engine's address. There is no engine here, which port 0 says.
    const child = spawn(process.execPath, [program, "127.0.0.1:0"], {
      cwd: programDir,
      env: childEnv({ PULUMI_NODEJS_PROJECT: "contract", PULUMI_CONFIG: "{}" }),
      stdio: ["ignore", "pipe", "ignore"],
    });
    process.once("exit", () => child.kill("SIGKILL"));
    const port = await new Promise<string>((resolve, reject) => {
      // The first line that it prints is its port.
      child.stdout.once("data", (line: Buffer) => resolve(String(line).trim()));
      child.stdout.on("data", () => {});
      child.once("exit", (code) => reject(new Error(`the provider ended with ${code} before it served`)));
    });
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const provider = new ProviderProcess(child, client);
    const request = new messages.ConfigureRequest();
    request.setArgs(new Struct());
    await call((done) => client.configure(request, done));
    return provider;
  }

  /** @throws where an argument is refused */
  async check(olds: Properties, news: Properties): Promise<Properties> {
    const request = new messages.CheckRequest();
    request.setOlds(Struct.fromJavaScript(olds as never));
    request.setNews(Struct.fromJavaScript(news as never));
    const response = await call<messages.CheckResponse>((done) => this.client.check(request, done));
    const [failure] = response.getFailuresList();
    if (failure !== undefined) throw new Error(failure.getReason());
    return plain(response.getInputs());
  }

  /** @returns whether something changes */
  async diff({ id, properties }: Stored, news: Properties): Promise<boolean> {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(Struct.fromJavaScript(properties as never));
    request.setNews(Struct.fromJavaScript(news as never));
    const response = await call<messages.DiffResponse>((done) => this.client.diff(request, done));
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    const changes = response.getChanges();
    if (changes !== DIFF_NONE && changes !== DIFF_SOME) throw new Error("diff leaves it to the engine");
    return changes === DIFF_SOME;
  }

  async create(inputs: Properties): Promise<Stored> {
    const request = new messages.CreateRequest();
    request.setProperties(Struct.fromJavaScript(inputs as never));
    const response = await call<messages.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), properties: plain(response.getProperties()) };
  }

  async read({ id, properties }: Stored): Promise<Stored> {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(Struct.fromJavaScript(properties as never));
    const response = await call<messages.ReadResponse>((done) => this.client.read(request, done));
    return { id: response.getId(), properties: plain(response.getProperties()) };
  }

  async update({ id, properties }: Stored, news: Properties): Promise<Stored> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(Struct.fromJavaScript(properties as never));
    request.setNews(Struct.fromJavaScript(news as never));
    const response = await call<messages.UpdateResponse>((done) => this.client.update(request, done));
    return { id, properties: plain(response.getProperties()) };
  }

  async delete({ id, properties }: Stored): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(Struct.fromJavaScript(properties as never));
    await call((done) => this.client.delete(request, done));
  }

  async stop(): Promise<void> {
    this.client.close();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await exit;
  }
}

function plain(properties: Struct | undefined): Properties {
  return properties?.toJavaScript() ?? {};
}

function call<T>(
  start: (done: (error: grpc.ServiceError | null, response: T) => void) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error === null ? resolve(response) : reject(new Error(error.details))));
  });
}

/** The two gRPC services that the SDK in the user's program talks to: the resource monitor and the engine's log. */
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as monitor from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { bind, type LogHandler, takeLog, unary } from "./engine-service";
import { MAX_MESSAGE } from "./provider";
import { decodeMap, encodeMap, type PropertyMap, wrapSecret } from "./values";

/** What the program wants a resource to be. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  inputs: PropertyMap;
  parent?: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  additionalSecretOutputs: string[];
  ignoreChanges: string[];
  protect?: boolean;
  retainOnDelete?: boolean;
  deletedWith?: string;
  /** What it asks for that this engine does not have. */
  unsupported?: string;
  /** Set by the user, it overrules the provider. */
  deleteBeforeReplace?: boolean;
}
/** A resource that exists elsewhere and is only read. */
export type ReadGoal = Pick<
  Goal,
  "type" | "name" | "inputs" | "parent" | "dependencies" | "additionalSecretOutputs"
> & { id: string };

export interface Registered {
  urn: string;
  /** Empty where a preview cannot know it. */
  id: string;
  outputs: PropertyMap;
}

export interface MonitorHandlers {
  register(goal: Goal): Promise<Registered>;
  read(goal: ReadGoal): Promise<Registered>;
  registerOutputs(urn: string, outputs: PropertyMap): void;
  log: LogHandler;
}

/** What a program may use. What is not here the SDK refuses in the program, with a message of its own. */
const FEATURES = new Set(["secrets", "resourceReferences", "outputValues", "deletedWith", "aliasSpecs"]);

/** Serves both services on one free port of the loopback; methods that are not here answer UNIMPLEMENTED. */
export async function serveMonitor(handlers: MonitorHandlers): Promise<{ address: string; close(): void }> {
  const server = new grpc.Server(MAX_MESSAGE);
  let root = "";
  server.addService(ResourceMonitorService as unknown as grpc.ServiceDefinition, {
    supportsFeature: unary((request: monitor.SupportsFeatureRequest) => {
      const response = new monitor.SupportsFeatureResponse();
      response.setHassupport(FEATURES.has(request.getId()));
      return response;
    }),
    registerResource: unary(async (request: monitor.RegisterResourceRequest) => {
      const { urn, id, outputs } = await handlers.register(goalOf(request));
      const response = new monitor.RegisterResourceResponse();
      response.setUrn(urn);
      response.setId(id);
      response.setObject(Struct.fromJavaScript(encodeMap(outputs, wrapSecret)));
      return response;
    }),
    readResource: unary(async (request: monitor.ReadResourceRequest) => {
      const { urn, outputs } = await handlers.read(readGoalOf(request));
      const response = new monitor.ReadResourceResponse();
      response.setUrn(urn);
      response.setProperties(Struct.fromJavaScript(encodeMap(outputs, wrapSecret)));
      return response;
    }),
    registerResourceOutputs: unary((request: monitor.RegisterResourceOutputsRequest) => {
      handlers.registerOutputs(request.getUrn(), properties(request.getOutputs()));
      return new Empty();
    }),
    // Without hooks, which run in the program, it need not outlive its own end.
    signalAndWaitForShutdown: unary(() => new Empty()),
  });
  server.addService(EngineService as unknown as grpc.ServiceDefinition, {
    log: takeLog(handlers.log),
    getRootResource: unary(() => {
      const response = new engine.GetRootResourceResponse();
      response.setUrn(root);
      return response;
    }),
    setRootResource: unary((request: engine.SetRootResourceRequest) => {
      root = request.getUrn();
      return new engine.SetRootResourceResponse();
    }),
  });
  const port = await bind(server);
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

function goalOf(request: monitor.RegisterResourceRequest): Goal {
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: properties(request.getObject()),
    parent: request.getParent() || undefined,
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      (request.getPropertydependenciesMap().getEntryList() as [string, unknown][]).flatMap(([name]) => {
        const urns = request.getPropertydependenciesMap().get(name)?.getUrnsList() ?? [];
        return urns.length === 0 ? [] : [[name, urns] as const];
      }),
    ),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    ignoreChanges: request.getIgnorechangesList(),
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
    deletedWith: request.getDeletedwith() || undefined,
    unsupported: unsupportedIn(request),
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
  };
}

function unsupportedIn(request: monitor.RegisterResourceRequest): string | undefined {
  if (request.getImportid() !== "") return "import";
  if (request.getAliasesList().length > 0 || request.getAliasurnsList().length > 0) return "aliases";
  return request.getRemote() ? "components of other packages" : undefined;
}

function readGoalOf(request: monitor.ReadResourceRequest): ReadGoal {
  return {
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    inputs: properties(request.getProperties()),
    parent: request.getParent() || undefined,
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

function properties(struct: Struct | undefined): PropertyMap {
  return decodeMap(struct?.toJavaScript() ?? {});
}

/** The address that providers are started with: as long as it takes connections, the engine lives. It takes their lines. */
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { bind, type LogHandler, takeLog } from "./engine-service";

export interface Presence {
  /** `127.0.0.1:49152` */
  address: string;
  close(): void;
}

/** What Pulumi serves to plugins there, as far as a dynamic provider asks for it. */
export async function showPresence(log: LogHandler): Promise<Presence> {
  const server = new grpc.Server();
  server.addService(EngineService as unknown as grpc.ServiceDefinition, { log: takeLog(log) });
  const port = await bind(server);
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

/** What both servers of an engine share: the one for the program, and the one for providers. */
import * as grpc from "@grpc/grpc-js";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Severity } from "./report";

export type LogHandler = (severity: Severity, message: string, urn: string) => void;

const SEVERITIES: Partial<Record<number, Severity>> = {
  [engine.LogSeverity.INFO]: "info",
  [engine.LogSeverity.WARNING]: "warning",
  [engine.LogSeverity.ERROR]: "error",
};

export function takeLog(log: LogHandler) {
  return unary((request: engine.LogRequest) => {
    const severity = SEVERITIES[request.getSeverity()];
    if (severity !== undefined) log(severity, request.getMessage(), request.getUrn());
    return new Empty();
  });
}

export function unary<Request, Response>(answer: (request: Request) => Response | Promise<Response>) {
  return async (call: { request: Request }, respond: grpc.sendUnaryData<Response>): Promise<void> => {
    try {
      respond(null, await answer(call.request));
    } catch (error) {
      const code = error instanceof Terminating ? grpc.status.UNAVAILABLE : grpc.status.UNKNOWN;
      respond({ code, details: error instanceof Error ? error.message : String(error) });
    }
  };
}

/** The run has ended early: the SDK takes this as the word to end the program without a complaint of its own. */
export class Terminating extends Error {
  override readonly name = "Terminating";
}

/** Listens on any free port. */
export function bind(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
}

import { Pool } from "undici";
import type { Connection } from "../connect/connection";
import { makeConnector } from "./tls";

/** What carries requests to one device: a pool of connections, or what stands for the network in a test. */
export interface Carrier extends Pick<Pool, "close" | "destroy"> {
  request(request: CarriedRequest): Promise<CarriedAnswer>;
}

export type CarriedRequest = Parameters<Pool["request"]>[0];

export interface CarriedAnswer {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  body: { arrayBuffer(): Promise<ArrayBuffer> };
}

const connectionsPerDevice = 4;
const idleMs = 4_000;
/** In bytes. */
export const largestAnswer = 64 * 1024 * 1024;

export function openPool({ origin, tls }: Connection): Pool {
  // Idle sockets of the pool are unref'ed by undici: they keep no process alive.
  return new Pool(origin, {
    connect: makeConnector(tls),
    connections: connectionsPerDevice,
    keepAliveTimeout: idleMs,
    maxResponseSize: largestAnswer,
  });
}

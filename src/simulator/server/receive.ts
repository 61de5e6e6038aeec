import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { RecordedRequest } from "./recorder";

/** The client went away, or is to believe that the device did. */
export class ConnectionCut extends Error {}

/** How a body comes in. */
export interface Reception {
  /** Its `bytes` follow what arrives. */
  record: RecordedRequest;
  /** The connection is cut when so much of it arrived, from 0 to 1. */
  cutShare?: number | undefined;
  /** No faster than this, by not reading on: the network holds the sender back. */
  bytesPerSecond?: number | undefined;
}

/**
 * The body of a request, chunk by chunk. Who stops in the middle leaves the connection open.
 * @throws ConnectionCut if it ends before its Content-Length
 */
export async function* receive(request: IncomingMessage, how: Reception): AsyncGenerator<Buffer> {
  const { record, cutShare, bytesPerSecond } = how;
  const cutAt = cutShare === undefined ? undefined : cutShare * Number(request.headers["content-length"]);
  const startedAt = performance.now();
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      record.bytes += chunk.length;
      if (cutAt !== undefined && record.bytes >= cutAt) throw new ConnectionCut();
      if (bytesPerSecond !== undefined)
        await waitUntil(startedAt + (record.bytes / bytesPerSecond) * 1000, request.socket);
      yield chunk;
    }
  } catch {
    throw new ConnectionCut();
  }
  if (cutAt !== undefined || !request.complete) throw new ConnectionCut();
}

export async function readWhole(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/**
 * Reads on and throws away, once the answer is certain: a sender that writes its body to the end before it looks at
 * the answer would else never see it.
 */
export function drain(request: IncomingMessage, record: RecordedRequest): void {
  if (request.complete) return;
  request
    .on("error", () => {})
    .on("data", (chunk: Buffer) => {
      record.bytes += chunk.length;
    });
}

/** Ends early where the connection does. @param time by `performance.now()` */
function waitUntil(time: number, socket: Socket): Promise<void> | undefined {
  const ms = time - performance.now();
  if (ms <= 0) return undefined;
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      socket.off("close", end);
      resolve();
    };
    const timer = setTimeout(end, ms).unref();
    socket.once("close", end);
  });
}

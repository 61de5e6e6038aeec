import type { ServerResponse } from "node:http";
import type { Answer } from "../answer";
import type { SpoiltAnswer } from "../faults";

/** Resolves when the answer was handed to the network, or the client went away. */
export function send(response: ServerResponse, answer: Answer, spoilt?: SpoiltAnswer): Promise<void> {
  const sent = spoilt === undefined ? answer : spoil(answer, spoilt);
  if (spoilt?.end === "close") endByClosing(response);
  return new Promise((resolve) => {
    if (response.destroyed) return resolve();
    response.once("close", resolve);
    const end = () => response.end(writeHead(response, sent, spoilt?.end));
    if (spoilt?.pace === undefined) end();
    else void sendSlowly(response, () => writeHead(response, sent, spoilt.end), spoilt.pace);
  });
}

async function sendSlowly(
  response: ServerResponse,
  begin: () => Buffer,
  { firstMs = 0, everyMs = 0, bytes = 1 }: NonNullable<SpoiltAnswer["pace"]>,
): Promise<void> {
  await pause(firstMs);
  const body = response.destroyed ? Buffer.alloc(0) : begin();
  for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
    response.write(body.subarray(at, at + bytes));
    await pause(everyMs);
  }
  response.end();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function spoil(answer: Answer, { status = answer.status, body: change, headers }: SpoiltAnswer): Answer {
  const { body = Buffer.alloc(0) } = answer;
  const changed = change?.(body) ?? body;
  return {
    ...answer,
    status,
    body: typeof changed === "string" ? Buffer.from(changed) : changed,
    headers: { ...answer.headers, ...headers },
  };
}

function endByClosing(response: ServerResponse): void {
  response.useChunkedEncodingByDefault = false;
  response.shouldKeepAlive = false;
}

/** As `send`, but the connection ends in the middle of the body. */
export function sendHalf(response: ServerResponse, answer: Answer): Promise<void> {
  const body = writeHead(response, answer);
  return new Promise((resolve) => {
    response.write(body.subarray(0, body.length >> 1), () => {
      response.destroy();
      resolve();
    });
  });
}

function writeHead(response: ServerResponse, answer: Answer, end: SpoiltAnswer["end"] = "length"): Buffer {
  const body = answer.body ?? Buffer.alloc(0);
  if (answer.contentType) response.setHeader("Content-Type", answer.contentType);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.after?.gracefulTimeout === 0) response.setHeader("Connection", "close");
  // A 204 has no body, and so no length (RFC 9110 section 8.6).
  const withLength = end === "length" && answer.status !== 204;
  response.writeHead(answer.status, withLength ? { "Content-Length": body.length } : {});
  return body;
}

import type { ServerResponse } from "node:http";
import type { Answer } from "../answer";
import type { SpoiltAnswer } from "../faults";

/** Resolves when the answer was handed to the network, or the client went away. */
export function send(response: ServerResponse, answer: Answer, spoilt?: SpoiltAnswer): Promise<void> {
  const sent = spoilt === undefined ? answer : spoil(answer, spoilt);
  if (spoilt?.end === "close") endByClosing(response);
  return new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.once("close", resolve).end(writeHead(response, sent, spoilt?.end));
  });
}

function spoil(answer: Answer, { body: change, headers }: SpoiltAnswer): Answer {
  const { body = Buffer.alloc(0) } = answer;
  return {
    ...answer,
    body: change === undefined ? body : Buffer.from(change(body)),
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

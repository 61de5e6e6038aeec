import type { ServerResponse } from "node:http";
import type { Answer } from "../answer";

/** Resolves when the answer was handed to the network, or the client went away. */
export function send(response: ServerResponse, answer: Answer): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.once("close", resolve).end(writeHead(response, answer));
  });
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

function writeHead(response: ServerResponse, answer: Answer): Buffer {
  const body = answer.body ?? Buffer.alloc(0);
  if (answer.contentType) response.setHeader("Content-Type", answer.contentType);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.after?.gracefulTimeout === 0) response.setHeader("Connection", "close");
  response.writeHead(answer.status, { "Content-Length": body.length });
  return body;
}

import http from "node:http";
import https from "node:https";
import net, { type AddressInfo, type Socket } from "node:net";
import { generate } from "selfsigned";
import type { DeviceSettings } from "../../src/declare/device";
import { type Connection, resolveConnection } from "../../src/device/connect/connection";

export interface SeenRequest {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

export type Handler = (request: SeenRequest, response: http.ServerResponse, count: number) => void;

export interface TestServer {
  origin: string;
  port: number;
  requests: SeenRequest[];
  /** The most requests that were in work at one time. */
  mostAtOnce: number;
  /** The connections that are open. */
  sockets: Set<Socket>;
  /** Called with the client's port at each request. */
  onSocket?: (port: number | undefined) => void;
  /** Refuses connections from now on; those that are open end at once, or stay open. */
  goDark(options?: { cut: boolean }): void;
  /** Listens again on the same port. */
  comeBack(): void;
  /** The certificate for handshakes from now on. */
  setCertificate(tls: { key: string; cert: string }): void;
  close(): Promise<void>;
}

/** A web server that records what it is asked and answers as the test says; `count` is 1 for the first request. */
export async function startServer(
  handler: Handler,
  tls?: { key: string; cert: string },
): Promise<TestServer> {
  let inWork = 0;
  const listener: http.RequestListener = (incoming, response) => {
    inWork++;
    server.onSocket?.(incoming.socket.remotePort);
    server.mostAtOnce = Math.max(server.mostAtOnce, inWork);
    response.on("close", () => {
      inWork--;
    });
    const chunks: Buffer[] = [];
    incoming.on("error", () => {});
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url = "", headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks) };
      server.requests.push(request);
      handler(request, response, server.requests.length);
    });
  };
  const listening = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const { port } = listening.address() as AddressInfo;
  const server: TestServer = {
    origin: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    requests: [],
    mostAtOnce: 0,
    sockets: new Set(),
    goDark({ cut } = { cut: true }) {
      // An http server that closes ends its idle connections as well; what it is built on does not.
      net.Server.prototype.close.call(listening);
      if (cut) listening.closeAllConnections();
    },
    comeBack() {
      listening.listen(port, "127.0.0.1");
    },
    setCertificate(identity) {
      if (listening instanceof https.Server) listening.setSecureContext(identity);
    },
    close: () =>
      new Promise((resolve) => {
        listening.close(() => resolve());
        listening.closeAllConnections();
      }),
  };
  listening.on("connection", (socket: Socket) => {
    server.sockets.add(socket);
    socket.once("close", () => server.sockets.delete(socket));
  });
  return server;
}

/** Answers with a status and a JSON body. */
export function answer(response: http.ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

export function connectionTo(url: string, settings: DeviceSettings = {}): Connection {
  return resolveConnection(
    { name: "sbc1", url, username: "Admin", password: "pass-word-1", ...settings },
    {},
  );
}

/** A certificate of its own authority, for the given names or addresses. */
export async function certificate(...altNames: ({ type: 2; value: string } | { type: 7; ip: string })[]) {
  const made = await generate([{ name: "commonName", value: "sbc1" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames },
    ],
  });
  return { key: made.private, cert: made.cert };
}

import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Line } from "./line";

export interface TlsIdentity {
  /** PEM */
  key: string;
  /** PEM */
  cert: string;
}

/** How long an answer on its way may take to leave before the device goes dark. */
const LAST_WORD_MS = 50;
/** While the device was dark, somebody else may have taken its port for a moment. */
const PORT_RETRY_MS = 50;

/** The network side of the device: it listens, goes dark, comes back on the same port, and closes at once. */
export class Listener implements Line {
  readonly #server: Server;
  readonly #host: string;
  readonly #sockets = new Set<Socket>();
  #port: number;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #onBack = (): void => {};

  /** @param continues whether `Expect: 100-continue` gets its 100 before the body */
  constructor(
    host: string,
    port: number,
    tls: TlsIdentity | undefined,
    serve: RequestListener,
    continues = true,
  ) {
    this.#host = host;
    this.#port = port;
    this.#server = tls
      ? createHttpsServer({ ...tls, minVersion: "TLSv1.2" }, serve)
      : createHttpServer(serve);
    // A large file over a slow line takes longer than Node allows a request by itself.
    this.#server.requestTimeout = 0;
    const serveContinued = (request: IncomingMessage, response: ServerResponse): void => {
      if (continues) response.writeContinue();
      serve(request, response);
    };
    this.#server.on("checkContinue", serveContinued).on("checkExpectation", serve);
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    return this.#port;
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#port, this.#host, () => {
        this.#server.off("error", reject);
        // The host's name may have been looked up for longer than the simulator lived.
        if (this.#closed) this.#server.close();
        else this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  goDark(seconds: number, cut: "now" | "after the answer", onBack: () => void): void {
    if (this.#closed) return;
    this.#onBack = onBack;
    this.#server.close();
    clearTimeout(this.#timer);
    const lastWordMs = cut === "now" ? 0 : LAST_WORD_MS;
    if (cut === "now") this.cutConnections();
    this.#timer = setTimeout(() => {
      this.cutConnections();
      if (seconds !== Number.POSITIVE_INFINITY) this.#comeBackAfter(seconds * 1000 - lastWordMs);
    }, lastWordMs).unref();
  }

  comeBack(): void {
    if (this.#server.listening || this.#closed) return;
    clearTimeout(this.#timer);
    this.cutConnections();
    this.#comeBackAfter(0);
  }

  cutConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const ended = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cutConnections();
    await ended;
  }

  #comeBackAfter(ms: number): void {
    this.#timer = setTimeout(() => {
      if (this.#server.listening) return;
      this.open().then(this.#onBack, () => this.#comeBackAfter(PORT_RETRY_MS));
    }, ms).unref();
  }
}

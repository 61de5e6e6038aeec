import { setMaxListeners } from "node:events";
import { connect as openSession } from "node:http2";
import { connect } from "node:net";
import { sleep, systemClock } from "../clock";

/** The engine whose run this process serves, as those see it who send for it. */
export interface Engine {
  /** Aborted once the engine is surely gone. */
  readonly gone: AbortSignal;
  /** Looks now. False: it is gone, and nothing may be sent any more. */
  alive(): Promise<boolean>;
}

export interface EngineAddress {
  host: string;
  port: number;
}

/** Milliseconds. */
interface Pauses {
  /** Between two looks, the second of which makes sure. */
  confirmMs: number;
  /** Before an engine that closed the connection and still answers is connected to again. */
  againMs: number;
}

const defaultPauses: Pauses = { confirmMs: 100, againMs: 2_000 };
const connectMs = 5_000;

/**
 * Watches the engine that started this provider process. An engine that is killed takes no provider with it: the
 * launcher's shell stands between both, so the parent tells nothing. What it would send later could undo a newer run.
 *
 * One connection stays open, whose end tells at once that the engine has ended. It is HTTP/2, which the engine speaks:
 * a connection that says nothing would hold up the engine's own end.
 */
export class EngineWatch implements Engine {
  readonly #gone = new AbortController();

  /** @param end ends the process */
  constructor(
    private readonly address: EngineAddress,
    private readonly end: () => void,
    private readonly pauses: Pauses = defaultPauses,
  ) {
    // Each device and each wait listens.
    setMaxListeners(0, this.#gone.signal);
    void this.#watch();
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  async alive(): Promise<boolean> {
    if (!(await this.#refuses())) return !this.gone.aborted;
    await sleep(systemClock, this.pauses.confirmMs);
    if (!(await this.#refuses())) return !this.gone.aborted;
    if (!this.gone.aborted) {
      this.#gone.abort();
      this.end();
    }
    return false;
  }

  async #watch(): Promise<void> {
    while (await this.alive()) {
      await this.#hold();
      if (!(await this.alive())) return;
      await idle(this.pauses.againMs);
    }
  }

  /** Resolves when the connection has ended. */
  #hold(): Promise<void> {
    return new Promise((resolve) => {
      const session = openSession(originOf(this.address));
      session.unref();
      // An error is followed by the close.
      session.on("error", () => {});
      session.on("close", resolve);
    });
  }

  /** Whether nobody listens there. Every other trouble, such as too many open files, is ours and proves nothing. */
  #refuses(): Promise<boolean> {
    return new Promise((resolve) => {
      const { host, port } = this.address;
      const socket = connect({ host, port, timeout: connectMs });
      const answer = (refuses: boolean) => {
        socket.destroy();
        resolve(refuses);
      };
      // The system may pick the very port that nobody listens on: such a socket is connected to itself.
      socket.on("connect", () => answer(socket.localPort === port && socket.localAddress === host));
      socket.on("timeout", () => answer(false));
      socket.on("error", (error) => answer("code" in error && error.code === "ECONNREFUSED"));
    });
  }
}

/**
 * The address of the engine in the arguments of a process that Pulumi started to run stored providers; undefined in
 * every other process, and where the argument is no address that can be connected to.
 */
export function engineOf([, program = "", address = ""]: readonly string[]): EngineAddress | undefined {
  if (!/[\\/]cmd[\\/]dynamic-provider(?:[\\/](?:index(?:\.js)?)?)?$/.test(program)) return undefined;
  const [, host, port] = /^(?:tcp:\/\/)?\[?([^\]/]+?)\]?:(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined || Number(port) === 0) return undefined;
  return { host, port: Number(port) };
}

/** The address as the origin of a url. */
export function originOf({ host, port }: EngineAddress): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Holds no process, unlike a look, which somebody may wait for. */
function idle(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

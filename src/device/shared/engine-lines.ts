import { type ClientHttp2Session, connect, constants } from "node:http2";
import { type ShownLine, toConsole } from "../log";
import { type EngineAddress, originOf } from "./engine-watch";

const patienceMs = 5_000;

/**
 * Sends the lines of this process to the engine that started it, as `pulumirpc.Engine/Log` takes them: so a warning has
 * the severity of one, and a line has one line end. What a process prints comes as information, with two. Only where
 * the engine takes no lines are they printed.
 */
export class EngineLines {
  #session: ClientHttp2Session | undefined;
  #sent: Promise<void> = Promise.resolve();
  #isDeaf = false;

  constructor(private readonly address: EngineAddress) {}

  readonly show = (line: ShownLine): void => {
    // One after the other, for the engine keeps no order among requests.
    this.#sent = this.#sent.then(() => this.#send(line));
  };

  /** Resolves when all lines are with the engine: it ends this process as soon as it has its last answer. */
  settled(): Promise<void> {
    return this.#sent;
  }

  async #send(line: ShownLine): Promise<void> {
    if (!this.#isDeaf) this.#isDeaf = !(await this.#log(line));
    if (this.#isDeaf) toConsole(line);
  }

  /** Whether the engine took it. */
  #log({ text, severity }: ShownLine): Promise<boolean> {
    return new Promise((resolve) => {
      const stream = this.#open().request({
        [constants.HTTP2_HEADER_METHOD]: "POST",
        [constants.HTTP2_HEADER_PATH]: "/pulumirpc.Engine/Log",
        [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
        [constants.HTTP2_HEADER_TE]: "trailers",
      });
      let status: unknown;
      const take = (headers: Record<string, unknown>): void => {
        status ??= headers["grpc-status"];
      };
      stream.on("response", take).on("trailers", take);
      stream.setTimeout(patienceMs, () => stream.close(constants.NGHTTP2_CANCEL));
      // An error is followed by the close.
      stream.on("error", () => {}).on("close", () => resolve(status === "0"));
      stream.resume();
      stream.end(logRequest(severity === "warning" ? 2 : 1, text));
    });
  }

  #open(): ClientHttp2Session {
    if (this.#session === undefined || this.#session.closed || this.#session.destroyed) {
      this.#session = connect(originOf(this.address));
      this.#session.on("error", () => {});
      // The process ends when its work is done, and a line on its way is part of that work.
      this.#session.unref();
    }
    return this.#session;
  }
}

/** `pulumirpc.LogRequest` with its severity (1) and its message (2), in the frame of gRPC. */
function logRequest(severity: number, message: string): Buffer {
  const text = Buffer.from(message, "utf8");
  const body = Buffer.concat([Buffer.from([0x08, severity, 0x12, ...varint(text.length)]), text]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

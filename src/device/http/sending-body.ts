import type { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { percentOf } from "../../text/progress";
import type { Engine } from "../shared/engine-watch";
import { BrokenOff, type Failure } from "./failures";

/** A body that is read while it is sent. */
export interface StreamedBody {
  /** Bytes, exactly: what the header Content-Length says. */
  length: number;
  /** Opens it anew for each attempt. Where reading it throws, the connection is broken off with that error. */
  open(): AsyncIterable<Buffer>;
}

/** Bytes that are handed out at once, unless the wire is fast: a slow one must take them before it counts as stalled. */
const partSize = 128 * 1024;
/** Milliseconds in which a fast wire takes a piece. */
const fastMs = 1_000;

/** One attempt at sending a streamed body: how much of it went out, and whether the device takes it. */
export class SendingBody {
  readonly #stalled = new AbortController();
  #sent = 0;

  /**
   * @param stallMs milliseconds without a piece taken after which it is given up; the HTTP client has no such limit
   * @param engine whoever it is sent for: the last piece goes out only while it lives
   * @param now milliseconds
   */
  constructor(
    private readonly body: StreamedBody,
    private readonly stallMs: number,
    private readonly engine?: Engine,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Ends the request. */
  get signal(): AbortSignal {
    return this.#stalled.signal;
  }

  get headers(): Record<string, string> {
    return { "content-length": String(this.body.length) };
  }

  /** As the HTTP client takes it: any iterable, though its types name streams only. With a known length it does not chunk. */
  get stream(): Readable {
    return this as unknown as Readable;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    let isFast = false;
    for await (const piece of this.body.open()) {
      const begun = this.now();
      for (const part of isFast ? [piece] : partsOf(piece)) yield* this.#handOut(part);
      isFast = this.now() - begun < fastMs;
    }
  }

  async *#handOut(part: Buffer): AsyncGenerator<Buffer> {
    // An answer that came before the end is read before the next part: a connection that the device has closed
    // behind it would fail at the writing, and take the answer with it.
    await turn();
    const isLast = this.#sent + part.length >= this.body.length;
    if (isLast && this.engine !== undefined && !(await this.engine.alive())) throw abandoned();
    // Counted before it is handed out: what is not counted surely did not reach the device.
    this.#sent += part.length;
    const timer = setTimeout(() => this.#giveUp(), this.stallMs);
    try {
      yield part;
    } finally {
      clearTimeout(timer);
    }
  }

  /** What a 2xx means that came before the end: nothing that can be relied on. Undefined if it is an answer. */
  judgeSuccess(status: number): Failure | undefined {
    if (this.#sent >= this.body.length) return undefined;
    const sentence = `it answered ${status} before it had the whole file`;
    return { kind: "lost", code: "MEDIANT_BAD_ANSWER", detail: "early answer", sentence, status };
  }

  /** What a failure means: a device that cannot have had the whole body did nothing. */
  judge(failure: Failure): Failure {
    if (this.#sent >= this.body.length) return failure;
    if (failure.kind === "unavailable") return { ...failure, kind: "permanent" };
    if (failure.kind !== "lost" && failure.kind !== "timeout") return failure;
    const at = `at ${percentOf(this.#sent, this.body.length)} %`;
    const sentence =
      failure.kind === "timeout"
        ? `${failure.sentence} ${at}`
        : `the connection broke ${at} (${failure.detail})`;
    return { ...failure, kind: "cut", code: "MEDIANT_UPLOAD_CUT", sentence };
  }

  #giveUp(): void {
    const sentence = `the device took nothing for ${Math.round(this.stallMs / 1000)} s`;
    this.#stalled.abort(
      new BrokenOff({ kind: "timeout", code: "MEDIANT_TIMEOUT", detail: "timeout", sentence }),
    );
  }
}

function* partsOf(piece: Buffer): Generator<Buffer> {
  for (let at = 0; at < piece.length; at += partSize) yield piece.subarray(at, at + partSize);
}

function abandoned(): BrokenOff {
  const sentence = "the Pulumi run that asked for this has ended";
  return new BrokenOff({ kind: "cut", code: "MEDIANT_ENGINE_GONE", detail: "abandoned", sentence });
}

import { BrokenOff } from "./failures";

/** How many times the longest pause within an answer all of it may take. */
const FACTOR = 10;

/** How long the body of one answer may take in all: a byte now and then would hold whoever waits for it for days. */
export class AnswerPatience {
  readonly #broken = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** @param pauseMs the longest pause within an answer, in milliseconds */
  constructor(private readonly pauseMs: number) {}

  /** Ends the request. @param other what ends it as well */
  signalWith(other: AbortSignal | undefined): AbortSignal {
    return other === undefined ? this.#broken.signal : AbortSignal.any([this.#broken.signal, other]);
  }

  /** The head of the answer is here. */
  begin(): void {
    const ms = FACTOR * this.pauseMs;
    this.#timer = setTimeout(() => {
      const sentence = `the answer comes too slowly: it is not whole after ${Math.round(ms / 1000)} s`;
      this.#broken.abort(
        new BrokenOff({ kind: "unreadable", code: "MEDIANT_TIMEOUT", detail: "too slow", sentence }),
      );
    }, ms);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

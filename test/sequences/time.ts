import type { Clock } from "../../src/device/clock";

interface Timer {
  at: number;
  order: number;
  run: () => void;
}

/**
 * Time that passes only when nothing else can happen. Whatever runs in one sequence takes its time from here, so an
 * hour of waiting costs nothing, and the same seed gives the same order of events.
 */
export class VirtualTime implements Clock {
  #now = 0;
  #order = 0;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#timers.push(timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Lets time pass until the work is done. @throws where nothing is left that could go on with it */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const end = (): void => {
      done = true;
    };
    work.then(end, end);
    for (;;) {
      await idle();
      if (done) return work;
      if (!this.#passOne())
        throw new Error("it hangs: nothing is left to wait for, and the run has not ended");
    }
  }

  /** Lets this much time pass, for what is still under way. */
  pass(ms: number): Promise<void> {
    return this.until(this.sleep(ms));
  }

  #passOne(): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers)
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
        next = timer;
    if (next === undefined) return false;
    this.#timers.splice(this.#timers.indexOf(next), 1);
    this.#now = Math.max(this.#now, next.at);
    next.run();
    return true;
  }
}

/** The time of one process, which ends with it. */
export class ProcessTime implements Clock {
  ended = false;

  constructor(private readonly time: VirtualTime) {}

  now(): number {
    return this.time.now();
  }

  after(ms: number, run: () => void): () => void {
    return this.time.after(ms, () => {
      if (!this.ended) run();
    });
  }
}

/** Resolves when all promises that could go on have gone on. */
function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

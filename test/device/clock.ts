import { type Clock, systemClock } from "../../src/device/clock";

/** Time that goes on only when it is told to. */
export class ManualClock implements Clock {
  #now = 0;
  #timers: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Goes on by that many milliseconds, timer by timer; what each sets off runs before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
  }
}

/** Time that jumps over every wait. */
export class JumpingClock implements Clock {
  #now = 0;

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = setImmediate(() => {
      this.#now += ms;
      run();
    });
    return () => clearImmediate(timer);
  }
}

/** Time that runs that many times faster than the device's. */
export class HurriedClock implements Clock {
  constructor(private readonly factor: number) {}

  now(): number {
    return systemClock.now() * this.factor;
  }

  after(ms: number, run: () => void): () => void {
    return systemClock.after(ms / this.factor, run);
  }
}

export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

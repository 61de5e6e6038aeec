import type { ResetOrder } from "./answer";
import type { Device } from "./device";
import type { Faults } from "./faults";
import type { Listener } from "./listener";

const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** The one timeout that is not in seconds: all calls, however long they take (LTRT-41760 section 5.1). */
const UNTIL_CALLS_END = 1;

/** Resets: when they come, and how the device comes back. */
export class Power {
  readonly #device: Device;
  readonly #listener: Listener;
  readonly #faults: Faults;
  readonly #resetSeconds: number;
  /** A reset that waits for calls to end. */
  #waiting: { order: ResetOrder; timer: NodeJS.Timeout | undefined } | undefined;

  constructor(device: Device, listener: Listener, faults: Faults, resetSeconds: number) {
    this.#device = device;
    this.#listener = listener;
    this.#faults = faults;
    this.#resetSeconds = resetSeconds;
  }

  /** Until the calls have ended, the device works on; another order takes the place of one that waits. */
  reset(order: ResetOrder): void {
    this.close();
    if (order.gracefulTimeout === 0 || this.#device.activeCalls === 0) {
      this.#goDown(order.save, "after the answer");
      return;
    }
    const ms = Math.min(order.gracefulTimeout * 1000, LONGEST_TIMER_MS);
    const timer =
      order.gracefulTimeout === UNTIL_CALLS_END ? undefined : setTimeout(() => this.#endWait(), ms).unref();
    this.#waiting = { order, timer };
  }

  setActiveCalls(calls: number): void {
    if (!Number.isInteger(calls) || calls < 0) throw new Error("activeCalls is a whole number from 0");
    this.#device.activeCalls = calls;
    if (calls === 0) this.#endWait();
  }

  pullPlug(): void {
    this.close();
    this.#goDown(false, "now");
  }

  /** Forgets a reset that waits. */
  close(): void {
    clearTimeout(this.#waiting?.timer);
    this.#waiting = undefined;
  }

  #endWait(): void {
    const waiting = this.#waiting;
    this.close();
    if (waiting) this.#goDown(waiting.order.save, "now");
  }

  #goDown(save: boolean, cut: "now" | "after the answer"): void {
    const { goesDown = true, seconds = this.#resetSeconds, early } = this.#faults.takeReset();
    if (!goesDown) return;
    if (save) this.#device.save();
    this.#device.boot();
    this.#listener.goDark(seconds, cut, () => {
      if (early) this.#faults.answerEarly(early);
    });
  }
}

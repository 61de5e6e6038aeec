import type { ResetOrder } from "../answer";
import type { Device } from "../device/device";
import type { Faults } from "../faults";
import type { After } from "../timers";
import type { Line } from "./line";
import type { Switchover } from "./switchover";

const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** The one timeout that is not in seconds: all calls, however long they take (LTRT-41760 section 5.1). */
const UNTIL_CALLS_END = 1;

export interface PowerSettings {
  device: Device;
  line: Line;
  after: After;
  faults: Faults;
  /** A reset ends the one that runs. */
  switchover: Switchover;
  resetSeconds: number;
}

/** Resets: when they come, and how the device comes back. */
export class Power {
  readonly #settings: PowerSettings;
  /** A reset that waits for calls to end. */
  #waiting: { order: ResetOrder; cancel: (() => void) | undefined } | undefined;

  constructor(settings: PowerSettings) {
    this.#settings = settings;
  }

  /** Until the calls have ended, the device works on; another order takes the place of one that waits. */
  reset(order: ResetOrder): void {
    this.#forget();
    if (order.gracefulTimeout === 0 || this.#settings.device.activeCalls === 0) {
      this.#goDown(order, "after the answer");
      return;
    }
    const ms = Math.min(order.gracefulTimeout * 1000, LONGEST_TIMER_MS);
    const cancel =
      order.gracefulTimeout === UNTIL_CALLS_END ? undefined : this.#settings.after(ms, () => this.#endWait());
    this.#waiting = { order, cancel };
  }

  setActiveCalls(calls: number): void {
    if (!Number.isInteger(calls) || calls < 0) throw new Error("activeCalls is a whole number from 0");
    this.#settings.device.activeCalls = calls;
    if (calls === 0) this.#endWait();
  }

  pullPlug(): void {
    this.#forget();
    this.#goDown({ save: false }, "now");
  }

  /** Ends for good. */
  close(): void {
    this.#forget();
    this.#settings.switchover.stop();
  }

  /** A reset that waits does not come. */
  #forget(): void {
    this.#waiting?.cancel?.();
    this.#waiting = undefined;
  }

  #endWait(): void {
    const waiting = this.#waiting;
    this.#forget();
    if (waiting) this.#goDown(waiting.order, "now");
  }

  #goDown({ save, firmware }: Pick<ResetOrder, "save" | "firmware">, cut: "now" | "after the answer"): void {
    const { device, line, faults, switchover, resetSeconds } = this.#settings;
    const { goesDown = true, seconds = resetSeconds, early } = faults.takeReset();
    if (!goesDown) return;
    switchover.stop();
    if (save) device.save();
    device.boot(firmware);
    line.goDark(seconds, cut, () => {
      if (early) faults.answerEarly(early);
    });
  }
}

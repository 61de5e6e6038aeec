import type { DeviceError } from "../errors";

/** A reset that is under way, as the other requests to the device see it. */
export interface ResetInProgress {
  /** The resource that waits it out. */
  readonly label: string;
  /** True once the device was told: nothing further is sent until the end. Before, only what fails waits. */
  readonly holds: boolean;
  /** Moment on the clock of whoever waits it out, in milliseconds. */
  readonly startedAt: number;
  /** Milliseconds it may take. */
  readonly limitMs: number;
  /** Resolves when the device is back or was given up; never rejects. */
  readonly ended: Promise<void>;
}

/** The reset in the hands of the one that waits it out. */
export interface OwnReset extends ResetInProgress {
  hold(): void;
  end(): void;
}

/** What this process knows of the resets of one device: reads that come meanwhile wait for the end instead of failing. */
export class ResetRegister {
  #current: ResetInProgress | undefined;
  #generation = 0;
  /** Why the device was given up last; undefined once it answered again. */
  gaveUp: DeviceError | undefined;

  get current(): ResetInProgress | undefined {
    return this.#current;
  }

  /** Goes up when every connection to the device has died. */
  get generation(): number {
    return this.#generation;
  }

  connectionsDied(): void {
    this.#generation++;
  }

  /** Begins when no other reset of the device is under way. */
  async begin(label: string, startedAt: () => number, limitMs: number): Promise<OwnReset> {
    while (this.#current !== undefined) await this.#current.ended;
    let resolve: () => void = () => {};
    const ended = new Promise<void>((done) => {
      resolve = done;
    });
    const reset = {
      ...{ label, limitMs, ended, startedAt: startedAt(), holds: false },
      hold: () => {
        reset.holds = true;
      },
      end: () => {
        if (this.#current === reset) this.#current = undefined;
        resolve();
      },
    };
    this.#current = reset;
    return reset;
  }
}

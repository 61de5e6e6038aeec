import type { DeviceStatus } from "../answers/status";

/** What the up times of a device tell of its starts, as far as they were seen. */
export class Starts {
  #upTime: number | undefined;
  #count = 0;
  #marked: { count: number; isKnown: boolean } = { count: 0, isKnown: true };

  saw({ systemUpTime }: DeviceStatus): void {
    if (systemUpTime !== undefined && this.#upTime !== undefined && systemUpTime < this.#upTime)
      this.#count++;
    this.#upTime = systemUpTime;
  }

  /** From here on a start would matter. */
  mark(): void {
    this.#marked = { count: this.#count, isKnown: this.#upTime !== undefined };
  }

  /** Why the device may have started anew since the mark, to follow a semicolon; undefined if it has not. */
  sinceMark(): string | undefined {
    if (this.#count > this.#marked.count)
      return "it has restarted meanwhile, and a change that was not saved is lost";
    if (!this.#marked.isKnown || this.#upTime === undefined)
      return "it does not tell if it has restarted meanwhile; if so, a change that was not saved is lost";
    return undefined;
  }
}

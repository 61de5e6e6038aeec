import type { Device } from "../device/device";
import type { UpgradeStatus } from "../device/units";
import type { After } from "../timers";
import type { Line } from "./line";

interface Step {
  /** When it begins, in shares of the whole walk. */
  at: number;
  status: UpgradeStatus;
  /** Whether the units change roles here. */
  switchesOver?: true;
}

/** The redundant unit takes the load, the units change roles, the other one takes the load. */
const WALK: readonly Step[] = [
  { at: 0.25, status: "Hitless-beforeSwitchOver" },
  { at: 0.5, status: "Hitless-beforeSwitchBack", switchesOver: true },
  { at: 0.75, status: "Hitless-WaitRdnReconnect" },
  { at: 1, status: "None" },
];

/** The hitless upgrade of a pair, which goes on answering all the while (LTRT-41760 section 6.3.1). */
export class Switchover {
  readonly #device: Device;
  readonly #line: Line;
  readonly #seconds: number;
  readonly #after: After;
  #cancels: (() => void)[] = [];

  /** @param seconds how long the whole walk takes */
  constructor(device: Device, line: Line, seconds: number, after: After) {
    this.#device = device;
    this.#line = line;
    this.#seconds = seconds;
    this.#after = after;
  }

  /** @param firmware what the pair runs from the switchover on */
  start(firmware: string): void {
    this.#device.units.upgradeStatus = "In Progress";
    this.#cancels = WALK.map((step) =>
      this.#after(step.at * this.#seconds * 1000, () => this.#take(step, firmware)),
    );
  }

  /** Leaves the pair as it is now: a reset ends the upgrade. */
  stop(): void {
    for (const cancel of this.#cancels) cancel();
    this.#device.units.upgradeStatus = "None";
  }

  #take({ status, switchesOver }: Step, firmware: string): void {
    this.#device.units.upgradeStatus = status;
    if (!switchesOver) return;
    this.#device.switchOver(firmware);
    this.#line.cutConnections();
  }
}

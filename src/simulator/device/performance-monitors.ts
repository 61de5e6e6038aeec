import { NameMap } from "../config/name-map";

/** What a monitor measured in one interval. */
export interface Measurement {
  value: number;
  min: number;
  max: number;
  average: number;
}

/** What sets measurements. */
export type PerformanceMonitorControls = Pick<PerformanceMonitors, "set">;

/** One monitor. */
export interface Monitor {
  /** As in the SNMP interface. */
  name: string;
  /** Whether 7.0 lacks it. */
  later: boolean;
  /** By index and interval; what is missing was not measured. */
  measured: Map<number, Map<number, Measurement>>;
}

/** Now, the last 15 minutes, and the 15 minutes before (LTRT-41760 section 9.1). */
export const INTERVALS: readonly number[] = [0, 1, 2];

/** The monitors that the manual names, and of later firmware one whose index is an IP Group. */
const FACTORY: readonly { name: string; indexes: number[]; later?: boolean }[] = [
  { name: "ActiveContextCount", indexes: [0] },
  { name: "NetUtilKBytes", indexes: [0, 1] },
  { name: "NetUtilPackets", indexes: [0, 1] },
  { name: "SIPIPGroupInviteDialogs", indexes: [0, 1], later: true },
];

/** The performance measurements of the device (LTRT-41760 section 9). At start nothing is measured. */
export class PerformanceMonitors {
  readonly #monitors = new NameMap<Monitor>();

  constructor() {
    for (const { name, indexes, later = false } of FACTORY)
      this.#monitors.set(name, {
        name,
        later,
        measured: new Map(indexes.map((index) => [index, new Map()])),
      });
  }

  /**
   * What the device measures from now on, over resets too. A monitor or an index that it did not have is added.
   *
   * @param name as in the SNMP interface, without case: `NetUtilKBytes`
   * @param index a whole number from 0; what it counts depends on the monitor
   * @param interval 0: now; 1: the last 15 minutes; 2: the 15 minutes before
   * @throws where the index or the interval is none
   */
  set(name: string, index: number, interval: number, measurement: Measurement): void {
    if (!Number.isInteger(index) || index < 0) throw new Error("index is a whole number from 0");
    if (!INTERVALS.includes(interval)) throw new Error("interval is 0, 1 or 2");
    const known = this.#monitors.get(name);
    const measured = known?.measured ?? new Map<number, Map<number, Measurement>>();
    const intervals = measured.get(index) ?? new Map<number, Measurement>();
    measured.set(index, intervals.set(interval, { ...measurement }));
    this.#monitors.set(name, { name: known?.name ?? name, later: false, measured });
  }

  /** @param old whether the firmware is 7.0 or earlier */
  list(old: boolean): Monitor[] {
    return this.#monitors.values().filter(({ later }) => !(old && later));
  }
}

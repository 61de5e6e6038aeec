import type { HealthChecks } from "../declare/checks";
import type { DeviceSettings } from "../declare/device";

/** A value of the inventory, or a reference to a variable of the environment: `{ env: SBC1_COMMUNITY }`. */
export type InventoryValue =
  | string
  | number
  | boolean
  | null
  | InventoryValue[]
  | { [key: string]: InventoryValue };

/** When devices may be changed. */
export interface Window {
  /** The days on which the window begins. Default: every day. */
  days: readonly Day[];
  /** Minutes after midnight. */
  from: number;
  /** Minutes after midnight. If it is not after `from`, the window ends on the next day. */
  to: number;
  /** IANA name, such as `Europe/London`. */
  timeZone: string;
}

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

export const SEVERITIES = ["critical", "major", "minor"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A file that says what the devices of a role must hold: an incremental ini (`.ini`) or a CLI script (`.cli`). */
export interface GoldenFile {
  /** As written: relative to the folder of the inventory. */
  file: string;
  /** How bad a difference is. Default: `major`. */
  severity: Severity;
  /** Tables of an ini that must hold no other rows than those of the file; `*` stands for any run of characters. */
  ownTables: readonly string[];
  /** What a device may not show, since the file's value is its default: names of an ini, lines of a script; `*` for all. */
  atDefault: readonly string[];
}

export interface InventoryRole {
  name: string;
  golden: readonly GoldenFile[];
}

/** A difference that is accepted for a while. */
export interface Waiver {
  /** Names of devices, sites or roles; `*` stands for any run of characters. Without any: all devices. */
  devices: readonly string[];
  sites: readonly string[];
  roles: readonly string[];
  /** What may differ: `SyslogServerIP`, `ProxySet 3 ProxyName`; `*` stands for any run of characters. */
  names: readonly string[];
  /** The last day, `YYYY-MM-DD`, in UTC. */
  until: string;
  reason: string;
}

/** One device, with what its site, its role and the defaults say of it. */
export interface InventoryDevice {
  name: string;
  site?: string;
  role?: string;
  /** The version that it must run, such as `7.40A.250.440`. */
  firmware?: string;
  /** Why the device is never written to; undefined if it may be. */
  frozen?: string;
  /** When it may be written to; always if there is none. */
  windows: readonly Window[];
  /** Values of the defaults, the role, the site and the device; the later ones count. */
  values: Readonly<Record<string, InventoryValue>>;
  /** How it is reached, without a password. */
  connection: DeviceSettings;
  /** Where it stands in the file. */
  line: number;
}

/** In which order and how carefully the sites are changed. */
export interface Rollout {
  /** The sites of the first wave: if one of them fails, no other is touched. */
  canary: readonly string[];
  /** How many sites a later wave has. Default: 5. */
  wave: number;
  /** How many sites are worked on at the same time. Default: 4, or the wave if that is less. */
  atOnce: number;
  /** How many sites may fail before nothing more begins. Default: 0. */
  maxFailures: number;
  /** What a device must be like before and after its change. Default: unlocked, and no alarm above `minor`. */
  health: HealthChecks;
  /** Seconds for which a device is given time to become healthy after its change. Default: 120. */
  waitSeconds: number;
}

/** What a fleet consists of. */
export interface Inventory {
  /** Names of all sites, in the order of the file. */
  sites: readonly string[];
  roles: readonly InventoryRole[];
  devices: readonly InventoryDevice[];
  waivers: readonly Waiver[];
  rollout: Rollout;
}

/** What is wrong at one place of the file. */
export interface InventoryProblem {
  line: number;
  column: number;
  message: string;
}

/** The file is no inventory; `problems` has all that is wrong with it. */
export class InventoryError extends Error {
  readonly problems: readonly InventoryProblem[];
  constructor(file: string, problems: readonly InventoryProblem[]) {
    super(problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join("\n"));
    this.name = "InventoryError";
    this.problems = problems;
  }
}

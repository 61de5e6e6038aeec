import type { Operation, Run } from "./run";

/** What became, or becomes, of a value that a declaration lets go of. */
export type Fate = "stays" | "default" | "removed" | "restored";

/** One parameter, cell, CLI line or setting. Values are as they may be shown: in quotes, without secrets. */
export interface Change {
  /** `EnableSyslog`, `ProxySet 3 ProxyName`, `configure voip / proxy-set 3 / proxy-name`, `version`. */
  address: string;
  /** `drift` if somebody changed it by hand, `intended` if the program changes it, `both` if it is both. */
  cause: "intended" | "drift" | "both";
  /** What was known, or undefined. */
  before: string | undefined;
  /** What somebody has put in its place: of drift only; undefined if it is gone. */
  found?: string;
  /** What comes; undefined if nothing is declared any more. */
  after: string | undefined;
  /** Of a value that is not declared any more. */
  fate?: Fate;
  secret: boolean;
}

/** What happens to a device beside a change of values. */
export type FlagKind = "reset" | "switchover" | "upload";

export interface Flag {
  kinds: readonly FlagKind[];
  device: string;
  resource: string;
  text: string;
}

/** A resource in which something changes. */
export interface ChangedResource {
  name: string;
  /** `IncrementalIniConfig` */
  type: string;
  operation: Operation;
  failed: boolean;
  changes: Change[];
  /** What else is said of it. */
  notes: string[];
}

export interface ReportedDevice {
  name: string;
  resources: ChangedResource[];
  flags: Flag[];
}

/** What a run changes. `--json` prints it as it is. Its form stays, members may be added. */
export interface Report {
  kind: Run["kind"];
  result?: "succeeded" | "failed";
  devices: ReportedDevice[];
  /** Resources of other packages in which something changes. */
  others: { name: string; type: string; operation: Operation }[];
  /** What ended the run. */
  errors: string[];
  totals: {
    /** Resources of this package that the run has met. */
    resources: number;
    intended: number;
    drift: number;
    resets: number;
    switchovers: number;
    uploads: number;
  };
}

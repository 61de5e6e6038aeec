import type { Severity } from "../inventory/form";

/** One thing in which a device is not as its role says. Values are as they may be shown, without secrets. */
export interface Finding {
  /** `EnableSyslog`, `ProxySet 3 ProxyName`, `AccessList 4`, `configure voip / proxy-set 3 / proxy-name`, `firmware`. */
  address: string;
  /** `extra` is a row of an owned table that no file names. */
  kind: "differs" | "missing" | "extra";
  severity: Severity;
  expected?: string;
  found?: string;
  secret: boolean;
  /** The golden file, or the inventory. */
  file: string;
  waiver?: { until: string; reason: string };
}

/** Those that no waiver covers. */
export function openFindings({ findings }: Pick<DeviceResult, "findings">): Finding[] {
  return findings.filter(({ waiver }) => waiver === undefined);
}

/** What was found on one device. */
export interface DeviceResult {
  device: string;
  site?: string;
  role?: string;
  /** Why it is not to be changed now. */
  heldBack?: string;
  /** `failed` if it could not be asked; waived differences leave it `compliant`. */
  result: "compliant" | "differs" | "failed";
  /** Why it could not be asked. */
  error?: string;
  firmware?: string;
  findings: Finding[];
  /** Addresses of which nothing can be said, since the device hides its values. */
  uncompared: string[];
}

/** What was found on a fleet. `--json` prints it as it is. Its form stays, members may be added. */
export interface Compliance {
  /** The day for which waivers count, in UTC. */
  day: string;
  result: "compliant" | "differs" | "failed";
  devices: DeviceResult[];
  /** Waivers that are over, or that no difference needs any more. */
  waivers: { names: string[]; until: string; reason: string; state: "expired" | "unused" }[];
  totals: Record<"devices" | "compliant" | "differ" | "failed" | "waived" | Severity, number>;
}

import * as v from "valibot";
import { fieldReader } from "./answer-fields";

/** A device's status (LTRT-41760 section 8; the later half as later editions have it). What the device leaves out is undefined. */
export interface DeviceStatus {
  /** The device's own clock, as ISO 8601 in UTC; a device without NTP is wrong by years. */
  localTimeStamp?: string;
  ipAddress?: string;
  subnetMask?: string;
  defaultGateway?: string;
  /** `Mediant SW` */
  productType?: string;
  /** Firmware: `7.40A.005.314`; the device calls it `versionID`. */
  version?: string;
  protocolType?: string;
  /** `UNLOCKED`, `LOCKED` */
  operationalState?: string;
  /** `Stand Alone`, `Operational`, `Not Operational` */
  highAvailability?: string;
  serialNumber?: string;
  macAddress?: string;
  /** As the device counts it; the manuals do not name the unit. */
  systemUpTime?: number;
  /** The running configuration differs from the one in flash. */
  saveNeeded?: boolean;
  /** Something takes effect after a reset only. */
  resetNeeded?: boolean;
  /** `None`, `In Progress`, `Hitless-beforeSwitchOver`, … */
  upgradeStatus?: string;
  /** Media components of a Mediant CE. */
  mcUpgradeStatus?: string;
  osType?: string;
  acceleratedNetworking?: string;
  /** Fields without a place above, and known ones whose value cannot be read. */
  other: Record<string, unknown>;
}

const text = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform((value) => String(value).trim()),
);

const count = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\s*\d+(\.\d+)?\s*$/), v.transform(Number))]),
  v.finite(),
);

const flag = v.union([
  v.boolean(),
  v.pipe(
    v.union([v.string(), v.number()]),
    v.transform((value) => String(value).trim().toLowerCase()),
    v.picklist(["true", "yes", "1", "false", "no", "0"]),
    v.transform((value) => ["true", "yes", "1"].includes(value)),
  ),
]);

// "2010-01-17T17:29:15.000z", the same with "Z", "2022-07-06T21:36:39+01:00": the manual, its later pages, and 7.40 devices.
const time = v.pipe(
  v.string(),
  v.transform((value) => value.trim().toUpperCase()),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})$/),
  v.transform((value) => new Date(value.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"))),
  v.check((date) => !Number.isNaN(date.getTime())),
  v.transform((date) => date.toISOString()),
);

const fields = {
  localTimeStamp: time,
  ipAddress: text,
  subnetMask: text,
  defaultGateway: text,
  productType: text,
  versionID: text,
  protocolType: text,
  operationalState: text,
  highAvailability: text,
  serialNumber: text,
  macAddress: text,
  systemUpTime: count,
  saveNeeded: flag,
  resetNeeded: flag,
  upgradeStatus: text,
  mcUpgradeStatus: text,
  osType: text,
  acceleratedNetworking: text,
};

const readFields = fieldReader(fields);

/** Reads the answer to `GET /api/v1/status`; undefined if it holds no field of a status. Never throws. */
export function parseStatus(body: Buffer | string): DeviceStatus | undefined {
  const read = readFields(body);
  if (read === undefined) return undefined;
  // The device's word for what is called a version everywhere else.
  const { versionID: version, ...rest } = read;
  return version === undefined ? rest : { ...rest, version };
}

/** A timestamp of the device as ISO 8601 in UTC; undefined if the text is something else. */
export function parseTimestamp(value: unknown): string | undefined {
  const parsed = v.safeParse(time, value);
  return parsed.success ? parsed.output : undefined;
}

/**
 * Whether the device is one of a high-availability pair in operation. The manual names `Stand Alone` only
 * (LTRT-41760 section 8), later editions `Operational` and `Not Operational`; any further word is taken for a pair.
 */
export function isPair({ highAvailability }: DeviceStatus): boolean {
  const word = (highAvailability ?? "").replace(/[\s_-]+/g, "").toLowerCase();
  return !["", "standalone", "notoperational"].includes(word);
}

/** Whether the device is busy with a software load. Firmware without the field never says so. */
export function upgradeInProgress({ upgradeStatus }: DeviceStatus): boolean {
  return upgradeStatus !== undefined && !/^(none)?$/i.test(upgradeStatus);
}

const words = new Map([
  ["none", "the upgrade has ended"],
  ["inprogress", "the upgrade is in progress"],
  ["hitlessbeforeswitchover", "hitless upgrade: the switchover comes next"],
  ["hitlessbeforeswitchback", "hitless upgrade: switched over, the switch back comes next"],
  ["hitlesswaitrdnreconnect", "hitless upgrade: waiting for the redundant unit to reconnect"],
]);

/** An `upgradeStatus` in words, for the log; one that later editions do not name as it is. */
export function upgradeWords(upgradeStatus: string): string {
  return words.get(upgradeStatus.replace(/[\s_-]+/g, "").toLowerCase()) ?? `upgrade: ${upgradeStatus}`;
}

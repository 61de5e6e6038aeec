import * as pulumi from "@pulumi/pulumi";
import { readAlarms, readDetails } from "../device/alarm-reader";
import type { AlarmKind, AlarmList } from "../device/answers/alarms";
import type { DeviceArgs } from "../resources/device";
import { runError } from "../resources/run-error";
import { askedDevice } from "./asked-device";
import { checkedKind } from "./get-alarm";
import { type OutputArgs, outputForm } from "./output-form";
import { resolveTracked } from "./resolve-tracked";

/** The arguments of {@link getAlarms}. */
export interface GetAlarmsArgs {
  device: DeviceArgs;
  /** `active`: raised and not cleared. `history`: all that was raised or cleared since the last reset. */
  kind: AlarmKind;
  /** `cursor.after` of an earlier answer: only the alarms after that place. */
  after?: string;
  /** `cursor.before` of an earlier answer: only the alarms before that place, the nearest where `limit` cuts. */
  before?: string;
  /** Alarms in all, in as many pages as the device needs. Default: no limit. */
  limit?: number;
  /**
   * Whether severity, source and date are fetched: one request an alarm, except on firmware whose lists have them.
   * An alarm that was cleared meanwhile stays without. Default: false.
   */
  details?: boolean;
}

/** The arguments of {@link getAlarmsOutput}. */
export interface GetAlarmsOutputArgs extends OutputArgs<GetAlarmsArgs> {}

/**
 * The alarms of a device, in its own order, each once however many are raised meanwhile; read now, in previews too
 * (GET `/alarms/active`, `/alarms/history`, LTRT-41760 sections 7.1 and 7.2). `cursor` says where a list that `limit`
 * cut can be gone on with: `after` and `before` are undefined if there was nothing more that way.
 *
 * @throws RunError for arguments that contradict each other, or are not known yet; DeviceError if the device cannot
 * be reached or refuses
 * @example
 * ```ts
 * const { alarms } = await getAlarms({ device: deviceFromConfig("sbc1"), kind: "active", details: true });
 * const bad = alarms.filter(({ severity }) => severity === "major" || severity === "critical");
 * ```
 */
export async function getAlarms(args: GetAlarmsArgs): Promise<AlarmList> {
  const { device, ...query } = args;
  const [client, { value }] = await Promise.all([
    askedDevice(device, "getAlarmsOutput"),
    resolveTracked(query, "getAlarmsOutput"),
  ]);
  const { kind, after, before, limit, details } = checkedQuery(value as AlarmsQuery);

  const list = await readAlarms(client, { kind, after, before, limit });
  if (!details) return list;
  const detailed = await readDetails(client, kind, list.alarms);
  return { ...list, alarms: list.alarms.map((alarm, at) => detailed[at] ?? alarm) };
}

/** As {@link getAlarms}, for arguments that are not known yet. */
export function getAlarmsOutput(
  args: GetAlarmsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<AlarmList> {
  // What a password opens is no secret itself: the alarms tell nothing of it.
  return pulumi.unsecret(outputForm(getAlarms, args, opts));
}

type AlarmsQuery = Omit<GetAlarmsArgs, "device">;

function checkedQuery({ kind, after, before, limit, details }: AlarmsQuery): AlarmsQuery {
  checkedKind(kind);
  if (after !== undefined && before !== undefined) {
    throw runError("after and before go in opposite directions: give one of them");
  }
  for (const [name, cursor] of Object.entries({ after, before })) {
    if (cursor === undefined || (typeof cursor === "string" && /^[^\s\p{Cc}]{1,64}$/u.test(cursor))) continue;
    throw runError(`${name} must be a text from the cursor of an earlier answer`);
  }
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0)) {
    throw runError("limit must be a whole number of alarms, at least 1");
  }
  return { kind, after, before, limit, details };
}

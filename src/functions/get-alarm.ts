import * as pulumi from "@pulumi/pulumi";
import { isPathPart } from "../declare/path-part";
import { readAlarm } from "../device/alarm-reader";
import type { Alarm, AlarmKind } from "../device/answers/alarms";
import { DeviceError } from "../device/errors";
import type { DeviceArgs } from "../resources/device";
import { runError } from "../resources/run-error";
import { askedDevice } from "./asked-device";
import { type OutputArgs, outputForm } from "./output-form";
import { resolveTracked } from "./resolve-tracked";

/** The arguments of {@link getAlarm}. */
export interface GetAlarmArgs {
  device: DeviceArgs;
  kind: AlarmKind;
  /** As a list of alarms has it. */
  id: string;
}

/** The arguments of {@link getAlarmOutput}. */
export interface GetAlarmOutputArgs extends OutputArgs<GetAlarmArgs> {}

/**
 * One alarm of a device with severity, source and date, read now, in previews too (GET `/alarms/active/<id>`,
 * `/alarms/history/<id>`, LTRT-41760 sections 7.1.1 and 7.2.1).
 *
 * @throws DeviceError `MEDIANT_NOT_FOUND` if there is no alarm of that id (any more), and if the device cannot be
 * reached or refuses; RunError for something that is no id, or arguments not known yet
 * @example
 * ```ts
 * const { severity, date } = await getAlarm({ device: deviceFromConfig("sbc1"), kind: "active", id: "1" });
 * ```
 */
export async function getAlarm(args: GetAlarmArgs): Promise<Alarm> {
  const [client, given] = await Promise.all([
    askedDevice(args.device, "getAlarmOutput"),
    resolveTracked({ kind: args.kind, id: args.id }, "getAlarmOutput"),
  ]);
  const { kind, id } = given.value as { kind: unknown; id: unknown };
  checkedKind(kind);
  if (!isPathPart(id)) throw runError("id must be the id of an alarm, as a list of alarms has it");

  const alarm = await readAlarm(client, kind, id);
  if (alarm !== undefined) return alarm;
  const hint = kind === "active" ? "; one that was cleared may be in the history" : "";
  const place = {
    device: client.connection.name,
    method: "GET",
    path: `/api/v1/alarms/${kind}`,
    status: 404,
  };
  throw new DeviceError(
    "MEDIANT_NOT_FOUND",
    `no ${kind} alarm has the id ${JSON.stringify(id)}${hint}`,
    place,
  );
}

/** As {@link getAlarm}, for arguments that are not known yet. */
export function getAlarmOutput(
  args: GetAlarmOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<Alarm> {
  // What a password opens is no secret itself: the alarm tells nothing of it.
  return pulumi.unsecret(outputForm(getAlarm, args, opts));
}

/** @throws RunError if it is no kind of alarms */
export function checkedKind(kind: unknown): asserts kind is AlarmKind {
  if (kind !== "active" && kind !== "history") throw runError('kind must be "active" or "history"');
}

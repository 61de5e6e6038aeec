import type { ConfirmChecks } from "../../declare/checks";
import { readAlarms, readDetails } from "../../device/alarm-reader";
import type { Alarm } from "../../device/answers/alarms";
import type { PerformanceValue } from "../../device/answers/performance";
import type { DeviceClient } from "../../device/client";
import { type DeviceErrorCode, isDeviceError } from "../../device/errors";
import { readPerformanceValue } from "../../device/performance-reader";
import { sanitise } from "../../text/sanitise";
import { ReconcileError } from "../life/errors";
import { runScript } from "../life/run-script";
import type { Seen } from "./verdict";

/** What a look needs of a client. */
export type Watched = Pick<DeviceClient, "status" | "get" | "connection">;

/** Trouble that passes when a device has started, or has come back to a network. */
const PASSING: readonly DeviceErrorCode[] = [
  "MEDIANT_UNREACHABLE",
  "MEDIANT_TIMEOUT",
  "MEDIANT_DEVICE_FAILURE",
  "MEDIANT_TLS",
  "MEDIANT_BAD_ANSWER",
  "MEDIANT_CONFLICT",
];

/** Whether an error is trouble that passes. */
export function isPassing(error: unknown): boolean {
  return isDeviceError(error) && PASSING.includes(error.code);
}

/**
 * Reads what the checks ask for, and no more: the status, and then the active alarms, monitors and commands.
 * @param print runs a `show` command under the device's write lock
 * @throws DeviceError; ReconcileError if the device does not know a command
 */
export async function lookAt(
  client: Watched,
  { maxSeverity, newAlarms, monitors = [], show = [] }: ConfirmChecks,
  print: (command: string) => Promise<string>,
): Promise<Seen> {
  const status = await client.status();
  const alarms = maxSeverity === undefined && newAlarms === undefined ? [] : await activeAlarms(client);
  const measured: PerformanceValue[] = [];
  for (const { name, index = 0, interval = "current" } of monitors)
    measured.push(await readPerformanceValue(client, name, { index, interval }));
  const printed: string[] = [];
  for (const { command } of show) printed.push(await print(command));
  return { status, alarms, measured, printed };
}

/** What a `show` command prints. @throws ReconcileError if the device refuses it; DeviceError */
export async function printOf(client: DeviceClient, command: string): Promise<string> {
  const script = { lines: [], queries: [{ mode: [], text: command.trim(), at: 0 }] };
  const { ok, output, description } = await runScript(client, script, { secrets: [], encoding: "utf-8" });
  if (ok) return output;
  const words = sanitise([description, output].filter((text) => text !== "").join(" "));
  throw new ReconcileError([`the device refused the show command: ${words || "it gave no reason"}`]);
}

/** With their severities; without those that were cleared while they were read. */
async function activeAlarms(client: Watched): Promise<Alarm[]> {
  const { alarms } = await readAlarms(client, { kind: "active" });
  const detailed = await readDetails(client, "active", alarms);
  const told = detailed.filter((alarm) => alarm !== undefined);
  if (told.length === alarms.length) return told;
  // A device may also list an alarm of which it tells no details: only one that left the list was cleared.
  const listed = await readAlarms(client, { kind: "active" });
  const active = new Set(listed.alarms.map(({ id }) => id));
  return [...told, ...alarms.filter(({ id }, at) => detailed[at] === undefined && active.has(id))];
}

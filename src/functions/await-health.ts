import { readAlarms, readDetails } from "../device/alarm-reader";
import type { Alarm } from "../device/answers/alarms";
import type { DeviceStatus } from "../device/answers/status";
import type { DeviceClient } from "../device/client";
import { type Clock, sleep, systemClock } from "../device/clock";
import { type DeviceError, type DeviceErrorCode, isDeviceError } from "../device/errors";
import { runError } from "../resources/run-error";
import { faultsOf, type HealthConditions } from "./health";

type Watched = Pick<DeviceClient, "status" | "get" | "connection">;

/** How long to wait, and where the lines about it go. */
export interface HealthWait {
  /** Default: 0, one look. */
  waitSeconds?: number;
  log?: (line: string) => void;
  clock?: Clock;
}

const POLL_MS = 5_000;
const LOG_EVERY_MS = 30_000;

/** Trouble that a device which is starting may be in. */
const PASSING: readonly DeviceErrorCode[] = [
  "MEDIANT_UNREACHABLE",
  "MEDIANT_TIMEOUT",
  "MEDIANT_DEVICE_FAILURE",
  "MEDIANT_TLS",
  "MEDIANT_BAD_ANSWER",
  "MEDIANT_CONFLICT",
];

/**
 * Looks until the conditions hold, at least once.
 * @throws RunError that lists what is wrong; DeviceError where the device does not answer, at the end of the wait
 */
export async function awaitHealth(
  client: Watched,
  conditions: HealthConditions,
  { waitSeconds = 0, log = (line) => console.log(line), clock = systemClock }: HealthWait = {},
): Promise<DeviceStatus> {
  const { name } = client.connection;
  const started = clock.now();
  let loggedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const seen = await look(client, conditions);
    if ("status" in seen && seen.faults.length === 0) return seen.status;
    const elapsed = clock.now() - started;
    const remaining = waitSeconds * 1000 - elapsed;
    const passing = "faults" in seen || PASSING.includes(seen.trouble.code);
    if (remaining <= 0 || !passing) {
      if ("trouble" in seen) throw seen.trouble;
      const after = elapsed < 1000 ? "" : ` after ${Math.round(elapsed / 1000)} s`;
      throw runError([`[${name}] not healthy${after}:`, ...seen.faults].join("\n  - "));
    }
    if (clock.now() - loggedAt >= LOG_EVERY_MS) {
      loggedAt = clock.now();
      const why = "trouble" in seen ? "it does not answer yet" : inShort(seen.faults);
      log(
        `[${name}] waiting for it to be healthy: ${why} (${Math.round(elapsed / 1000)} s of ${waitSeconds} s)`,
      );
    }
    await sleep(clock, Math.min(POLL_MS, remaining));
  }
}

/** The first of them, for a line of the log. */
function inShort(faults: readonly string[]): string {
  const [first = "", ...rest] = faults;
  return rest.length === 0 ? first : `${first}, and ${rest.length} more`;
}

type Seen = { status: DeviceStatus; faults: string[] } | { trouble: DeviceError };

async function look(client: Watched, conditions: HealthConditions): Promise<Seen> {
  try {
    const status = await client.status();
    const alarms = conditions.maxSeverity === undefined ? [] : await activeAlarms(client);
    return { status, faults: faultsOf(conditions, status, alarms) };
  } catch (error) {
    if (isDeviceError(error)) return { trouble: error };
    throw error;
  }
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

import type { HealthChecks } from "../declare/checks";
import type { DeviceStatus } from "../device/answers/status";
import { type Clock, sleep, systemClock } from "../device/clock";
import { type DeviceError, isDeviceError } from "../device/errors";
import { defaultLog } from "../device/log";
import { isPassing, lookAt, type Watched } from "../reconcile/health/look";
import { faultsOf } from "../reconcile/health/verdict";
import { ReconcileError } from "../reconcile/life/errors";
import { runError } from "../resources/run-error";

/** How long to wait, and where the lines about it go. */
export interface HealthWait {
  /** Default: 0, one look. */
  waitSeconds?: number;
  log?: (line: string) => void;
  clock?: Clock;
  /** Runs a `show` command. */
  print?: (command: string) => Promise<string>;
}

async function noCommand(): Promise<string> {
  throw new Error("internal error: nothing runs the show command");
}

const POLL_MS = 5_000;
const LOG_EVERY_MS = 30_000;

/**
 * Looks until the checks hold, at least once.
 * @throws RunError that lists what is wrong; DeviceError if the device does not answer, at the end of the wait
 */
export async function awaitHealth(
  client: Watched,
  checks: HealthChecks,
  { waitSeconds = 0, log = defaultLog, clock = systemClock, print = noCommand }: HealthWait = {},
): Promise<DeviceStatus> {
  const { name } = client.connection;
  const started = clock.now();
  let loggedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const seen = await look(client, checks, print);
    if ("status" in seen && seen.faults.length === 0) return seen.status;
    const elapsed = clock.now() - started;
    const remaining = waitSeconds * 1000 - elapsed;
    const passing = "faults" in seen || isPassing(seen.trouble);
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

async function look(
  client: Watched,
  checks: HealthChecks,
  print: (command: string) => Promise<string>,
): Promise<Seen> {
  try {
    const seen = await lookAt(client, checks, print);
    return { status: seen.status, faults: faultsOf(checks, seen) };
  } catch (error) {
    if (error instanceof ReconcileError) throw runError(error.message);
    if (isDeviceError(error)) return { trouble: error };
    throw error;
  }
}

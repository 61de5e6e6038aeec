import type { DeviceStatus } from "../answers/status";
import { upgradeInProgress, upgradeWords } from "../answers/status";
import { type Clock, sleep } from "../clock";
import { deadlineOf, judge, type ResetLimits, type ResetPolicy, type ResetState, steadyFor } from "./phase";
import type { Sighting, Trouble } from "./sighting";
import { endedAs, waitingFor } from "./words";

/** How the watching ended. */
export type WatchEnd =
  | { kind: "back"; status: DeviceStatus; wentDown: boolean }
  | { kind: "refused" | "overdue"; state: ResetState; last: Trouble };

export interface Watched {
  clock: Clock;
  policy: ResetPolicy;
  limits: ResetLimits;
  /** What is known when it begins. */
  start: ResetState;
  /** Looks at the device once. If it rejects, the watching is over. */
  poll(timeoutMs: number): Promise<Sighting>;
  /** What is waited for while the device answers as before. Default: `the device to go down`. */
  awaits?: string;
  /** Takes the lines about phases and progress. */
  log(line: string): void;
  /** Called when the device is, or was, surely down: no connection to it has survived. */
  onDown(): void;
}

const logEveryMs = 30_000;
/** A poll that falls on the deadline needs a moment for its answer. */
const leastPollMs = 1_000;

/** Polls until the device is back or the deadline has passed. Each phase is logged, and every 30 s. */
export async function watchReset(watched: Watched): Promise<WatchEnd> {
  const { clock, policy, limits, log } = watched;
  const awaits =
    watched.awaits ?? (limits.drainMs > 0 ? "the device to end its calls and go down" : undefined);
  const startedAt = clock.now();
  const elapsedMs = () => clock.now() - startedAt;
  let state = watched.start;
  let last: Sighting | undefined;
  /** Since when the device is back without a break, and for how long it has to be. */
  let steady: { fromMs: number; forMs: number } | undefined;
  let silence = () => {};
  const tell = () => {
    silence();
    log(`${waitingFor(state, last, awaits)}, ${seconds(elapsedMs())} s`);
    silence = clock.after(logEveryMs, tell);
  };
  let upgrade: string | undefined;
  const tellUpgrade = (sighting: Sighting) => {
    if (sighting.kind !== "up" || sighting.status.upgradeStatus === upgrade) return;
    const first = upgrade === undefined;
    upgrade = sighting.status.upgradeStatus;
    // That there is none is news after one only.
    if (upgrade !== undefined && !(first && !upgradeInProgress(sighting.status))) log(upgradeWords(upgrade));
  };
  try {
    tell();
    let afterMs = policy.pauseMs.first;
    for (;;) {
      await sleep(clock, afterMs);
      const remainingMs = Math.max(leastPollMs, deadlineOf(limits, state) - elapsedMs());
      last = await pollWithin(watched, Math.min(policy.pollMs, remainingMs));
      const before = state;
      const { state: now, verdict } = judge(policy, limits, before, last, elapsedMs());
      state = now;
      tellUpgrade(last);
      if (before.downAtMs === undefined && state.downAtMs !== undefined) watched.onDown();
      if (verdict.action === "back") {
        const restarted = steady !== undefined && upTimeFell(before, last);
        if (restarted) log(STARTS_AGAIN);
        if (steady === undefined || restarted)
          steady = { fromMs: elapsedMs(), forMs: steadyFor(policy, state, elapsedMs()) };
        const leftMs = Math.min(steady.fromMs + steady.forMs, deadlineOf(limits, state)) - elapsedMs();
        if (leftMs > 0) {
          afterMs = Math.min(leftMs, Math.max(policy.pauseMs.first, steady.forMs / 20));
          continue;
        }
        log(`${endedAs(last, state, verdict.wentDown)} ${seconds(elapsedMs())} s`);
        return { kind: "back", status: verdict.status, wentDown: verdict.wentDown };
      }
      if (steady !== undefined) log(STARTS_AGAIN);
      steady = undefined;
      if (verdict.action !== "poll") return { kind: verdict.action, state, last: verdict.last };
      afterMs = verdict.afterMs;
      if (state.furthest !== before.furthest) tell();
    }
  } finally {
    silence();
  }
}

const STARTS_AGAIN = "the device stopped answering again: it restarts once more";

/** Whether a device that answers each time has started in between. */
function upTimeFell({ upTime }: ResetState, seen: Sighting): boolean {
  const now = seen.kind === "up" ? seen.status.systemUpTime : undefined;
  return now !== undefined && upTime !== undefined && now < upTime;
}

/** One look, over in time also if the connection itself hangs. */
async function pollWithin({ clock, poll }: Watched, ms: number): Promise<Sighting> {
  let cancel = () => {};
  const overdue = new Promise<Sighting>((resolve) => {
    const sentence = `no answer for ${seconds(ms)} s`;
    const failure = { kind: "timeout", code: "MEDIANT_TIMEOUT", detail: "timeout", sentence } as const;
    cancel = clock.after(ms, () => resolve({ kind: "broken", failure }));
  });
  try {
    return await Promise.race([poll(ms), overdue]);
  } finally {
    cancel();
  }
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

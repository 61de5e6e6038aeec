import type { DeviceStatus } from "../answers/status";
import type { Sighting, Trouble, Work } from "./sighting";

/** Where a reset is, in the order of its course. It is over when the device tells its status again. */
const phases = [
  "applying", // the device answers as before
  "goingDown", // something broke, but it may be a passing thing
  "dark", // no connection
  "comingBack", // something answers, but no status yet
] as const;

export type ResetPhase = (typeof phases)[number];

export interface ResetPolicy {
  /** Milliseconds after which a device that still answers, and whose calls have ended, is not going to reset. */
  beginMs: number;
  /** Milliseconds of steady answers after which a connection that broke was the reset, where no up time tells. */
  confirmMs: number;
  /**
   * Bounds of the milliseconds for which a device that was down has to go on answering, a fifth of the time that it was
   * away: some start a second time, and show in between what they had before.
   */
  steadyMs: { least: number; longest: number };
  /** Bounds of the pause between polls, in milliseconds: an eighth of the time since it got as far as it is. */
  pauseMs: { first: number; longest: number };
  /** Milliseconds for which one poll is waited for. */
  pollMs: number;
  /** Milliseconds after which a 401 is asked again: services start one by one, and failed logins lock the account. */
  unauthorizedPauseMs: number;
  /** How often a 401 is asked again. */
  unauthorizedAgain: number;
}

export const defaultResetPolicy: ResetPolicy = {
  beginMs: 60_000,
  confirmMs: 30_000,
  steadyMs: { least: 1_000, longest: 20_000 },
  pauseMs: { first: 250, longest: 5_000 },
  // Longer than a connection may take: one that cannot be had is another sign than a silent one.
  pollMs: 15_000,
  unauthorizedPauseMs: 30_000,
  unauthorizedAgain: 2,
};

/** How long a reset may take, in milliseconds. */
export interface ResetLimits {
  /** From the device's answer, or from the end of its calls, until it is back. */
  resetMs: number;
  /** For calls to end before it goes down. */
  drainMs: number;
  /** Where the device begins sooner, if at all, than the policy's `beginMs`. */
  beginMs?: number;
}

/** What was seen so far. Moments are milliseconds since the device was told. */
export interface ResetState {
  phase: ResetPhase;
  /** The furthest phase so far, and when it began: services that come and go bring no new one. */
  furthest: ResetPhase;
  sinceMs: number;
  /** The up time last seen, in the device's own unit. */
  upTime?: number;
  /** When it was surely down. */
  downAtMs?: number;
  /** When something broke that may have been the reset. */
  doubtAtMs?: number;
  /** When it was last seen at the work that the reset is a part of. */
  workedAtMs?: number;
  /** How many 401 came. */
  unauthorized: number;
}

export type ResetVerdict =
  | { action: "poll"; afterMs: number }
  /** It answers. wentDown false: it never went, or nothing shows it. */
  | { action: "back"; wentDown: boolean; status: DeviceStatus }
  /** The login was refused once too often, or the time is over. */
  | { action: "refused" | "overdue"; last: Trouble };

/** Of a device that was just told to reset. */
export function told(upTime?: number): ResetState {
  return { phase: "applying", furthest: "applying", sinceMs: 0, upTime, unauthorized: 0 };
}

/** Of a device that was away when we came. */
export const foundAway: ResetState = {
  phase: "dark",
  furthest: "dark",
  sinceMs: 0,
  downAtMs: 0,
  unauthorized: 0,
};

/** What a poll means for what was seen before it, and what to do next. */
export function judge(
  policy: ResetPolicy,
  limits: ResetLimits,
  before: ResetState,
  sighting: Sighting,
  atMs: number,
): { state: ResetState; verdict: ResetVerdict } {
  const state = see(before, sighting, atMs);
  return { state, verdict: decide(policy, limits, state, sighting, atMs) };
}

/** How long a device that is back has to go on answering before it is judged, in milliseconds. */
export function steadyFor({ steadyMs }: ResetPolicy, { downAtMs }: ResetState, atMs: number): number {
  if (downAtMs === undefined) return 0;
  return Math.min(steadyMs.longest, Math.max(steadyMs.least, (atMs - downAtMs) / 5));
}

/** The moment past which nothing is waited for, in milliseconds since the device was told. */
export function deadlineOf({ resetMs, drainMs }: ResetLimits, state: ResetState): number {
  // Calls that ended early leave no time over: the device does not take longer to start for it.
  return Math.min(drainMs, state.downAtMs ?? Number.POSITIVE_INFINITY) + resetMs;
}

function see(before: ResetState, sighting: Sighting, atMs: number): ResetState {
  const seen = { ...before };
  switch (sighting.kind) {
    case "up": {
      const upTime = sighting.status.systemUpTime;
      if (upTime !== undefined && before.upTime !== undefined) {
        // An up time that fell shows a reset that no poll saw; one that grew, that what broke was something else.
        if (upTime < before.upTime) seen.downAtMs ??= before.doubtAtMs ?? atMs;
        if (upTime > before.upTime) seen.doubtAtMs = undefined;
      }
      seen.upTime = upTime ?? before.upTime;
      if (sighting.work === "going") seen.workedAtMs = atMs;
      // What was wanted came about by going down, or by the other unit's taking over: no connection has survived it.
      if (sighting.work === "done") seen.downAtMs ??= before.doubtAtMs ?? atMs;
      break;
    }
    case "dark":
      seen.downAtMs ??= atMs;
      break;
    case "unauthorized":
      seen.unauthorized++;
      seen.doubtAtMs = atMs;
      break;
    default:
      seen.doubtAtMs = atMs;
  }
  seen.phase = phaseOf(seen, sighting, before.phase);
  if (phases.indexOf(seen.phase) > phases.indexOf(before.furthest)) {
    seen.furthest = seen.phase;
    seen.sinceMs = atMs;
  }
  return seen;
}

function phaseOf({ downAtMs, doubtAtMs }: ResetState, { kind }: Sighting, before: ResetPhase): ResetPhase {
  if (kind === "dark") return "dark";
  if (downAtMs === undefined) return doubtAtMs === undefined ? "applying" : "goingDown";
  // A host that drops what it is sent is as dark as one that refuses it.
  return kind === "broken" ? before : "comingBack";
}

function decide(
  policy: ResetPolicy,
  limits: ResetLimits,
  state: ResetState,
  sighting: Sighting,
  atMs: number,
): ResetVerdict {
  const deadlineMs = deadlineOf(limits, state);
  if (sighting.kind === "up") {
    const { status, work } = sighting;
    const wentDown = state.downAtMs !== undefined || state.doubtAtMs !== undefined;
    // It answers: past the deadline too, a look at what it holds is worth more than an error.
    if (isSettled(policy, limits, state, work, atMs) || atMs >= deadlineMs) {
      return { action: "back", wentDown, status };
    }
  } else {
    const refused = sighting.kind === "unauthorized" && state.unauthorized > policy.unauthorizedAgain;
    if (refused) return { action: "refused", last: sighting };
    if (atMs >= deadlineMs) return { action: "overdue", last: sighting };
  }
  const { first, longest } = policy.pauseMs;
  const pause =
    sighting.kind === "unauthorized"
      ? policy.unauthorizedPauseMs
      : Math.min(longest, Math.max(first, (atMs - state.sinceMs) / 8));
  // The last poll falls on the deadline.
  return { action: "poll", afterMs: Math.min(pause, deadlineMs - atMs) };
}

/** Whether a device that answers will show nothing further. */
function isSettled(
  policy: ResetPolicy,
  limits: ResetLimits,
  { downAtMs, doubtAtMs, workedAtMs }: ResetState,
  work: Work,
  atMs: number,
): boolean {
  const begunByMs = Math.min(policy.beginMs, limits.beginMs ?? Number.POSITIVE_INFINITY) + limits.drainMs;
  switch (work) {
    case "done":
      return true;
    case "going":
      return false;
    case "idle":
      return workedAtMs !== undefined || atMs >= begunByMs;
    case undefined:
      if (downAtMs !== undefined) return true;
      if (doubtAtMs !== undefined) return atMs - doubtAtMs >= policy.confirmMs;
      // Work that has ended is followed by the going down, which may take its time as well.
      return atMs >= (workedAtMs ?? 0) + begunByMs;
  }
}

/*
 * When a change has been watched for long enough. Pure: moments are milliseconds of some clock.
 */

/** How long to watch, in milliseconds. */
export interface WatchLimits {
  holdMs: number;
  everyMs: number;
}

/** Since when all checks have held; undefined before the first look. */
export interface WatchState {
  heldSince: number | undefined;
}

/** What one look has shown. */
export type Sighting =
  | { kind: "well" }
  | { kind: "ill"; faults: readonly string[] }
  /** It did not answer, and was waited for until it did. */
  | { kind: "back" };

export type WatchVerdict =
  | { action: "look"; afterMs: number; heldMs: number }
  | { action: "held" }
  | { action: "failed"; faults: readonly string[] };

export const BEGIN: WatchState = { heldSince: undefined };

/** What a look means, and when the next one is due. The last one falls on the end of the time. */
export function judgeWatch(
  { holdMs, everyMs }: WatchLimits,
  { heldSince }: WatchState,
  sighting: Sighting,
  now: number,
): { state: WatchState; verdict: WatchVerdict } {
  switch (sighting.kind) {
    case "ill":
      return { state: BEGIN, verdict: { action: "failed", faults: sighting.faults } };
    case "back":
      return { state: BEGIN, verdict: { action: "look", afterMs: 0, heldMs: 0 } };
    case "well": {
      const since = heldSince ?? now;
      const heldMs = now - since;
      if (heldMs >= holdMs) return { state: { heldSince: since }, verdict: { action: "held" } };
      const afterMs = Math.min(everyMs, holdMs - heldMs);
      return { state: { heldSince: since }, verdict: { action: "look", afterMs, heldMs } };
    }
  }
}

import type { Failure } from "../http/failures";
import type { ResetState } from "./phase";
import type { Sighting, Trouble } from "./sighting";

/** What is waited for, for the log: to stand before the time it took so far. */
export function waitingFor(
  state: ResetState,
  last: Sighting | undefined,
  awaits = "the device to go down",
): string {
  if (last?.kind === "up" && last.work === "going") return "waiting for the upgrade to end";
  const why = last === undefined || last.kind === "up" ? "" : ` (${last.failure.detail})`;
  switch (state.phase) {
    case "applying":
      return `waiting for ${awaits}`;
    case "goingDown":
      return `the device seems to go down${why}`;
    case "dark":
      return "waiting for the device to come back";
    case "comingBack":
      return `waiting for the device to be ready${why}`;
  }
}

/** How the waiting ended with a device that answers: to stand before the time it took. */
export function endedAs(last: Sighting, { workedAtMs }: ResetState, wentDown: boolean): string {
  switch (last.kind === "up" ? last.work : undefined) {
    case "done":
      return "the device runs the new software after";
    case "going":
      return "the upgrade shows no end after";
    case "idle":
      return workedAtMs === undefined ? "the upgrade did not begin within" : "the upgrade has ended after";
  }
  return wentDown ? "the device is back after" : "the device did not go down within";
}

/** What was reached of a reset that went wrong. `accepted` is undefined for a device that was away when we came. */
export function reached(accepted: boolean | undefined, { downAtMs }: ResetState): string {
  if (accepted === undefined) return "the device was away";
  const answer = accepted ? "accepted" : "not answered";
  return downAtMs === undefined ? `${answer}, was not seen to go down` : `${answer}, went down`;
}

/** Why a device was given up. */
export function overdue(before: string, seconds: number, last: Trouble): string {
  // Where nobody answers at all, the device may be answering somewhere else.
  const silent = last.kind === "dark" || last.kind === "broken";
  const outcome = silent ? "did not come back within" : "is not ready after";
  const hint = silent ? "; its management address may have changed" : "";
  return `${before}, ${outcome} ${seconds} s: ${last.failure.sentence}${hint}`;
}

/** Why a device that answers is of no use. */
export function refused(before: string, times: number, failure: Failure): string {
  return `${before}, refused the login ${times} times: ${failure.sentence}`;
}

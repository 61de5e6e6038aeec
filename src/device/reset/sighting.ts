import { type DeviceStatus, parseStatus } from "../answers/status";
import type { Attempt } from "../http/credential-gate";
import type { Failure } from "../http/failures";
import type { DeviceAnswer } from "../http/transport";

/** A look at the device that showed no status. */
export interface Trouble {
  kind:
    | "notReady" // an answer that is no status, or TLS that is not in order
    | "unauthorized" // 401
    | "broken" // the connection broke, or no answer came
    | "dark"; // no connection
  failure: Failure;
}

/**
 * What a status says of the work that a reset is a part of. Undefined: nothing, so that going down and coming back tell.
 */
export type Work =
  | "going" // at work, or nothing shows that it is not
  | "done" // what was wanted is there, however it came about
  | "idle" // not at work, and what was wanted is not there
  | undefined;

/** What one look at a device's status has shown. */
export type Sighting = { kind: "up"; status: DeviceStatus; work?: Work } | Trouble;

/** What an attempt at `GET /status` shows of the device. */
export function sightingOf(
  attempt: Attempt<DeviceAnswer>,
  workOf: (status: DeviceStatus) => Work = () => undefined,
): Sighting {
  if ("answer" in attempt) {
    const status = parseStatus(attempt.answer.body);
    // A web server that starts before the API does answers with a page of its own.
    return status === undefined ? noStatus(attempt.status) : { kind: "up", status, work: workOf(status) };
  }
  const { status, failure } = attempt;
  if (status === 401) return { kind: "unauthorized", failure };
  if (status !== undefined || failure.code === "MEDIANT_TLS") return { kind: "notReady", failure };
  return { kind: failure.kind === "notSent" ? "dark" : "broken", failure };
}

function noStatus(status: number): Trouble {
  const detail = "no status";
  const sentence = `it answers ${status}, but: ${detail}`;
  return {
    kind: "notReady",
    failure: { kind: "permanent", code: "MEDIANT_BAD_ANSWER", detail, sentence, status },
  };
}

/** Whether a device that was never told to reset may yet come: not one that answers wrongly, or whose name is unknown. */
export function mayBeStarting({ kind, code, detail }: Failure): boolean {
  if (code === "MEDIANT_UNREACHABLE") return detail !== "ENOTFOUND";
  return code === "MEDIANT_TIMEOUT" || kind === "unavailable" || kind === "busy";
}

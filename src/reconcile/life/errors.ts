import { isDeviceError } from "../../device/errors";
import { safeLines } from "../../text/describe";
import { messageOf } from "../../text/message";

/** A resource did not come true on its device; `reasons` says why, one sentence each. */
export class ReconcileError extends Error {
  override readonly name = "ReconcileError";
  readonly code = "MEDIANT_NOT_CONVERGED";

  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    const safe = reasons.map(safeLines);
    super(safe.join("\n"));
    this.reasons = safe;
    this.stack = this.message;
  }
}

/** What an error says to a user, one sentence each. */
export function reasonsOf(error: unknown): readonly string[] {
  if (error instanceof ReconcileError) return error.reasons;
  return [messageOf(error)];
}

/** Whether the device refused a write: nothing of it is left, or only what stands in a script before the refused line. */
export function isRefused(error: unknown): boolean {
  return isDeviceError(error) && error.code === "MEDIANT_REFUSED";
}

/** Whether a device cannot be reached, as one that starts. */
export function isAway(error: unknown): boolean {
  return isDeviceError(error) && (error.code === "MEDIANT_UNREACHABLE" || error.code === "MEDIANT_TIMEOUT");
}

/** Whether a write may have been carried out: its answer was lost. */
export function isOutcomeUnknown(error: unknown): boolean {
  return isDeviceError(error) && error.code === "MEDIANT_OUTCOME_UNKNOWN";
}

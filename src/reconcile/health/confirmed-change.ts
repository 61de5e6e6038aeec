import type { DeviceClient } from "../../device/client";
import { markUnconfirmed, save } from "../life/saving";
import type { Confirmation } from "./confirmation";
import { type Leftovers, UnconfirmedError, undo } from "./undo";

/** A change on a device, whatever its language. */
export interface WatchedChange {
  /** Whether the device still has the change. */
  stands: () => Promise<boolean>;
  /** Puts the device back to how it was; undefined if this run has sent nothing. */
  restore: (() => Promise<Leftovers>) | undefined;
}

/**
 * Ends a change: it is watched if it is to be confirmed, and then saved. If a check fails, it is undone as `onFailure`
 * says and not saved. What a run that broke off has left is watched before it is saved, too.
 *
 * @param touched whether the device may have been changed
 * @param saves whether the change is saved in the end
 * @param change looks at what was changed, before the watch begins
 * @throws UnconfirmedError if a check fails
 */
export async function confirmAndSave(
  client: DeviceClient,
  confirmation: Confirmation | undefined,
  { touched, saves, change }: { touched: boolean; saves: boolean; change: () => Promise<WatchedChange> },
): Promise<void> {
  if (confirmation !== undefined && (touched || saves)) {
    const { stands, restore } = await change();
    const end = await confirmation.watch(stands);
    if (end.kind !== "held") throw await undo(client, confirmation, end, restore);
  }
  if (saves) await save(client);
}

/** If a turn failed and its change stands unconfirmed, nothing of this run may save it. */
export function markFailed(
  client: DeviceClient,
  confirmation: Confirmation | undefined,
  { error, touched }: { error: unknown; touched: boolean },
): void {
  if (confirmation?.hasHeld === false && touched && !isUndone(error))
    markUnconfirmed(client, confirmation.label);
}

/** Whether a turn failed and the device is as it was before. */
export function isUndone(error: unknown): boolean {
  return error instanceof UnconfirmedError && error.isUndone;
}

/** Whether what the device showed of a change tells nothing any more: the change may have been put back. */
export function isStale(error: unknown, confirmation: Confirmation | undefined): boolean {
  return error instanceof UnconfirmedError && confirmation?.onFailure !== "leave";
}

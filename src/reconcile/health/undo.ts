import type { DeviceClient } from "../../device/client";
import { listed } from "../../text/listed";
import { ReconcileError, reasonsOf } from "../life/errors";
import { forgetUnconfirmed } from "../life/saving";
import { type Confirmation, type WatchEnd, watchWords } from "./confirmation";

/** A change was not confirmed. */
export class UnconfirmedError extends ReconcileError {
  /**
   * @param flash whether the device runs what it had saved, so that nothing of the change is left
   * @param isUndone whether the device is as it was before
   */
  constructor(
    reasons: readonly string[],
    readonly flash: boolean,
    readonly isUndone: boolean,
  ) {
    super(reasons);
  }
}

/** What putting back has left, as people write it, and why. */
export interface Leftovers {
  left: readonly string[];
  reasons: readonly string[];
}

/**
 * Undoes a change that was not confirmed, as its `onFailure` says. Nothing is saved.
 * @param restore puts the device back to how it was; undefined if this run has sent nothing
 */
export async function undo(
  client: DeviceClient,
  confirmation: Confirmation,
  end: Exclude<WatchEnd, { kind: "held" }>,
  restore: (() => Promise<Leftovers>) | undefined,
): Promise<UnconfirmedError> {
  const why = watchWords(end);
  if (end.kind === "gone" || end.kind === "lost") return new UnconfirmedError(why, false, false);
  if (restore === undefined) return new UnconfirmedError([...why, NOTHING_SENT], false, false);
  if (confirmation.onFailure === "leave") return new UnconfirmedError([...why, LEFT], false, false);
  if (confirmation.onFailure === "reset") {
    confirmation.tell("not healthy: resetting the device without saving");
    try {
      await client.reset({ saveConfiguration: false }, { label: confirmation.label });
      forgetUnconfirmed(client);
      return new UnconfirmedError([...why, RESET], true, true);
    } catch (error) {
      return new UnconfirmedError([...why, RESET_FAILED, ...reasonsOf(error)], false, false);
    }
  }
  confirmation.tell("not healthy: putting back what was changed");
  const { left, reasons } = await restore();
  if (left.length === 0) return new UnconfirmedError([...why, PUT_BACK], false, true);
  return new UnconfirmedError([...why, `${PUT_BACK_IN_PART}${listed(left)}`, ...reasons], false, false);
}

const NOTHING_SENT =
  "this run sent nothing, so there is nothing to put back: what an earlier run has changed stays, not saved";
const LEFT = "the change stays in the running configuration, not saved: the next reset loses it";
const RESET = "the device was reset without saving: it runs what was saved before the change";
const RESET_FAILED = "the reset that was to undo the change failed; nothing was saved:";
const PUT_BACK = "what was changed was put back: the device is as it was before, and nothing was saved";
const PUT_BACK_IN_PART =
  "nothing was saved, and what was changed was put back in part; still different from before: ";

import type { ConfirmArgs } from "../../../declare/checks";
import type { Ticket } from "../../../device/shared/write-queue";
import type { Value } from "../../../ini/configuration";
import type { NameMap } from "../../../ini/names";
import type { Observed } from "../../../ini/observe";
import type { SeenBefore } from "../../health/verdict";
import type { Log } from "../../life/log";
import type { Fragment } from "../fragment";
import type { ShownRows } from "../shown-rows";
import type { Verdict } from "../verify";

/** What one resource hands to the device's write queue. */
export interface IniJob {
  fragment: Fragment;
  /** Whether a change is to be saved to flash. */
  save: boolean;
  /** How a change is confirmed before it is saved. */
  confirm?: ConfirmArgs;
  /** Whether something was sent, by an earlier run or by this one, that is not known to be saved. */
  unsaved: boolean;
  /** How the device was before a change that an earlier run made, and that is not saved yet. */
  seenBefore?: SeenBefore | undefined;
  /** What the state knows of the tables; undefined if there was none. */
  rows: ShownRows | undefined;
  log: Log;
}

/** How a job ended well. */
export interface IniOutcome {
  before: Observed;
  after: Observed;
  verdict: Verdict;
  /** What the uploads changed, for this job and for others that shared them. */
  written: NameMap<Value>;
}

/** A job in the queue. */
export interface QueuedJob extends IniJob {
  /** The device before the first upload that carried this job: a parked job comes by several times. */
  before: Observed | undefined;
  /** All that uploads for this job have changed. */
  written: NameMap<Value>;
}

export type IniTicket = Ticket<QueuedJob, IniOutcome>;

/** Whether something was sent for a job that is not known to be saved; without `save` the state says so by that. */
export function isUnsaved({ save, unsaved, written }: QueuedJob, wrote = false): boolean {
  return save && (unsaved || wrote || written.size > 0);
}

/** Whether an earlier run has left a change, and how the device was before it. */
export function hasSeen({ unsaved, seenBefore }: IniJob): boolean {
  return unsaved && seenBefore !== undefined;
}

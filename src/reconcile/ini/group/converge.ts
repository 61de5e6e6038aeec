import type { ConfirmArgs } from "../../../declare/checks";
import type { DeviceClient } from "../../../device/client";
import { Slot } from "../../../device/shared/device";
import type { GroupKind } from "../../../device/shared/write-queue";
import type { Value } from "../../../ini/configuration";
import { NameMap } from "../../../ini/names";
import type { StayedRows } from "../released-rows";
import { GroupTurn } from "./group-turn";
import type { IniJob, IniOutcome, QueuedJob } from "./jobs";

/**
 * Hands a job to the device's write queue, and settles when its group has (`GroupTurn`): observe, plan, apply, verify,
 * save. Jobs that wait for one device together share one upload, one read-back and one save; each is judged by itself.
 *
 * @throws TouchedError if the device may have been changed; ReconcileError if the job cannot be sent or nothing of it
 * is left; DeviceError if the device failed and nothing was written
 */
export function convergeIni(client: DeviceClient, job: IniJob): Promise<IniOutcome> {
  const queue = client.device.queue;
  return queue.submit(kindFor(client, job.confirm), {
    ...job,
    before: undefined,
    written: new NameMap<Value>(),
  });
}

/** What is remembered of one client in a run. */
interface Kinds {
  /** Rows that earlier turns let go of and that could not go yet. */
  stayed: StayedRows;
  /** By how a change is confirmed: jobs that are confirmed otherwise, or not at all, go out by themselves. */
  byConfirm: Map<string, GroupKind<QueuedJob, IniOutcome>>;
}

/** By client, for jobs that log in otherwise must not share an upload. */
const KINDS = new Slot(() => new Map<DeviceClient, Kinds>());

let kindsMade = 0;

function kindFor(client: DeviceClient, confirm: ConfirmArgs | undefined): GroupKind<QueuedJob, IniOutcome> {
  const clients = client.device.recall(KINDS);
  const kinds: Kinds = clients.get(client) ?? { stayed: new NameMap(), byConfirm: new Map() };
  clients.set(client, kinds);
  const { stayed, byConfirm } = kinds;
  const key = JSON.stringify(confirm ?? null);
  let kind = byConfirm.get(key);
  if (kind === undefined) {
    // The queue tells kinds by name, and two origins of one device share a queue: no two kinds may share a name.
    const name = `ini ${++kindsMade}`;
    kind = { name, run: (tickets) => new GroupTurn(client, tickets, stayed).run() };
    byConfirm.set(key, kind);
  }
  return kind;
}

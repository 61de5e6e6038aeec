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
 * Brings the device to what a job's fragment wants: observe, plan, apply, verify, save. Jobs that wait for one
 * device together share one upload, one read-back and one save; each is judged by itself.
 *
 * @throws ReconcileError if the device does not show what was declared, DeviceError if nothing was sent
 */
export function convergeIni(client: DeviceClient, job: IniJob): Promise<IniOutcome> {
  const queue = client.device.queue;
  return queue.submit(kindFor(client, job.confirm), {
    ...job,
    before: undefined,
    written: new NameMap<Value>(),
  });
}

/** What goes out together on one connection. */
interface Kinds {
  stayed: StayedRows;
  /** By how a change is confirmed: jobs that are confirmed otherwise, or not at all, go out by themselves. */
  byConfirm: Map<string, GroupKind<QueuedJob, IniOutcome>>;
}

/** Jobs of one device that log in otherwise do not share an upload. */
const KINDS = new Slot(() => new Map<DeviceClient, Kinds>());

function kindFor(client: DeviceClient, confirm: ConfirmArgs | undefined): GroupKind<QueuedJob, IniOutcome> {
  const clients = client.device.recall(KINDS);
  const kinds: Kinds = clients.get(client) ?? { stayed: new NameMap(), byConfirm: new Map() };
  clients.set(client, kinds);
  const { stayed, byConfirm } = kinds;
  const key = JSON.stringify(confirm ?? null);
  let kind = byConfirm.get(key);
  if (kind === undefined) {
    // The queue tells kinds by name.
    const name = `ini ${clients.size}.${byConfirm.size + 1}`;
    kind = { name, run: (tickets) => new GroupTurn(client, tickets, stayed).run() };
    byConfirm.set(key, kind);
  }
  return kind;
}

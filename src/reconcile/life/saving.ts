import type { DeviceStatus } from "../../device/answers/status";
import type { DeviceClient } from "../../device/client";
import { Slot } from "../../device/shared/device";
import { ReconcileError } from "./errors";
import { deviceLog, type Log } from "./log";

/** What this run knows of the saves of one device. */
interface SaveMemory {
  /** All that earlier runs and this one have sent is in flash, as far as it had arrived. */
  saved: boolean;
  /** Its status does not tell whether something is unsaved. */
  silent: boolean;
  /** The resources whose change the device holds although it was not confirmed. */
  unconfirmed: string | undefined;
}

const MEMORY = new Slot((): SaveMemory => ({ saved: false, silent: false, unconfirmed: undefined }));

/**
 * Whether a turn ends with a save. A change is saved. What was already as declared is saved if the device says that it
 * is not. If the firmware does not tell, an earlier run may have been cut off before its save, so it is saved once a run.
 * @param seen the status that this turn has asked for before
 */
export async function mustSave(
  client: DeviceClient,
  changed: boolean,
  seen?: DeviceStatus,
): Promise<boolean> {
  const memory = client.device.recall(MEMORY);
  if (changed) {
    memory.saved = false;
    return true;
  }
  if (memory.saved && memory.silent) return false;
  const { saveNeeded } = seen ?? (await client.status());
  memory.silent = saveNeeded === undefined;
  if (saveNeeded === false || (memory.saved && memory.silent)) return false;
  if (memory.silent) tellOnce(client, ADOPTED);
  return true;
}

/** Whether the device says that all it holds is in flash. Some firmware does not tell. */
export async function isAllSaved(client: DeviceClient): Promise<boolean> {
  return (await client.status()).saveNeeded === false;
}

const TOLD = new Slot(() => new Set<string>());

/** Tells a line about a device once a run, however many resources have a reason to. */
export function tellOnce(client: DeviceClient, line: string): void {
  const told = client.device.recall(TOLD);
  if (!told.has(line)) deviceLog(client.connection.name)(line);
  told.add(line);
}

/** Saves to flash. @throws ReconcileError if the device holds a change that was not confirmed */
export async function save(client: DeviceClient): Promise<void> {
  const memory = client.device.recall(MEMORY);
  refuseUnconfirmed(client);
  memory.saved = false;
  await client.saveConfiguration();
  memory.saved = true;
}

/** Says that the device holds a change that was not confirmed: until it is, nothing of this run saves it. */
export function markUnconfirmed(client: DeviceClient, resources: string): void {
  client.device.recall(MEMORY).unconfirmed = resources;
}

/** Says that the change of these resources was confirmed; that of others stays as it is. */
export function markConfirmed(client: DeviceClient, resources: string): void {
  const memory = client.device.recall(MEMORY);
  if (memory.unconfirmed === resources) memory.unconfirmed = undefined;
}

/** Says that the device was reset without saving: what was not confirmed is gone. */
export function forgetUnconfirmed(client: DeviceClient): void {
  client.device.recall(MEMORY).unconfirmed = undefined;
}

/**
 * @param ours the resources whose own change may be the one that was not confirmed
 * @throws ReconcileError if the device holds a change that was not confirmed, which a save would keep
 */
export function refuseUnconfirmed(client: DeviceClient, ours?: string): void {
  const { unconfirmed } = client.device.recall(MEMORY);
  if (unconfirmed !== undefined && unconfirmed !== ours)
    throw new ReconcileError([
      `not saved: the device holds a change of ${unconfirmed} that was not confirmed, and a save would keep it`,
    ]);
}

const ADOPTED =
  "already as declared, and this firmware does not tell whether that is saved: this run saves it once";

/**
 * Saves what a reset would lose: a device starts with what is in flash, and neither a software load nor a licence
 * saves before (LTRT-41760 section 5). If the firmware does not say whether something is unsaved, it may be.
 */
export async function saveFirst(client: DeviceClient, { saveNeeded }: DeviceStatus, log: Log): Promise<void> {
  if (saveNeeded === false) return;
  const why =
    saveNeeded === undefined
      ? "this firmware does not say whether its configuration is saved, and the reset loses what is not saved"
      : "the reset loses what was not saved";
  log(`saves the running configuration first: ${why}`);
  refuseUnconfirmed(client);
  await client.saveConfiguration();
}

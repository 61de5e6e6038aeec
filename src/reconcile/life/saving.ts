import type { DeviceStatus } from "../../device/answers/status";
import type { DeviceClient } from "../../device/client";
import { Slot } from "../../device/shared/device";
import { deviceLog, type Log } from "./log";

/** What this run knows of the saves of one device. */
interface SaveMemory {
  /** All that earlier runs and this one have sent is in flash, as far as it had arrived. */
  saved: boolean;
  /** Its status does not tell whether something is unsaved. */
  silent: boolean;
}

const MEMORY = new Slot((): SaveMemory => ({ saved: false, silent: false }));

/**
 * Ends a turn: a change is saved. What was already as declared is saved if the device says that it is not. If the
 * firmware does not tell, an earlier run may have been cut off before its save, so it is saved once a run.
 * @param seen the status that this turn has asked for before
 */
export async function saveAfter(client: DeviceClient, changed: boolean, seen?: DeviceStatus): Promise<void> {
  const memory = client.device.recall(MEMORY);
  if (!changed) {
    if (memory.saved && memory.silent) return;
    const { saveNeeded } = seen ?? (await client.status());
    memory.silent = saveNeeded === undefined;
    if (saveNeeded === false || (memory.saved && memory.silent)) return;
    if (memory.silent) deviceLog(client.connection.name)(ADOPTED);
  }
  memory.saved = false;
  await client.saveConfiguration();
  memory.saved = true;
}

const ADOPTED =
  "already as declared, and this firmware does not tell whether that is saved: saving it, once a run";

/**
 * Saves what a reset would lose: a device starts with what is in flash, and neither a software load nor a licence
 * saves before (LTRT-41760 section 5). Where the firmware does not say whether something is unsaved, it may be.
 */
export async function saveFirst(client: DeviceClient, { saveNeeded }: DeviceStatus, log: Log): Promise<void> {
  if (saveNeeded === false) return;
  const why =
    saveNeeded === undefined
      ? "this firmware does not say whether its configuration is saved, and the reset loses what is not"
      : "the reset loses what was not saved";
  log(`saves the running configuration first: ${why}`);
  await client.saveConfiguration();
}

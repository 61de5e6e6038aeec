import type { DeviceStatus } from "../../device/answers/status";
import type { DeviceClient } from "../../device/client";
import type { Log } from "./log";

/** A change ends in a save; what was already as declared is saved only where the device says that it is not. */
export async function saveAfter(client: DeviceClient, changed: boolean, log: Log): Promise<void> {
  if (!changed) {
    const { saveNeeded } = await client.status();
    if (saveNeeded === undefined)
      log("already as declared; this firmware does not say whether it is saved, so it was not saved again");
    if (saveNeeded !== true) return;
  }
  await client.saveConfiguration();
}

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

import type { DeviceClient } from "../device/client";
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

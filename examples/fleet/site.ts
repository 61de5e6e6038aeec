import * as pulumi from "@pulumi/pulumi";
import { IncrementalIniConfig } from "pulumi-mediant";
import { heldBack, type Inventory } from "pulumi-mediant/inventory";
import { type FleetDevice, fleetDevice } from "./devices";
import { declarationOf } from "./templates";

/** The devices of one site. Each has one resource, which is called as the device. */
export class Site extends pulumi.ComponentResource {
  constructor(
    name: string,
    devices: readonly FleetDevice<pulumi.Input<string>>[],
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("fleet:index:Site", name, {}, opts);
    for (const device of devices) {
      new IncrementalIniConfig(
        device.name,
        { device: device.inventory.connection, ...declarationOf(device) },
        { parent: this },
      );
    }
    this.registerOutputs({ devices: devices.map((device) => device.name) });
  }
}

/**
 * Declares a site of the inventory.
 *
 * @param excluded the devices that this update leaves out
 * @throws Error if there is no such site, or if an update could write to a device that is frozen or outside its window
 */
export function declareSite(
  inventory: Inventory,
  site: string,
  excluded: readonly string[],
  now = new Date(),
): Site {
  const devices = inventory.devices.filter((device) => device.site === site);
  if (devices.length === 0) {
    const known = inventory.sites.join(", ");
    throw new pulumi.RunError(`the inventory has no device at a site "${site}" (there are ${known})`);
  }
  const held = devices.flatMap((device) => {
    const why = excluded.includes(device.name) ? undefined : heldBack(device, now);
    return why === undefined ? [] : [`${device.name} is ${why}`];
  });
  if (held.length > 0 && !pulumi.runtime.isDryRun()) {
    throw new pulumi.RunError(
      `nothing was changed: ${held.join("; ")}. Use: npx tsx fleet.ts up --site ${site}`,
    );
  }
  return new Site(
    site,
    devices.map((device) => fleetDevice(device, process.env, (text) => pulumi.secret(text))),
  );
}

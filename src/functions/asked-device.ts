import type * as pulumi from "@pulumi/pulumi";
import type { DeviceClient } from "../device/client";
import { resolveConnection } from "../device/connect/connection";
import { Devices } from "../device/devices";
import { type DeviceArgs, deviceSettings } from "../resources/device";

/** The devices that the functions of this program ask: what they learn of one, such as a refused login, they share. */
const devices = new Devices();

/**
 * The client for the device that a function asks.
 *
 * @param outputForm the form of the function that waits for a device that is known only later
 * @throws RunError if the device is not known yet or malformed; DeviceError if it has no credentials
 */
export async function askedDevice(
  device: pulumi.Input<DeviceArgs>,
  outputForm: string,
): Promise<DeviceClient> {
  return devices.client(resolveConnection(await deviceSettings(device, outputForm)));
}

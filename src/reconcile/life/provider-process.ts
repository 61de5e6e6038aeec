import type { DeviceSettings } from "../../declare/device";
import type { DeviceClient } from "../../device/client";
import { resolveConnection } from "../../device/connect/connection";
import { Devices, type Surroundings } from "../../device/devices";
import { ToldOnce } from "./log";
import { RunRegistry } from "./run-registry";

/**
 * All that a provider process remembers: the devices it talks to, what its resources declare, what it has told. The
 * entry owns the one of the process; a test makes its own.
 */
export class ProviderProcess {
  readonly devices: Devices;
  readonly registry = new RunRegistry((kept, other) => this.devices.unite(kept, other));
  /** The changes of resources that were told. */
  readonly told = new ToldOnce();
  /** The devices of which it was told that a new resource adopts what they hold. */
  readonly adopting = new Set<string>();
  /** The devices that took the place of another and were told. */
  readonly toldDevices = new ToldOnce();

  constructor(surroundings: Surroundings = {}) {
    this.devices = new Devices(surroundings);
  }

  /** @throws DeviceError if the device has no url or no credentials */
  client(device: DeviceSettings): DeviceClient {
    return this.devices.client(resolveConnection(device));
  }
}

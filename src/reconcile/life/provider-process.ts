import type { DeviceSettings } from "../../declare/device";
import type { DeviceClient } from "../../device/client";
import { resolveConnection } from "../../device/connect/connection";
import { Devices } from "../../device/devices";
import type { Engine } from "../../device/shared/engine-watch";
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
  /** The devices that took the place of another and were told. */
  readonly toldDevices = new ToldOnce();

  /** @param engine the engine that started the process; none in a test */
  constructor(engine?: Engine) {
    this.devices = new Devices(engine);
  }

  /** @throws DeviceError if the device has no url or no credentials */
  client(device: DeviceSettings): DeviceClient {
    return this.devices.client(resolveConnection(device));
  }
}

import { DeviceClient } from "./client";
import type { Connection } from "./connect/connection";
import { digest, Transport } from "./http/transport";
import { Device } from "./shared/device";
import type { Engine } from "./shared/engine-watch";

/** The devices that one process talks to. A provider process has one such object, and a test makes its own. */
export class Devices {
  readonly #devices = new Map<string, Device>();
  readonly #transports = new Map<string, Transport>();
  readonly #clients = new Map<string, DeviceClient>();

  /** @param engine the engine that the requests are for; none outside of a provider process */
  constructor(private readonly engine?: Engine) {}

  /** What is remembered of the device at an origin. */
  at(origin: string): Device {
    const device = this.#devices.get(origin) ?? new Device();
    this.#devices.set(origin, device);
    return device;
  }

  /** Makes two origins that lead to one device share what is remembered of it. */
  unite(kept: string, other: string): void {
    this.at(other).becomePartOf(this.at(kept));
  }

  /** The client of a connection, the same for equal ones. */
  client(connection: Connection): DeviceClient {
    const key = digest([connection, connection.password]);
    const client = this.#clients.get(key) ?? new DeviceClient(connection, this.#transport(connection));
    this.#clients.set(key, client);
    return client;
  }

  /** Connections that differ in nothing that it uses share one. */
  #transport(connection: Connection): Transport {
    const { name, origin, username, password, tls, timeouts } = connection;
    const key = digest([name, origin, username, password, tls, timeouts]);
    const { engine } = this;
    const transport =
      this.#transports.get(key) ?? new Transport(connection, { engine, device: this.at(origin) });
    this.#transports.set(key, transport);
    return transport;
  }
}

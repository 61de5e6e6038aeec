import { DeviceClient } from "./client";
import type { Connection } from "./connect/connection";
import { digest, Transport, type TransportOptions } from "./http/transport";
import { Device } from "./shared/device";
import { HandOver } from "./shared/pace";

/** What a process works with: its engine, if it has one, and in a test a time, chance and network of the test. */
export type Surroundings = Pick<TransportOptions, "engine" | "clock" | "random" | "open">;

/** The devices that one process talks to. A provider process has one such object, and a test makes its own. */
export class Devices {
  readonly #devices = new Map<string, Device>();
  readonly #transports = new Map<string, Transport>();
  readonly #clients = new Map<string, DeviceClient>();
  readonly #handOver = new HandOver();

  constructor(private readonly surroundings: Surroundings = {}) {}

  /** What is remembered of the device at an origin. */
  at(origin: string): Device {
    const device = this.#devices.get(origin) ?? new Device(this.surroundings.clock, this.#handOver);
    this.#devices.set(origin, device);
    return device;
  }

  /** Makes two origins that lead to one device share its write queue and its read cache; the rest stays each one's own. */
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
    const transport =
      this.#transports.get(key) ??
      new Transport(connection, { ...this.surroundings, device: this.at(origin) });
    this.#transports.set(key, transport);
    return transport;
  }
}

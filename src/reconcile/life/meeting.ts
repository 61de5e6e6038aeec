import type { DeviceSettings } from "../../declare/device";
import { viewLocally } from "../../device/connect/connection";
import { isDeviceError } from "../../device/errors";
import { type DeviceMark, markOf } from "./device-mark";
import { ReconcileError } from "./errors";
import type { ProviderProcess } from "./provider-process";
import type { RunRegistry } from "./run-registry";

/*
 * Two connections may lead to one device. Once it has answered, what is declared through both is one declaration.
 */

/**
 * Finds out, before anything is written, whether a connection leads to a device that the run knows by another one.
 * It costs nothing beside the status that an upload needs, and nothing at all in a run with one connection.
 *
 * @param resource as the registry of the run has it
 * @throws ReconcileError if what the resource declares contradicts what is declared through the other connection
 */
export async function meetDevice(
  process: ProviderProcess,
  device: DeviceSettings,
  resource: string,
): Promise<void> {
  const { registry } = process;
  if (!registry.hasSeveral) return;
  const client = process.client(device);
  const { origin } = client.connection;
  try {
    registry.meet(origin, markOf(await client.seen()));
  } catch (error) {
    // The resource's own requests will meet it, wait for it, or say it in their words.
    if (!isDeviceError(error)) throw error;
  }
  refuseContradictions(registry, origin, resource);
}

/**
 * The same for a device that a state knows, if it is still declared by that connection. Sends nothing.
 *
 * @throws ReconcileError as meetDevice
 */
export function meetKnown(
  registry: RunRegistry,
  known: DeviceSettings,
  mark: DeviceMark,
  device: DeviceSettings,
  resource: string,
): void {
  if (!registry.hasSeveral) return;
  const { key } = viewLocally(device);
  if (key === undefined || viewLocally(known).key !== key) return;
  registry.meet(key, mark);
  refuseContradictions(registry, key, resource);
}

function refuseContradictions(registry: RunRegistry, device: string, resource: string): void {
  const problems = registry.contradictionsOnceMet(device, resource);
  if (problems.length > 0) throw new ReconcileError(problems);
}

import type { DeviceSettings } from "../../declare/device";
import type { DeviceStatus } from "../../device/answers/status";
import { DeviceClient } from "../../device/client";
import { resolveConnection } from "../../device/connect/connection";
import { isDeviceError } from "../../device/errors";
import { ReconcileError } from "./errors";
import { runRegistry } from "./run-registry";

const statuses = new WeakMap<DeviceClient, Promise<DeviceStatus>>();

/**
 * Finds out, before anything is written, whether a connection leads to a device that the run knows by another one.
 * It costs a status for each device of a run that declares several, and nothing in a run with one.
 *
 * @param resource as the registry of the run has it
 * @throws ReconcileError if what the resource declares contradicts what is declared through the other connection
 */
export async function meetDevice(device: DeviceSettings, resource: string): Promise<void> {
  if (!runRegistry.hasSeveral) return;
  const client = DeviceClient.for(resolveConnection(device));
  const { origin } = client.connection;
  try {
    const { serialNumber, ipAddress } = await statusOf(client);
    const serialNumbers = serialNumber === undefined ? [] : [serialNumber];
    runRegistry.meet(origin, { serialNumbers, address: ipAddress });
  } catch (error) {
    // The resource's own requests will meet it, wait for it, or say it in their words.
    if (!isDeviceError(error)) throw error;
  }
  const problems = runRegistry.contradictionsOnceMet(origin, resource);
  if (problems.length > 0) throw new ReconcileError(problems);
}

function statusOf(client: DeviceClient): Promise<DeviceStatus> {
  const known = statuses.get(client);
  if (known !== undefined) return known;
  const asked = client.status().then((status) => {
    // An upload would ask for the same status, in order to know the form that the firmware takes.
    client.uploads.expect(status.versionID);
    return status;
  });
  statuses.set(client, asked);
  asked.catch(() => statuses.delete(client));
  return asked;
}

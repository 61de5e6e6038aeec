/** What the runner itself asks the devices: only GETs. */
import { assertHealthy, getIniDiff } from "pulumi-mediant";
import type { InventoryDevice, Rollout } from "pulumi-mediant/inventory";
import { fleetDevice } from "../devices";
import { declarationOf } from "../templates";

/** Checks the health of a device, and that it runs the firmware that the inventory says. */
export function healthCheck({ health }: Rollout) {
  return async (device: InventoryDevice, waitSeconds: number): Promise<void> => {
    const { connection, firmware: version } = device;
    await assertHealthy({
      ...health,
      ...(version === undefined ? {} : { version }),
      device: connection,
      waitSeconds,
    });
  };
}

/** What a device shows otherwise than declared; of secrets nothing can be said, since it does not show them. */
export async function differences(device: InventoryDevice): Promise<string[]> {
  const declared = declarationOf(fleetDevice(device, process.env, (text) => text));
  const { ini, parameters, tables, variables, secretNames } = declared as Parameters<typeof getIniDiff>[0];
  const { changes } = await getIniDiff({
    device: device.connection,
    ini,
    parameters,
    tables,
    variables,
    secretNames,
  });
  return changes.filter(({ secret }) => !secret).map(({ address }) => address);
}

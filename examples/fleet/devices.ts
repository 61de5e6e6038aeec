/** The devices of the inventory as templates see them. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fillValues, type Inventory, type InventoryDevice, parseInventory } from "pulumi-mediant/inventory";

/** `fleet.yaml` beside this file, unless `$FLEET_INVENTORY` names another. */
export function inventoryFile(): string {
  return resolve(process.env["FLEET_INVENTORY"] ?? join(__dirname, "fleet.yaml"));
}

/** @throws Error if there is no such file; InventoryError with all that is wrong with it */
export function readInventory(file = inventoryFile()): Inventory {
  if (!existsSync(file)) throw new Error(`there is no inventory ${file}`);
  const inventory = parseInventory(readFileSync(file, "utf8"), file);
  const astray = inventory.devices.filter(({ site }) => site === undefined).map(({ name }) => name);
  if (astray.length > 0) throw new Error(`${file}: these devices are at no site: ${astray.join(", ")}`);
  return inventory;
}

/** One device, and the values that the inventory has for it. */
export interface FleetDevice<Secret = string> {
  readonly name: string;
  readonly role: string;
  readonly inventory: InventoryDevice;
  /** A value that is no secret. @throws Error if there is none, or if it came from the environment */
  text(name: string): string;
  /** A value that came from the environment, `{ env: NAME }`. @throws Error if there is none */
  secret(name: string): Secret;
}

/** @param seal what becomes of a secret before a template sees it */
export function fleetDevice<Secret>(
  device: InventoryDevice,
  env: NodeJS.ProcessEnv,
  seal: (text: string) => Secret,
): FleetDevice<Secret> {
  const { values, secretNames } = fillValues(device, env);
  const scalar = (name: string): string => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined && value !== null && typeof value !== "object") return String(value);
    throw new Error(`device ${device.name}: the inventory has no value ${name}, which its template needs`);
  };
  return {
    name: device.name,
    role: device.role ?? "",
    inventory: device,
    text(name) {
      if (!secretNames.includes(name)) return scalar(name);
      throw new Error(`device ${device.name}: ${name} comes from the environment: ask for secret("${name}")`);
    },
    secret(name) {
      if (secretNames.includes(name)) return seal(scalar(name));
      throw new Error(`device ${device.name}: ${name} must come from the environment: { env: NAME }`);
    },
  };
}

import type { InventoryDevice, InventoryValue } from "./form";
import { environmentName } from "./schema";

/** The values of a device, with what the environment adds. */
export interface FilledValues {
  values: Record<string, InventoryValue>;
  /** The names of the values that came from the environment: treat them as secrets. */
  secretNames: string[];
}

/**
 * Replaces each `{ env: NAME }` by that variable of the environment, also within lists and objects.
 *
 * @param env such as `process.env`
 * @throws Error that names the variable if it is not set
 */
export function fillValues(
  device: Pick<InventoryDevice, "name" | "values">,
  env: Readonly<Record<string, string | undefined>>,
): FilledValues {
  const secretNames = new Set<string>();
  const fill = (value: InventoryValue, name: string): InventoryValue => {
    const variable = environmentName(value);
    if (variable !== undefined) {
      const found = env[variable];
      if (found === undefined || found === "") {
        throw new Error(`device ${device.name}: ${name} refers to $${variable}, which is not set`);
      }
      secretNames.add(name);
      return found;
    }
    if (Array.isArray(value)) return value.map((each) => fill(each, name));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, name)]));
  };
  const values = Object.fromEntries(
    Object.entries(device.values).map(([name, value]) => [name, fill(value, name)]),
  );
  return { values, secretNames: [...secretNames] };
}

import * as pulumi from "@pulumi/pulumi";
import type { IniInputs } from "./ini-arguments";
import { isKnown, isLate, settledValue } from "./outputs";

/**
 * The addresses of the parameters and cells that the program made secret as a whole, `*` if it made all of them
 * so; undefined if all values are plain.
 *
 * The provider gets plain values, and the names in its list do not tell of a secret in a column that is usually
 * none; with these addresses its log lines hide such a value as well.
 */
export function secretCells({
  parameters,
  tables,
  partlySecret,
}: IniInputs): pulumi.Output<string[]> | undefined {
  if (!hasLate(parameters, 1) && !hasLate(tables, 3)) return undefined;
  const found = Promise.all([visit(parameters, 1, [], false), visit(tables, 3, [], false)]);
  return pulumi.output(found.then((lists) => lists.flat().filter((address) => !partlySecret.has(address))));
}

/** Whether one of the values is an output: no other is secret. */
function hasLate(value: unknown, levels: number): boolean {
  if (isLate(value)) return true;
  if (levels === 0 || typeof value !== "object" || value === null) return false;
  for (const part of Object.values(value)) if (hasLate(part, levels - 1)) return true;
  return false;
}

/** @param levels how many keys lead from here to a single value */
async function visit(
  value: unknown,
  levels: number,
  path: readonly string[],
  inSecret: boolean,
): Promise<string[]> {
  const output = isLate(value) ? pulumi.output(value) : undefined;
  const secret = inSecret || (output !== undefined && (await pulumi.isSecret(output)));
  if (levels === 0) return secret ? [path.join(" ")] : [];
  if (secret) return ["*"];
  if (output !== undefined)
    return (await isKnown(output)) ? visit(await settledValue(output), levels, path, false) : [];
  if (typeof value !== "object" || value === null) return [];
  const lists = Object.entries(value).map(([key, part]) => visit(part, levels - 1, [...path, key], false));
  return (await Promise.all(lists)).flat();
}

import * as pulumi from "@pulumi/pulumi";
import { isKnown, isLate, settledValue } from "../resources/outputs";
import { runError } from "../resources/run-error";

/** A value without outputs, and the paths of the parts of it that were secret. */
export interface Resolved {
  value: unknown;
  /** Every leaf below a secret output, as keys from the root. */
  secretPaths: string[][];
}

/**
 * Takes the outputs out of a value and remembers which of its leaves were secret: a function that answers with
 * something derived from them has to know what it must not show.
 *
 * @param otherwise the form of the function that waits for values that are not known yet
 * @throws RunError if a part is not known yet
 */
export async function resolveTracked(input: unknown, otherwise: string): Promise<Resolved> {
  const secretPaths: string[][] = [];
  const settle = async (late: unknown, path: Path, secret: boolean): Promise<unknown> => {
    const output = pulumi.output(late);
    if (!(await isKnown(output))) {
      throw runError(`${keysOf(path).join(".") || "the argument"} is not known yet: use ${otherwise}`);
    }
    return visit(await settledValue(output), path, secret || (await pulumi.isSecret(output)));
  };
  /** Waits only where something is late: a large table has many cells, and most of them are there. */
  const visit = (value: unknown, path: Path, secret: boolean): unknown => {
    if (isLate(value)) return settle(value, path, secret);
    if (typeof value === "object" && value !== null) {
      const keys = Object.keys(value);
      const parts = keys.map((key) =>
        visit((value as Record<string, unknown>)[key], { key, above: path }, secret),
      );
      const whole = (settled: readonly unknown[]) =>
        Array.isArray(value) ? settled : Object.fromEntries(keys.map((key, at) => [key, settled[at]]));
      return parts.some((part) => part instanceof Promise) ? Promise.all(parts).then(whole) : whole(parts);
    }
    if (secret) secretPaths.push(keysOf(path));
    return value;
  };
  return { value: await visit(input, undefined, false), secretPaths };
}

/** From a part up to the root. */
type Path = { key: string; above: Path } | undefined;

function keysOf(path: Path): string[] {
  const keys: string[] = [];
  for (let at = path; at !== undefined; at = at.above) keys.unshift(at.key);
  return keys;
}

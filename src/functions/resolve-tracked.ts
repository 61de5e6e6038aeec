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
  const visit = async (value: unknown, path: string[], secret: boolean): Promise<unknown> => {
    if (isLate(value)) {
      const output = pulumi.output(value);
      if (!(await isKnown(output))) {
        throw runError(`${path.join(".") || "the argument"} is not known yet: use ${otherwise}`);
      }
      return visit(await settledValue(output), path, secret || (await pulumi.isSecret(output)));
    }
    if (typeof value === "object" && value !== null) {
      const entries = await Promise.all(
        Object.entries(value).map(
          async ([key, part]) => [key, await visit(part, [...path, key], secret)] as const,
        ),
      );
      return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
    }
    if (secret) secretPaths.push(path);
    return value;
  };
  return { value: await visit(input, [], false), secretPaths };
}

import type { Address } from "./address";
import { type Configuration, sameValue, type Value } from "./configuration";
import { declaredBy } from "./declared";

/** One parameter or cell that differs between two configurations. */
export interface Change {
  address: Address;
  /** Undefined if it is added. */
  before: Value | undefined;
  /** Undefined if it is removed. */
  after: Value | undefined;
}

/**
 * What leads from one canonical configuration to another, a parameter or a cell at a time, in the order of
 * `to` and then of what it no longer has. Names are compared without case, values as exact text; the order of
 * tables, rows and columns does not count.
 */
export function compareConfigurations(from: Configuration, to: Configuration): Change[] {
  const before = declaredBy(from).values;
  const after = declaredBy(to).values;
  const changes: Change[] = [];
  for (const { address, place, value } of after.items()) {
    const earlier = before.at(place);
    if (earlier === undefined || !sameValue(earlier, value))
      changes.push({ address, before: earlier, after: value });
  }
  for (const { address, place, value } of before.items()) {
    if (after.at(place) === undefined) changes.push({ address, before: value, after: undefined });
  }
  return changes;
}

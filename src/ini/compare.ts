import type { Address } from "./address";
import { type Configuration, declaredBy, sameValue, type Value } from "./configuration";

/** One parameter or cell that differs between two configurations. */
export interface Change {
  address: Address;
  /** Undefined where it is added. */
  before: Value | undefined;
  /** Undefined where it is removed. */
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
  for (const [address, value] of after) {
    const earlier = before.get(address);
    if (earlier === undefined || !sameValue(earlier, value))
      changes.push({ address, before: earlier, after: value });
  }
  for (const [address, value] of before) {
    if (!after.has(address)) changes.push({ address, before: value, after: undefined });
  }
  return changes;
}

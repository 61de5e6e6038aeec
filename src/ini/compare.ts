import { type Address, cellAddress } from "./address";
import { type Configuration, sameValue, type Value } from "./configuration";
import { ConfigurationLookup, cellIn } from "./declared";

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
  const changes: Change[] = [];
  eachUnlike(to, from, (address, after, before) => changes.push({ address, before, after }));
  eachUnlike(from, to, (address, before, after) => {
    if (after === undefined) changes.push({ address, before, after });
  });
  return changes;
}

/** The parameters and cells of one configuration that another no longer has. */
export function noLongerDeclared(
  earlier: Configuration,
  now: Configuration,
): { address: Address; value: Value }[] {
  const gone: { address: Address; value: Value }[] = [];
  eachUnlike(earlier, now, (address, value, otherwise) => {
    if (otherwise === undefined) gone.push({ address, value });
  });
  return gone;
}

/** Names each value that another configuration has otherwise or not at all. Equal ones need no address. */
function eachUnlike(
  one: Configuration,
  other: Configuration,
  tell: (address: Address, value: Value, otherwise: Value | undefined) => void,
): void {
  const lookup = new ConfigurationLookup(other);
  for (const [name, value] of Object.entries(one.parameters)) {
    const otherwise = lookup.parameter(name);
    if (otherwise === undefined || !sameValue(otherwise, value)) tell(name, value, otherwise);
  }
  for (const [table, rows] of Object.entries(one.tables)) {
    const others = lookup.table(table);
    if (others === rows) continue;
    for (const [index, row] of Object.entries(rows)) {
      const beside = others !== undefined && Object.hasOwn(others, index) ? others[index] : undefined;
      if (beside === row) continue;
      for (const column in row) {
        const value = row[column] as string;
        const otherwise = beside && cellIn(beside, column);
        if (otherwise !== value) tell(cellAddress(table, index, column), value, otherwise);
      }
    }
  }
}

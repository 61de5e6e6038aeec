import { type Address, cellAddress, isCellOf, rowAddress, splitAddress } from "../../ini/address";
import { type Configuration, declaredBy, type Value } from "../../ini/configuration";
import { NameMap, nameKey } from "../../ini/names";
import { liveValue, type Observed } from "../../ini/observe";
import { declaredIndexes, type Fragment, isWithheld } from "./fragment";

/**
 * What the device held before a resource first managed it, by address: a value, or null for a parameter at its
 * default and for a row that was not there. A row that was there has an entry for each of its managed cells; what
 * the device withheld has none.
 */
export type Previous = Record<Address, Value | null>;

type Managed = Pick<Fragment, "declared" | "ownTables">;

/** The values from before with those of everything that is managed for the first time; none is overwritten. */
export function rememberPrevious(earlier: Previous, before: Observed, managed: Managed): Previous {
  const kept = new NameMap(Object.entries(earlier).filter(([address]) => isManaged(address, managed)));
  const declared = declaredBy(managed.declared);
  const first = (address: Address, value: Value | null) => {
    if (!kept.has(address)) kept.set(address, value);
  };
  for (const [row, { table, index }] of declared.rows) {
    if (!before.tables.get(table)?.rows.has(index) && !knowsRow(earlier, row)) first(row, null);
  }
  for (const address of declared.values.keys()) {
    const split = splitAddress(address);
    if (split.kind === "cell" && kept.has(rowAddress(split.table, split.index))) continue;
    if (isWithheld(before, address)) continue;
    first(address, liveValue(before, address) ?? null);
  }
  for (const table of managed.ownTables) {
    if (ownsAlready(earlier, table)) continue;
    kept.set(`${table} *`, null);
    const indexes = declaredIndexes(managed.declared, table);
    for (const [index, cells] of before.tables.get(table)?.rows ?? []) {
      if (!indexes.has(index))
        for (const [column, { text }] of cells) first(cellAddress(table, index, column), text);
    }
  }
  return kept.toObject();
}

/** The mark of a table whose undeclared rows were remembered when it became owned. */
function ownsAlready(earlier: Previous, table: string): boolean {
  return new NameMap(Object.entries(earlier)).has(`${table} *`);
}

function knowsRow(earlier: Previous, row: Address): boolean {
  return Object.keys(earlier).some((address) => isCellOf(address, row));
}

function isManaged(address: Address, { declared, ownTables }: Managed): boolean {
  const { values, rows } = declaredBy(declared);
  const split = splitAddress(address);
  if (split.kind === "parameter") return values.has(address);
  if (ownTables.some((table) => nameKey(table) === nameKey(split.table))) return true;
  return split.kind === "row" ? rows.has(address) : values.has(address);
}

/** What has to go back to the device because it is managed no longer. */
export type Restoration = Pick<Fragment, "restored" | "removedRows" | "unsetParameters">;

export function nothingToRestore(): Restoration {
  return { restored: new NameMap(), removedRows: new NameMap(), unsetParameters: [] };
}

/** What leaves the management, with the values that it had before. */
export function restorationOf(earlier: Previous, managed: Managed): Restoration {
  const restored = new NameMap<Value>();
  const removedRows = new NameMap<true>();
  const unsetParameters: string[] = [];
  for (const [address, value] of Object.entries(earlier)) {
    if (isManaged(address, managed)) continue;
    const split = splitAddress(address);
    if (value !== null) restored.set(address, value);
    else if (split.kind === "parameter") unsetParameters.push(address);
    else if (split.kind === "row" && split.index !== "*") removedRows.set(address, true);
  }
  return { restored, removedRows, unsetParameters };
}

/** What goes back, less what other resources declare now: that was handed over and not let go. */
export function withoutHandedOver(
  { restored, removedRows, unsetParameters }: Restoration,
  isTaken: (address: Address) => boolean,
): Restoration {
  return {
    restored: new NameMap([...restored].filter(([address]) => !isTaken(address))),
    removedRows: new NameMap([...removedRows].filter(([row]) => !isTaken(row))),
    unsetParameters: unsetParameters.filter((name) => !isTaken(name)),
  };
}

export function isNothing({ restored, removedRows, unsetParameters }: Restoration): boolean {
  return restored.size === 0 && removedRows.size === 0 && unsetParameters.length === 0;
}

/** The parameters and cells of one configuration that another no longer has. */
export function noLongerDeclared(earlier: Configuration, now: Configuration): Address[] {
  const { values } = declaredBy(now);
  return [...declaredBy(earlier).values.keys()].filter((address) => !values.has(address));
}

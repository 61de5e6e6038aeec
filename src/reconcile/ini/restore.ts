import { type Address, cellAddress, rowAddress, type SplitAddress, splitAddress } from "../../ini/address";
import type { Configuration, Value } from "../../ini/configuration";
import { type Declared, declaredBy } from "../../ini/declared";
import { NameMap, nameKey } from "../../ini/names";
import { liveAt, type Observed } from "../../ini/observe";
import { COLUMN_DEFAULT } from "../../ini/scalar";
import { declaredIndexes, type Fragment, isWithheld } from "./fragment";

/**
 * What the device held before a resource first managed it, by address: a value, or null for a parameter at its
 * default, for a cell that was not shown and for a row that was not there. A row that was there has an entry for each
 * of its managed cells; what the device withheld has none. An owned table has an entry `Table *`, null, and one for each
 * cell that its undeclared rows held when it became owned.
 */
export type Previous = Record<Address, Value | null>;

type Managed = Pick<Fragment, "declared" | "ownTables">;

/**
 * `earlier` without what is managed no longer, and with what `before` shows of all that is managed for the first time.
 * What is remembered already is never overwritten.
 */
export function rememberPrevious(earlier: Previous, before: Observed, managed: Managed): Previous {
  const index = indexOf(managed);
  const { previous, rows, owned } = stillManaged(earlier, index);
  const remember = (address: Address, value: Value | null) => {
    if (!previous.has(address)) previous.set(address, value);
  };
  for (const [row, { table, index: at }] of index.rows) {
    const isNew = !rows.has(row) && !before.tables.get(table)?.rows.has(at);
    if (isNew) remember(row, null);
  }
  for (const { address, place } of index.values.items()) {
    const isInNewRow = place.kind === "cell" && previous.has(rowAddress(place.table, place.index));
    if (!isInNewRow && !isWithheld(before, address)) remember(address, liveAt(before, place) ?? null);
  }
  for (const table of managed.ownTables) {
    if (owned.has(table)) continue;
    previous.set(rowAddress(table, OWNED), null);
    const declared = declaredIndexes(managed.declared, table);
    for (const [at, cells] of before.tables.get(table)?.rows ?? []) {
      if (declared.has(at)) continue;
      for (const [column, { text }] of cells) remember(cellAddress(table, at, column), text);
    }
  }
  return previous.toObject();
}

/** What was remembered before. */
interface Remembered {
  /** The values of what is still managed. */
  previous: NameMap<Value | null>;
  /** The rows of which values were remembered: they were there. */
  rows: NameMap<true>;
  /** The tables whose undeclared rows were remembered when they became owned. */
  owned: NameMap<true>;
}

function stillManaged(earlier: Previous, index: ManagedIndex): Remembered {
  const remembered: Remembered = { previous: new NameMap(), rows: new NameMap(), owned: new NameMap() };
  for (const [address, value] of entriesOf(earlier)) {
    const place = splitAddress(address);
    if (place.kind === "cell") remembered.rows.set(rowAddress(place.table, place.index), true);
    else if (place.kind === "row" && place.index === OWNED) remembered.owned.set(place.table, true);
    if (isManaged(place, index)) remembered.previous.set(address, value);
  }
  return remembered;
}

/** In the place of an index: says that the table was owned. */
const OWNED = "*";

/** One after the other: a list of all would take longer to make than to walk through. */
export function* entriesOf(earlier: Previous): Iterable<[Address, Value | null]> {
  for (const address in earlier) yield [address, earlier[address] ?? null];
}

/** What is managed, by address: made once, for it is asked about each address of before. */
interface ManagedIndex extends Declared {
  owned: ReadonlySet<string>;
}

function indexOf({ declared, ownTables }: Managed): ManagedIndex {
  return { ...declaredBy(declared), owned: new Set(ownTables.map(nameKey)) };
}

function isManaged(place: SplitAddress, { values, rows, owned }: ManagedIndex): boolean {
  if (place.kind === "parameter") return values.at(place) !== undefined;
  if (owned.size > 0 && owned.has(nameKey(place.table))) return true;
  return place.kind === "row" ? rows.at(place) !== undefined : values.at(place) !== undefined;
}

/** What has to go back to the device because it is managed no longer. */
export type Restoration = Pick<Fragment, "restored" | "removedRows" | "unsetParameters" | "returningTables">;

export function nothingToRestore(): Restoration {
  return { restored: new NameMap(), removedRows: new NameMap(), unsetParameters: [], returningTables: [] };
}

/** What leaves the management, with the values that it had before. */
export function restorationOf(earlier: Previous, managed: Managed): Restoration {
  const index = indexOf(managed);
  const restored = new NameMap<Value>();
  const removedRows = new NameMap<true>();
  const unsetParameters: string[] = [];
  const returningTables: string[] = [];
  for (const [address, value] of entriesOf(earlier)) {
    const split = splitAddress(address);
    if (isManaged(split, index)) continue;
    if (value !== null) restored.set(address, value);
    else if (split.kind === "parameter") unsetParameters.push(address);
    else if (split.kind === "row" && split.index === OWNED) returningTables.push(split.table);
    else if (split.kind === "row") removedRows.set(address, true);
    else restored.set(address, COLUMN_DEFAULT);
  }
  return { restored, removedRows, unsetParameters, returningTables };
}

/** What goes back, less what other resources declare now: that was handed over and not let go. */
export function withoutHandedOver(
  { restored, removedRows, unsetParameters, returningTables }: Restoration,
  isTaken: (address: Address) => boolean,
): Restoration {
  return {
    restored: new NameMap([...restored].filter(([address]) => !isTaken(address))),
    removedRows: new NameMap([...removedRows].filter(([row]) => !isTaken(row))),
    unsetParameters: unsetParameters.filter((name) => !isTaken(name)),
    returningTables,
  };
}

export function isNothing({ restored, removedRows, unsetParameters }: Restoration): boolean {
  return restored.size === 0 && removedRows.size === 0 && unsetParameters.length === 0;
}

/** The parameters and cells of one configuration that another no longer has. */
export function noLongerDeclared(earlier: Configuration, now: Configuration): Address[] {
  const { values } = declaredBy(now);
  const gone: Address[] = [];
  for (const { address, place } of declaredBy(earlier).values.items())
    if (values.at(place) === undefined) gone.push(address);
  return gone;
}

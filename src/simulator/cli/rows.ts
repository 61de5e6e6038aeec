import type { ConfigStore, Row } from "../config/store";
import type { RowCommand } from "./model";

/** A row of the configuration as a CLI command addresses it. */
export interface RowAddress {
  command: RowCommand;
  /** What stands after the command. */
  key: string;
  /** The row around it. */
  outer: RowAddress | undefined;
}

/** The index of the row in the table; undefined if there is none, or the outer row is missing. */
export function findRow(store: ConfigStore, address: RowAddress): string | undefined {
  const { command, key } = address;
  const { table } = command;
  const indexes = store.indexes(table.name);
  if (!command.key) return indexes.find((index) => Number(index) === Number(key));
  const cells = placeOf(store, address);
  return (
    cells &&
    indexes.find((index) =>
      Object.entries(cells).every(([column, value]) => store.cell(table.name, index, column) === value),
    )
  );
}

/**
 * Puts the cells into the row, which exists from then on; false where the outer row does not exist. A new row whose
 * key is not its index takes the first that is free.
 *
 * @param earlier a configuration in which it may have had an index already
 */
export function putRow(
  store: ConfigStore,
  address: RowAddress,
  cells: Row,
  earlier: ConfigStore | undefined,
): boolean {
  const { command, key } = address;
  const table = command.table.name;
  const place = placeOf(store, address);
  if (!place) return false;
  const found = findRow(store, address);
  const index = found ?? (command.key ? freeIndex(store, address, earlier) : key);
  store.addRow(table, index, { ...store.row(table, index), ...place, ...cells });
  return true;
}

/** Removes the row and those inside it, which nothing else could reach. */
export function removeRow(store: ConfigStore, address: RowAddress): void {
  const index = findRow(store, address);
  if (index === undefined) return;
  for (const inner of address.command.rows)
    for (const key of keysOf(store, inner, address))
      removeRow(store, { command: inner, key, outer: address });
  store.removeRow(address.command.table.name, index);
}

/** The keys of a command's rows, in the order of an export; `outer` is the row around them. */
export function keysOf(store: ConfigStore, command: RowCommand, outer?: RowAddress): string[] {
  const table = command.table.name;
  const { key, parent } = command;
  const indexes = store.indexes(table);
  if (!key) return indexes;
  const around = parent && outer ? referenceTo(store, command, outer) : undefined;
  const inside = parent
    ? indexes.filter((index) => store.cell(table, index, parent.name) === around)
    : indexes;
  return [...new Set(inside.map((index) => store.cell(table, index, key.name) ?? ""))];
}

/** The cells by which the address finds its row; undefined if the outer row is missing. */
function placeOf(store: ConfigStore, { command, key, outer }: RowAddress): Row | undefined {
  const cells: Row = command.key ? { [command.key.name]: key } : {};
  if (!command.parent || !outer) return cells;
  const reference = referenceTo(store, command, outer);
  return reference === undefined ? undefined : { ...cells, [command.parent.name]: reference };
}

/** What an inner row holds to say in which row it is: the outer one's index, or its name. */
function referenceTo(store: ConfigStore, { parent }: RowCommand, outer: RowAddress): string | undefined {
  const column = parent?.references?.column;
  const index = findRow(store, outer);
  if (index === undefined || column === undefined) return undefined;
  return column === "Index" ? index : store.cell(outer.command.table.name, index, column);
}

function freeIndex(store: ConfigStore, address: RowAddress, earlier: ConfigStore | undefined): string {
  const taken = new Set(store.indexes(address.command.table.name));
  const before = earlier && findRow(earlier, address);
  if (before !== undefined && !taken.has(before)) return before;
  let index = 0;
  while (taken.has(String(index))) index++;
  return String(index);
}

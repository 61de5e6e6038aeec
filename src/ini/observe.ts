import { sameText } from "../secrets/values";
import { type Address, type SplitAddress, splitAddress } from "./address";
import { type Configuration, sameValue, type Table, type Value } from "./configuration";
import type { IniDocument, IniTable, Writable } from "./document";
import type { KnownRows } from "./dump/known-rows";
import { Columns, type IniCell, RowCells } from "./dump/row-cells";
import { NameMap, nameKey } from "./names";
import { parseIni } from "./parse";
import { isReadOnlyColumn } from "./read-only-columns";

/** What a device's dump shows. */
export interface Observed {
  parameters: NameMap<Value>;
  /** Parameters that exist with a value that the dump withholds. */
  hiddenParameters: NameMap<true>;
  /** In the order of the dump. */
  tables: NameMap<ObservedTable>;
  /** Whether FORMAT lines carry the table's prefix (firmware up to 7.0). */
  longHeaders: boolean;
}

export interface ObservedTable {
  name: string;
  /** The writable columns in the order of FORMAT. */
  columns: readonly string[];
  rows: Map<string, RowCells>;
  /** The device withholds the table: it must not be sent back, not even in part. */
  hidden: boolean;
  /** Lines that could not be read: sending the table back would lose them. */
  unreadable: number[];
}

/**
 * Reads a device's dump. One strange line does not fail the rest: it marks its own table as unreadable.
 *
 * @param known rows of earlier dumps of the device: one that stands unchanged is the same object in both
 */
export function observe(text: string, known?: KnownRows): Observed {
  return observedIn(parseIni(text, { dump: true, known }));
}

/** The same of a dump that is parsed already. */
export function observedIn(document: IniDocument): Observed {
  const observed: Observed = {
    parameters: new NameMap(),
    hiddenParameters: new NameMap(document.hiddenParameters.map((name) => [name, true])),
    tables: new NameMap(),
    longHeaders: document.tables.some((table) => table.longHeader),
  };
  for (const { name, value } of document.parameters) observed.parameters.set(name, value);
  for (const table of document.tables) {
    const { columns, picked } = writableOf(table);
    const seen = observed.tables.ensure(table.name, () => ({
      name: table.name,
      columns: columns.names,
      rows: new Map(),
      hidden: false,
      unreadable: [],
    }));
    seen.hidden ||= table.hidden;
    for (const row of table.unreadable) seen.unreadable.push(row);
    seen.columns = withMore(seen.columns, columns.names);
    for (const row of table.rows) {
      row.byColumn ??= new RowCells(
        columns,
        picked === undefined ? row.cells : picked.map((at) => row.cells[at] as IniCell),
      );
      const earlier = seen.rows.get(row.index);
      // A table may come in two blocks, each with columns of its own.
      seen.rows.set(row.index, earlier === undefined ? row.byColumn : earlier.with(row.byColumn));
    }
  }
  return observed;
}

/** The columns of a table that can be written; a device has many tables, so what is known of one is not made anew. */
function writableOf({ name, columns, known }: IniTable): Writable {
  if (known?.writable !== undefined) return known.writable;
  // A column that FORMAT names twice has its last value.
  const places = new NameMap<number>();
  for (const [at, column] of columns.entries()) if (!isReadOnlyColumn(name, column)) places.set(column, at);
  const picked = [...places.values()];
  const writable = {
    columns: new Columns([...places.keys()]),
    picked: picked.length === columns.length ? undefined : picked,
  };
  if (known !== undefined) known.writable = writable;
  return writable;
}

/** Names with those of others that are not among them. */
function withMore(names: readonly string[], others: readonly string[]): readonly string[] {
  if (names === others) return names;
  const known = new Set(names.map(nameKey));
  return [...names, ...others.filter((name) => !known.has(nameKey(name)))];
}

/** What a dump shows at the address of a parameter or a cell; undefined if it shows nothing there. */
export function liveValue(observed: Observed, address: Address): Value | undefined {
  return liveAt(observed, splitAddress(address));
}

/** The same for an address that is in parts already. */
export function liveAt(observed: Observed, place: SplitAddress): Value | undefined {
  if (place.kind === "parameter") return observed.parameters.get(place.name);
  if (place.kind === "row") return undefined;
  return observed.tables.get(place.table)?.rows.get(place.index)?.get(place.column)?.text;
}

/** Whether a live value is the wanted one, both as exact text; the empty secret has two forms. */
export function sameLive(wanted: Value, live: Value): boolean {
  return typeof wanted === "string" && typeof live === "string"
    ? sameText(wanted, live)
    : sameValue(wanted, live);
}

/** All that a dump shows, as a configuration; hidden tables are not in it. */
export function liveConfiguration(observed: Observed): Configuration {
  const configuration: Configuration = { parameters: observed.parameters.toObject(), tables: {} };
  for (const [name, table] of observed.tables) {
    if (table.hidden) continue;
    const rows: Table = {};
    for (const [index, cells] of table.rows) {
      rows[index] = Object.fromEntries([...cells].map(([column, { text }]) => [column, text]));
    }
    configuration.tables[name] = rows;
  }
  return configuration;
}

import { sameText } from "../secrets/values";
import { type Address, splitAddress } from "./address";
import { type Configuration, sameValue, type Table, type Value } from "./configuration";
import type { IniCell } from "./document";
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
  columns: string[];
  rows: Map<string, NameMap<IniCell>>;
  /** The device withholds the table: it must not be sent back, not even in part. */
  hidden: boolean;
  /** Lines that could not be read: sending the table back would lose them. */
  unreadable: number[];
}

/** Reads a device's dump. One strange line does not fail the rest: it marks its own table as unreadable. */
export function observe(text: string): Observed {
  const document = parseIni(text, { dump: true });
  const observed: Observed = {
    parameters: new NameMap(),
    hiddenParameters: new NameMap(document.hiddenParameters.map((name) => [name, true])),
    tables: new NameMap(),
    longHeaders: document.tables.some((table) => table.longHeader),
  };
  for (const { name, value } of document.parameters) observed.parameters.set(name, value);
  for (const table of document.tables) {
    const seen = observed.tables.ensure(table.name, () => ({
      name: table.name,
      columns: [],
      rows: new Map(),
      hidden: false,
      unreadable: [],
    }));
    seen.hidden ||= table.hidden;
    seen.unreadable.push(...table.unreadable);
    const known = new Set(seen.columns.map(nameKey));
    for (const column of table.columns) {
      if (known.has(nameKey(column)) || isReadOnlyColumn(table.name, column)) continue;
      known.add(nameKey(column));
      seen.columns.push(column);
    }
    for (const row of table.rows) {
      // A table may come in two blocks, each with columns of its own.
      const cells = seen.rows.get(row.index) ?? new NameMap<IniCell>();
      table.columns.forEach((column, at) => {
        const cell = row.cells[at];
        if (cell !== undefined && !isReadOnlyColumn(table.name, column)) cells.set(column, cell);
      });
      seen.rows.set(row.index, cells);
    }
  }
  return observed;
}

/** What a dump shows at the address of a parameter or a cell; undefined where it shows nothing there. */
export function liveValue(observed: Observed, address: Address): Value | undefined {
  const split = splitAddress(address);
  if (split.kind === "parameter") return observed.parameters.get(split.name);
  if (split.kind === "row") return undefined;
  return observed.tables.get(split.table)?.rows.get(split.index)?.get(split.column)?.text;
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

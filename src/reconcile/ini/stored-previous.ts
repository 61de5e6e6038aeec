import { present } from "../../declare/present";
import { type Address, cellAddress, rowAddress, splitAddress } from "../../ini/address";
import type { Value } from "../../ini/configuration";
import { entriesOf, type Previous } from "./restore";

/** The values from before as a state keeps them. */
export interface StoredPrevious {
  previous?: Previous;
  /** Those of large tables. */
  __mediantPreviousRows?: PreviousRows;
}

/**
 * Values from before without an address for each: by table, rows with the same columns together. A row that was not
 * there is null.
 */
export type PreviousRows = Record<
  string,
  { columns: string[]; rows: Record<string, (Value | null)[] | null> }[]
>;

/** As a state keeps them: addresses would be most of what a large table takes. */
export function packPrevious(all: Previous): StoredPrevious {
  const sizes = new Map<string, number>();
  for (const address in all) {
    const table = tableOf(address);
    sizes.set(table, (sizes.get(table) ?? 0) + 1);
  }
  const previous: Previous = {};
  const rowsThere = new Map<string, Map<string, KnownRow>>();
  const packed = new Groups();
  for (const [address, value] of entriesOf(all)) {
    const place = splitAddress(address);
    if (place.kind === "parameter" || (sizes.get(place.table) ?? 0) <= LARGE) previous[address] = value;
    else if (place.kind === "row") packed.of(place.table, []).rows[place.index] = null;
    else {
      const table = rowsThere.get(place.table) ?? new Map<string, KnownRow>();
      rowsThere.set(place.table, table);
      const row = table.get(place.index) ?? { columns: [], cells: [] };
      table.set(place.index, row);
      row.columns.push(place.column);
      row.cells.push(value);
    }
  }
  for (const [table, rows] of rowsThere)
    for (const [index, { columns, cells }] of rows) packed.of(table, columns).rows[index] = cells;
  return { previous, ...present({ __mediantPreviousRows: packed.all() }) };
}

interface KnownRow {
  columns: string[];
  cells: (Value | null)[];
}

/** Rows by the table and the columns that they have. */
class Groups {
  readonly #tables = new Map<string, Map<string, PreviousRows[string][number]>>();

  of(table: string, columns: string[]): PreviousRows[string][number] {
    const groups = this.#tables.get(table) ?? new Map<string, PreviousRows[string][number]>();
    this.#tables.set(table, groups);
    const key = columns.join(" ");
    const group = groups.get(key) ?? { columns, rows: {} };
    groups.set(key, group);
    return group;
  }

  /** Undefined if there are none. */
  all(): PreviousRows | undefined {
    if (this.#tables.size === 0) return undefined;
    return Object.fromEntries([...this.#tables].map(([table, groups]) => [table, [...groups.values()]]));
  }
}

/** The table of a row or a cell; of a parameter its name, which is no table's. */
function tableOf(address: Address): string {
  const end = address.indexOf(" ");
  return end === -1 ? address : address.slice(0, end);
}

/** As it is worked with, by address. */
export function unpackPrevious({ previous = {}, __mediantPreviousRows }: StoredPrevious): Previous {
  if (__mediantPreviousRows === undefined) return previous;
  const all: Previous = { ...previous };
  for (const [table, groups] of Object.entries(__mediantPreviousRows))
    for (const { columns, rows } of groups)
      for (const [index, cells] of Object.entries(rows)) {
        if (cells === null) all[rowAddress(table, index)] = null;
        else
          for (const [at, column] of columns.entries())
            all[cellAddress(table, index, column)] = cells[at] ?? null;
      }
  return all;
}

/** A table of more values is packed. */
const LARGE = 300;

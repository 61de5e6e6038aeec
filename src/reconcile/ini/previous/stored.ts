import { present } from "../../../declare/present";
import { type Address, cellAddress, rowAddress, splitAddress } from "../../../ini/address";
import type { Value } from "../../../ini/configuration";
import {
  cellsOf,
  nothingBefore,
  type Previous,
  type PreviousRow,
  type PreviousTable,
  previousTable,
  rowWith,
} from "./values";

/** The values from before as a state keeps them. */
export interface StoredPrevious {
  /**
   * By the address of a parameter or a cell; of a row, null if it was not there; null at `Table *` if the table was
   * owned.
   */
  previous?: Record<Address, Value | null>;
  /** Those of large tables. */
  __mediantPreviousRows?: PreviousRows;
}

/**
 * Values from before without an address for each: by table, rows with the same columns together. A row that was not
 * there is null.
 */
export type PreviousRows = Record<string, RowGroup[]>;

interface RowGroup {
  columns: readonly string[];
  rows: Record<string, PreviousRow["cells"] | null>;
}

/** In the place of an index: says that the table was owned. */
const OWNED = "*";

/** As a state keeps them: addresses would be most of what a large table takes. */
export function packPrevious({ parameters, tables }: Previous): StoredPrevious {
  const previous: Record<Address, Value | null> = parameters.toObject();
  const large: PreviousRows = {};
  for (const [name, table] of tables) {
    if (isLarge(table)) large[name] = groupsOf(table);
    else Object.assign(previous, byAddress(name, table));
  }
  return {
    previous,
    ...present({ __mediantPreviousRows: Object.keys(large).length > 0 ? large : undefined }),
  };
}

/** A table of more values is packed. */
const LARGE = 300;

function isLarge({ absent, rows }: PreviousTable): boolean {
  let values = absent.size;
  for (const { columns } of rows.values()) values += columns.length;
  return values > LARGE;
}

function byAddress(name: string, { owned, absent, rows }: PreviousTable): Record<Address, Value | null> {
  const values: Record<Address, Value | null> = {};
  for (const index of missingIn(owned, absent)) values[rowAddress(name, index)] = null;
  for (const [index, row] of rows)
    for (const [column, value] of cellsOf(row)) values[cellAddress(name, index, column)] = value;
  return values;
}

function groupsOf({ owned, absent, rows }: PreviousTable): RowGroup[] {
  const groups = new Map<string, RowGroup>();
  const groupOf = (columns: readonly string[]) => {
    const key = columns.join(" ");
    const group = groups.get(key) ?? { columns, rows: {} };
    groups.set(key, group);
    return group;
  };
  for (const index of missingIn(owned, absent)) groupOf([]).rows[index] = null;
  for (const [index, { columns, cells }] of rows) groupOf(columns).rows[index] = cells;
  return [...groups.values()];
}

function missingIn(owned: boolean, absent: ReadonlySet<string>): string[] {
  return owned ? [OWNED, ...absent] : [...absent];
}

/** As it is worked with. */
export function unpackPrevious({
  previous: values = {},
  __mediantPreviousRows = {},
}: StoredPrevious): Previous {
  const previous = nothingBefore();
  const missing = (table: PreviousTable, index: string) => {
    if (index === OWNED) table.owned = true;
    else table.absent.add(index);
  };
  for (const [address, value] of Object.entries(values)) {
    const place = splitAddress(address);
    if (place.kind === "parameter") {
      previous.parameters.set(address, value);
      continue;
    }
    const table = previousTable(previous, place.table);
    if (place.kind === "row") missing(table, place.index);
    else
      table.rows.set(
        place.index,
        rowWith(table.rows.get(place.index), [place.column], () => value),
      );
  }
  for (const [name, groups] of Object.entries(__mediantPreviousRows)) {
    const table = previousTable(previous, name);
    for (const { columns, rows } of groups)
      for (const [index, cells] of Object.entries(rows)) {
        if (cells === null) missing(table, index);
        else table.rows.set(index, { columns, cells });
      }
  }
  return previous;
}

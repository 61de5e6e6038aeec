import { cellAddress, splitAddress } from "../../ini/address";
import { noLongerDeclared } from "../../ini/compare";
import type { Configuration, Value } from "../../ini/configuration";
import { ConfigurationLookup, cellIn } from "../../ini/declared";
import type { RowCells } from "../../ini/dump/row-cells";
import { NameMap } from "../../ini/names";
import type { Observed } from "../../ini/observe";
import { isPlausibleForm } from "../../ini/plausible-form";
import { isObscured } from "../../secrets/values";
import { asksForDefault, type DeviceForm, holds, type MadeRow } from "./fragment";
import type { Previous } from "./previous/values";

/*
 * Rows that a resource brought to the device. Only the resource that made a row may take it away, and only while each
 * cell is its own or as the device filled it in: any other cell belongs to somebody else.
 */

/**
 * What the device filled in for rows that a resource made, as the state keeps it: by table, the rows that were filled
 * in alike together, for most are.
 */
export type Filled = Record<string, { cells: Record<string, string>; rows: string[] }[]>;

/** By table and index. */
type FilledRows = NameMap<Map<string, Cells>>;

type Cells = Record<string, string>;

function unpack(filled: Filled): FilledRows {
  const tables: FilledRows = new NameMap();
  for (const [table, groups] of Object.entries(filled)) {
    const rows = tables.ensure(table, () => new Map());
    for (const group of groups) for (const index of group.rows) rows.set(index, group.cells);
  }
  return tables;
}

function pack(tables: FilledRows): Filled {
  const filled: Filled = {};
  for (const [table, rows] of tables) {
    const groups = new Map<string, Filled[string][number]>();
    // Most rows share their cells as they are.
    const known = new Map<Cells, Filled[string][number]>();
    for (const [index, cells] of rows) {
      let group = known.get(cells);
      if (group === undefined) {
        const key = JSON.stringify(cells);
        group = groups.get(key) ?? { cells, rows: [] };
        groups.set(key, group);
        known.set(cells, group);
      }
      group.rows.push(index);
    }
    if (groups.size > 0) filled[table] = [...groups.values()];
  }
  return filled;
}

/** Of a row of which all is declared. */
const NONE: Cells = {};

/** What is known of a change, by which the cells that the device filled in are told from all others. */
export interface MadeBy {
  /** What the resource declared before, and declares now. */
  earlier: Configuration;
  declared: Configuration;
  /** The values from before the first management: rows that were not there, the resource made. */
  previous: Previous;
  before: Observed;
  after: Observed;
  /** What the uploads changed, for this resource and for others. */
  written: NameMap<Value>;
  /** The forms in which the device showed what was declared before. */
  forms?: NameMap<DeviceForm>;
}

/** The cells that the device filled in, with those of the rows that were made now. */
export function rememberFilled(
  known: Filled,
  { earlier, declared, previous, before, after, written, forms }: MadeBy,
): Filled {
  const kept = unpack(known);
  const filled: FilledRows = new NameMap();
  const lookup = new ConfigurationLookup(declared);
  for (const [table, { absent: made }] of previous.tables) {
    const rows = lookup.table(table) ?? {};
    const knownRows = kept.get(table);
    const [was, is] = [before, after].map(({ tables }) => tables.get(table)?.rows);
    const filledRows = filled.ensure(table, () => new Map());
    for (const index of made) {
      const row = rows[index];
      const live = was?.has(index) ? undefined : is?.get(index);
      const isOurs = (column: string) =>
        (row !== undefined && cellIn(row, column) !== undefined) ||
        written.has(cellAddress(table, index, column));
      // A row that was to go and could not is still known as made.
      const cells = row === undefined || live === undefined ? knownRows?.get(index) : filledIn(live, isOurs);
      if (cells !== undefined) filledRows.set(index, cells);
    }
  }
  // A column that is let go of stays as it was left, unless somebody has changed it by then.
  for (const { address, value } of noLongerDeclared(earlier, declared)) {
    const split = splitAddress(address);
    if (split.kind !== "cell") continue;
    const cells = filled.get(split.table)?.get(split.index);
    const cell = after.tables.get(split.table)?.rows.get(split.index)?.get(split.column);
    if (cells === undefined || cell === undefined) continue;
    const isAsLeft = asksForDefault(address, value)
      ? holds(after, address, value, forms?.get(address))
      : isPlausibleForm(value, cell.text);
    if (isAsLeft || isObscured(cell.text))
      filled.get(split.table)?.set(split.index, { ...cells, [split.column]: cell.text });
  }
  return pack(filled);
}

function filledIn(live: RowCells, isOurs: (column: string) => boolean): Cells {
  const theirs = [...live].filter(([column]) => !isOurs(column));
  return theirs.length === 0 ? NONE : Object.fromEntries(theirs.map(([column, { text }]) => [column, text]));
}

/** What is known of the rows that a resource is to take away. */
export function madeRows(removed: NameMap<true>, declared: Configuration, filled: Filled): NameMap<MadeRow> {
  const kept = unpack(filled);
  const lookup = new ConfigurationLookup(declared);
  const made = new NameMap<MadeRow>();
  for (const row of removed.keys()) {
    const split = splitAddress(row);
    if (split.kind !== "row") continue;
    const ours = Object.keys(lookup.row(split.table, split.index) ?? {});
    made.set(row, { ours, filled: kept.get(split.table)?.get(split.index) ?? NONE });
  }
  return made;
}

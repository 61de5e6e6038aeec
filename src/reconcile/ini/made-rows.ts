import { cellAddress, rowAddress, splitAddress } from "../../ini/address";
import type { Configuration, Value } from "../../ini/configuration";
import { declaredBy } from "../../ini/declared";
import { NameMap } from "../../ini/names";
import type { Observed } from "../../ini/observe";
import { isPlausibleForm } from "../../ini/plausible-form";
import { isObscured } from "../../secrets/values";
import { asksForDefault, type DeviceForm, holds, type MadeRow } from "./fragment";
import type { Previous } from "./restore";

/*
 * Rows that a resource brought to the device. Only the resource that made a row may take it away, and only while each
 * cell is its own or as the device filled it in: any other cell belongs to somebody else.
 */

/**
 * What the device filled in for rows that a resource made, as the state keeps it: by table, the rows that were filled
 * in alike together, for most are.
 */
export type Filled = Record<string, { cells: Record<string, string>; rows: string[] }[]>;

type FilledRows = NameMap<Record<string, string>>;

function unpack(filled: Filled): FilledRows {
  const rows: FilledRows = new NameMap();
  for (const [table, groups] of Object.entries(filled))
    for (const group of groups)
      for (const index of group.rows) rows.set(rowAddress(table, index), group.cells);
  return rows;
}

function pack(rows: FilledRows): Filled {
  const filled = new NameMap<Map<string, Filled[string][number]>>();
  for (const [row, cells] of rows) {
    const split = splitAddress(row);
    if (split.kind !== "row") continue;
    const groups = filled.ensure(split.table, () => new Map());
    const key = JSON.stringify(cells);
    const group = groups.get(key) ?? { cells, rows: [] };
    group.rows.push(split.index);
    groups.set(key, group);
  }
  return Object.fromEntries([...filled].map(([table, groups]) => [table, [...groups.values()]]));
}

/** What is known of a change, by which the cells that the device filled in are told from all others. */
export interface MadeBy {
  /** What the resource declared before, and declares now. */
  earlier: Configuration;
  declared: Configuration;
  /** The values from before the first management: null for the rows that the resource made. */
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
  const made = new NameMap(Object.entries(previous));
  const kept = unpack(known);
  const { values, rows } = declaredBy(declared);
  const filled: FilledRows = new NameMap();
  for (const [row, { table, index }] of rows) {
    if (made.get(row) !== null) continue;
    const live = after.tables.get(table)?.rows.get(index);
    const isNew = live !== undefined && before.tables.get(table)?.rows.has(index) !== true;
    if (!isNew) {
      const cells = kept.get(row);
      if (cells !== undefined) filled.set(row, cells);
      continue;
    }
    const isTheDevices = ([column]: [string, unknown]) => {
      const address = cellAddress(table, index, column);
      return !values.has(address) && !written.has(address);
    };
    filled.set(row, textsOf([...live].filter(isTheDevices)));
  }
  // A row that was to go and could not is still known as made.
  for (const [row, cells] of kept) if (made.get(row) === null && !rows.has(row)) filled.set(row, cells);
  // A column that is let go of stays as it was left, unless somebody has changed it by then.
  for (const { address, place: split, value } of declaredBy(earlier).values.items()) {
    if (split.kind !== "cell" || values.at(split) !== undefined) continue;
    const row = rowAddress(split.table, split.index);
    const cells = filled.get(row);
    const cell = after.tables.get(split.table)?.rows.get(split.index)?.get(split.column);
    if (cells === undefined || cell === undefined) continue;
    const isAsLeft = asksForDefault(address, value)
      ? holds(after, address, value, forms?.get(address))
      : isPlausibleForm(value, cell.text);
    if (isAsLeft || isObscured(cell.text)) filled.set(row, { ...cells, [split.column]: cell.text });
  }
  return pack(filled);
}

function textsOf(cells: Iterable<[string, { text: string }]>): Record<string, string> {
  return Object.fromEntries([...cells].map(([column, { text }]) => [column, text]));
}

/** What is known of the rows that a resource is to take away. */
export function madeRows(removed: NameMap<true>, declared: Configuration, filled: Filled): NameMap<MadeRow> {
  const cells = unpack(filled);
  const ours = new NameMap<string[]>();
  for (const [table, rows] of Object.entries(declared.tables))
    for (const [index, row] of Object.entries(rows)) ours.set(rowAddress(table, index), Object.keys(row));
  const made = new NameMap<MadeRow>();
  for (const row of removed.keys())
    made.set(row, { ours: ours.get(row) ?? [], filled: cells.get(row) ?? {} });
  return made;
}

import type { Value } from "../../../ini/configuration";
import { NameMap, nameKey } from "../../../ini/names";

/**
 * What the device held before a resource first managed it: a value, or null for a parameter at its default and for a
 * cell that was not shown. What the device withheld is not among it.
 */
export interface Previous {
  parameters: NameMap<Value | null>;
  tables: NameMap<PreviousTable>;
}

export interface PreviousTable {
  /** Whether it was owned: then the cells are there that its undeclared rows held when it became so. */
  owned: boolean;
  /** The rows that were not there. */
  absent: Set<string>;
  /** The managed cells of the rows that were there. */
  rows: Map<string, PreviousRow>;
}

/** The cells of a row: a value for each column. Rows are shared, so none is ever changed. */
export interface PreviousRow {
  columns: readonly string[];
  cells: readonly (Value | null)[];
}

export function nothingBefore(): Previous {
  return { parameters: new NameMap(), tables: new NameMap() };
}

/** A table, with nothing in it if it was not named yet. */
export function previousTable({ tables }: Previous, name: string): PreviousTable {
  return tables.ensure(name, () => ({ owned: false, absent: new Set(), rows: new Map() }));
}

export function cellsOf({ columns, cells }: PreviousRow): [column: string, value: Value | null][] {
  return columns.map((column, at) => [column, cells[at] ?? null]);
}

/** The row with more columns, if it does not have them already. */
export function rowWith(
  row: PreviousRow | undefined,
  columns: readonly string[],
  valueIn: (column: string) => Value | null,
): PreviousRow {
  if (row === undefined) return { columns, cells: columns.map(valueIn) };
  const isNew = (column: string) =>
    !row.columns.includes(column) && !row.columns.some((other) => nameKey(other) === nameKey(column));
  const more = columns.filter(isNew);
  if (more.length === 0) return row;
  return { columns: [...row.columns, ...more], cells: [...row.cells, ...more.map(valueIn)] };
}

/** Some of the columns of a row: itself if these are all, undefined if there are none. */
export function rowPart(row: PreviousRow, isIn: (column: string) => boolean): PreviousRow | undefined {
  if (row.columns.every(isIn)) return row;
  const part = cellsOf(row).filter(([column]) => isIn(column));
  if (part.length === 0) return undefined;
  return { columns: part.map(([column]) => column), cells: part.map(([, value]) => value) };
}

/** All that either knows, with the values of the first where both know one. */
export function joined(first: Previous, second: Previous): Previous {
  const all = nothingBefore();
  for (const { parameters, tables } of [first, second]) {
    for (const [name, value] of parameters) if (!all.parameters.has(name)) all.parameters.set(name, value);
    for (const [name, { owned, absent, rows }] of tables) {
      const table = previousTable(all, name);
      table.owned ||= owned;
      for (const index of absent) table.absent.add(index);
      for (const [index, row] of rows) {
        const values = new NameMap(cellsOf(row));
        const known = table.rows.get(index);
        table.rows.set(
          index,
          known === undefined ? row : rowWith(known, row.columns, (column) => values.get(column) ?? null),
        );
      }
    }
  }
  return all;
}

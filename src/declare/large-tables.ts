/*
 * The engine prints all of an object around one change of it. So the rows of a large table travel in a property that it
 * keeps and does not print, and what is printed in their place is how many there are; the log lines tell each cell.
 */

/** A table of more cells is large: printed whole, it takes several screens. */
const LARGE = 300;

type Tables<Cell> = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Cell>>>>>>;

/** The parts of tables in which resources have them among their inputs and in their state. */
export interface TableParts<T> {
  /** Those that are printed. */
  tables: T;
  /** The large ones. */
  __mediantTables: T;
  /** What is printed of the large ones, by name: `4000 rows`. */
  largeTables: Record<string, string>;
}

/** @param known names of tables that stay where they are, whatever their size */
export function tableParts<Cell>(
  all: Tables<Cell>,
  known: { tables?: object; __mediantTables?: object } = {},
): TableParts<Record<string, Tables<Cell>[string]>> {
  const parts: TableParts<Record<string, Tables<Cell>[string]>> = {
    tables: {},
    __mediantTables: {},
    largeTables: {},
  };
  for (const [name, rows] of Object.entries(all)) {
    const isSmall = known.tables !== undefined && Object.hasOwn(known.tables, name);
    const isKnown = known.__mediantTables !== undefined && Object.hasOwn(known.__mediantTables, name);
    if (!isKnown && (isSmall || cellsOf(rows) <= LARGE)) parts.tables[name] = rows;
    else {
      parts.__mediantTables[name] = rows;
      const count = Object.keys(rows).length;
      parts.largeTables[name] = count === 1 ? "1 row" : `${count} rows`;
    }
  }
  return parts;
}

function cellsOf(rows: Tables<unknown>[string]): number {
  let cells = 0;
  for (const row of Object.values(rows)) cells += Object.keys(row).length;
  return cells;
}

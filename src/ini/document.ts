import type { Columns, IniCell, RowCells } from "./dump/row-cells";
import type { IniProblem, Place } from "./errors";

/** What one ini text says, in its own order; nothing is merged or judged yet. */
export interface IniDocument {
  parameters: IniParameter[];
  tables: IniTable[];
  /** Parameters that the device holds and withholds: `;NAME is hidden but has non-default value`. */
  hiddenParameters: string[];
  problems: IniProblem[];
}

export interface IniParameter {
  name: string;
  /** A text, or the elements of a list of at least two. */
  value: string | string[];
  place: Place;
}

export interface IniTable {
  name: string;
  /** In the order of FORMAT, without the table's prefix. */
  columns: readonly string[];
  rows: IniRow[];
  /** Whether the device withholds the table ("contains hidden elements and will not be exposed"). */
  hidden: boolean;
  /** Whether FORMAT names its columns with the table's prefix, as firmware up to 7.0 does. */
  longHeader: boolean;
  /** The lines that stand in the table and could not be read as rows. */
  unreadable: number[];
  place: Place;
  /** What earlier dumps of the device let know of it. */
  known?: KnownTable;
}

export interface IniRow {
  /** Decimal digits without leading zeros. */
  index: string;
  /** As many as the table has columns. */
  cells: IniCell[];
  place: Place;
  /** The cells that can be written, by column, once they were asked for. */
  byColumn?: RowCells;
}

/** What is known of a table by the line that names its columns. */
export interface KnownTable {
  /** As the line names them; undefined if something is wrong with it, or if it was not read yet. */
  columns: readonly string[] | undefined;
  /** Those that can be written, once they were asked for. */
  writable?: Writable;
  /** The rows of the last text and of this one, by the line that they stand in. */
  earlier: ReadonlyMap<string, IniRow>;
  now: Map<string, IniRow>;
}

/** The columns of a table that can be written, with their places among all; undefined if they are all of them. */
export interface Writable {
  columns: Columns;
  picked: readonly number[] | undefined;
}

export function cellPlace({ place }: IniRow, { offset }: IniCell): Place {
  return { line: place.line, column: place.column + offset };
}

import { safeLine } from "../text/describe";
import { type Address, cellAddress } from "./address";
import { cellPlace, type IniDocument, type IniTable } from "./document";
import { IniError, type IniProblem, type Place } from "./errors";
import { canBeginLine, NAME, NAME_RULE, NameMap } from "./names";
import { canonicalIndex, withoutPrefix } from "./parse";
import { isReadOnlyColumn } from "./read-only-columns";
import { readScalar } from "./scalar";

/** The canonical value of a parameter: a text without quotes, or a list of at least two of them. */
export type Value = string | string[];
/** Columns by name. */
export type Row = Record<string, string>;
/** Rows by index (decimal digits without leading zeros). */
export type Table = Record<string, Row>;

/**
 * The canonical form of an ini configuration: plain values, columns without their table's prefix, and nothing
 * of what does not matter (quotes, sections, comments, order).
 */
export interface Configuration {
  parameters: Record<string, Value>;
  tables: Record<string, Table>;
}

export interface ConfigurationSource {
  /** An ini text, already parsed. */
  document?: IniDocument | undefined;
  parameters?: Record<string, unknown> | undefined;
  tables?: Record<string, unknown> | undefined;
}

/** A configuration together with what its form alone does not tell. */
export interface ReadConfiguration {
  configuration: Configuration;
  /** The tables of the text in its order, which is the order in which the device must be sent them. */
  order: string[];
  /** What was left out because the device decides it, one sentence each. */
  notes: string[];
}

/**
 * The canonical configuration of a text, of arguments, or of both together.
 *
 * @throws IniError that lists every problem: what the text has wrong, a value of the wrong kind, and each name
 * that was given twice with different values, with both places.
 */
export function readConfiguration(source: ConfigurationSource): ReadConfiguration {
  let reader = new Reader(source);
  // Where each value stands has to be known only if it must be told: of a large table that is most of the work.
  if (reader.isContradictory) reader = new Reader(source, new NameMap());
  if (reader.problems.length > 0) throw new IniError([...reader.problems].sort(byPlace));
  return { configuration: reader.configuration(), order: reader.order, notes: reader.notes };
}

const BEHIND_THE_TEXT: Place = { line: Number.MAX_SAFE_INTEGER, column: 1 };

/** Problems of the text in its order; then those of the arguments. */
function byPlace({ place: a = BEHIND_THE_TEXT }: IniProblem, { place: b = BEHIND_THE_TEXT }: IniProblem) {
  return a.line - b.line || a.column - b.column;
}

type Origin = { place: Place } | Argument;

/** An argument of the program; of a row, one of its columns. */
interface Argument {
  argument: string;
  column?: string;
}

/** A table as far as it was read. */
interface ReadTable {
  name: string;
  rows: Table;
  /** The columns of arguments by what was written: their names, or what is wrong with them. */
  columns: Map<string, ReadColumn>;
  /** Each column as it was spelt first. */
  spellings: NameMap<string>;
}

type ReadColumn = { name: string; fault?: undefined } | { fault: string };

class Reader {
  readonly problems: IniProblem[] = [];
  readonly notes: string[] = [];
  readonly order: string[];
  isContradictory = false;
  private readonly parameters = new NameMap<Value>();
  private readonly tables = new NameMap<ReadTable>();

  /** @param origins where the first value of each address stands, if that is to be told */
  constructor(
    { document, parameters = {}, tables = {} }: ConfigurationSource,
    private readonly origins?: NameMap<Origin>,
  ) {
    if (document !== undefined) this.document(document);
    this.order = [...this.tables.keys()];
    this.parameterArguments(parameters);
    this.tableArguments(tables);
  }

  configuration(): Configuration {
    const tables: Record<string, Table> = {};
    for (const [name, { rows }] of this.tables) tables[name] = rows;
    return { parameters: this.parameters.toObject(), tables };
  }

  private document(document: IniDocument): void {
    for (const problem of document.problems) this.problems.push(problem);
    for (const { name, value, place } of document.parameters) this.parameter(name, value, { place });
    for (const table of document.tables) this.documentTable(table);
    for (const name of document.hiddenParameters) {
      this.notes.push(`${name} is hidden in the text: it is not declared`);
    }
  }

  private documentTable(table: IniTable): void {
    if (table.hidden) {
      this.notes.push(`table ${table.name} is hidden in the text: it is not declared`);
      return;
    }
    const read = this.table(table.name);
    const columns = table.columns.map((column) => {
      if (!isReadOnlyColumn(table.name, column)) return spelling(read, column);
      this.notes.push(`${table.name}.${column} is left out: the device alone sets it`);
      return undefined;
    });
    for (const row of table.rows) {
      for (const [at, cell] of row.cells.entries()) {
        const column = columns[at];
        if (column !== undefined)
          this.cell(read, row.index, column, cell.text, { place: cellPlace(row, cell) });
      }
    }
  }

  private parameterArguments(parameters: Record<string, unknown>): void {
    for (const [name, input] of Object.entries(parameters)) {
      const argument = `parameters.${name}`;
      if (!canBeginLine(name)) this.fail(argument, `a parameter's ${NAME_RULE}`);
      else if (Array.isArray(input)) {
        const values = input.map((one, at) => this.scalar({ argument: `${argument}[${at}]` }, one));
        if (values.every(isText))
          this.parameter(name, values.length > 1 ? values : (values[0] ?? ""), { argument });
      } else {
        const value = this.scalar({ argument }, input);
        if (value !== undefined) this.parameter(name, value, { argument });
      }
    }
  }

  private tableArguments(tables: Record<string, unknown>): void {
    for (const [name, rows] of Object.entries(tables)) {
      const argument = `tables.${name}`;
      if (!canBeginLine(name)) this.fail(argument, `a table's ${NAME_RULE}`);
      else if (!isObject(rows)) this.fail(argument, "must be an object of rows by index");
      else {
        const table = this.table(name);
        for (const [index, cells] of Object.entries(rows)) this.rowArgument(table, argument, index, cells);
      }
    }
  }

  private rowArgument(table: ReadTable, parent: string, written: string, cells: unknown): void {
    const argument = `${parent}.${written}`;
    if (!/^[0-9]+$/.test(written)) this.fail(argument, "is no index: a whole number, 0 or more");
    else if (!isObject(cells)) this.fail(argument, "must be an object of values by column");
    else if (Object.keys(cells).length === 0) this.fail(argument, "declares no column");
    else {
      const index = canonicalIndex(written);
      for (const [column, input] of Object.entries(cells)) {
        const at = { argument, column };
        const read = this.columnArgument(table, column);
        if (read.fault !== undefined) {
          this.fail(argumentText(at), read.fault);
          continue;
        }
        const value = this.scalar(at, input);
        if (value !== undefined) this.cell(table, index, read.name, value, at);
      }
    }
  }

  /** A column that an argument names, looked at once a table. */
  private columnArgument(table: ReadTable, written: string): ReadColumn {
    const known = table.columns.get(written);
    if (known !== undefined) return known;
    const name = withoutPrefix(written, table.name);
    const column: ReadColumn = !NAME.test(name)
      ? { fault: `a column's ${NAME_RULE}` }
      : isReadOnlyColumn(table.name, name)
        ? { fault: "is read-only: the device alone sets it" }
        : { name: spelling(table, name) };
    table.columns.set(written, column);
    return column;
  }

  private table(name: string): ReadTable {
    return this.tables.ensure(name, () => ({
      name,
      rows: {},
      columns: new Map(),
      spellings: new NameMap(),
    }));
  }

  private scalar(at: Argument, input: unknown): string | undefined {
    const read = readScalar(input);
    if ("text" in read) return read.text;
    return this.fail(argumentText(at), read.fault);
  }

  private parameter(name: string, value: Value, origin: Origin): void {
    this.once(() => name, this.parameters.get(name), value, origin);
    this.parameters.set(name, value);
  }

  private cell(table: ReadTable, index: string, column: string, value: string, origin: Origin): void {
    const row = table.rows[index] ?? {};
    table.rows[index] = row;
    const earlier = Object.hasOwn(row, column) ? row[column] : undefined;
    // Nearly every cell is said once, with nobody to tell where.
    if (earlier !== undefined || this.origins !== undefined)
      this.once(() => cellAddress(table.name, index, column), earlier, value, origin);
    row[column] = value;
  }

  /** The same thing may be said twice, in a text and in an argument too, but not in two ways. */
  private once(address: () => Address, earlier: Value | undefined, value: Value, origin: Origin): void {
    if (earlier === undefined) this.origins?.set(address(), origin);
    else if (!sameValue(earlier, value)) {
      this.isContradictory = true;
      const first = this.origins?.get(address());
      if (first === undefined) return;
      this.problems.push({
        message: `${safeLine(address())} is declared twice with different values, at ${where(first)} and at ${where(origin)}`,
        ...("place" in origin ? { place: origin.place } : {}),
      });
    }
  }

  private fail(argument: string, message: string): undefined {
    this.problems.push({ message: `${safeLine(argument)} ${message}` });
  }
}

/** A column as it was spelt first in its table. */
function spelling(table: ReadTable, column: string): string {
  return table.spellings.ensure(column, () => column);
}

function argumentText({ argument, column }: Argument): string {
  return column === undefined ? argument : `${argument}.${column}`;
}

function where(origin: Origin): string {
  if ("argument" in origin) return argumentText(origin);
  return `ini line ${origin.place.line}, column ${origin.place.column}`;
}

export function sameValue(a: Value, b: Value): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return a.length === b.length && a.every((text, at) => text === b[at]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}

import { safeLine } from "../text/describe";
import { type Address, cellAddress } from "./address";
import type { IniDocument, IniTable } from "./document";
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
  const reader = new Reader();
  if (source.document !== undefined) reader.document(source.document);
  const order = [...reader.tables.keys()];
  reader.parameterArguments(source.parameters ?? {});
  reader.tableArguments(source.tables ?? {});
  if (reader.problems.length > 0) throw new IniError([...reader.problems].sort(byPlace));
  return { configuration: reader.configuration(), order, notes: reader.notes };
}

/** Problems of the text in its order; then those of the arguments. */
function byPlace({ place: a }: IniProblem, { place: b }: IniProblem): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a.line - b.line || a.column - b.column;
}

type Origin = { place: Place } | { argument: string };

class Reader {
  readonly problems: IniProblem[] = [];
  readonly notes: string[] = [];
  readonly parameters = new NameMap<Value>();
  readonly tables = new NameMap<Map<string, NameMap<string>>>();
  private readonly origins = new NameMap<Origin>();

  configuration(): Configuration {
    const tables: Record<string, Table> = {};
    for (const [name, rows] of this.tables) {
      const table: Table = {};
      for (const [index, cells] of rows) table[index] = cells.toObject();
      tables[name] = table;
    }
    return { parameters: this.parameters.toObject(), tables };
  }

  document(document: IniDocument): void {
    this.problems.push(...document.problems);
    for (const { name, value, place } of document.parameters) this.parameter(name, value, { place });
    for (const table of document.tables) this.table(table);
    for (const name of document.hiddenParameters) {
      this.notes.push(`${name} is hidden in the text: it is not declared`);
    }
  }

  private table(table: IniTable): void {
    if (table.hidden) {
      this.notes.push(`table ${table.name} is hidden in the text: it is not declared`);
      return;
    }
    this.tables.ensure(table.name, () => new Map());
    const readOnly = table.columns.map((column) => isReadOnlyColumn(table.name, column));
    if (readOnly.includes(true)) {
      const columns = table.columns.filter((_, at) => readOnly[at]).join(", ");
      this.notes.push(`${table.name}: ${columns} left out: the device alone sets it`);
    }
    for (const row of table.rows) {
      row.cells.forEach(({ text, place }, at) => {
        const column = table.columns[at];
        if (column !== undefined && !readOnly[at]) this.cell(table.name, row.index, column, text, { place });
      });
    }
  }

  parameterArguments(parameters: Record<string, unknown>): void {
    for (const [name, input] of Object.entries(parameters)) {
      const argument = `parameters.${name}`;
      if (!canBeginLine(name)) this.fail(argument, `a parameter's ${NAME_RULE}`);
      else if (Array.isArray(input)) {
        const values = input.map((one, at) => this.scalar(`${argument}[${at}]`, one)).filter(isText);
        this.parameter(name, values.length > 1 ? values : (values[0] ?? ""), { argument });
      } else {
        const value = this.scalar(argument, input);
        if (value !== undefined) this.parameter(name, value, { argument });
      }
    }
  }

  tableArguments(tables: Record<string, unknown>): void {
    for (const [name, rows] of Object.entries(tables)) {
      const argument = `tables.${name}`;
      if (!canBeginLine(name)) this.fail(argument, `a table's ${NAME_RULE}`);
      else if (!isObject(rows)) this.fail(argument, "must be an object of rows by index");
      else {
        this.tables.ensure(name, () => new Map());
        for (const [index, cells] of Object.entries(rows)) this.rowArgument(name, index, cells);
      }
    }
  }

  private rowArgument(table: string, written: string, cells: unknown): void {
    const argument = `tables.${table}.${written}`;
    if (!/^[0-9]+$/.test(written)) this.fail(argument, "is no index: a whole number, 0 or more");
    else if (!isObject(cells)) this.fail(argument, "must be an object of values by column");
    else if (Object.keys(cells).length === 0) this.fail(argument, "declares no column");
    else {
      const index = canonicalIndex(written);
      for (const [column, input] of Object.entries(cells)) {
        this.cellArgument(table, index, column, input, `${argument}.${column}`);
      }
    }
  }

  private cellArgument(
    table: string,
    index: string,
    written: string,
    input: unknown,
    argument: string,
  ): void {
    const column = withoutPrefix(written, table);
    if (!NAME.test(column)) this.fail(argument, `a column's ${NAME_RULE}`);
    else if (isReadOnlyColumn(table, column)) this.fail(argument, "is read-only: the device alone sets it");
    else {
      const value = this.scalar(argument, input);
      if (value !== undefined) this.cell(table, index, column, value, { argument });
    }
  }

  private scalar(argument: string, input: unknown): string | undefined {
    const read = readScalar(input);
    if ("text" in read) return read.text;
    this.fail(argument, read.fault);
    return undefined;
  }

  private parameter(name: string, value: Value, origin: Origin): void {
    this.once(name, this.parameters.get(name), value, origin);
    this.parameters.set(name, value);
  }

  private cell(table: string, index: string, column: string, value: string, origin: Origin): void {
    const rows = this.tables.ensure(table, () => new Map());
    const cells = rows.get(index) ?? new NameMap<string>();
    rows.set(index, cells);
    this.once(cellAddress(table, index, column), cells.get(column), value, origin);
    cells.set(column, value);
  }

  /** The same thing may be said twice, in a text and in an argument too, but not in two ways. */
  private once(address: Address, earlier: Value | undefined, value: Value, origin: Origin): void {
    if (earlier === undefined) this.origins.set(address, origin);
    else if (!sameValue(earlier, value)) {
      const first = this.origins.get(address);
      this.problems.push({
        message: `${safeLine(address)} is declared twice with different values, at ${where(first)} and at ${where(origin)}`,
        ...("place" in origin ? { place: origin.place } : {}),
      });
    }
  }

  private fail(argument: string, message: string): void {
    this.problems.push({ message: `${safeLine(argument)} ${message}` });
  }
}

function where(origin: Origin | undefined): string {
  if (origin === undefined) return "another place";
  if ("argument" in origin) return origin.argument;
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

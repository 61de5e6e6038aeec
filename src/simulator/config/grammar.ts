import type { Behaviour } from "../behaviour";

/** The ini grammar as the device reads it, told in the manual's words and apart from the package's own parser. */

export interface IniText {
  entries: (ParameterLine | TableBlock)[];
  /** Names that the comments of a dump announce: values and tables that it withholds. */
  hiddenParameters: string[];
  hiddenTables: string[];
}

export interface ParameterLine {
  kind: "parameter";
  name: string;
  /** All that stands after `=`, trimmed, quotes included. */
  raw: string;
}

export interface TableBlock {
  kind: "table";
  name: string;
  /** Columns of FORMAT without the table's prefix; undefined if the table has no FORMAT line. */
  columns: string[] | undefined;
  rows: TableRow[];
}

export interface TableRow {
  index: number;
  cells: Cell[];
}

export interface Cell {
  text: string;
  quoted: boolean;
}

/** The file cannot be loaded; the message is what the device answers. */
export class IniRefusal extends Error {
  constructor(line: number, reason: string) {
    super(`Line ${line} of the ini file is incorrect: ${reason}`);
  }
}

const ASSIGNMENT = /^([^\s=;,"'[\]]+)\s*=(.*)$/s;
const ROW = /^([^\s=;,"'[\]]+)\s+(\d{1,9})\s*=(.*)$/s;
const FORMAT = /^FORMAT\s+(\S+)\s*=(.*)$/is;
const HIDDEN_PARAMETER = /^;\s*(\w+) is hidden but has non-default value$/;
const HIDDEN_TABLE = /^;\s*\*\*\* TABLE (\w+) \*\*\*$/;

/** How a file is read that is not quite as it should be; the strict and usual way where left out. */
export type ReadingRules = Partial<Pick<Behaviour, "lastLineEnd" | "faultyLines" | "duplicateRows">>;

/** @throws IniRefusal if the rules do not bear a line */
export function readIni(text: string, rules: ReadingRules = {}): IniText {
  const lines = text.split(/\r*\n/);
  const { lastLineEnd = "taken", faultyLines = "refused" } = rules;
  if (lines.at(-1) === "" || lastLineEnd === "lost") lines.pop();
  else if (lastLineEnd === "refused") throw new IniRefusal(lines.length, "it has no line end");
  const reader = new Reader(rules.duplicateRows ?? "refused");
  lines.forEach((line, at) => {
    try {
      reader.read(line.trim(), at + 1);
    } catch (error) {
      if (!(error instanceof IniRefusal) || faultyLines === "refused") throw error;
    }
  });
  return reader.ini;
}

class Reader {
  readonly ini: IniText = { entries: [], hiddenParameters: [], hiddenTables: [] };
  /** The heading that was read last: a table's, once FORMAT or its end tag follows, else a mere section's. */
  #heading: string | undefined;
  #table: TableBlock | undefined;
  readonly #duplicateRows: Behaviour["duplicateRows"];

  constructor(duplicateRows: Behaviour["duplicateRows"]) {
    this.#duplicateRows = duplicateRows;
  }

  read(line: string, number: number): void {
    if (line === "") return;
    if (line.startsWith(";")) this.#comment(line);
    else if (line.startsWith("[")) this.#bracket(line, number);
    else this.#statement(line, number);
  }

  #comment(line: string): void {
    const parameter = HIDDEN_PARAMETER.exec(line)?.[1];
    if (parameter) this.ini.hiddenParameters.push(parameter);
    const table = HIDDEN_TABLE.exec(line)?.[1];
    if (table) this.ini.hiddenTables.push(table);
  }

  #bracket(line: string, number: number): void {
    if (!line.endsWith("]")) throw new IniRefusal(number, "the bracket is not closed");
    const inner = line.slice(1, -1).trim();
    if (!inner.startsWith("\\")) {
      this.#heading = inner;
      this.#table = undefined;
      return;
    }
    // Real files close a table with `[ \Name ]`, `[\Name ]` and `[ \ \Name ]`.
    const name = inner.replaceAll(/[\\\s]/g, "");
    if (!this.#heading || !sameName(this.#heading, name))
      throw new IniRefusal(number, `table ${name} was not opened`);
    if (!this.#table) this.#open(name, undefined);
    this.#heading = undefined;
    this.#table = undefined;
  }

  #statement(line: string, number: number): void {
    const format = FORMAT.exec(line);
    const row = ROW.exec(line);
    const assignment = ASSIGNMENT.exec(line);
    if (format) this.#format(format[2] ?? "", number);
    else if (row) this.#row(row[1] ?? "", Number(row[2]), row[3] ?? "", number);
    else if (assignment) this.#assignment(assignment[1] ?? "", assignment[2] ?? "");
    else throw new IniRefusal(number, "it is neither a parameter nor a row");
  }

  /** Ends a table whose end tag is missing. */
  #assignment(name: string, value: string): void {
    this.#heading = undefined;
    this.#table = undefined;
    this.ini.entries.push({ kind: "parameter", name, raw: value.trim() });
  }

  #open(name: string, columns: string[] | undefined): void {
    this.#table = { kind: "table", name, columns, rows: [] };
    this.ini.entries.push(this.#table);
  }

  #format(columns: string, number: number): void {
    const table = this.#heading;
    if (table === undefined || this.#table) throw new IniRefusal(number, "FORMAT stands outside a table");
    if (!columns.trim().endsWith(";")) throw new IniRefusal(number, "FORMAT does not end with ;");
    const prefix = `${table}_`.toLowerCase();
    const names = columns.trim().slice(0, -1).split(",");
    this.#open(
      table,
      names.map((written) => {
        const name = written.trim();
        return name.toLowerCase().startsWith(prefix) ? name.slice(prefix.length) : name;
      }),
    );
  }

  #row(table: string, index: number, cells: string, number: number): void {
    if (!this.#table || !sameName(this.#table.name, table))
      throw new IniRefusal(number, `a row of ${table} stands outside its table`);
    // A row may appear once (device manuals, "ini file tables").
    const earlier = this.#table.rows.findIndex((row) => row.index === index);
    if (earlier >= 0 && this.#duplicateRows === "refused")
      throw new IniRefusal(number, `row ${table} ${index} appears twice`);
    const row = { index, cells: readCells(cells, number) };
    if (earlier < 0) this.#table.rows.push(row);
    else if (this.#duplicateRows === "last") this.#table.rows[earlier] = row;
  }
}

/** Cells up to the `;` that must end the row. */
function readCells(text: string, line: number): Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === " " || text[at] === "\t") at++;
    const quoted = text[at] === '"';
    const start = quoted ? at + 1 : at;
    let end = start;
    while (end < text.length && (quoted ? text[end] !== '"' : text[end] !== "," && text[end] !== ";")) end++;
    if (end === text.length)
      throw new IniRefusal(line, quoted ? "a quote is not closed" : "the row does not end with ;");
    const cell = text.slice(start, end);
    cells.push({ text: quoted ? cell : cell.trim(), quoted });
    at = quoted ? end + 1 : end;
    while (text[at] === " " || text[at] === "\t") at++;
    if (text[at] === ";" && text.slice(at + 1).trim() === "") return cells;
    if (text[at] !== ",") throw new IniRefusal(line, "a value is not followed by , or a final ;");
    at++;
  }
}

/** The text of a single value: what stands between its outer quotes, else as it is written. */
export function scalarText(raw: string): string {
  const quote = raw[0];
  const quoted = raw.length > 1 && (quote === "'" || quote === '"') && raw.endsWith(quote);
  return quoted ? raw.slice(1, -1) : raw;
}

/** The items of a list value: `'pvc', 'dr'`, or bare words between commas. Undefined if a quote stays open. */
export function listItems(raw: string): string[] | undefined {
  const items: string[] = [];
  const item = /\s*(?:'([^']*)'|"([^"]*)"|([^'",]*))\s*(,|$)/y;
  for (;;) {
    const match = item.exec(raw);
    if (!match) return undefined;
    items.push(match[1] ?? match[2] ?? (match[3] ?? "").trim());
    if (match[4] === "") return items;
  }
}

const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

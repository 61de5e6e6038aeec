import { cellPlace, type IniTable } from "../../ini/document";
import { IniError } from "../../ini/errors";
import { splitValues } from "../../ini/lexer";
import { nameKey } from "../../ini/names";
import {
  BYTE_ORDER_MARK,
  COMMENT_BEHIND,
  END_TAG,
  FORMAT,
  IN_PARAMETERS,
  MORE_COLUMNS,
  NOISE,
  PARAMETER,
  parseIni,
} from "../../ini/parse";

/** A value as it means and as it stands in its line, quotes included. */
export interface Written {
  text: string;
  raw: string;
}

interface Standing {
  /** The lines that say it, as they stand; none if it was made here. */
  written: readonly string[];
  /** Whether a blank line stands above it. */
  blank: boolean;
}

export interface Comment extends Standing {
  kind: "comment";
  text: string;
}
/** `[SIP Params]`: a heading of parameters. */
export interface Heading extends Standing {
  kind: "heading";
  title: string;
}
/** `[ Table ]`, or `[ \Table ]`. */
export interface Tag extends Standing {
  kind: "begin" | "end";
  table: string;
}
export interface Format extends Standing {
  kind: "format";
  table: string;
  columns: readonly string[];
  longHeader: boolean;
  /** A comment behind it, with its `;`. */
  behind: string | undefined;
}
export interface Row extends Standing {
  kind: "row";
  table: string;
  index: string;
  /** By column, in the order of FORMAT. */
  cells: ReadonlyMap<string, Written>;
  behind: string | undefined;
}
export interface Parameter extends Standing {
  kind: "parameter";
  name: string;
  values: readonly Written[];
}

/** One thing that an ini file says, or says to its readers. */
export type Item = Comment | Heading | Tag | Format | Row | Parameter;

/** An ini file with all that stands in it: what it says, its comments, and how it is written. */
export interface IniFile {
  items: Item[];
  /** The line end of its first line. */
  eol: string;
}

/**
 * Reads an ini file that people keep, without losing a comment.
 *
 * @throws IniError if it is no sound ini text
 */
export function readIniFile(text: string): IniFile {
  const document = parseIni(text);
  if (document.problems.length > 0) throw new IniError(document.problems);
  const lines = text.replace(BYTE_ORDER_MARK, "").split(/\r\n|\n|\r/);
  const reader = new Reader(
    document.tables.filter(({ columns }) => columns.length > 0),
    new Map(document.tables.flatMap((table) => table.rows.map((row) => [row.place.line, { table, row }]))),
  );
  lines.forEach((line, at) => {
    reader.line(line, at + 1);
  });
  return { items: beginnings(reader.items), eol: /\r\n|\n|\r/.exec(text)?.[0] ?? "\n" };
}

class Reader {
  readonly items: Item[] = [];
  private blank = false;
  /** A FORMAT that goes on in the next line. */
  private wrapped: { format: Format; body: string; written: string[] } | undefined;
  private formats = 0;

  constructor(
    private readonly tables: readonly IniTable[],
    private readonly rows: ReadonlyMap<number, { table: IniTable; row: IniTable["rows"][number] }>,
  ) {}

  line(line: string, number: number): void {
    const body = line.trim();
    if (body === "" || NOISE.test(body)) {
      this.blank = true;
      return;
    }
    const standing: Standing = { written: [line], blank: this.blank };
    this.blank = false;
    if (body.startsWith(";")) this.items.push({ kind: "comment", text: body, ...standing });
    else if (this.wrapped !== undefined && MORE_COLUMNS.test(body)) this.goOn(line, body);
    else this.whole(line, body, number, standing);
  }

  private whole(line: string, body: string, number: number, standing: Standing): void {
    this.wrapped = undefined;
    const found = this.rows.get(number);
    if (body.startsWith("[")) this.section(body, standing);
    else if (FORMAT.test(body)) this.format(body, standing);
    else if (found !== undefined) this.row(line, found, standing);
    else this.parameter(body, standing);
  }

  private section(body: string, standing: Standing): void {
    const title = body.slice(1, -1).trim();
    const [end] = END_TAG.exec(title) ?? [];
    if (end === undefined) this.items.push({ kind: "heading", title, ...standing });
    else this.items.push({ kind: "end", table: title.slice(end.length).trim(), ...standing });
  }

  private format(body: string, standing: Standing): void {
    const table = this.tables[this.formats++];
    if (table === undefined) return;
    const { name, columns, longHeader } = table;
    const written = [...standing.written];
    const format: Format = {
      kind: "format",
      table: name,
      columns,
      longHeader,
      behind: behindFormat(body),
      ...standing,
      written,
    };
    this.items.push(format);
    if (body.endsWith(",") && !body.includes(";")) this.wrapped = { format, body, written };
  }

  private goOn(line: string, more: string): void {
    const { wrapped } = this;
    if (wrapped === undefined) return;
    wrapped.written.push(line);
    wrapped.body += more;
    wrapped.format.behind = behindFormat(wrapped.body);
    if (!more.endsWith(",") || wrapped.body.includes(";")) this.wrapped = undefined;
  }

  private row(
    line: string,
    { table, row }: { table: IniTable; row: IniTable["rows"][number] },
    standing: Standing,
  ): void {
    const cells = new Map(
      table.columns.map((column, at): [string, Written] => {
        const { text = "", raw = "" } = row.cells[at] ?? {};
        return [column, { text, raw }];
      }),
    );
    const last = row.cells.at(-1);
    const rest = last === undefined ? "" : line.slice(cellPlace(row, last).column - 1 + last.raw.length);
    const behind = /^[ \t]*;[ \t]*(;.*)$/.exec(rest)?.[1]?.trimEnd();
    this.items.push({ kind: "row", table: table.name, index: row.index, cells, behind, ...standing });
  }

  private parameter(body: string, standing: Standing): void {
    const [head = "", name = ""] = PARAMETER.exec(body) ?? [];
    const { tokens } = splitValues(body, head.length, IN_PARAMETERS);
    const values = tokens.map(({ text, raw }) => ({ text, raw }));
    this.items.push({ kind: "parameter", name, values, ...standing });
  }
}

function behindFormat(body: string): string | undefined {
  const comment = COMMENT_BEHIND.exec(body);
  return comment === null ? undefined : body.slice(comment.index + 1).trim();
}

/** A heading begins a table if FORMAT or the end of a table comes next. */
function beginnings(items: readonly Item[]): Item[] {
  let next: Item | undefined;
  const result: Item[] = [];
  for (const item of items.toReversed()) {
    const begins =
      item.kind === "heading" &&
      (next?.kind === "format" || (next?.kind === "end" && nameKey(next.table) === nameKey(item.title)));
    result.push(begins ? { ...item, kind: "begin", table: item.title } : item);
    if (item.kind !== "comment") next = item;
  }
  return result.reverse();
}

import type { IniDocument, IniRow, IniTable } from "./document";
import type { KnownRows } from "./dump/known-rows";
import type { Place } from "./errors";
import { endOfRow, splitValues, type Token, type Tokens } from "./lexer";
import { canBeginLine, NAME, NAME_RULE, NameMap, nameKey } from "./names";
import { characterFault, type Quote } from "./scalar";

/**
 * Reads an ini text as LTRT-41760 section 6.1 and the device manuals describe it, in every form that devices
 * dump and people write: long and short FORMAT headers, `[ \X ]` and its malformed relatives, missing end tags,
 * comments anywhere, any line ends. In what people write, a comment may also stand behind a row's `;`, and FORMAT may
 * go on in the next line behind a comma. It never throws and takes linear time; what it cannot accept stands in
 * `problems`, and what it could read of such a line is still there.
 *
 * @param source `dump`: a device wrote it; `known`: rows of its earlier dumps, which are taken from there
 */
export function parseIni(text: string, source: { dump?: boolean; known?: KnownRows } = {}): IniDocument {
  source.known?.begin();
  const parser = new Parser(source.dump === true, source.known);
  let line = 0;
  for (const content of text.replace(BYTE_ORDER_MARK, "").split(/\r\n|\n|\r/)) {
    line += 1;
    parser.line(content, line);
  }
  parser.end();
  return parser.document;
}

/** As UTF-8 has it, and as it looks where the rest of the file made the bytes ISO-8859-1. */
export const BYTE_ORDER_MARK = /^(?:\uFEFF|\u00EF\u00BB\u00BF)/;
export const END_TAG = /^(?:\\[ \t]*)+/;
export const FORMAT = /^FORMAT[ \t]+([^\s=]+)[ \t]*=/i;
const ROW = /^([^\s=]+)[ \t]+([0-9]+)[ \t]*=/;
export const PARAMETER = /^([^\s=]+)[ \t]*=/;
const HIDDEN_PARAMETER = /^;[ \t]*(\S+)[ \t]+is hidden but has non-default value/i;
export const TABLE_BANNER = /\*\*\*[ \t]*TABLE[ \t]+(\S+)[ \t]*\*\*\*/i;
export const HIDDEN_TABLE = /contains hidden elements/i;
/** Old firmware appends the request line of its own web page to downloads. */
export const NOISE = /^GET \/\S+$/;

/** The `;` that ends a line, and a comment with a `;` of its own. */
export const COMMENT_BEHIND = /;[ \t]*;/;
/** What can stand in a line that goes on with FORMAT: names, commas, and the `;`. */
export const MORE_COLUMNS = /^[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*[ \t]*(?:,|;(?:[ \t]*;.*)?)?$/;

/** A line and those that go on with it, with the place of each. */
interface WrappedLine {
  body: string;
  pieces: [Piece, ...Piece[]];
}

interface Piece {
  /** Where it begins in the whole. */
  from: number;
  place: Place;
}

const IN_ROWS: readonly Quote[] = ['"'];
export const IN_PARAMETERS: readonly Quote[] = ["'", '"'];

class Parser {
  readonly document: IniDocument = { parameters: [], tables: [], hiddenParameters: [], problems: [] };
  /** What stands between the brackets above; with nothing but an end tag under it, it is an empty table. */
  private section: { name: string; place: Place; empty: boolean } | undefined;
  private table: IniTable | undefined;
  /** The table that a `*** TABLE X ***` comment announced. */
  private banner: { name: string; place: Place } | undefined;
  private readonly hidden = new Set<string>();
  /** Tables of which a part could not even be read as rows: their FORMAT line, or lines far from it. */
  private readonly damaged = new NameMap<IniTable>();
  /** A FORMAT line that ends in a comma, with the lines that go on with it. */
  private wrapped: WrappedLine | undefined;

  /** @param isDump whether a device wrote the text: it breaks no line and puts nothing behind one */
  constructor(
    private readonly isDump: boolean,
    private readonly known: KnownRows | undefined,
  ) {}

  line(content: string, number: number): void {
    if (this.knownRow(content)) return;
    const line = content.trimEnd();
    const start = line.length - line.trimStart().length;
    const body = line.slice(start);
    if (body === "" || NOISE.test(body)) return;
    const place = { line: number, column: start + 1 };
    if (body.startsWith(";")) this.comment(body, place);
    else if (this.wrapped !== undefined && MORE_COLUMNS.test(body)) this.goOn(this.wrapped, body, place);
    else this.whole(body, place);
  }

  /** What is still open when the text ends. */
  end(): void {
    const { wrapped } = this;
    this.wrapped = undefined;
    if (wrapped !== undefined) this.format(wrapped);
  }

  private goOn(wrapped: WrappedLine, body: string, place: Place): void {
    wrapped.pieces.push({ from: wrapped.body.length, place });
    wrapped.body += body;
    if (!body.endsWith(",") || body.includes(";")) this.end();
  }

  private whole(body: string, place: Place): void {
    this.end();
    if (body.startsWith("[")) {
      this.sectionLine(body, place);
      return;
    }
    if (/^FORMAT[ \t]/i.test(body)) {
      this.wrapped = { body, pieces: [{ from: 0, place }] };
      if (this.isDump || !body.endsWith(",") || body.includes(";")) this.end();
      return;
    }
    const head = rowHead(body);
    if (head === undefined) this.parameter(body, place);
    else this.row(body, head, place);
  }

  private knownRow(line: string): boolean {
    const table = this.table;
    const row = table?.known?.earlier.get(line);
    if (table?.known === undefined || row === undefined) return false;
    table.rows.push(row);
    table.known.now.set(line, row);
    return true;
  }

  private comment(body: string, place: Place): void {
    // A comment may say in words of its own why nothing else stands here: that is no empty table.
    if (this.section !== undefined) this.section.empty = false;
    const parameter = HIDDEN_PARAMETER.exec(body)?.[1];
    if (parameter !== undefined && NAME.test(parameter)) {
      this.document.hiddenParameters.push(parameter);
      return;
    }
    const banner = TABLE_BANNER.exec(body);
    if (banner?.[1] !== undefined) this.banner = { name: banner[1], place };
    if (!HIDDEN_TABLE.test(body)) return;
    const named = this.banner ?? this.section;
    if (named === undefined || !canBeginLine(named.name)) return;
    this.document.tables.push({ ...newTable(named.name, named.place), hidden: true });
    this.hidden.add(nameKey(named.name));
    this.banner = undefined;
  }

  private sectionLine(body: string, place: Place): void {
    const above = this.section;
    this.table = undefined;
    this.section = undefined;
    this.banner = undefined;
    if (!body.endsWith("]")) {
      this.problem("a section begins with '[' and must end with ']'", place);
      return;
    }
    const content = body.slice(1, -1).trim();
    const [end] = END_TAG.exec(content) ?? [];
    if (end === undefined) this.section = { name: content, place, empty: true };
    else if (above?.empty) this.emptyTable(above, content.slice(end.length));
  }

  private emptyTable({ name, place }: { name: string; place: Place }, ended: string): void {
    const isTable = canBeginLine(name) && nameKey(name) === nameKey(ended);
    if (isTable && !this.hidden.has(nameKey(name))) this.document.tables.push(newTable(name, place));
  }

  private format({ body, pieces }: WrappedLine): void {
    const place = pieces[0].place;
    const [, first = ""] = FORMAT.exec(body) ?? [];
    const prefix = /^(.+)_Index$/i.exec(first)?.[1];
    const section = this.section !== undefined && canBeginLine(this.section.name) ? this.section : undefined;
    const name = section?.name ?? prefix;
    this.table = undefined;
    if (this.section !== undefined) this.section.empty = false;
    if (name === undefined || !canBeginLine(name)) {
      this.problem("a FORMAT line without the '[ Table ]' line that names its table", place);
      return;
    }
    const named = nameKey(first) === "index" || nameKey(first) === `${nameKey(name)}_index`;
    if (!named) {
      this.problem("a FORMAT line reads 'FORMAT Index = Column, Column;'", place);
      this.damage(name, place);
      return;
    }
    const table = newTable(name, section?.place ?? place);
    table.longHeader = prefix !== undefined;
    table.known = this.known?.of(name, body);
    this.table = table;
    this.document.tables.push(table);
    if (table.known?.columns !== undefined) {
      table.columns = table.known.columns;
      return;
    }
    const { columns, isSound } = this.columns(table, { name, body, pieces, place });
    table.columns = columns;
    if (isSound && table.known !== undefined) table.known.columns = columns;
  }

  /** The columns that a FORMAT line names. */
  private columns(
    table: IniTable,
    { name, body, pieces, place }: WrappedLine & { name: string; place: Place },
  ): { columns: string[]; isSound: boolean } {
    const comment = this.isDump ? -1 : body.search(COMMENT_BEHIND);
    const names = comment === -1 ? withoutEnd(body) : body.slice(0, comment);
    const columns: string[] = [];
    const seen = new Set<string>();
    let isSound = true;
    for (const token of splitValues(names, body.indexOf("=") + 1, []).tokens) {
      const column = withoutPrefix(token.text, name);
      const fault = !NAME.test(column)
        ? `a column's ${NAME_RULE}`
        : seen.has(nameKey(column))
          ? `column ${column} stands twice in FORMAT`
          : undefined;
      if (fault !== undefined) {
        const piece = pieces.findLast(({ from }) => from <= token.offset) ?? pieces[0];
        this.problem(fault, shifted(piece.place, token.offset - piece.from));
        lose(table, place);
        isSound = false;
      }
      seen.add(nameKey(column));
      columns.push(column);
    }
    return { columns, isSound };
  }

  private row(body: string, [head, name, index]: RowHead, place: Place): void {
    const table = this.table;
    // What is no name may be a piece of some value, which no message shows.
    const row = canBeginLine(name) ? `row ${name} ${index}` : "a row";
    if (table === undefined || nameKey(name) !== nameKey(table.name)) {
      this.problem(
        table === undefined
          ? `${row} stands outside a table, or before its FORMAT line`
          : `${row} stands in table ${table.name}`,
        place,
      );
      if (table !== undefined) lose(table, place);
      this.damage(name, place);
      return;
    }
    const problems = this.document.problems.length;
    const { tokens, faults } = this.cells(body, head.length, table.columns.length);
    for (const fault of faults) this.problem(fault.message, shifted(place, fault.offset));
    for (const token of tokens) this.cellFault(token, place);
    if (faults.some((fault) => fault.fatal)) lose(table, place);
    if (tokens.length !== table.columns.length) {
      this.problem(
        `${row} has ${tokens.length} values, but FORMAT names ${table.columns.length} columns`,
        place,
      );
      lose(table, place);
      return;
    }
    const read: IniRow = { index: canonicalIndex(index), cells: tokens, place };
    table.rows.push(read);
    const isSound = this.document.problems.length === problems;
    if (isSound) table.known?.now.set(body, read);
  }

  /** The values of a row; what stands behind its `;` is a comment if it can be nothing else. */
  private cells(body: string, start: number, columns: number): Tokens {
    const whole = splitValues(withoutEnd(body), start, IN_ROWS);
    if (this.isDump || !COMMENT_BEHIND.test(body)) return whole;
    const first = endOfRow(body, start);
    if (first === undefined || !/^;[ \t]*;/.test(body.slice(first))) return whole;
    const row = splitValues(body.slice(0, first), start, IN_ROWS);
    return row.faults.length === 0 && row.tokens.length === columns ? row : whole;
  }

  private cellFault({ text, quote, offset }: Token, place: Place): void {
    const at = shifted(place, offset);
    const strange = characterFault(text);
    if (strange !== undefined) this.problem(`the value ${strange}`, at);
    else if (quote !== "") return;
    else if (text.includes(";"))
      this.problem(
        "a ';' inside a value: put the value in double quotes; a comment behind a row begins with a ';' of its own",
        at,
        { semicolon: true },
      );
    else if (text.includes('"')) this.problem("a quote inside a value", at);
    else if (text.startsWith("'")) this.problem("text in a table takes double quotes", at);
  }

  private parameter(body: string, place: Place): void {
    const name = PARAMETER.exec(body)?.[1];
    if (name === undefined || !canBeginLine(name)) {
      this.problem(
        name === undefined
          ? "neither a parameter ('Name = value'), a table nor a comment (';' first)"
          : `a parameter's ${NAME_RULE}`,
        place,
      );
      if (this.table !== undefined) lose(this.table, place); // it may be the rest of a row
      return;
    }
    this.table = undefined; // a missing end tag
    if (this.section !== undefined) this.section.empty = false;
    const { tokens, faults } = splitValues(body, body.indexOf("=") + 1, IN_PARAMETERS);
    for (const fault of faults) this.problem(fault.message, shifted(place, fault.offset));
    for (const token of tokens) this.valueFault(token, place);
    const values = tokens.map((token) => token.text);
    this.document.parameters.push({ name, value: values.length > 1 ? values : (values[0] ?? ""), place });
  }

  private valueFault({ text, quote, offset }: Token, place: Place): void {
    const at = shifted(place, offset);
    const strange = characterFault(text);
    if (strange !== undefined) this.problem(`the value ${strange}`, at);
    else if (quote === '"' && text.includes("'"))
      this.problem("a single quote inside a value: the device knows no escape for it", at);
    else if (quote !== "") return;
    else if (text.includes(";")) {
      this.problem("a ';' behind a value: a comment takes a line of its own, text takes single quotes", at, {
        semicolon: true,
      });
    } else if (/['"]/.test(text)) this.problem("a quote inside a value", at);
  }

  /** A table of which a line was lost must not be sent back: the device would lose it too. */
  private damage(name: string, place: Place): void {
    if (!canBeginLine(name)) return;
    const table = this.damaged.ensure(name, () => {
      const made = newTable(name, place);
      this.document.tables.push(made);
      return made;
    });
    lose(table, place);
  }

  private problem(message: string, place: Place, more: { semicolon?: true } = {}): void {
    this.document.problems.push({ message, place, ...more });
  }
}

/** All of a row up to its `=`, with the name and the index in it. */
export type RowHead = [head: string, name: string, index: string];

/** How a row begins; undefined if a line begins otherwise. */
export function rowHead(body: string): RowHead | undefined {
  return (ROW.exec(body) as RowHead | null) ?? undefined;
}

/** A line of a table without the `;` that ends it. */
export function withoutEnd(body: string): string {
  return body.endsWith(";") ? body.slice(0, -1) : body;
}

function newTable(name: string, place: Place): IniTable {
  return { name, columns: [], rows: [], hidden: false, longHeader: false, unreadable: [], place };
}

function lose(table: IniTable, { line }: Place): void {
  if (table.unreadable.at(-1) !== line) table.unreadable.push(line);
}

/** `SIPInterface_UDPPort` in table SIPInterface is the column `UDPPort`, as firmware from 7.2 on prints it. */
export function withoutPrefix(column: string, table: string): string {
  const prefix = `${nameKey(table)}_`;
  const key = nameKey(column);
  let at = 0;
  // More than once, so that the canonical form of a canonical name is that name.
  while (key.startsWith(prefix, at)) at += prefix.length;
  return column.slice(at);
}

export function canonicalIndex(digits: string): string {
  return digits.replace(/^0+(?=[0-9])/, "");
}

function shifted(place: Place, offset: number): Place {
  return { line: place.line, column: place.column + offset };
}

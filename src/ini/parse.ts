import type { IniCell, IniDocument, IniTable } from "./document";
import type { Place } from "./errors";
import { splitValues, type Token } from "./lexer";
import { NAME, nameKey } from "./names";

/**
 * Reads an ini text as LTRT-41760 section 6.1 and the device manuals describe it, in every form that devices
 * dump and people write: long and short FORMAT headers, `[ \X ]` and its malformed relatives, missing end tags,
 * comments anywhere, any line ends. It never throws and takes linear time; what it cannot accept stands in
 * `problems`, and what it could read of such a line is still there.
 */
export function parseIni(text: string): IniDocument {
  const parser = new Parser();
  let line = 0;
  for (const content of text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/)) {
    line += 1;
    parser.line(content, line);
  }
  return parser.document;
}

const END_TAG = /^(?:\\[ \t]*)+/;
const FORMAT = /^FORMAT[ \t]+([^\s=]+)[ \t]*=/i;
const ROW = /^([^\s=]+)[ \t]+([0-9]+)[ \t]*=/;
const PARAMETER = /^([^\s=]+)[ \t]*=/;
const HIDDEN_PARAMETER = /^;[ \t]*(\S+)[ \t]+is hidden but has non-default value/i;
const TABLE_BANNER = /\*\*\*[ \t]*TABLE[ \t]+(\S+)[ \t]*\*\*\*/i;
const HIDDEN_TABLE = /contains hidden elements/i;
/** Old firmware appends the request line of its own web page to downloads. */
const NOISE = /^GET \/\S+$/;

class Parser {
  readonly document: IniDocument = { parameters: [], tables: [], hiddenParameters: [], problems: [] };
  /** The name between the brackets above, which a FORMAT line turns into a table. */
  private section: { name: string; place: Place } | undefined;
  private table: IniTable | undefined;
  /** The table that a `*** TABLE X ***` comment announced. */
  private banner: { name: string; place: Place } | undefined;

  line(content: string, number: number): void {
    const line = content.trimEnd();
    const start = line.length - line.trimStart().length;
    const body = line.slice(start);
    const place = { line: number, column: start + 1 };
    if (body === "" || NOISE.test(body)) return;
    if (body.startsWith(";")) this.comment(body, place);
    else if (body.startsWith("[")) this.sectionLine(body, place);
    else if (/^FORMAT[ \t]/i.test(body)) this.format(body, place);
    else if (ROW.test(body)) this.row(body, place);
    else this.parameter(body, place);
  }

  private comment(body: string, place: Place): void {
    const hidden = HIDDEN_PARAMETER.exec(body);
    if (hidden?.[1] !== undefined) {
      this.document.hiddenParameters.push(hidden[1]);
      return;
    }
    const banner = TABLE_BANNER.exec(body);
    if (banner?.[1] !== undefined) this.banner = { name: banner[1], place };
    if (this.banner !== undefined && HIDDEN_TABLE.test(body)) {
      this.document.tables.push({ ...newTable(this.banner.name, this.banner.place), hidden: true });
      this.banner = undefined;
    }
  }

  private sectionLine(body: string, place: Place): void {
    this.table = undefined;
    this.section = undefined;
    if (!body.endsWith("]")) {
      this.problem("a section begins with '[' and must end with ']'", place);
      return;
    }
    const content = body.slice(1, -1).trim();
    if (END_TAG.test(content)) return;
    this.section = { name: content, place };
  }

  private format(body: string, place: Place): void {
    const header = FORMAT.exec(body);
    if (header?.[1] === undefined) {
      this.problem("a FORMAT line reads 'FORMAT Index = Column, Column;'", place);
      return;
    }
    const prefix = /^(.+)_Index$/i.exec(header[1])?.[1];
    const name = this.section?.name ?? prefix;
    if (name === undefined || !NAME.test(name)) {
      this.problem("a FORMAT line without the '[ Table ]' line that names its table", place);
      this.table = undefined;
      return;
    }
    const table = newTable(name, this.section?.place ?? place);
    table.longHeader = prefix !== undefined;
    const end = body.endsWith(";") ? body.length - 1 : body.length;
    const { tokens } = splitValues(body, header[0].length, end, "");
    const seen = new Set<string>();
    for (const token of tokens) {
      const column = withoutPrefix(token.text, name);
      const at = { line: place.line, column: place.column + token.offset };
      if (!NAME.test(column)) this.problem("a column name is letters, digits and '_'", at);
      if (seen.has(nameKey(column))) this.problem(`column ${column} stands twice in FORMAT`, at);
      seen.add(nameKey(column));
      table.columns.push(column);
    }
    this.table = table;
    this.document.tables.push(table);
  }

  private row(body: string, place: Place): void {
    const [head = "", name = "", index = ""] = ROW.exec(body) ?? [];
    const table = this.table;
    if (table === undefined) {
      this.problem(`row ${name} ${index} stands outside a table, or before its FORMAT line`, place);
      return;
    }
    if (nameKey(name) !== nameKey(table.name)) {
      this.problem(`row ${name} ${index} stands in table ${table.name}`, place);
      table.unreadable.push(place.line);
      return;
    }
    const terminated = body.endsWith(";");
    const { tokens, faults } = splitValues(
      body,
      head.length,
      terminated ? body.length - 1 : body.length,
      '"',
    );
    for (const fault of faults) this.problem(fault.message, shifted(place, fault.offset));
    for (const token of tokens) if (token.quote === "") this.bareCell(token, place);
    if (tokens.length !== table.columns.length) {
      this.problem(
        `row ${table.name} ${index} has ${tokens.length} values where FORMAT names ${table.columns.length} columns`,
        place,
      );
      table.unreadable.push(place.line);
      return;
    }
    const cells = tokens.map(
      (token): IniCell => ({ text: token.text, raw: token.raw, place: shifted(place, token.offset) }),
    );
    table.rows.push({ index: canonicalIndex(index), cells, place });
  }

  private bareCell(token: Token, place: Place): void {
    const at = shifted(place, token.offset);
    if (token.text.includes(";")) this.problem("a ';' inside a value: put the value in double quotes", at);
    else if (token.text.includes('"')) this.problem("a quote inside a value", at);
    else if (token.text.startsWith("'")) this.problem("text in a table takes double quotes", at);
  }

  private parameter(body: string, place: Place): void {
    const [head, name] = PARAMETER.exec(body) ?? [];
    if (head === undefined || name === undefined) {
      this.problem("neither a parameter ('Name = value'), a table nor a comment (';' first)", place);
      return;
    }
    if (!NAME.test(name)) {
      this.problem("a parameter's name is a letter, then letters, digits and '_'", place);
      return;
    }
    this.table = undefined; // a missing end tag
    const { tokens, faults } = splitValues(body, head.length, body.length, "'\"");
    for (const fault of faults) this.problem(fault.message, shifted(place, fault.offset));
    for (const token of tokens) if (token.quote === "") this.bareValue(token, place);
    const values = tokens.map((token) => token.text);
    this.document.parameters.push({ name, value: values.length > 1 ? values : (values[0] ?? ""), place });
  }

  private bareValue(token: Token, place: Place): void {
    const at = shifted(place, token.offset);
    if (token.text.includes(";")) {
      this.problem("a ';' behind a value: a comment takes a line of its own, text takes single quotes", at);
    } else if (/['"]/.test(token.text)) this.problem("a quote inside a value", at);
  }

  private problem(message: string, place: Place): void {
    this.document.problems.push({ message, place });
  }
}

function newTable(name: string, place: Place): IniTable {
  return { name, columns: [], rows: [], hidden: false, longHeader: false, unreadable: [], place };
}

/** `SIPInterface_UDPPort` in table SIPInterface is the column `UDPPort`, as firmware from 7.2 on prints it. */
export function withoutPrefix(column: string, table: string): string {
  const prefix = `${nameKey(table)}_`;
  return nameKey(column).startsWith(prefix) ? column.slice(prefix.length) : column;
}

export function canonicalIndex(digits: string): string {
  return digits.replace(/^0+(?=[0-9])/, "");
}

function shifted(place: Place, offset: number): Place {
  return { line: place.line, column: place.column + offset };
}

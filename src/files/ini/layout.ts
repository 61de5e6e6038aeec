import { nameKey } from "../../ini/names";
import { parseIni } from "../../ini/parse";
import { BARE } from "../../ini/render";
import { COLUMN_DEFAULT, type Quote } from "../../ini/scalar";
import { type Format, type Item, type Parameter, type Row, readIniFile, type Written } from "./items";

/**
 * The canonical layout of an ini file: one blank around `=` and behind a comma, `[ Table ]` and `[ \Table ]` around
 * each table, text in quotes, FORMAT in one line, no more than one blank line. Its order, its comments and its line
 * ends stay, and it says the same.
 *
 * @throws IniError if it is no sound ini text
 */
export function formatIni(text: string): string {
  const { items, eol } = readIniFile(text);
  const formatted = layout(withTags(items))
    .map((line) => line + eol)
    .join("");
  if (meaning(formatted) !== meaning(text))
    throw new Error("internal error: the layout would change what the file says, so it stays as it is");
  return formatted;
}

/** What a text says, in its own order, without its layout. */
function meaning(text: string): string {
  const { parameters, tables, hiddenParameters, problems } = parseIni(text);
  return JSON.stringify({
    parameters: parameters.map(({ name, value }) => [name, value]),
    tables: tables.map(({ name, columns, hidden, longHeader, rows }) => [
      nameKey(name),
      columns,
      hidden,
      longHeader,
      rows.map(({ index, cells }) => [index, cells.map((cell) => cell.text)]),
    ]),
    hiddenParameters,
    problems: problems.length,
  });
}

/** Each table between its tags; tags that say nothing are left out. */
export function withTags(items: readonly Item[]): Item[] {
  const result: Item[] = [];
  let open: string | undefined;
  /** Where the open table ends, unless a tag says so. */
  let ended = 0;
  const close = () => {
    if (open !== undefined) result.splice(ended, 0, tag("end", open));
    open = undefined;
  };
  const begin = (item: Item, table: string) => {
    result.push(item);
    open = table;
    ended = result.length;
  };
  for (const item of items) {
    if (item.kind === "comment") result.push(item);
    else if (item.kind === "begin") {
      close();
      begin(item, item.table);
    } else if (item.kind === "end") {
      if (open !== undefined) result.push({ ...item, table: open });
      open = undefined;
    } else if (item.kind === "heading" || item.kind === "parameter") {
      close();
      result.push(item);
    } else {
      if (open === undefined || nameKey(open) !== nameKey(item.table)) {
        close();
        begin(tag("begin", item.table), item.table);
      }
      result.push(item);
      ended = result.length;
    }
  }
  close();
  return result;
}

function tag(kind: "begin" | "end", table: string): Item {
  return { kind, table, written: [], blank: false };
}

function layout(items: readonly Item[]): string[] {
  return items.flatMap((item, at) => {
    const line = lineOf(item);
    return isParted(items, at) ? ["", line] : [line];
  });
}

/** Whether a blank line stands above an item. */
function isParted(items: readonly Item[], at: number): boolean {
  const above = items[at - 1];
  const item = items[at];
  if (above === undefined || item === undefined) return false;
  if (item.blank || above.kind === "end") return true;
  if (above.kind === "comment" || above.kind === "begin") return false;
  // What stands right above a section belongs to it.
  const next = item.kind === "comment" ? belowComments(items, at) : item;
  return next?.kind === "begin" || next?.kind === "heading";
}

/** What the comments from `at` on stand right above. */
function belowComments(items: readonly Item[], at: number): Item | undefined {
  let next = at + 1;
  while (items[next]?.kind === "comment" && !items[next]?.blank) next += 1;
  return items[next]?.blank ? undefined : items[next];
}

/** An item in the canonical layout, without a line end. */
export function lineOf(item: Item): string {
  switch (item.kind) {
    case "comment":
      return item.text;
    case "heading":
      return `[${item.title}]`;
    case "begin":
      return `[ ${item.table} ]`;
    case "end":
      return `[ \\${item.table} ]`;
    case "format":
      return formatLine(item);
    case "row":
      return rowLine(item);
    case "parameter":
      return parameterLine(item);
  }
}

function formatLine({ table, columns, longHeader, behind }: Omit<Format, "kind">): string {
  const prefix = longHeader ? `${table}_` : "";
  const names = columns.map((column) => prefix + column).join(", ");
  return withComment(`FORMAT ${prefix}Index = ${names};`, behind);
}

function rowLine({ table, index, cells, behind }: Row): string {
  const values = [...cells.values()].map((cell) => quoted(cell, '"')).join(", ");
  return withComment(`${table} ${index} = ${values};`, behind);
}

function parameterLine({ name, values }: Parameter): string {
  return `${name} = ${values.map((value) => quoted(value, "'")).join(", ")}`.trimEnd();
}

function withComment(line: string, behind: string | undefined): string {
  return behind === undefined ? line : `${line} ${behind}`;
}

/** A value in the quotes that its place takes. What stands bare in a device's own dumps stays so. */
function quoted({ text, raw }: Written, quote: Quote): string {
  if (raw.startsWith("'") || raw.startsWith('"')) return quote + text + quote;
  return text === "" || text === COLUMN_DEFAULT || BARE.test(text) ? raw : quote + text + quote;
}

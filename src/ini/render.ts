import { safeLine } from "../text/describe";
import { cellAddress } from "./address";
import type { Configuration, Value } from "./configuration";
import { IniError } from "./errors";
import { COLUMN_DEFAULT, type Quote, textFault } from "./scalar";

/** A table as it goes out: each cell already in the form in which it stands in the line. */
export interface TableText {
  name: string;
  columns: readonly string[];
  rows: readonly { index: string; cells: readonly string[] }[];
}

export interface IniText {
  parameters: readonly { name: string; value: Value }[];
  tables: readonly TableText[];
}

/** The ini text of LTRT-41760 section 6.1.2, in the header style of the device's own dumps. */
export function renderIni(
  content: IniText,
  style: { longHeaders: boolean } = { longHeaders: false },
): string {
  const lines: string[] = [];
  for (const { name, value } of content.parameters) lines.push(`${name} = ${parameterText(name, value)}`);
  for (const table of content.tables) {
    const prefix = style.longHeaders ? `${table.name}_` : "";
    const columns = table.columns.map((column) => prefix + column).join(", ");
    if (lines.length > 0) lines.push("");
    lines.push(`[ ${table.name} ]`, "");
    // A table without columns is an empty one: it has no FORMAT line.
    if (table.columns.length > 0) lines.push(`FORMAT ${prefix}Index = ${columns};`);
    for (const { index, cells } of table.rows) lines.push(`${table.name} ${index} = ${cells.join(", ")};`);
    lines.push("", `[ \\${table.name} ]`);
  }
  // The manual asks for a line break at the end of the file.
  return lines.map((line) => `${line}\r\n`).join("");
}

/**
 * The text of a canonical configuration, whole. If a table's rows declare different columns, FORMAT names them
 * all, and a row's missing cells stand bare and empty: the device fills them in.
 */
export function renderConfiguration(
  configuration: Configuration,
  order: readonly string[] = [],
  style?: { longHeaders: boolean },
): string {
  const names = [
    ...new Set([
      ...order.filter((name) => Object.hasOwn(configuration.tables, name)),
      ...Object.keys(configuration.tables),
    ]),
  ];
  return renderIni(
    {
      parameters: Object.entries(configuration.parameters).map(([name, value]) => ({ name, value })),
      tables: names.map((name) => {
        const rows = Object.entries(configuration.tables[name] ?? {});
        const columns = [...new Set(rows.flatMap(([, cells]) => Object.keys(cells)))];
        return {
          name,
          columns,
          rows: rows.map(([index, cells]) => ({
            index,
            cells: columns.map((column) => {
              const text = Object.hasOwn(cells, column) ? cells[column] : undefined;
              return text === undefined ? "" : cellText(cellAddress(name, index, column), text);
            }),
          })),
        };
      }),
    },
    style,
  );
}

/** Numbers and IP addresses stand bare, as in the device's own dumps; all other text stands in single quotes. */
export const BARE = /^(-?[0-9]+(\.[0-9]+)?|[0-9]{1,3}(\.[0-9]{1,3}){3}|0x[0-9A-Fa-f]+)$/;

/** @throws IniError if the value has a character for which the device has no form. */
export function parameterText(name: string, value: Value): string {
  if (typeof value !== "string") return value.map((text) => quoted(name, text, "'")).join(", ");
  return BARE.test(value) ? value : quoted(name, value, "'");
}

/** @throws IniError if the value has a character for which the device has no form. */
export function cellText(address: string, text: string): string {
  if (text === COLUMN_DEFAULT || BARE.test(text)) return text;
  return quoted(address, text, '"');
}

function quoted(address: string, text: string, quote: Quote): string {
  const fault = textFault(text, quote);
  if (fault !== undefined) throw new IniError([{ message: `${safeLine(address)} ${fault}` }]);
  return quote + text + quote;
}

/** What in a configuration could not be written to any device, one sentence each. */
export function unwritableValues(configuration: Configuration): string[] {
  const faults: string[] = [];
  const look = (address: () => string, text: string, quote: Quote) => {
    const fault = textFault(text, quote);
    if (fault !== undefined) faults.push(`${safeLine(address())} ${fault}`);
  };
  for (const [name, value] of Object.entries(configuration.parameters)) {
    for (const text of typeof value === "string" ? [value] : value)
      look(() => `parameters.${name}`, text, "'");
  }
  for (const [table, rows] of Object.entries(configuration.tables)) {
    for (const [index, cells] of Object.entries(rows)) {
      for (const column of Object.keys(cells))
        look(() => `tables.${table}.${index}.${column}`, cells[column] as string, '"');
    }
  }
  return faults;
}

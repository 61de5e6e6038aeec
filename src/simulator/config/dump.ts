import type { FieldModel, TableModel } from "./model";
import { obscure } from "./secrets";
import type { ConfigStore } from "./store";

/** What old firmware leaves at the end of a download. */
export const NOISE = "GET /topAreaStaus.json";

/** How a dump is written, and what its changing header says. */
export interface DumpStyle {
  board: string;
  serialNumber: string;
  firmware: string;
  ipAddress: string;
  /** Changes from one dump to the next, as on a device. */
  time: string;
  /** `FORMAT Table_Index = Table_Column` (to 7.0) in place of `FORMAT Index = Column`. */
  longFormat: boolean;
  /** Whether status columns are printed, although they cannot be loaded again (to 7.0). */
  readOnlyColumns: boolean;
  /** Whether columns that are at their default in all rows are left out. */
  shortFormat?: boolean;
  /** Whether parameters at their default are printed too. */
  defaults: boolean;
  /** Whether a secret is obscured in another form each time. */
  salted: boolean;
  /** Whether the stray line of old firmware ends it. */
  noise: boolean;
  eol: "\r\n" | "\n";
}

/** The whole configuration as the device prints it: regrouped, re-ordered, without what is at its default. */
export function dump(store: ConfigStore, style: DumpStyle): string {
  const { longFormat, readOnlyColumns, shortFormat, defaults, eol } = style;
  const hidden = store.model.tables().flatMap((table) => (table.hidden ? table.name : []));
  const key = `dump ${JSON.stringify([longFormat, readOnlyColumns, shortFormat, defaults, eol, hidden])}`;
  const print = () => textOf(content(store, style), style);
  const printed = style.salted ? print() : store.made(key, print);
  return textOf(header(style), style) + printed + (style.noise ? textOf([NOISE], style) : "");
}

const textOf = (lines: readonly string[], { eol }: DumpStyle): string =>
  lines.map((line) => line + eol).join("");

function content(store: ConfigStore, style: DumpStyle): string[] {
  const lines: string[] = [];
  const bySection = parameters(store, style);
  for (const section of store.model.sections())
    lines.push(`[${section}]`, "", ...(bySection.get(section) ?? []), "");
  for (const name of store.tableNames()) {
    const table = store.model.table(name);
    if (table) lines.push(`[ ${name} ]`, "", ...body(store, table, style), "", `[ \\${name} ]`, "", "");
  }
  return lines;
}

function header(style: DumpStyle): string[] {
  return [
    ";**************",
    ";** Ini File **",
    ";**************",
    "",
    `;Board: ${style.board}`,
    `;Serial Number: ${style.serialNumber}`,
    `;Software Version: ${style.firmware}`,
    `;Board IP Address: ${style.ipAddress}`,
    `;Time & Date: ${style.time}`,
    `;;;Key features:;Board Type: ${style.board} ;Coders: G723 G729 ILBC ;Security: MediaEncryption ;`,
    "",
  ];
}

/** The lines of each section. */
function parameters(store: ConfigStore, style: DumpStyle): Map<string, string[]> {
  const bySection = new Map<string, string[]>();
  for (const parameter of store.model.parameters()) {
    const { name, section, hidden } = parameter;
    const items = store.parameterList(name) ?? (style.defaults && !hidden ? [parameter.default] : undefined);
    if (!items) continue;
    const lines = bySection.get(section) ?? [];
    bySection.set(section, lines);
    if (hidden) lines.push(`;${name} is hidden but has non-default value`);
    else lines.push(`${name} = ${items.map((item) => quoted(parameter, item, "'", style)).join(", ")}`);
  }
  return bySection;
}

function body(store: ConfigStore, table: TableModel, style: DumpStyle): string[] {
  if (table.hidden)
    return [
      `; *** TABLE ${table.name} ***`,
      "; This table contains hidden elements and will not be exposed.",
      "; This table exists on board and will be saved during restarts.",
    ];
  const columns = table.columns
    .values()
    .filter((column) => !column.hidden && (style.readOnlyColumns || !column.readOnly))
    .filter((column) => !style.shortFormat || !isAtDefault(store, table, column));
  const prefix = style.longFormat ? `${table.name}_` : "";
  return [
    `FORMAT ${prefix}Index = ${columns.map((column) => prefix + column.name).join(", ")};`,
    ...Array.from(store.rows(table.name), ([index, row]) => {
      const cells = columns.map((column) => quoted(column, row[column.name] ?? "", '"', style));
      return `${table.name} ${index} = ${cells.join(", ")};`;
    }),
  ];
}

/** Whether no row has anything else in the column. The first column always stays, or a row would have no cell. */
function isAtDefault(store: ConfigStore, table: TableModel, column: FieldModel): boolean {
  if (column === table.columns.values()[0]) return false;
  for (const [, row] of store.rows(table.name))
    if ((row[column.name] ?? column.default) !== column.default) return false;
  return true;
}

/** Numbers and addresses stand bare, as does what is written bare in the configuration at start. */
function quoted(field: FieldModel, value: string, quote: string, style: DumpStyle): string {
  const bare = field.type === "integer" || field.type === "address" || field.type === "bare";
  if (bare && /^[\w.:+-]+$/.test(value)) return value;
  return quote + (field.secret ? obscure(value, style.salted) : value) + quote;
}

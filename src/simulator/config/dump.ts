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
  const lines = header(style);
  for (const section of store.model.sections())
    lines.push(`[${section}]`, "", ...parameters(store, section, style), "");
  for (const name of store.tableNames()) {
    const table = store.model.table(name);
    if (table) lines.push(`[ ${name} ]`, "", ...body(store, table, style), "", `[ \\${name} ]`, "", "");
  }
  if (style.noise) lines.push(NOISE);
  return lines.map((line) => line + style.eol).join("");
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

function parameters(store: ConfigStore, section: string, style: DumpStyle): string[] {
  const lines: string[] = [];
  for (const parameter of store.model.parameters()) {
    if (parameter.section !== section) continue;
    const set = store.parameterList(parameter.name);
    const items = set ?? (style.defaults && !parameter.hidden ? [parameter.default] : undefined);
    if (!items) continue;
    if (parameter.hidden) lines.push(`;${parameter.name} is hidden but has non-default value`);
    else
      lines.push(
        `${parameter.name} = ${items.map((item) => quoted(parameter, item, "'", style)).join(", ")}`,
      );
  }
  return lines;
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
    ...store.indexes(table.name).map((index) => {
      const row = store.row(table.name, index) ?? {};
      const cells = columns.map((column) => quoted(column, row[column.name] ?? "", '"', style));
      return `${table.name} ${index} = ${cells.join(", ")};`;
    }),
  ];
}

/** Whether no row has anything else in the column. The first column always stays, or a row would have no cell. */
function isAtDefault(store: ConfigStore, table: TableModel, column: FieldModel): boolean {
  if (column === table.columns.values()[0]) return false;
  return store
    .indexes(table.name)
    .every((index) => (store.cell(table.name, index, column.name) ?? column.default) === column.default);
}

/** Numbers and addresses stand bare, as does what is written bare in the configuration at start. */
function quoted(field: FieldModel, value: string, quote: string, style: DumpStyle): string {
  const bare = field.type === "integer" || field.type === "address" || field.type === "bare";
  if (bare && /^[\w.:+-]+$/.test(value)) return value;
  return quote + (field.secret ? obscure(value, style.salted) : value) + quote;
}

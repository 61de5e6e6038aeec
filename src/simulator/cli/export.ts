import type { NameMap } from "../config/name-map";
import type { ConfigStore } from "../config/store";
import type { CliField, CliMode, CliModel, ModeModel, RowCommand } from "./model";
import { findRow, keysOf, type RowAddress } from "./rows";
import { printItems } from "./values";
import { quoteWord } from "./words";

/** How the running script is printed. */
export interface ExportStyle {
  board: string;
  /** Whether secrets are obscured in another form each time. */
  salted: boolean;
  /** Whether `set` stands before the fields of a row, as up to 7.0. */
  sets?: boolean;
  /** Whether what is at its default is printed too (`show running-config full`). */
  defaults?: boolean;
  /** One mode alone; every mode where left out. */
  mode?: CliMode;
}

const TITLES: Record<CliMode, string> = {
  system: "System",
  network: "Network",
  voip: "VoIP",
  troubleshoot: "Troubleshoot",
  data: "Data",
};

/** The configuration as a script that would make it again, in lines: the running script of LTRT-41760 section 6.2.1. */
export function exportScript(model: CliModel, store: ConfigStore, style: ExportStyle): string[] {
  const printer = new Printer(store, style);
  const lines = [`# Running Configuration ${style.board}`, ""];
  for (const mode of model.modes) {
    if (style.mode && mode.mode !== style.mode) continue;
    const body = mode.mode === "data" ? store.router.print() : printer.mode(mode);
    if (body.length > 0)
      lines.push(`## ${TITLES[mode.mode]} Configuration`, "", `configure ${mode.mode}`, ...body, "exit", "");
  }
  return lines;
}

/** The rows of one command, as an export prints them. */
export function exportRows(command: RowCommand, store: ConfigStore, style: ExportStyle): string[] {
  return new Printer(store, style).rows(command);
}

class Printer {
  readonly #store: ConfigStore;
  readonly #style: ExportStyle;

  constructor(store: ConfigStore, style: ExportStyle) {
    this.#store = store;
    this.#style = style;
  }

  mode({ fields, subModes, rows }: ModeModel): string[] {
    const lines = indent(this.#parameters(fields));
    for (const { command, fields: inside } of subModes) {
      const body = this.#parameters(inside);
      if (body.length > 0) lines.push(...indent([command, ...indent(body), "exit"]));
    }
    for (const row of rows) lines.push(...indent(this.rows(row)));
    return lines;
  }

  rows(command: RowCommand, outer?: RowAddress): string[] {
    return keysOf(this.#store, command, outer).flatMap((key) => this.#row({ command, key, outer }));
  }

  #parameters(fields: NameMap<CliField>): string[] {
    return fields.values().flatMap((line) => {
      const items = this.#store.parameterList(line.field.name);
      if (!items && !this.#style.defaults) return [];
      return this.#line(line, items ?? [line.field.default]);
    });
  }

  #row(address: RowAddress): string[] {
    const { command, key } = address;
    const index = findRow(this.#store, address);
    if (index === undefined) return [];
    const body = command.fields.values().flatMap((line) => {
      const value = this.#store.cell(command.table.name, index, line.field.name) ?? "";
      if (value === line.field.default && !this.#style.defaults) return [];
      return this.#line(line, [value]).map((text) => (this.#style.sets ? `set ${text}` : text));
    });
    const inner = command.rows.flatMap((row) => this.rows(row, address));
    return [header(command, key), ...indent([...body, "activate", ...inner]), "exit"];
  }

  /** Nothing for a value that no script could carry. */
  #line(line: CliField, items: readonly string[]): string[] {
    const printed = printItems(line, items, this.#style.salted);
    return printed === undefined ? [] : [`${line.name} ${printed}`];
  }
}

const header = ({ command, key }: RowCommand, text: string): string =>
  `${command} ${key?.type === "text" ? (quoteWord(text) ?? text) : text}`;

/** Two blanks a level, so that the fields of a row stand at four. */
const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

import type { FieldModel, Model, ParameterModel, TableModel } from "../config/model";
import { NameMap } from "../config/name-map";
import { CLI_SUB_MODE_OF_SECTION, CLI_SUB_MODES } from "./model-parameters";
import { CLI_ROWS, type RowTerm } from "./model-rows";

/** What `configure` takes. `data` belongs to multi-service routers; what is in it, `config/router.ts` knows. */
export const CLI_MODES = ["system", "network", "voip", "troubleshoot", "data"] as const;
export type CliMode = (typeof CLI_MODES)[number];

/** A line of a row or of a sub-mode: a column, or a parameter. */
export interface CliField {
  /** As it is written: `proxy-name`. */
  name: string;
  field: FieldModel;
  /** Words that stand for values, by value: `1` is `on`. */
  keywords: ReadonlyMap<string, string>;
}

/** A command that opens a row of a table. */
export interface RowCommand {
  kind: "row";
  command: string;
  table: TableModel;
  /** The column whose value stands after the command; undefined: the row's index does. */
  key: FieldModel | undefined;
  /** Of a row inside a row: the column that holds what the outer row is referred to by. */
  parent: FieldModel | undefined;
  fields: NameMap<CliField>;
  /** Commands that open rows inside this one. */
  rows: RowCommand[];
}

/** A command that opens a group of parameters; its fields take effect at once. */
export interface SubModeCommand {
  kind: "sub-mode";
  command: string;
  fields: NameMap<CliField>;
}

/** What a configuration mode has: parameters of its own, sub-modes and rows. */
export interface ModeModel {
  mode: CliMode;
  fields: NameMap<CliField>;
  subModes: SubModeCommand[];
  /** In an order in which a row comes after those it refers to. */
  rows: RowCommand[];
  /** Rows that belong to another mode and are taken here too. */
  guests: RowCommand[];
}

/** What 7.0 and earlier do otherwise. */
export interface CliHabits {
  /** Whether rows also take `set <field> <value>`, and `configure voip` takes network interfaces. */
  old: boolean;
  /** Whether exports are written that way too. */
  sets: boolean;
}

const INTERFACES = "InterfaceTable";

/**
 * The rule by which the CLI names what the ini names: words apart, in small letters, joined by hyphens. A word ends
 * where a capital follows a small letter or a digit, and before the last of several capitals that a small letter
 * follows: `ProxyKeepAliveTime` is `proxy-keep-alive-time`, `SRDName` is `srd-name`.
 */
export function cliName(iniName: string): string {
  return iniName
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}

const KNOWN = new WeakMap<object, Map<string, CliModel>>();

/** The view of a model: one for all models that know the same. */
export function cliModelOf(model: Model, habits: CliHabits): CliModel {
  const { edition } = model;
  if (edition === undefined) return new CliModel(model, habits);
  const views = KNOWN.get(edition) ?? new Map<string, CliModel>();
  KNOWN.set(edition, views);
  const key = JSON.stringify([habits.old, habits.sets]);
  const view = views.get(key) ?? new CliModel(model, habits);
  views.set(key, view);
  return view;
}

/**
 * The CLI's view of the configuration that the ini file has too: tables as rows, parameters in sub-modes. What no
 * dump shows (hidden items, status columns) is not in it.
 */
export class CliModel {
  readonly modes: readonly ModeModel[];
  readonly takesSet: boolean;
  readonly sets: boolean;

  constructor(model: Model, { old, sets }: CliHabits = { old: false, sets: false }) {
    this.takesSet = old;
    this.sets = sets;
    this.modes = CLI_MODES.map((mode) => ({
      mode,
      fields: new NameMap(),
      subModes: [],
      rows: [],
      guests: [],
    }));
    this.#addParameters(model);
    this.#addRows(model);
  }

  mode(name: string): ModeModel | undefined {
    return this.modes.find(({ mode }) => mode === name.toLowerCase());
  }

  #addParameters(model: Model): void {
    const named = new Map<string, { path: string; term: string }>();
    for (const [path, terms] of Object.entries(CLI_SUB_MODES))
      for (const term of terms.split(",").map((each) => each.trim())) {
        const [name = "", ...rest] = term.split(/\s+/);
        named.set(name.toLowerCase(), { path, term: rest.join(" ") });
      }
    // In the order of the data file, so that an export has the device's own order.
    const order = [...Object.keys(CLI_SUB_MODES), ...Object.values(CLI_SUB_MODE_OF_SECTION)];
    const groups = new Map(order.map((path) => [path, new NameMap<CliField>()]));
    for (const parameter of model.parameters().filter(({ hidden, readOnly }) => !hidden && !readOnly)) {
      const { path, term } = named.get(parameter.name.toLowerCase()) ?? {
        path: sectionPath(parameter),
        term: "",
      };
      const line = readField(term, parameter, ["off", "on"]);
      groups.get(path)?.set(line.name, line);
    }
    for (const [path, fields] of groups) {
      const [mode, command = ""] = this.#locate(path);
      if (command === "") for (const line of fields.values()) mode.fields.set(line.name, line);
      else if (fields.values().length > 0) mode.subModes.push({ kind: "sub-mode", command, fields });
    }
  }

  #addRows(model: Model): void {
    const terms = new Map(CLI_ROWS.map((term) => [term.table.toLowerCase(), term]));
    for (const table of model.tables().filter(({ hidden }) => !hidden)) {
      const term = terms.get(table.name.toLowerCase()) ?? {
        table: table.name,
        path: `voip / ${cliName(table.name)}`,
      };
      const [mode, outer = "", inner] = this.#locate(term.path);
      const row = rowCommand(inner ?? outer, table, term);
      const voip = table.name === INTERFACES && this.takesSet ? this.mode("voip") : undefined;
      const [home, other] = voip && this.sets ? [voip, mode] : [mode, voip];
      const rows = inner === undefined ? home.rows : home.rows.find(({ command }) => command === outer)?.rows;
      rows?.push(row);
      other?.guests.push(row);
    }
  }

  #locate(path: string): [ModeModel, ...string[]] {
    const [name = "", ...commands] = path.split("/").map((part) => part.trim());
    const mode = this.mode(name);
    if (!mode) throw new Error(`The model has no CLI mode ${name}`);
    return [mode, ...commands];
  }
}

const sectionPath = ({ section }: ParameterModel): string => CLI_SUB_MODE_OF_SECTION[section] ?? "system /";

function rowCommand(command: string, table: TableModel, { key, parent, names = {} }: RowTerm): RowCommand {
  const terms = new Map(Object.entries(names).map(([column, term]) => [column.toLowerCase(), term]));
  const fields = new NameMap<CliField>();
  const column = (name: string | undefined) => (name === undefined ? undefined : table.columns.get(name));
  const place = [column(key), column(parent)];
  for (const field of table.columns.values()) {
    if (field.hidden || field.readOnly || place.includes(field)) continue;
    const line = readField(terms.get(field.name.toLowerCase()) ?? "", field, ["disable", "enable"]);
    fields.set(line.name, line);
  }
  return { kind: "row", command, table, key: place[0], parent: place[1], fields, rows: [] };
}

/** `cli-name value:keyword ...`; a field that takes 0 and 1 alone has the given words for them. */
function readField(term: string, field: FieldModel, zeroAndOne: readonly string[]): CliField {
  const [name = "", ...pairs] = term.split(" ");
  const isSwitch = field.type === "integer" && field.minimum === 0 && field.maximum === 1;
  const words = pairs.length > 0 || !isSwitch ? pairs : zeroAndOne.map((word, value) => `${value}:${word}`);
  const keywords = new Map(words.map((pair) => [pair.replace(/:.*/, ""), pair.replace(/.*:/, "")]));
  return { name: name === "" ? cliName(field.name) : name, field, keywords };
}

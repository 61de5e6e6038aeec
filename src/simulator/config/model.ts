import type { IniText, ParameterLine, TableBlock } from "./grammar";
import { listItems } from "./grammar";
import { PARAMETER_SECTIONS, SECTION_OF_LEARNED_PARAMETERS } from "./model-parameters";
import { TABLES_OF_7_0 } from "./model-tables-7.0";
import { ROUTING_TABLES } from "./model-tables-routing";
import { SYSTEM_TABLES } from "./model-tables-system";
import { VOIP_TABLES } from "./model-tables-voip";
import { NameMap } from "./name-map";

/** How a value is checked, normalised and printed. `bare` is text that is printed without quotes. */
export type ValueType = "integer" | "address" | "text" | "bare" | "list";

/** What the device knows of a parameter or a column. */
export interface FieldModel {
  name: string;
  type: ValueType;
  default: string;
  minimum: number;
  maximum: number;
  secret: boolean;
  readOnly: boolean;
  hidden: boolean;
  needsReset: boolean;
  /** The column that must hold this value in some row, `Table.Column`; `Table.Index` is the row's index. */
  references: { table: string; column: string } | undefined;
}

export interface ParameterModel extends FieldModel {
  /** The heading under which a dump prints it. */
  section: string;
}

export interface TableModel {
  name: string;
  columns: NameMap<FieldModel>;
  hidden: boolean;
}

// Name [= default] [[minimum..maximum]] [-> Table.Column] [flag ...]
const TERM =
  /^(\w+)(?:\s*=\s*("[^"]*"|[^\s"[]+))?(?:\s*\[(-?\d+)\.\.(-?\d+)\])?(?:\s*->\s*(\w+)\.(\w+))?((?:\s+\w+)*)$/;
const FLAGS = new Set(["secret", "readOnly", "hidden", "needsReset", "list"]);
const INTEGER = /^-?\d+$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * One term of the data files: `UDPPort = 5060 [0..65535]`, `SRDName -> SRD.Name`, `Password secret`.
 * The default decides the type: a number, an address, else text.
 */
function readTerm(term: string): FieldModel {
  const match = TERM.exec(term.trim());
  if (!match) throw new Error(`The model has a malformed term: ${term.trim()}`);
  const [, name = "", written = '""', minimum, maximum, table, column, rest = ""] = match;
  const flags = rest.trim().split(/\s+/).filter(Boolean);
  const unknown = flags.find((flag) => !FLAGS.has(flag));
  if (unknown) throw new Error(`The model has an unknown flag at ${name}: ${unknown}`);
  return {
    name,
    type: flags.includes("list") ? "list" : typeOf(written),
    default: written.replaceAll('"', ""),
    minimum: Number(minimum ?? -(2 ** 31)),
    maximum: Number(maximum ?? 2 ** 32 - 1),
    secret: flags.includes("secret"),
    readOnly: flags.includes("readOnly"),
    hidden: flags.includes("hidden"),
    needsReset: flags.includes("needsReset"),
    references: table && column ? { table, column } : undefined,
  };
}

function typeOf(writtenDefault: string): ValueType {
  if (INTEGER.test(writtenDefault)) return "integer";
  return ADDRESS.test(writtenDefault) ? "address" : "text";
}

const learned = (name: string, type: ValueType): FieldModel => ({ ...readTerm("learned"), name, type });

const READ = new Map<string, readonly FieldModel[]>();

/** The terms of a text of the data files, read once for all devices: nobody changes them. */
function terms(text: string): readonly FieldModel[] {
  const read = READ.get(text) ?? text.split(",").map(readTerm);
  READ.set(text, read);
  return read;
}

/** What a firmware knows before it has seen a configuration. Nobody changes it. */
interface Edition {
  readonly parameters: NameMap<ParameterModel>;
  readonly tables: NameMap<TableModel>;
}

const EDITIONS = new Map<boolean, Edition>();

function editionOf(old: boolean): Edition {
  const edition = EDITIONS.get(old) ?? readEdition(old);
  EDITIONS.set(old, edition);
  return edition;
}

function readEdition(old: boolean): Edition {
  const parameters = new NameMap<ParameterModel>();
  const tables = new NameMap<TableModel>();
  for (const [section, text] of Object.entries(PARAMETER_SECTIONS))
    for (const term of terms(text)) parameters.set(term.name, { ...term, section });
  const groups = [SYSTEM_TABLES, VOIP_TABLES, ROUTING_TABLES, ...(old ? [TABLES_OF_7_0] : [])];
  for (const [heading, text] of groups.flatMap(Object.entries)) {
    const [name = "", hidden] = heading.split(" ");
    tables.set(name, { name, columns: columnsOf(terms(text)), hidden: hidden === "hidden" });
  }
  return { parameters, tables };
}

/** What the simulated firmware knows: its parameters and tables, in the order of its dumps. */
export class Model {
  readonly #parameters: NameMap<ParameterModel>;
  readonly #tables = new NameMap<TableModel>();
  #edition: Edition | undefined;

  /** @param old whether the firmware is 7.0 or earlier, which has a few tables that later editions lost. */
  constructor(old: boolean) {
    this.#edition = editionOf(old);
    this.#parameters = new NameMap(this.#edition.parameters);
    // A copy of each: what one device is told to hide, others show.
    for (const table of this.#edition.tables.values()) this.#tables.set(table.name, { ...table });
  }

  /** The same for all models that know the same, undefined if it has learned anything: a key for what is made of it. */
  get edition(): object | undefined {
    return this.#edition;
  }

  parameter(name: string): ParameterModel | undefined {
    return this.#parameters.get(name);
  }

  table(name: string): TableModel | undefined {
    return this.#tables.get(name);
  }

  /** The column of a table by which others refer to its rows; undefined if they do so by index, or not at all. */
  nameColumn(table: string): string | undefined {
    const columns = this.tables().flatMap((each) => each.columns.values());
    const reference = columns.find(
      ({ references }) => references?.table === table && references.column !== "Index",
    );
    return reference?.references?.column;
  }

  parameters(): readonly ParameterModel[] {
    return this.#parameters.values();
  }

  tables(): readonly TableModel[] {
    return this.#tables.values();
  }

  sections(): string[] {
    return Object.keys(PARAMETER_SECTIONS);
  }

  /** Makes every name of a configuration known, hidden ones included. What is known already stays as it is. */
  learn(ini: IniText): void {
    for (const entry of ini.entries) {
      if (entry.kind === "parameter") this.#learnParameter(entry);
      else if (entry.columns) this.#learnTable(entry, entry.columns);
    }
    for (const name of ini.hiddenParameters) {
      const known = this.#learnParameter({ kind: "parameter", name, raw: "''" });
      this.#keepParameter({ ...known, hidden: true });
    }
    for (const name of ini.hiddenTables) {
      const known = this.#learnTable({ kind: "table", name, columns: undefined, rows: [] }, ["Name"]);
      this.#keepTable({ ...known, hidden: true });
    }
  }

  #keepParameter(parameter: ParameterModel): ParameterModel {
    this.#edition = undefined;
    this.#parameters.set(parameter.name, parameter);
    return parameter;
  }

  #keepTable(table: TableModel): TableModel {
    this.#edition = undefined;
    this.#tables.set(table.name, table);
    return table;
  }

  #learnParameter({ name, raw }: ParameterLine): ParameterModel {
    const known = this.#parameters.get(name);
    if (known) return known;
    const quoted = /^['"]/.test(raw);
    const several = quoted && (listItems(raw)?.length ?? 0) > 1;
    const type = several ? "list" : quoted ? "text" : "bare";
    return this.#keepParameter({ ...learned(name, type), section: SECTION_OF_LEARNED_PARAMETERS });
  }

  #learnTable(block: TableBlock, names: string[]): TableModel {
    const known = this.#tables.get(block.name);
    if (known !== undefined && names.every((name) => known.columns.has(name))) return known;
    const columns = new NameMap(known?.columns);
    names.forEach((name, position) => {
      if (columns.has(name)) return;
      const cells = block.rows.map((row) => row.cells[position]);
      const bare = cells.length > 0 && cells.every((cell) => cell && !cell.quoted && cell.text !== "");
      columns.set(name, learned(name, bare ? "bare" : "text"));
    });
    return this.#keepTable({ name: known?.name ?? block.name, columns, hidden: known?.hidden ?? false });
  }
}

function columnsOf(fields: readonly FieldModel[]): NameMap<FieldModel> {
  const columns = new NameMap<FieldModel>();
  for (const field of fields) columns.set(field.name, field);
  return columns;
}

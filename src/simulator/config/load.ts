import type { Behaviour } from "../behaviour";
import type { IniText, ParameterLine, ReadingRules, TableBlock, TableRow } from "./grammar";
import type { FieldModel, TableModel } from "./model";
import { type ConfigStore, defaultRow, type Row } from "./store";
import { normalise, parameterItems } from "./values";

/** What manuals and tools disagree about, and what a test wants to go wrong. */
export interface LoadRules
  extends ReadingRules,
    Pick<Behaviour, "tableMode" | "partialColumns">,
    Partial<Pick<Behaviour, "defaultMark" | "statusColumns" | "duplicateNames">> {
  /** Parameters, and columns as `Table.Column`, that keep their value whatever the file says. */
  ignores(name: string): boolean;
  /** The configuration at start is taken as it is: status columns and dangling references included. */
  trusted?: boolean;
}

/** The file is well formed, but the device cannot load it; the message is what it answers. */
export class LoadRefusal extends Error {}

/** In place of a value: the default of the column (manuals of Mediant 1000 and 1000B, "ini file tables"). */
const DEFAULT_MARK = "$$";

const NO_REFERENCE = new Set(["", "any", "*"]);

/** Applies a partial file. Where it throws, nothing was applied. What the device does not know it ignores. */
export function loadIncremental(ini: IniText, store: ConfigStore, rules: LoadRules): void {
  const next = store.clone();
  const load = new Load(ini, next, rules);
  for (const entry of ini.entries) {
    if (entry.kind === "parameter") load.parameter(entry);
    else load.table(entry);
  }
  store.assign(next);
}

/**
 * Applies a whole file: what it leaves out is as it left the factory, but the hidden values and tables,
 * which no file that came from the device could carry, stay.
 */
export function loadFull(ini: IniText, store: ConfigStore, factory: ConfigStore, rules: LoadRules): void {
  const next = factoryWithHidden(store, factory);
  for (const entry of ini.entries)
    if (entry.kind === "table" && store.model.table(entry.name) && !isWithheld(ini, entry))
      next.clearTable(entry.name);
  loadIncremental(ini, next, { ...rules, tableMode: "replace" });
  store.assign(next);
}

/** What a whole configuration starts from: the factory's, with what no ini file can carry of this one. */
export function factoryWithHidden(store: ConfigStore, factory: ConfigStore): ConfigStore {
  const next = factory.clone();
  next.router.assign(store.router);
  for (const { name } of store.model.parameters().filter((parameter) => parameter.hidden))
    next.setParameter(name, store.parameterList(name));
  for (const { name } of store.model.tables().filter((table) => table.hidden)) {
    next.clearTable(name);
    for (const index of store.indexes(name)) next.addRow(name, index, store.row(name, index) ?? {});
  }
  return next;
}

class Load {
  readonly #ini: IniText;
  readonly #store: ConfigStore;
  readonly #rules: LoadRules;
  readonly #seen = new Set<TableModel>();

  constructor(ini: IniText, store: ConfigStore, rules: LoadRules) {
    this.#ini = ini;
    this.#store = store;
    this.#rules = rules;
  }

  parameter({ name, raw }: ParameterLine): void {
    const parameter = this.#store.model.parameter(name);
    if (!parameter || this.#rules.ignores(parameter.name)) return;
    const items = parameterItems(parameter, raw);
    if (items) this.#store.setParameter(parameter.name, items);
  }

  table(block: TableBlock): void {
    const table = this.#store.model.table(block.name);
    if (!table || isWithheld(this.#ini, block)) return;
    const columns = (block.columns ?? []).map((name) => table.columns.get(name));
    const readOnly = columns.find((column) => column?.readOnly);
    if (readOnly && !this.#rules.trusted && this.#rules.statusColumns === "refused")
      throw new LoadRefusal(`Table ${table.name} has a read-only column: ${readOnly.name}`);
    this.#removeRowsLeftOut(table);
    for (const row of block.rows) this.#row(table, columns, row);
  }

  /** A hidden table is replaced in either mode: an empty one deletes it (device manuals, secret tables). */
  #removeRowsLeftOut(table: TableModel): void {
    if (this.#seen.has(table)) return;
    this.#seen.add(table);
    if (table.hidden) this.#store.clearTable(table.name);
    if (this.#rules.tableMode === "merge") return;
    const kept = new Set<string>();
    for (const entry of this.#ini.entries)
      if (entry.kind === "table" && this.#store.model.table(entry.name) === table)
        for (const row of entry.rows) kept.add(String(row.index));
    for (const index of this.#store.indexes(table.name))
      if (!kept.has(index)) this.#store.removeRow(table.name, index);
  }

  /** A row that the device refuses has no effect: an existing one stays as it was. */
  #row(table: TableModel, columns: (FieldModel | undefined)[], { index, cells }: TableRow): void {
    if (cells.length !== columns.length) return;
    const existing = this.#store.row(table.name, index);
    const row: Row = this.#base(table, existing);
    for (const [at, column] of columns.entries()) {
      const cell = cells[at];
      if (!column || !cell) continue;
      if (this.#rules.ignores(`${table.name}.${column.name}`)) {
        row[column.name] = existing?.[column.name] ?? column.default;
        continue;
      }
      // What a status column says is the device's own to know.
      if (column.readOnly && !this.#rules.trusted) continue;
      const before = existing?.[column.name];
      if (!cell.quoted && cell.text === "" && before === undefined) continue;
      const isMark = cell.text === DEFAULT_MARK && !cell.quoted;
      const mark = isMark ? (this.#rules.defaultMark ?? "default") : "text";
      if (mark === "ignored") {
        row[column.name] = before ?? column.default;
        continue;
      }
      row[column.name] =
        mark === "default" ? column.default : (normalise(column, cell.text) ?? before ?? column.default);
      const value = row[column.name] ?? "";
      if (!this.#rules.trusted && refersToNothing(column, value, this.#store)) return;
    }
    if (this.#rules.duplicateNames === "dropped" && this.#isNameTaken(table, index, row)) return;
    this.#store.addRow(table.name, index, row);
  }

  /** Whether another row has the value by which other tables refer to this one. */
  #isNameTaken({ name }: TableModel, index: number, row: Row): boolean {
    const column = this.#store.model.nameColumn(name);
    const value = column === undefined ? "" : (row[column] ?? "");
    return (
      value !== "" &&
      this.#store
        .indexes(name)
        .some((other) => Number(other) !== index && this.#store.cell(name, other, column ?? "") === value)
    );
  }

  #base(table: TableModel, existing: Row | undefined): Row {
    const row = defaultRow(table);
    if (!existing || this.#rules.partialColumns === "keep") return { ...row, ...existing };
    for (const { name } of table.columns.values().filter((column) => column.readOnly))
      row[name] = existing[name] ?? "";
    return row;
  }
}

/** A dump that comes back has no rows of the tables that the device withheld: they stay. */
function isWithheld({ hiddenTables }: IniText, { name, columns }: TableBlock): boolean {
  return columns === undefined && hiddenTables.some((hidden) => hidden.toLowerCase() === name.toLowerCase());
}

/** A table that refers to another must come after it: a reference is looked up in what exists by then. */
export function refersToNothing({ references }: FieldModel, value: string, store: ConfigStore): boolean {
  if (!references || NO_REFERENCE.has(value.toLowerCase())) return false;
  const { table, column } = references;
  const indexes = store.indexes(table);
  if (column === "Index") return !indexes.includes(value);
  return !indexes.some((index) => store.cell(table, index, column) === value);
}

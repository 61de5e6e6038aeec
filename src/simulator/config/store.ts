import type { FieldModel, Model, ParameterModel, TableModel } from "./model";
import { RouterLines } from "./router";
import { isDefault } from "./values";

/** Columns of a row, by the names that the device gives them. */
export type Row = Record<string, string>;

/** A configuration in full, for deep equality: what is at its default and what is empty is left out. */
export interface ConfigSnapshot {
  parameters: Record<string, string | string[]>;
  tables: Record<string, Record<string, Row>>;
  /** `configure data`, in lines; left out if there is nothing in it. */
  data?: string[];
}

/**
 * A configuration as the device holds it: plain text without quotes, secrets in plain, names without case.
 * What one sets here is a change by hand: it is neither checked nor normalised beyond what a dump could print,
 * and a name that the device does not know is an error.
 */
export class ConfigStore {
  /** @internal */
  readonly model: Model;
  readonly #print: (store: ConfigStore) => string;
  /** By the names of the model. */
  readonly #parameters = new Map<string, readonly string[]>();
  /** By the names of the model. A row is never changed, but replaced: configurations share them. */
  readonly #tables = new Map<string, Map<number, Readonly<Row>>>();
  /** What was made of it since its last change. */
  readonly #made = new Map<string, unknown>();

  /**
   * `configure data`, which no ini file has.
   * @internal
   */
  readonly router = new RouterLines();

  readonly #rowOrder: "index" | "sent";

  /**
   * @param print makes the text that a GET of this configuration would give
   * @param rowOrder whether rows are listed by index, or as they came
   */
  constructor(model: Model, print: (store: ConfigStore) => string, rowOrder: "index" | "sent" = "index") {
    this.model = model;
    this.#rowOrder = rowOrder;
    this.#print = print;
  }

  /** The value, a list's items joined by commas; undefined if it is at its default. */
  parameter(name: string): string | undefined {
    return this.parameterList(name)?.join(",");
  }

  /** The items of a list, one item for a single value; undefined if it is at its default. */
  parameterList(name: string): readonly string[] | undefined {
    return this.#parameters.get(this.#parameter(name).name);
  }

  /** @param value undefined sets the default */
  setParameter(name: string, value: string | readonly string[] | undefined): void {
    const parameter = this.#parameter(name);
    const items = value === undefined ? [] : typeof value === "string" ? [value] : value;
    if (parameter.type !== "list" && items.length > 1) throw new Error(`${parameter.name} is not a list`);
    for (const item of items)
      if (/[\r\n]/.test(item) || (parameter.type === "list" && item.includes("'")))
        throw new Error(`${parameter.name} cannot hold this value: no ini file could carry it`);
    this.#made.clear();
    if (isDefault(parameter, items)) this.#parameters.delete(parameter.name);
    else this.#parameters.set(parameter.name, [...items]);
  }

  cell(table: string, index: string | number, column: string): string | undefined {
    const { name, columns } = this.#table(table);
    const field = columns.get(column);
    return field && this.#tables.get(name)?.get(Number(index))?.[field.name];
  }

  /** @throws where the row does not exist */
  setCell(table: string, index: string | number, column: string, value: string): void {
    const model = this.#table(table);
    const rows = this.#tables.get(model.name);
    const row = rows?.get(Number(index));
    if (!rows || !row) throw new Error(`The device has no row ${model.name} ${index}`);
    const changed = Object.freeze({ ...row, ...this.#checked(model, { [column]: value }) });
    this.#made.clear();
    rows.set(Number(index), changed);
  }

  row(table: string, index: string | number): Row | undefined {
    const row = this.#tables.get(this.#table(table).name)?.get(Number(index));
    return row && { ...row };
  }

  /** Adds or replaces a row; the columns left out get their defaults. */
  addRow(table: string, index: string | number, cells: Row): void {
    const model = this.#table(table);
    if (!/^\d{1,9}$/.test(String(index))) throw new Error(`${model.name} ${index} is no row index`);
    const rows = this.#tables.get(model.name) ?? new Map<number, Readonly<Row>>();
    const row = Object.freeze({ ...defaultRow(model), ...this.#checked(model, cells) });
    this.#made.clear();
    // A row that comes again comes last.
    if (this.#rowOrder === "sent") rows.delete(Number(index));
    rows.set(Number(index), row);
    this.#tables.set(model.name, rows);
  }

  removeRow(table: string, index: string | number): void {
    this.#made.clear();
    this.#tables.get(this.#table(table).name)?.delete(Number(index));
  }

  clearTable(table: string): void {
    this.#made.clear();
    this.#tables.delete(this.#table(table).name);
  }

  /** Indexes of the rows, in the order of a dump. */
  indexes(table: string): string[] {
    return [...this.#indexes(this.#table(table).name)].map(String);
  }

  /** The rows in the order of a dump, themselves and no copies. */
  *rows(table: string): Iterable<[index: number, row: Readonly<Row>]> {
    const { name } = this.#table(table);
    const rows = this.#tables.get(name);
    for (const index of this.#indexes(name)) yield [index, rows?.get(index) ?? {}];
  }

  /** Tables that have rows, in the order of a dump. */
  tableNames(): string[] {
    return this.model
      .tables()
      .filter((table) => this.#rowsOf(table.name) !== undefined)
      .map((table) => table.name);
  }

  snapshot(): ConfigSnapshot {
    const snapshot: ConfigSnapshot = { parameters: {}, tables: {} };
    for (const { name, type } of this.#parameters.size === 0 ? [] : this.model.parameters()) {
      const items = this.#parameters.get(name);
      if (items) snapshot.parameters[name] = type === "list" ? [...items] : items.join();
    }
    for (const name of this.tableNames())
      snapshot.tables[name] = Object.fromEntries(
        [...this.rows(name)].map(([index, row]) => [index, { ...row }]),
      );
    if (!this.router.isEmpty) snapshot.data = this.router.print();
    return snapshot;
  }

  equals(other: ConfigStore): boolean {
    return this.#holdsAllOf(other) && other.#holdsAllOf(this);
  }

  /** What was made under this key since the last change, else what `make` makes now. `configure data` does not count. */
  made<T>(key: string, make: () => T): T {
    const known = this.#made.get(key) as T | undefined;
    if (known !== undefined) return known;
    const made = make();
    this.#made.set(key, made);
    return made;
  }

  /** The ini text that a GET would give now. */
  dump(): string {
    return this.#print(this);
  }

  clone(): ConfigStore {
    const copy = new ConfigStore(this.model, this.#print, this.#rowOrder);
    copy.assign(this);
    return copy;
  }

  /** Takes over all that the other configuration holds. */
  assign(other: ConfigStore): void {
    if (other === this) return;
    this.#made.clear();
    this.#parameters.clear();
    this.#tables.clear();
    this.router.assign(other.router);
    for (const [name, items] of other.#parameters) this.#parameters.set(name, items);
    for (const [name, rows] of other.#tables) if (rows.size > 0) this.#tables.set(name, new Map(rows));
  }

  #holdsAllOf(other: ConfigStore): boolean {
    if (this.router.print().join("\n") !== other.router.print().join("\n")) return false;
    for (const [name, items] of other.#parameters)
      if (this.#parameters.get(name)?.join("\n") !== items.join("\n")) return false;
    for (const [name, rows] of other.#tables)
      for (const [index, row] of rows) {
        const own = this.#tables.get(name)?.get(index);
        if (own === row) continue;
        if (own === undefined) return false;
        for (const column of Object.keys(row)) if (own[column] !== row[column]) return false;
      }
    return true;
  }

  #indexes(table: string): Iterable<number> {
    const rows = this.#tables.get(table);
    if (rows === undefined) return [];
    return this.#rowOrder === "sent" ? rows.keys() : [...rows.keys()].sort((left, right) => left - right);
  }

  /** Undefined if there is none. */
  #rowsOf(table: string): Map<number, Readonly<Row>> | undefined {
    const rows = this.#tables.get(table);
    return rows === undefined || rows.size === 0 ? undefined : rows;
  }

  #parameter(name: string): ParameterModel {
    const parameter = this.model.parameter(name);
    if (!parameter) throw new Error(`The device knows no parameter ${name}`);
    return parameter;
  }

  #table(name: string): TableModel {
    const table = this.model.table(name);
    if (!table) throw new Error(`The device knows no table ${name}`);
    return table;
  }

  #checked(table: TableModel, cells: Row): Row {
    const checked: Row = {};
    for (const [column, value] of Object.entries(cells)) {
      const field = table.columns.get(column);
      if (!field) throw new Error(`The device knows no column ${table.name}.${column}`);
      if (/["\r\n]/.test(value))
        throw new Error(`${table.name}.${field.name} cannot hold this value: no ini file could carry it`);
      checked[field.name] = value;
    }
    return checked;
  }
}

/** A row in which every column is at its default. */
export function defaultRow(table: TableModel): Row {
  return Object.fromEntries(table.columns.values().map((field: FieldModel) => [field.name, field.default]));
}

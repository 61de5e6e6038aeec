import { type Address, cellAddress, rowAddress, type SplitAddress, splitAddress } from "./address";
import type { Configuration, Row, Table, Value } from "./configuration";
import { NameMap, type Names, nameKey } from "./names";

/** Everything that a configuration declares, by address: parameters, rows (with no value of their own), cells. */
export interface Declared {
  values: DeclaredValues;
  rows: DeclaredRows;
}

/** One value with its address, whole and in parts. */
export interface DeclaredValue {
  address: Address;
  place: SplitAddress;
  value: Value;
}

/** Sees through to the configuration, which must stay as it is: nothing is copied, however large it is. */
export function declaredBy(configuration: Configuration): Declared {
  const tables = new TableLookup(configuration.tables);
  return { values: new DeclaredValues(configuration, tables), rows: new DeclaredRows(tables) };
}

/** Tables by name and cells by column: most are asked for as they are spelt, others are found without case. */
class TableLookup {
  private byKey: NameMap<Table> | undefined;

  constructor(readonly tables: Readonly<Record<string, Table>>) {}

  table(name: string): Table | undefined {
    if (Object.hasOwn(this.tables, name)) return this.tables[name];
    this.byKey ??= new NameMap(Object.entries(this.tables));
    return this.byKey.get(name);
  }

  row(table: string, index: string): Row | undefined {
    const rows = this.table(table);
    return rows !== undefined && Object.hasOwn(rows, index) ? rows[index] : undefined;
  }

  cell(table: string, index: string, column: string): string | undefined {
    const row = this.row(table, index);
    if (row === undefined) return undefined;
    if (Object.hasOwn(row, column)) return row[column];
    const key = nameKey(column);
    const spelling = Object.keys(row).find((name) => nameKey(name) === key);
    return spelling === undefined ? undefined : row[spelling];
  }
}

/** The parameters and cells of a configuration by address. */
export class DeclaredValues implements Names<Value> {
  private parametersByKey: NameMap<Value> | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly lookup: TableLookup,
  ) {}

  get(address: Address): Value | undefined {
    return this.at(splitAddress(address));
  }

  at(place: SplitAddress): Value | undefined {
    if (place.kind === "cell") return this.lookup.cell(place.table, place.index, place.column);
    if (place.kind === "row") return undefined;
    const { parameters } = this.configuration;
    if (Object.hasOwn(parameters, place.name)) return parameters[place.name];
    this.parametersByKey ??= new NameMap(Object.entries(parameters));
    return this.parametersByKey.get(place.name);
  }

  has(address: Address): boolean {
    return this.get(address) !== undefined;
  }

  *items(): IterableIterator<DeclaredValue> {
    const { parameters, tables } = this.configuration;
    for (const [name, value] of Object.entries(parameters))
      yield { address: name, place: { kind: "parameter", name }, value };
    for (const [table, rows] of Object.entries(tables))
      for (const [index, cells] of Object.entries(rows))
        for (const [column, value] of Object.entries(cells))
          yield {
            address: cellAddress(table, index, column),
            place: { kind: "cell", table, index, column },
            value,
          };
  }

  *keys(): IterableIterator<Address> {
    for (const { address } of this.items()) yield address;
  }

  *[Symbol.iterator](): IterableIterator<[Address, Value]> {
    for (const { address, value } of this.items()) yield [address, value];
  }
}

/** The rows of a configuration by address. */
export class DeclaredRows implements Names<{ table: string; index: string }> {
  constructor(private readonly lookup: TableLookup) {}

  get(row: Address): { table: string; index: string } | undefined {
    const split = splitAddress(row);
    return split.kind === "row" ? this.at(split) : undefined;
  }

  at({ table, index }: { table: string; index: string }): { table: string; index: string } | undefined {
    return this.lookup.row(table, index) === undefined ? undefined : { table, index };
  }

  has(row: Address): boolean {
    return this.get(row) !== undefined;
  }

  *keys(): IterableIterator<Address> {
    for (const [row] of this) yield row;
  }

  *[Symbol.iterator](): IterableIterator<[Address, { table: string; index: string }]> {
    for (const [table, rows] of Object.entries(this.lookup.tables))
      for (const index of Object.keys(rows)) yield [rowAddress(table, index), { table, index }];
  }
}

/**
 * A configuration with another value in the place of each, or none if `valueAt` gives undefined. A row goes with its
 * last value, and a table with its last row; a table that is declared empty stays.
 */
export function mapConfiguration(
  configuration: Configuration,
  valueAt: (one: DeclaredValue) => Value | undefined,
): Configuration {
  const parameters: Record<string, Value> = {};
  for (const [name, value] of Object.entries(configuration.parameters)) {
    const mapped = valueAt({ address: name, place: { kind: "parameter", name }, value });
    if (mapped !== undefined) parameters[name] = mapped;
  }
  const tables: Record<string, Table> = {};
  for (const [table, rows] of Object.entries(configuration.tables)) {
    const mapped = mapRows(table, rows, valueAt);
    if (!isEmpty(mapped) || isEmpty(rows)) tables[table] = mapped;
  }
  return { parameters, tables };
}

function mapRows(table: string, rows: Table, valueAt: (one: DeclaredValue) => Value | undefined): Table {
  const mapped: Table = {};
  for (const [index, cells] of Object.entries(rows)) {
    const row: Row = {};
    for (const [column, value] of Object.entries(cells)) {
      const place = { kind: "cell", table, index, column } as const;
      const text = valueAt({ address: cellAddress(table, index, column), place, value });
      // A cell has no list of values.
      if (typeof text === "string") row[column] = text;
    }
    if (!isEmpty(row)) mapped[index] = row;
  }
  return mapped;
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}

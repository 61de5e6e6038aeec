import { type Address, cellAddress, rowAddress, type SplitAddress, splitAddress } from "./address";
import type { Configuration, Row, Table, Value } from "./configuration";
import { NameMap, type Names, spellingIn } from "./names";

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
  const lookup = new ConfigurationLookup(configuration);
  return { values: new DeclaredValues(lookup), rows: new DeclaredRows(lookup) };
}

/** A configuration by name: most names are asked for as they are spelt, others are found without case. */
export class ConfigurationLookup {
  private parametersByKey: NameMap<Value> | undefined;
  private tablesByKey: NameMap<Table> | undefined;

  constructor(readonly configuration: Configuration) {}

  parameter(name: string): Value | undefined {
    const { parameters } = this.configuration;
    if (Object.hasOwn(parameters, name)) return parameters[name];
    this.parametersByKey ??= new NameMap(Object.entries(parameters));
    return this.parametersByKey.get(name);
  }

  table(name: string): Table | undefined {
    const { tables } = this.configuration;
    if (Object.hasOwn(tables, name)) return tables[name];
    this.tablesByKey ??= new NameMap(Object.entries(tables));
    return this.tablesByKey.get(name);
  }

  row(table: string, index: string): Row | undefined {
    const rows = this.table(table);
    return rows !== undefined && Object.hasOwn(rows, index) ? rows[index] : undefined;
  }
}

/** The cell of a row, whatever the case of the column's name. */
export function cellIn(row: Row, column: string): string | undefined {
  const spelling = spellingIn(row, column);
  return spelling === undefined ? undefined : row[spelling];
}

/** The parameters and cells of a configuration by address. */
export class DeclaredValues implements Names<Value> {
  constructor(private readonly lookup: ConfigurationLookup) {}

  get(address: Address): Value | undefined {
    return this.at(splitAddress(address));
  }

  at(place: SplitAddress): Value | undefined {
    if (place.kind === "parameter") return this.lookup.parameter(place.name);
    if (place.kind === "row") return undefined;
    const row = this.lookup.row(place.table, place.index);
    return row && cellIn(row, place.column);
  }

  has(address: Address): boolean {
    return this.get(address) !== undefined;
  }

  *items(): IterableIterator<DeclaredValue> {
    const { parameters, tables } = this.lookup.configuration;
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
  constructor(private readonly lookup: ConfigurationLookup) {}

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
    for (const [table, rows] of Object.entries(this.lookup.configuration.tables))
      for (const index of Object.keys(rows)) yield [rowAddress(table, index), { table, index }];
  }
}

/**
 * A configuration with other values at some places, or none if they are undefined. A row goes with its last value, and
 * a table with its last row. What stays as it is, is not copied.
 */
export function withOtherValues(
  configuration: Configuration,
  others: Iterable<{ place: SplitAddress; value: Value | undefined }>,
): Configuration {
  const parameters = { ...configuration.parameters };
  const tables = { ...configuration.tables };
  for (const { place, value } of others) {
    if (place.kind === "parameter") put(parameters, place.name, value);
    if (place.kind !== "cell") continue;
    const rows = ownCopy(tables, configuration.tables, place.table);
    const row = ownCopy(rows, configuration.tables[place.table] ?? {}, place.index);
    // A cell has no list of values.
    put(row, place.column, typeof value === "string" ? value : undefined);
    if (isEmpty(row)) delete rows[place.index];
    if (isEmpty(rows)) delete tables[place.table];
  }
  return { parameters, tables };
}

/** What `record` holds under a name, in place of what it shares with the original. */
function ownCopy<T extends object>(record: Record<string, T>, original: Record<string, T>, name: string): T {
  const held = record[name] ?? ({} as T);
  const own = held === original[name] ? { ...held } : held;
  record[name] = own;
  return own;
}

function put<T>(record: Record<string, T>, name: string, value: T | undefined): void {
  if (value === undefined) delete record[name];
  else record[name] = value;
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

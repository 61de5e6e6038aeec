import { type RowClaims, rowsOfIni } from "../../cli/row-claims";
import type { Configuration, Value } from "../../ini/configuration";
import { declaredBy } from "../../ini/declared";
import { nameKey } from "../../ini/names";

/** What one resource declares for a device, as far as the others must know it. */
export interface Declaration {
  configuration: Configuration;
  /** Rows that a CLI script names; those of an ini are found in its configuration. */
  scriptRows?: RowClaims;
  ownTables: readonly string[];
  /** Undefined if it is not known yet, or if the resource saves in a way of its own. */
  save: boolean | undefined;
  /** The whole configuration of the device, beside which only what says the same may be declared. */
  whole?: boolean;
}

/** A declaration in the forms in which it is looked up. */
export interface Entry extends Declaration {
  /** Parameters and cells as they are spelt, by their key. */
  values: Map<string, { address: string; value: Value }>;
  rows: Set<string>;
  iniRows: RowClaims;
}

/** The resources that say something of one place. */
type Resources = Set<string>;

/** The declarations for one device by place: for each place, the resources that say something of it. */
export class DeclaredPlaces {
  readonly entries = new Map<string, Entry>();
  /** Resources by the value that they declare, by the key of a parameter or cell. */
  readonly values = new Map<string, Map<string, Resources>>();
  readonly rows = new Map<string, Resources>();
  readonly tables = new Map<string, Resources>();
  readonly owners = new Map<string, Resources>();
  readonly saves = new Map<boolean, Resources>();
  readonly wholes = new Map<true, Resources>();
  /** Rows by their place in the CLI: declared by ini, by a script, and taken away by a script. */
  readonly iniRows = new Map<string, Resources>();
  readonly scriptRows = new Map<string, Resources>();
  readonly removedRows = new Map<string, Resources>();
  readonly scriptCommands = new Map<string, Resources>();

  /** Takes a declaration in, in the place of an earlier one by the same resource. */
  set(resource: string, declaration: Declaration): void {
    const earlier = this.entries.get(resource);
    if (earlier !== undefined) this.index(resource, earlier, removeFrom);
    const entry = entryOf(declaration);
    this.entries.set(resource, entry);
    this.index(resource, entry, addTo);
  }

  /** Whether another resource declares it, or owns its table. @param key of a parameter, a row or a cell */
  isDeclaredBeside(resource: string, key: string): boolean {
    const [table, index] = key.split(" ", 2);
    if (table !== undefined && index !== undefined && hasOther(this.owners.get(table), resource)) return true;
    const byValue = this.values.get(key);
    if (byValue !== undefined)
      for (const resources of byValue.values()) if (hasOther(resources, resource)) return true;
    return hasOther(this.rows.get(key), resource);
  }

  private index(resource: string, entry: Entry, change: typeof addTo): void {
    for (const [key, { value }] of entry.values) {
      const byValue = this.values.get(key) ?? new Map<string, Resources>();
      this.values.set(key, byValue);
      change(byValue, JSON.stringify(value), resource);
    }
    for (const row of entry.rows) change(this.rows, row, resource);
    for (const table of Object.keys(entry.configuration.tables)) {
      change(this.tables, nameKey(table), resource);
    }
    for (const table of entry.ownTables) change(this.owners, nameKey(table), resource);
    if (entry.save !== undefined) change(this.saves, entry.save, resource);
    if (entry.whole) change(this.wholes, true, resource);
    for (const key of entry.iniRows.keys()) change(this.iniRows, key, resource);
    for (const [key, { removed, command }] of entry.scriptRows ?? []) {
      change(removed ? this.removedRows : this.scriptRows, key, resource);
      if (command !== undefined && !removed) change(this.scriptCommands, command, resource);
    }
  }
}

function entryOf(declaration: Declaration): Entry {
  const { values, rows } = declaredBy(declaration.configuration);
  return {
    ...declaration,
    values: new Map([...values].map(([address, value]) => [nameKey(address), { address, value }])),
    rows: new Set([...rows.keys()].map(nameKey)),
    iniRows: declaration.scriptRows === undefined ? rowsOfIni(declaration.configuration) : new Map(),
  };
}

function addTo<K>(places: Map<K, Resources>, key: K, resource: string): void {
  const resources = places.get(key);
  if (resources === undefined) places.set(key, new Set([resource]));
  else resources.add(resource);
}

function removeFrom<K>(places: Map<K, Resources>, key: K, resource: string): void {
  const resources = places.get(key);
  resources?.delete(resource);
}

/** The resources of a place without one of them. */
export function othersIn(resources: Resources | undefined, own: string): string[] {
  return resources === undefined ? [] : [...resources].filter((name) => name !== own);
}

function hasOther(resources: Resources | undefined, own: string): boolean {
  return resources !== undefined && resources.size > (resources.has(own) ? 1 : 0);
}

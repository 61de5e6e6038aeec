import { commandOfTable, type RowClaim, type RowClaims, rowsOfIni } from "../../cli/row-claims";
import { isUnknown } from "../../declare/unknown";
import type { Configuration, Value } from "../../ini/configuration";
import { declaredBy } from "../../ini/declared";
import { nameKey } from "../../ini/names";
import { LISTED, listed } from "./log";

/** What one resource declares for a device, as far as the others must know it. */
export interface Declaration {
  configuration: Configuration;
  /** Rows that a CLI script names; those of an ini are found in its configuration. */
  scriptRows?: RowClaims;
  ownTables: readonly string[];
  /** Undefined where it is not known yet, or where the resource saves in a way of its own. */
  save: boolean | undefined;
  /** The whole configuration of the device, beside which only what says the same may be declared. */
  whole?: boolean;
}

/** A declaration in the forms in which it is looked up. */
interface Entry extends Declaration {
  /** Parameters and cells as they are spelt, by their key. */
  values: Map<string, { address: string; value: Value }>;
  rows: Set<string>;
  iniRows: RowClaims;
}

/** A parameter or cell, and the resource that declares it. */
export interface DeclaredCell {
  resource: string;
  address: string;
}

/** The resources that say something of one place. */
type Resources = Set<string>;

/**
 * What the resources of a run declare for one device. It is kept by place, so that what a resource contradicts is
 * found by looking at its own places, however many resources there are. While there is one resource alone, it is not
 * looked at in parts at all: nothing can contradict it.
 */
export class DeviceDeclarations {
  private readonly entries = new Map<string, Entry>();
  /** The declaration of the first resource, until there is a second one. */
  private alone: { resource: string; declaration: Declaration } | undefined;
  /** Resources by the value that they declare, by the key of a parameter or cell. */
  private readonly values = new Map<string, Map<string, Resources>>();
  private readonly rows = new Map<string, Resources>();
  private readonly tables = new Map<string, Resources>();
  private readonly owners = new Map<string, Resources>();
  private readonly saves = new Map<boolean, Resources>();
  private readonly wholes = new Map<true, Resources>();
  /** Rows by their place in the CLI: declared by ini, by a script, and taken away by a script. */
  private readonly iniRows = new Map<string, Resources>();
  private readonly scriptRows = new Map<string, Resources>();
  private readonly removedRows = new Map<string, Resources>();
  private readonly scriptCommands = new Map<string, Resources>();
  private readonly things = new Map<string, string>();
  /** Cells by their text, made when it is first asked after a change. */
  private cells: Map<string, DeclaredCell[]> | undefined;

  /** Takes a declaration in, in the place of an earlier one by the same resource. */
  set(resource: string, declaration: Declaration): void {
    this.cells = undefined;
    if (this.entries.size === 0 && (this.alone === undefined || this.alone.resource === resource)) {
      this.alone = { resource, declaration };
      return;
    }
    this.lookIntoFirst();
    this.add(resource, declaration);
  }

  private lookIntoFirst(): void {
    const { alone } = this;
    this.alone = undefined;
    if (alone !== undefined) this.add(alone.resource, alone.declaration);
  }

  private add(resource: string, declaration: Declaration): void {
    const earlier = this.entries.get(resource);
    if (earlier !== undefined) this.index(resource, earlier, removeFrom);
    const entry = entryOf(declaration);
    this.entries.set(resource, entry);
    this.index(resource, entry, addTo);
  }

  /** Takes in all that was declared for the same device under another name. */
  takeIn(others: DeviceDeclarations): void {
    others.lookIntoFirst();
    for (const [resource, declaration] of others.entries) this.set(resource, declaration);
    for (const [thing, resource] of others.things) this.claim(thing, resource);
  }

  claim(thing: string, resource: string): string | undefined {
    const owner = this.things.get(thing);
    if (owner === undefined) this.things.set(thing, resource);
    return owner === resource ? undefined : owner;
  }

  /** @param key of a parameter, a row or a cell */
  isDeclaredBeside(resource: string, key: string): boolean {
    if (this.alone?.resource === resource) return false;
    this.lookIntoFirst();
    const byValue = this.values.get(key);
    if (byValue !== undefined)
      for (const resources of byValue.values()) if (hasOther(resources, resource)) return true;
    return hasOther(this.rows.get(key), resource);
  }

  /** The cells that other resources declare with this text. */
  cellsBeside(resource: string, text: string): DeclaredCell[] {
    if (this.alone?.resource === resource) return [];
    this.lookIntoFirst();
    this.cells ??= cellsByText(this.entries);
    return (this.cells.get(text) ?? []).filter((cell) => cell.resource !== resource);
  }

  /** What a resource says otherwise than others, one sentence each. */
  contradictions(resource: string): string[] {
    const own = this.entries.get(resource);
    if (own === undefined) return [];
    const problems = [
      ...this.besideWhole(resource, own),
      ...this.otherValues(resource, own),
      ...this.ownedTables(resource, own),
      ...this.otherLanguage(resource, own),
      ...this.takenAway(resource, own),
      ...this.otherSave(resource, own),
    ];
    const rest = problems.length - LISTED;
    return rest > 0 ? [...problems.slice(0, LISTED), `… and ${rest} more contradictions`] : problems;
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

  private otherValues(resource: string, own: Entry): string[] {
    const problems: string[] = [];
    for (const [key, { address, value }] of own.values) {
      if (isUnknown(value)) continue;
      const text = JSON.stringify(value);
      const others: string[] = [];
      for (const [theirs, resources] of this.values.get(key) ?? []) {
        if (theirs !== text && !isUnknown(JSON.parse(theirs))) others.push(...othersIn(resources, resource));
      }
      if (others.length > 0)
        problems.push(`${address} is declared with another value by ${listed(others, 5)}`);
    }
    return problems;
  }

  private ownedTables(resource: string, own: Entry): string[] {
    const problems: string[] = [];
    for (const table of Object.keys(own.configuration.tables)) {
      const owners = othersIn(this.owners.get(nameKey(table)), resource);
      if (owners.length > 0) problems.push(`table ${table} is owned by ${listed(owners, 5)} (ownTables)`);
    }
    for (const table of own.ownTables) {
      const command = commandOfTable(table);
      const declaring = new Set([
        ...othersIn(this.tables.get(nameKey(table)), resource),
        ...(command === undefined ? [] : othersIn(this.scriptCommands.get(command), resource)),
      ]);
      if (declaring.size > 0) {
        const names = listed([...declaring], 5);
        problems.push(`table ${table} cannot be owned (ownTables): ${names} declares rows in it`);
      }
    }
    if (own.scriptRows !== undefined)
      problems.push(...this.scriptRowsInOwnedTables(resource, own.scriptRows));
    return problems;
  }

  private scriptRowsInOwnedTables(resource: string, rows: RowClaims): string[] {
    const problems: string[] = [];
    const owners = new Map<string, string[]>();
    for (const [table, resources] of this.owners) {
      const command = commandOfTable(table);
      if (command !== undefined) owners.set(command, othersIn(resources, resource));
    }
    for (const { address, command, removed } of owners.size === 0 ? [] : rows.values()) {
      const names = removed || command === undefined ? [] : (owners.get(command) ?? []);
      if (names.length > 0)
        problems.push(`${address} is a row of a table that is owned by ${listed(names, 5)} (ownTables)`);
    }
    return problems;
  }

  /** A row that one resource declares by ini and another by CLI. */
  private otherLanguage(resource: string, own: Entry): string[] {
    const problems: string[] = [];
    for (const [key, ini] of own.iniRows) {
      for (const name of othersIn(this.scriptRows.get(key), resource)) {
        const script = this.entries.get(name)?.scriptRows?.get(key);
        if (script !== undefined) problems.push(...acrossLanguages({ ini, script, name, isIni: true }));
      }
    }
    for (const [key, script] of own.scriptRows ?? []) {
      for (const name of script.removed ? [] : othersIn(this.iniRows.get(key), resource)) {
        const ini = this.entries.get(name)?.iniRows.get(key);
        if (ini !== undefined) problems.push(...acrossLanguages({ ini, script, name, isIni: false }));
      }
    }
    return problems;
  }

  /** A row that a script takes away and in which another resource declares something. */
  private takenAway(resource: string, own: Entry): string[] {
    const problems: string[] = [];
    for (const [key, { address, removed }] of [...own.iniRows, ...(own.scriptRows ?? [])]) {
      if (removed) {
        const users = [
          ...othersIn(this.iniRows.get(key), resource),
          ...othersIn(this.scriptRows.get(key), resource),
        ];
        if (users.length > 0)
          problems.push(`${address} takes away a row in which ${listed(users, 5)} declares something`);
      } else {
        const removing = othersIn(this.removedRows.get(key), resource);
        if (removing.length > 0) problems.push(`${address} is a row that ${listed(removing, 5)} takes away`);
      }
    }
    return problems;
  }

  private otherSave(resource: string, { save }: Entry): string[] {
    if (save === undefined) return [];
    const others = othersIn(this.saves.get(!save), resource);
    if (others.length === 0) return [];
    return [
      `save is ${save} here and ${!save} in ${listed(others, 5)}: saving takes the whole device, so they must agree`,
    ];
  }

  /** A device has one whole configuration, and beside it only what stands in that one with the same value. */
  private besideWhole(resource: string, own: Entry): string[] {
    const wholes = othersIn(this.wholes.get(true), resource);
    if (!own.whole) return wholes.flatMap((name) => besideAnother(name, this.entries.get(name), own));
    if (wholes.length > 0)
      return [`${listed(wholes, 5)} declares the whole configuration of this device already`];
    const problems: string[] = [];
    for (const [name, part] of this.entries) {
      const left = name === resource ? [] : leftOut(own, part);
      if (left.length > 0)
        problems.push(
          `this is the whole configuration of the device, without ${listed(left, 5)} of ${name}: loading it would undo that one`,
        );
    }
    return problems;
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

function cellsByText(entries: ReadonlyMap<string, Entry>): Map<string, DeclaredCell[]> {
  const cells = new Map<string, DeclaredCell[]>();
  for (const [resource, { values }] of entries)
    for (const { address, value } of values.values()) {
      if (typeof value !== "string") continue;
      const alike = cells.get(value);
      if (alike === undefined) cells.set(value, [{ resource, address }]);
      else alike.push({ resource, address });
    }
  return cells;
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

function othersIn(resources: Resources | undefined, own: string): string[] {
  return resources === undefined ? [] : [...resources].filter((name) => name !== own);
}

function hasOther(resources: Resources | undefined, own: string): boolean {
  return resources !== undefined && resources.size > (resources.has(own) ? 1 : 0);
}

/** Of a part of the configuration, what a whole one beside it leaves out. */
function leftOut(whole: Entry, part: Entry): string[] {
  return [...part.values].filter(([key]) => !whole.values.has(key)).map(([, { address }]) => address);
}

function besideAnother(name: string, whole: Entry | undefined, own: Entry): string[] {
  const left = whole === undefined ? [] : leftOut(whole, own);
  if (left.length === 0) return [];
  return [
    `${name} declares the whole configuration of this device, without ${listed(left, 5)}: loading it would undo this one`,
  ];
}

/** What two languages say of one row, if both set something in it; told for the resource that is not `name`. */
function acrossLanguages(row: { ini: RowClaim; script: RowClaim; name: string; isIni: boolean }): string[] {
  const { ini, script, name, isIni } = row;
  if (ini.fields.size === 0 || script.fields.size === 0) return [];
  const beside = (a: string, b: string) =>
    isIni ? `${a} is declared by ${name} too, as ${b}` : `${b} is declared by ${name} too, as ${a}`;
  const problems: string[] = [];
  let isUnmatched = false;
  for (const [words, field] of script.fields) {
    const cell = ini.fields.get(words);
    if (cell === undefined) isUnmatched = true;
    else if (!isUnknown(cell.value) && JSON.stringify(cell.value) !== JSON.stringify(field.value))
      problems.push(`${beside(cell.address, field.address)}: declare it in one place`);
  }
  if (isUnmatched)
    problems.push(
      `${beside(ini.address, script.address)}: the names of its fields cannot all be matched between ini and CLI, ` +
        "so declare the row in one of them",
    );
  return problems;
}

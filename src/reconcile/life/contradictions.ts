import { commandOfTable, type RowClaim, type RowClaims } from "../../cli/row-claims";
import { isUnknown } from "../../declare/unknown";
import { nameKey } from "../../ini/names";
import { listed } from "../../text/listed";
import { type DeclaredPlaces, type Entry, othersIn } from "./declared-places";
import { LISTED } from "./log";

/** What a resource says otherwise than others of the same device, one sentence each. */
export function contradictionsOf(places: DeclaredPlaces, resource: string): string[] {
  const own = places.entries.get(resource);
  if (own === undefined) return [];
  const problems = [
    ...besideWhole(places, resource, own),
    ...otherValues(places, resource, own),
    ...ownedTables(places, resource, own),
    ...otherLanguage(places, resource, own),
    ...takenAway(places, resource, own),
    ...otherSave(places, resource, own),
  ];
  const rest = problems.length - LISTED;
  return rest > 0 ? [...problems.slice(0, LISTED), `… and ${rest} more contradictions`] : problems;
}

function otherValues(places: DeclaredPlaces, resource: string, own: Entry): string[] {
  const problems: string[] = [];
  for (const [key, { address, value }] of own.values) {
    if (isUnknown(value)) continue;
    const text = JSON.stringify(value);
    const others: string[] = [];
    for (const [theirs, resources] of places.values.get(key) ?? []) {
      if (theirs !== text && !isUnknown(JSON.parse(theirs))) others.push(...othersIn(resources, resource));
    }
    if (others.length > 0) problems.push(`${address} is declared with another value by ${listed(others, 5)}`);
  }
  return problems;
}

function ownedTables(places: DeclaredPlaces, resource: string, own: Entry): string[] {
  const problems: string[] = [];
  for (const table of Object.keys(own.configuration.tables)) {
    const owners = othersIn(places.owners.get(nameKey(table)), resource);
    if (owners.length > 0) problems.push(`table ${table} is owned by ${listed(owners, 5)} (ownTables)`);
  }
  for (const table of own.ownTables) {
    const command = commandOfTable(table);
    const declaring = new Set([
      ...othersIn(places.tables.get(nameKey(table)), resource),
      ...(command === undefined ? [] : othersIn(places.scriptCommands.get(command), resource)),
    ]);
    if (declaring.size > 0) {
      const names = listed([...declaring], 5);
      problems.push(`table ${table} cannot be owned (ownTables): ${names} declares rows in it`);
    }
  }
  if (own.scriptRows !== undefined)
    problems.push(...scriptRowsInOwnedTables(places, resource, own.scriptRows));
  return problems;
}

function scriptRowsInOwnedTables(places: DeclaredPlaces, resource: string, rows: RowClaims): string[] {
  const problems: string[] = [];
  const owners = new Map<string, string[]>();
  for (const [table, resources] of places.owners) {
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
function otherLanguage(places: DeclaredPlaces, resource: string, own: Entry): string[] {
  const problems: string[] = [];
  for (const [key, ini] of own.iniRows) {
    for (const name of othersIn(places.scriptRows.get(key), resource)) {
      const script = places.entries.get(name)?.scriptRows?.get(key);
      if (script !== undefined) problems.push(...acrossLanguages({ ini, script, name, isIni: true }));
    }
  }
  for (const [key, script] of own.scriptRows ?? []) {
    for (const name of script.removed ? [] : othersIn(places.iniRows.get(key), resource)) {
      const ini = places.entries.get(name)?.iniRows.get(key);
      if (ini !== undefined) problems.push(...acrossLanguages({ ini, script, name, isIni: false }));
    }
  }
  return problems;
}

/** A row that a script takes away and in which another resource declares something. */
function takenAway(places: DeclaredPlaces, resource: string, own: Entry): string[] {
  const problems: string[] = [];
  for (const [key, { address, removed }] of [...own.iniRows, ...(own.scriptRows ?? [])]) {
    if (removed) {
      const users = [
        ...othersIn(places.iniRows.get(key), resource),
        ...othersIn(places.scriptRows.get(key), resource),
      ];
      if (users.length > 0)
        problems.push(`${address} takes away a row in which ${listed(users, 5)} declares something`);
    } else {
      const removing = othersIn(places.removedRows.get(key), resource);
      if (removing.length > 0) problems.push(`${address} is a row that ${listed(removing, 5)} takes away`);
    }
  }
  return problems;
}

function otherSave(places: DeclaredPlaces, resource: string, { save }: Entry): string[] {
  if (save === undefined) return [];
  const others = othersIn(places.saves.get(!save), resource);
  if (others.length === 0) return [];
  return [
    `save is ${save} here and ${!save} in ${listed(others, 5)}: saving takes the whole device, so they must agree`,
  ];
}

/** A device has one whole configuration, and beside it only what stands in that one with the same value. */
function besideWhole(places: DeclaredPlaces, resource: string, own: Entry): string[] {
  const wholes = othersIn(places.wholes.get(true), resource);
  if (!own.whole) return wholes.flatMap((name) => besideAnother(name, places.entries.get(name), own));
  if (wholes.length > 0)
    return [`${listed(wholes, 5)} declares the whole configuration of this device already`];
  const problems: string[] = [];
  for (const [name, part] of places.entries) {
    const left = name === resource ? [] : leftOut(own, part);
    if (left.length > 0)
      problems.push(
        `this is the whole configuration of the device, without ${listed(left, 5)} of ${name}: loading it would undo that one`,
      );
  }
  return problems;
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

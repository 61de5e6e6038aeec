import { type Address, cellAddress, rowAddress } from "../../ini/address";
import { ConfigurationLookup, cellIn } from "../../ini/declared";
import { NameMap, nameKey } from "../../ini/names";
import type { Observed } from "../../ini/observe";
import { COLUMN_DEFAULT } from "../../ini/scalar";
import { declaredIndexes, type Fragment, isWithheld } from "./fragment";
import { cellsOf, nothingBefore, type Previous, previousTable, rowPart, rowWith } from "./previous/values";

type Managed = Pick<Fragment, "declared" | "ownTables">;

/**
 * `earlier` without what is managed no longer, and with what `before` shows of all that is managed for the first time.
 * What is remembered already is never overwritten.
 */
export function rememberPrevious(earlier: Previous, before: Observed, managed: Managed): Previous {
  const previous = divided(earlier, managed).managed;
  for (const name of Object.keys(managed.declared.parameters)) {
    if (!previous.parameters.has(name) && !isWithheld(before, name))
      previous.parameters.set(name, before.parameters.get(name) ?? null);
  }
  for (const [name, rows] of Object.entries(managed.declared.tables)) {
    const table = previousTable(previous, name);
    const wasThere = earlier.tables.get(name)?.rows;
    const shown = before.tables.get(name)?.rows;
    for (const [index, row] of Object.entries(rows)) {
      const live = shown?.get(index);
      if (live === undefined && !wasThere?.has(index)) table.absent.add(index);
      if (table.absent.has(index)) continue;
      const values = (column: string) => live?.get(column)?.text ?? null;
      table.rows.set(index, rowWith(table.rows.get(index), Object.keys(row), values));
    }
  }
  for (const name of managed.ownTables) {
    const table = previousTable(previous, name);
    if (earlier.tables.get(name)?.owned) continue;
    table.owned = true;
    const declared = declaredIndexes(managed.declared, name);
    for (const [index, live] of before.tables.get(name)?.rows ?? []) {
      if (declared.has(index)) continue;
      const values = (column: string) => live.get(column)?.text ?? null;
      table.rows.set(index, rowWith(table.rows.get(index), [...live.keys()], values));
    }
  }
  return previous;
}

/** Values from before, by whether they belong to what is still managed. Rows that stay whole are not copied. */
function divided(
  earlier: Previous,
  { declared, ownTables }: Managed,
): { managed: Previous; released: Previous } {
  const lookup = new ConfigurationLookup(declared);
  const owned = new Set(ownTables.map(nameKey));
  const [managed, released] = [nothingBefore(), nothingBefore()];
  for (const [name, value] of earlier.parameters)
    (lookup.parameter(name) === undefined ? released : managed).parameters.set(name, value);
  for (const [name, table] of earlier.tables) {
    const stays = previousTable(managed, name);
    const goes = previousTable(released, name);
    const isOwned = owned.has(nameKey(name));
    (isOwned ? stays : goes).owned = table.owned;
    for (const index of table.absent)
      (isOwned || lookup.row(name, index) !== undefined ? stays : goes).absent.add(index);
    for (const [index, row] of table.rows) {
      const declaredRow = lookup.row(name, index);
      const isManaged = (column: string) =>
        isOwned || (declaredRow !== undefined && cellIn(declaredRow, column) !== undefined);
      const part = rowPart(row, isManaged);
      if (part !== undefined) stays.rows.set(index, part);
      if (part === row) continue;
      goes.rows.set(index, rowPart(row, (column) => !isManaged(column)) ?? row);
    }
  }
  return { managed, released };
}

/** What has to go back to the device because it is managed no longer. */
export type Restoration = Pick<Fragment, "restored" | "removedRows" | "unsetParameters" | "returningTables">;

export function nothingToRestore(): Restoration {
  return { restored: new NameMap(), removedRows: new NameMap(), unsetParameters: [], returningTables: [] };
}

/** What leaves the management, with the values that it had before. */
export function restorationOf(earlier: Previous, managed: Managed): Restoration {
  const { released } = divided(earlier, managed);
  const restoration = {
    ...nothingToRestore(),
    unsetParameters: [] as string[],
    returningTables: [] as string[],
  };
  for (const [name, value] of released.parameters) {
    if (value === null) restoration.unsetParameters.push(name);
    else restoration.restored.set(name, value);
  }
  for (const [name, { owned, absent, rows }] of released.tables) {
    if (owned) restoration.returningTables.push(name);
    for (const index of absent) restoration.removedRows.set(rowAddress(name, index), true);
    for (const [index, row] of rows)
      for (const [column, value] of cellsOf(row))
        restoration.restored.set(cellAddress(name, index, column), value ?? COLUMN_DEFAULT);
  }
  return restoration;
}

/** What goes back, less what other resources declare now: that was handed over and not let go. */
export function withoutHandedOver(
  { restored, removedRows, unsetParameters, returningTables }: Restoration,
  isTaken: (address: Address) => boolean,
): Restoration {
  return {
    restored: new NameMap([...restored].filter(([address]) => !isTaken(address))),
    removedRows: new NameMap([...removedRows].filter(([row]) => !isTaken(row))),
    unsetParameters: unsetParameters.filter((name) => !isTaken(name)),
    returningTables,
  };
}

export function isNothing({ restored, removedRows, unsetParameters }: Restoration): boolean {
  return restored.size === 0 && removedRows.size === 0 && unsetParameters.length === 0;
}

import { type Address, rowAddress, splitAddress } from "../../ini/address";
import type { Value } from "../../ini/configuration";
import { declaredBy } from "../../ini/declared";
import { NameMap, nameKey } from "../../ini/names";
import { type Observed, sameLive } from "../../ini/observe";
import type { Fragment, MadeRow } from "./fragment";

/** Rows that resources let go of in this run and that stayed because other resources had cells in them. */
export type StayedRows = NameMap<MadeRow[]>;

export interface Settled {
  fragment: Fragment;
  /** Why rows stay, one sentence each. */
  lines: string[];
}

/** A row of which fragments let go: those that made it, and those that put back cells of it. */
interface LetGo {
  table: string;
  index: string;
  makers: Settled[];
  restorers: Settled[];
  /** The values that go back, by column. */
  back: NameMap<Value>;
}

/**
 * Decides by a fresh dump which rows go: those that are as they were made, once all values that are let go of together
 * are back. A row that another fragment declares is handed over. Any other row stays, and a line says why. Values from
 * before go back only to rows that still stand.
 *
 * @param stayed rows that earlier turns of this run kept: they go with the last resource that lets go of them
 */
export function settleRows(
  observed: Observed,
  fragments: readonly Fragment[],
  stayed: StayedRows,
): Settled[] {
  const settled = fragments.map((fragment): Settled => ({ fragment: ownCopy(fragment), lines: [] }));
  const rows = letGoBy(settled);
  if (rows.size === 0) return settled;
  const declared = new NameMap<true>();
  for (const { declared: configuration } of fragments)
    for (const row of declaredBy(configuration).rows.keys()) if (rows.has(row)) declared.set(row, true);
  for (const [row, letGo] of rows) {
    const table = observed.tables.get(letGo.table);
    // What cannot be read is not gone; the plan refuses such a table.
    if (table?.hidden || (table?.unreadable.length ?? 0) > 0) continue;
    const cells = table?.rows.get(letGo.index);
    if (cells === undefined) forgetGone(row, letGo, declared.has(row));
    else settle(row, letGo, { cells, stayed, isDeclared: declared.has(row) });
  }
  return settled;
}

function ownCopy(fragment: Fragment): Fragment {
  if (fragment.restored.size === 0 && fragment.removedRows.size === 0) return fragment;
  return {
    ...fragment,
    restored: new NameMap(fragment.restored),
    removedRows: new NameMap(fragment.removedRows),
  };
}

function letGoBy(settled: readonly Settled[]): NameMap<LetGo> {
  const rows = new NameMap<LetGo>();
  const at = (table: string, index: string) =>
    rows.ensure(rowAddress(table, index), () => ({
      table,
      index,
      makers: [],
      restorers: [],
      back: new NameMap(),
    }));
  for (const one of settled) {
    for (const row of one.fragment.removedRows.keys()) {
      const split = splitAddress(row);
      if (split.kind === "row") at(split.table, split.index).makers.push(one);
    }
    for (const [address, value] of one.fragment.restored) {
      const split = splitAddress(address);
      if (split.kind !== "cell") continue;
      const { restorers, back } = at(split.table, split.index);
      if (restorers.at(-1) !== one) restorers.push(one);
      back.set(split.column, value);
    }
  }
  return rows;
}

function settle(
  row: Address,
  { makers, restorers, back }: LetGo,
  {
    cells,
    stayed,
    isDeclared,
  }: { cells: Iterable<[string, { text: string }]>; stayed: StayedRows; isDeclared: boolean },
): void {
  const made = [...(stayed.get(row) ?? []), ...makers.map(({ fragment }) => madeBy(fragment, row))];
  if (made.length === 0) return;
  const foreign = [...cells].flatMap(([column, { text }]) =>
    isAsMade(made, column, back.get(column) ?? text) ? [] : [column],
  );
  if (foreign.length === 0 && !isDeclared) {
    stayed.delete(row);
    for (const { fragment } of restorers) withoutCells(fragment, row, back.keys());
    const [remover] = [...makers, ...restorers];
    remover?.fragment.removedRows.set(row, true);
    return;
  }
  if (!isDeclared) stayed.set(row, made);
  for (const { fragment, lines } of makers) {
    fragment.removedRows.delete(row);
    if (!isDeclared) lines.push(`${row} stays on the device, no longer managed: ${whoseNot(foreign)}`);
  }
}

function madeBy(fragment: Fragment, row: Address): MadeRow {
  return fragment.made?.get(row) ?? { ours: [], filled: {} };
}

/** Whether a cell is declared by one who made the row, or is as the device filled it in. */
function isAsMade(made: readonly MadeRow[], column: string, value: Value): boolean {
  const key = nameKey(column);
  return made.some(
    ({ ours, filled }) =>
      ours.some((name) => nameKey(name) === key) ||
      Object.entries(filled).some(([name, text]) => nameKey(name) === key && sameLive(text, value)),
  );
}

function whoseNot(columns: readonly string[]): string {
  const one = columns.length === 1;
  return `${columns.join(", ")} ${one ? "is" : "are"} neither its own nor as the device filled ${one ? "it" : "them"} in`;
}

/** Values from before do not make a row that is gone, unless the whole of it was kept: that of an owned table. */
function forgetGone(row: Address, { table, makers, restorers, back }: LetGo, isDeclared: boolean): void {
  // It comes back as another's, and is not to be looked for as one that stayed.
  if (isDeclared) for (const { fragment } of makers) fragment.removedRows.delete(row);
  for (const { fragment, lines } of restorers) {
    if (fragment.returningTables?.some((name) => nameKey(name) === nameKey(table))) continue;
    withoutCells(fragment, row, back.keys());
    lines.push(`${row} is gone from the device: its values from before are not put back`);
  }
}

function withoutCells({ restored }: Fragment, row: Address, columns: Iterable<string>): void {
  for (const column of columns) restored.delete(`${row} ${column}`);
}

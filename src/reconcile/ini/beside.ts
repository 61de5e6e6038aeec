import { cellAddress, rowAddress } from "../../ini/address";
import type { Change } from "../../ini/compare";
import { sameValue, type Value } from "../../ini/configuration";

import type { IniCell, RowCells } from "../../ini/dump/row-cells";
import { NameMap, nameKey } from "../../ini/names";
import type { Observed } from "../../ini/observe";
import { isObscured, sameText } from "../../secrets/values";
import type { IniPlan } from "./plan/plan";

/** A row as a dump shows it. */
interface ShownRow {
  table: string;
  index: string;
  cells: RowCells;
}

/** A cell of a row that two dumps have. */
interface CellChange {
  table: string;
  index: string;
  column: string;
  before: IniCell;
  after: IniCell | undefined;
}

/** What differs between two dumps of a device. */
export interface DumpChanges {
  parameters: Change[];
  cells: CellChange[];
  gone: ShownRow[];
  come: ShownRow[];
}

/** Names that change by themselves: of a parameter, or of a column as `Table.Column`. */
export type Counting = Pick<NameMap<true>, "has">;

export const NOTHING_COUNTS: Counting = { has: () => false };

/** Compares two dumps in one pass; what a device withholds, obscures or counts by itself is no difference. */
export function dumpChanges(before: Observed, after: Observed, counting: Counting): DumpChanges {
  const changes: DumpChanges = { parameters: [], cells: [], gone: [], come: [] };
  const parameter = (name: string, was: Value | undefined, is: Value | undefined) => {
    if (sameShown(was, is) || counting.has(name)) return;
    if (before.hiddenParameters.has(name) || after.hiddenParameters.has(name)) return;
    changes.parameters.push({ address: name, before: was, after: is });
  };
  for (const [name, was] of before.parameters) parameter(name, was, after.parameters.get(name));
  for (const [name, is] of after.parameters) if (!before.parameters.has(name)) parameter(name, undefined, is);
  for (const { name } of new NameMap([...before.tables, ...after.tables]).values()) {
    const [was, is] = [before.tables.get(name), after.tables.get(name)];
    if (was?.hidden || is?.hidden) continue;
    let counts: Set<string> | undefined;
    for (const [index, cells] of was?.rows ?? []) {
      const now = is?.rows.get(index);
      if (now === cells) continue;
      counts ??= new Set((was?.columns ?? []).filter((column) => counting.has(`${name}.${column}`)));
      if (now === undefined) changes.gone.push({ table: name, index, cells });
      else changes.cells.push(...cellChanges(name, index, { before: cells, after: now, counts }));
    }
    for (const [index, cells] of is?.rows ?? [])
      if (!was?.rows.has(index)) changes.come.push({ table: name, index, cells });
  }
  return changes;
}

/** Whether a row shows the same in both dumps. */
export function sameRow(before: Observed, after: Observed, table: string, index: string): boolean {
  const [was, is] = [before, after].map(({ tables }) => tables.get(table)?.rows.get(index));
  if (was === undefined || is === undefined) return was === is;
  return cellChanges(table, index, { before: was, after: is, counts: new Set() }).length === 0;
}

function cellChanges(
  table: string,
  index: string,
  rows: { before: RowCells; after: RowCells; counts: ReadonlySet<string> },
): CellChange[] {
  const changes: CellChange[] = [];
  for (const [column, before] of rows.before) {
    const after = rows.after.get(column);
    if (after !== undefined && (after.raw === before.raw || sameShown(before.text, after.text))) continue;
    if (!rows.counts.has(column)) changes.push({ table, index, column, before, after });
  }
  return changes;
}

/** An obscured value may come back in another form each time; that alone is no change. */
export function sameShown(a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (typeof a !== "string" || typeof b !== "string") return sameValue(a, b);
  return sameText(a, b) || (isObscured(a) && isObscured(b));
}

/** A cell that is not ours and that an upload changed or lost. */
export interface Damage {
  table: string;
  index: string;
  column: string;
  /** As the dump showed it before, quotes included. */
  raw: string;
  /** What it shows now; undefined if the row or the column is gone. */
  now: string | undefined;
}

/** What an upload did beside what it was to do. */
export interface Beside {
  /** What it lost or changed in rows that were sent: it goes back. */
  damage: Damage[];
  /** Changes elsewhere, by the device or by a person: they are told. */
  changes: Change[];
  /** Rows elsewhere that are gone and rows that nobody sent, by address. */
  gone: string[];
  come: string[];
  /** Rows that stand under another index than they were sent with. */
  renumbered: { from: string; to: string }[];
}

/**
 * Sorts what differs between the dumps before and after an upload and was not its purpose. A row of a table that was
 * sent must stand as it stood. A cell that changed in a row that was not sent is somebody else's change.
 */
export function besideUpload(before: Observed, after: Observed, plan: IniPlan, counting: Counting): Beside {
  const { parameters, cells, gone, come } = dumpChanges(before, after, counting);
  const sent = new NameMap(
    plan.text.tables.map(({ name, rows }) => [name, new Set(rows.map(({ index }) => index))]),
  );
  const beside: Beside = {
    damage: [],
    changes: parameters.filter(({ address }) => !plan.written.has(address)),
    gone: [],
    come: [],
    renumbered: [],
  };
  const leftOut = new LeftOut(before, after, plan);
  for (const { table, index, column, before: was, after: is } of cells) {
    const address = cellAddress(table, index, column);
    if (plan.written.has(address)) continue;
    if (is === undefined && leftOut.has(table, column)) continue;
    if (sent.get(table)?.has(index))
      beside.damage.push({ table, index, column, raw: was.raw, now: is?.text });
    else beside.changes.push({ address, before: was.text, after: is?.text });
  }
  const strangers = come.filter(({ table, index }) => !sent.get(table)?.has(index));
  const moved = new Moved(strangers);
  for (const row of gone) {
    const from = rowAddress(row.table, row.index);
    if (plan.removed.has(from)) continue;
    const to = sent.has(row.table) ? moved.take(row, plan.written) : undefined;
    if (to !== undefined) beside.renumbered.push({ from, to });
    else if (!sent.has(row.table)) beside.gone.push(from);
    else
      for (const [column, { raw }] of row.cells)
        if (!plan.written.has(cellAddress(row.table, row.index, column)))
          beside.damage.push({ table: row.table, index: row.index, column, raw, now: undefined });
  }
  for (const row of newRowsLost(before, after, plan)) {
    const to = moved.takeLike(row);
    if (to !== undefined) beside.renumbered.push({ from: rowAddress(row.table, row.index), to });
  }
  beside.come = moved.rest();
  return beside;
}

/**
 * Columns that a dump shows no more because they are at their default in all rows, as some devices do: all rows that
 * were to stay held one value there, and another one stood only where this upload has changed it.
 */
class LeftOut {
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly before: Observed,
    private readonly after: Observed,
    private readonly plan: IniPlan,
  ) {}

  has(table: string, column: string): boolean {
    const key = `${nameKey(table)}.${nameKey(column)}`;
    const known = this.known.get(key) ?? this.look(table, column);
    this.known.set(key, known);
    return known;
  }

  private look(table: string, column: string): boolean {
    const now = this.after.tables.get(table);
    if (now === undefined || now.columns.some((name) => nameKey(name) === nameKey(column))) return false;
    const stay = new Set<string>();
    const changed = new Set<string>();
    for (const [index, cells] of this.before.tables.get(table)?.rows ?? []) {
      const { text } = cells.get(column) ?? {};
      const isChanged =
        this.plan.removed.has(rowAddress(table, index)) ||
        this.plan.written.has(cellAddress(table, index, column));
      if (text !== undefined) (isChanged ? changed : stay).add(text);
    }
    const [usual] = stay;
    return stay.size === 1 && [...changed].some((text) => text !== usual);
  }
}

/** Rows that came without being sent, found by what they hold: a device may have given a row another index. */
class Moved {
  private readonly rows = new Map<string, ShownRow>();
  private readonly byContent = new Map<string, string[]>();

  constructor(come: readonly ShownRow[]) {
    for (const row of come) {
      const address = rowAddress(row.table, row.index);
      this.rows.set(address, row);
      const key = contentOf(row);
      const same = this.byContent.get(key);
      if (same === undefined) this.byContent.set(key, [address]);
      else same.push(address);
    }
  }

  /** The address of a row that holds what this one was to hold; it is found once. */
  take(row: ShownRow, written: NameMap<Value>): string | undefined {
    const address = this.byContent.get(contentOf(row, written))?.pop();
    if (address !== undefined) this.rows.delete(address);
    return address;
  }

  /** The address of a row that has the texts of this one, whatever else it has. */
  takeLike({ table, cells }: { table: string; cells: NameMap<string> }): string | undefined {
    for (const [address, row] of this.rows) {
      if (row.table !== table || cells.size === 0) continue;
      if ([...cells].some(([column, text]) => row.cells.get(column)?.text !== text)) continue;
      this.rows.delete(address);
      return address;
    }
    return undefined;
  }

  rest(): string[] {
    return [...this.rows.keys()];
  }
}

function contentOf({ table, index, cells }: ShownRow, written?: NameMap<Value>): string {
  const texts = [...cells].map(([column, { text }]) => {
    const shown = written?.get(cellAddress(table, index, column)) ?? text;
    return typeof shown === "string" && isObscured(shown) ? null : shown;
  });
  return JSON.stringify([table, ...texts]);
}

/** New rows of an upload that do not stand where they were sent to, with what was written of them. */
function* newRowsLost(
  before: Observed,
  after: Observed,
  plan: IniPlan,
): Iterable<{ table: string; index: string; cells: NameMap<string> }> {
  for (const { name: table, columns, rows } of plan.text.tables) {
    const [was, is] = [before, after].map(({ tables }) => tables.get(table)?.rows);
    for (const { index } of rows) {
      if (was?.has(index) || is?.has(index)) continue;
      const cells = new NameMap<string>();
      for (const column of columns) {
        const value = plan.written.get(cellAddress(table, index, column));
        if (typeof value === "string" && value !== "") cells.set(column, value);
      }
      yield { table, index, cells };
    }
  }
}

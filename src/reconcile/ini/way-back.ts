import { type Address, cellAddress, rowAddress, splitAddress } from "../../ini/address";
import type { Change } from "../../ini/compare";
import type { Value } from "../../ini/configuration";
import { NameMap } from "../../ini/names";
import { liveValue, type Observed } from "../../ini/observe";
import { COLUMN_DEFAULT } from "../../ini/scalar";
import { isObscured, sameText } from "../../secrets/values";
import { type DumpChanges, sameShown } from "./beside";
import type { Restoration } from "./restore";

/** What a change has done to a device, in terms of its dumps. */
export interface WentOut {
  /** The device right before the change. */
  base: Observed;
  /** The parameters and cells that it changed. */
  written: NameMap<Value>;
  /** The rows that it took away. */
  removed: NameMap<{ table: string; index: string }>;
  /** What the device emptied beside it: references to something that went. */
  emptied: readonly Address[];
  /** The device when the change had been read back: what is other since then, somebody else has changed. */
  held?: Observed;
}

/** What differs between two dumps, as a change of ours. */
export function wentOut(base: Observed, { parameters, cells, gone, come }: DumpChanges): WentOut {
  const written = new NameMap<Value>();
  for (const { address, after } of parameters) written.set(address, after ?? "");
  for (const { table, index, column, after } of cells)
    written.set(cellAddress(table, index, column), after?.text ?? "");
  for (const { table, index, cells: row } of come)
    for (const [column, { text }] of row) written.set(cellAddress(table, index, column), text);
  const removed = new NameMap(
    gone.map(({ table, index }) => [rowAddress(table, index), { table, index }] as const),
  );
  return { base, written, removed, emptied: [] };
}

/** The references that a device emptied beside a change. */
export function emptiedBy(changes: readonly Change[]): Address[] {
  return changes
    .filter(({ before, after }) => before !== undefined && before !== "" && (after ?? "") === "")
    .map(({ address }) => address);
}

/** What brings a device back to how it was before a change, as far as the change went. */
export function wayBack(out: WentOut, now: Observed): Restoration {
  const restored = new NameMap<Value>();
  const removedRows = new NameMap<true>();
  const unsetParameters: string[] = [];
  for (const address of differing(out, now)) {
    if (isTheirs(out, now, address)) continue;
    const split = splitAddress(address);
    const before = liveValue(out.base, address);
    if (split.kind === "row") removedRows.set(address, true);
    else if (before !== undefined) restored.set(address, before);
    else if (split.kind === "parameter") unsetParameters.push(address);
    else restored.set(address, COLUMN_DEFAULT);
  }
  return { restored, removedRows, unsetParameters, returningTables: [] };
}

/**
 * What a device still shows otherwise than before a change, as far as the change went.
 * @param wentBack whether all of it was sent back and taken
 */
export function stillOther(out: WentOut, now: Observed, wentBack: boolean): Address[] {
  return [...differing(out, now)].filter((address) => {
    const split = splitAddress(address);
    if (wentBack && isObscuredAnew(out, now, address)) return false;
    // A column that was not shown before may be shown at its default now.
    if (split.kind !== "cell" || liveValue(out.base, address) !== undefined) return true;
    const is = liveValue(now, address);
    const was = out.written.get(address);
    return is !== undefined && was !== undefined && sameShown(was, is);
  });
}

/** What somebody else has changed in what the change touched: it is left as they left it. */
export function theirs(out: WentOut, now: Observed): Address[] {
  return [...differing(out, now)].filter((address) => isTheirs(out, now, address));
}

function isTheirs({ base, held, written }: WentOut, now: Observed, address: Address): boolean {
  if (held === undefined) return false;
  const split = splitAddress(address);
  const isOther = (cell: Address) => {
    const is = liveValue(now, cell);
    // A device can apply a change late.
    const isOurs = is !== undefined && sameShown(written.get(cell), is);
    return !isOurs && !sameShown(liveValue(held, cell), is);
  };
  if (split.kind === "parameter") return isOther(address);
  const { table, index } = split;
  const [was, is] = [held, now].map(({ tables }) => tables.get(table)?.rows.get(index));
  if (split.kind === "cell") {
    // A row of before that somebody took away stays away.
    if (was !== undefined && is === undefined) return base.tables.get(table)?.rows.has(index) === true;
    return isOther(address);
  }
  if (was === undefined || is === undefined) return false;
  const columns = new NameMap([...was, ...is]);
  return [...columns.keys()].some((column) => isOther(cellAddress(table, index, column)));
}

/** A secret that shows neither the form of before nor that of the change: the device obscures it anew each time. */
function isObscuredAnew({ base, held }: WentOut, now: Observed, address: Address): boolean {
  const [was, is] = [liveValue(base, address), liveValue(now, address)];
  if (typeof was !== "string" || typeof is !== "string" || !isObscured(was) || !isObscured(is)) return false;
  return held === undefined || liveValue(held, address) !== is;
}

/** A secret that shows another form may be another secret. */
export function isAsBefore(was: Value | undefined, is: Value | undefined): boolean {
  const areObscured = typeof was === "string" && typeof is === "string" && isObscured(was) && isObscured(is);
  return areObscured ? sameText(was, is) : sameShown(was, is);
}

/** Parameters, cells and (if the row was not there before) rows that are not as they were. */
function* differing({ base, written, removed, emptied }: WentOut, now: Observed): Iterable<Address> {
  const rows = new Set<Address>();
  for (const address of new NameMap([...written.keys(), ...emptied].map((each) => [each, true])).keys()) {
    const split = splitAddress(address);
    if (split.kind === "cell" && !base.tables.get(split.table)?.rows.has(split.index)) {
      const row = rowAddress(split.table, split.index);
      const stands = now.tables.get(split.table)?.rows.has(split.index) === true;
      if (stands && !rows.has(row)) yield row;
      rows.add(row);
    } else if (!isAsBefore(liveValue(base, address), liveValue(now, address))) yield address;
  }
  for (const { table, index } of removed.values()) {
    for (const [column, { text }] of base.tables.get(table)?.rows.get(index) ?? []) {
      const address = cellAddress(table, index, column);
      if (!isAsBefore(text, liveValue(now, address))) yield address;
    }
  }
}

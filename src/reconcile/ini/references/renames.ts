import { type Address, cellAddress, rowAddress } from "../../../ini/address";
import { type DeclaredValue, declaredBy } from "../../../ini/declared";
import { NameMap, nameKey } from "../../../ini/names";
import { liveAt, type Observed } from "../../../ini/observe";
import { isOwnName, NO_NAME, seemsToName } from "../../../ini/references/columns";
import { describeValue } from "../../../text/describe";
import { listed } from "../../../text/listed";
import type { Fragment } from "../fragment";

/** A row that gets another name, and who refers to it by the old one. */
export interface Rename {
  table: string;
  index: string;
  column: string;
  was: string;
  is: string;
  /** Cells that nobody declares, as far as the run knows. */
  left: { table: string; address: Address }[];
}

/** What changes beside. */
export interface Beside {
  /** What the device does not hold of what the fragment declares and brings back. */
  differing: readonly (DeclaredValue & { isRestored: boolean })[];
  /** Rows that go. */
  going: readonly { table: string; index: string }[];
}

/**
 * The rows that a fragment renames although rows refer to the old name that the run does not declare. A name that
 * another row has from now on is not lost. What goes back to how it was is not looked at.
 */
export function renamesOf(
  observed: Observed,
  fragment: Pick<Fragment, "declared" | "isSecret" | "isDeclaredElsewhere">,
  { differing, going }: Beside,
): Rename[] {
  const renames: Rename[] = [];
  for (const { address, place, value, isRestored } of differing) {
    if (isRestored || place.kind !== "cell" || !isOwnName(place.table, place.column)) continue;
    const was = liveAt(observed, place);
    if (typeof was !== "string" || typeof value !== "string" || NO_NAME.test(was)) continue;
    if (!fragment.isSecret(address)) renames.push({ ...place, was, is: value, left: [] });
  }
  if (renames.length === 0) return renames;
  const laid = new NameMap(differing.map(({ address }) => [address, true]));
  const { values } = declaredBy(fragment.declared);
  const gone = new NameMap(going.map(({ table, index }) => [rowAddress(table, index), true]));
  const lost = new Map<string, Rename[]>();
  const names = new Map<string, Set<unknown>>();
  for (const rename of renames) {
    const key = nameKey(`${rename.table} ${rename.column}`);
    const held = names.get(key) ?? namesIn(observed, rename, differing);
    names.set(key, held);
    if (!held.has(rename.was)) lost.set(rename.was, [...(lost.get(rename.was) ?? []), rename]);
  }
  if (lost.size === 0) return [];
  for (const [table, { rows }] of observed.tables)
    for (const [index, row] of rows)
      for (const [column, { text }] of row) {
        const named = lost.get(text)?.filter((rename) => seemsToName({ table, column }, rename)) ?? [];
        if (named.length === 0 || gone.has(rowAddress(table, index))) continue;
        const address = cellAddress(table, index, column);
        const isDeclared = laid.has(address) || values.has(address);
        if (isDeclared || fragment.isSecret(address) || fragment.isDeclaredElsewhere?.(address)) continue;
        for (const rename of named) rename.left.push({ table, address });
      }
  return renames.filter(({ left }) => left.length > 0);
}

/** The names that the rows of a table have when all is laid over them. */
function namesIn(
  observed: Observed,
  { table, column }: { table: string; column: string },
  differing: Beside["differing"],
): Set<unknown> {
  const names = new Set<unknown>();
  const renamed = new Set<string>();
  for (const { place, value } of differing) {
    if (place.kind !== "cell" || nameKey(place.table) !== nameKey(table)) continue;
    if (nameKey(place.column) !== nameKey(column)) continue;
    names.add(value);
    renamed.add(place.index);
  }
  for (const [index, row] of observed.tables.get(table)?.rows ?? [])
    if (!renamed.has(index)) names.add(row.get(column)?.text);
  return names;
}

const NAMED = 10;

/** What a person should know of a rename that goes out. */
export function renameNote(rename: Rename): string {
  return `${renameWords(rename)}: declare the new name there, unless this device renames references of itself`;
}

/** Why a rename cannot go out as it is declared. */
export function renameProblem(rename: Rename): string {
  const refer = rename.left.length === 1 ? "it" : "them";
  return (
    `${renameWords(rename)}; their table goes out as well, and a device may drop a row that refers to what is not ` +
    `there: declare ${refer} too with the new name, or first make another row of that name and move all references`
  );
}

function renameWords({ table, index, was, is, left }: Rename): string {
  const cells = listed(
    left.map(({ address }) => address),
    NAMED,
  );
  const refer = left.length === 1 ? "refers" : "refer";
  return (
    `${rowAddress(table, index)} is renamed from ${describeValue(was)} to ${describeValue(is)}, ` +
    `but ${cells}, not declared, ${refer} to it by the old name`
  );
}

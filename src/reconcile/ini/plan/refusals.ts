import { cellAddress, rowAddress } from "../../../ini/address";
import type { DeclaredValue } from "../../../ini/declared";
import { type Encoding, hasForm } from "../../../ini/encoding";
import { IniError } from "../../../ini/errors";
import { NameMap, nameKey } from "../../../ini/names";
import { liveValue, type Observed } from "../../../ini/observe";
import { cellText, parameterText } from "../../../ini/render";
import type { Fragment } from "../fragment";
import { type Rename, renameProblem } from "../references/renames";
import type { PlanRules } from "./rules";

/** What a fragment would change on the device. */
export interface Intended {
  differing: readonly DeclaredValue[];
  going: readonly { table: string; index: string }[];
  renames: readonly Rename[];
}

/** Why a fragment cannot be sent as it is, one sentence each. */
export function refusals(
  observed: Observed,
  fragment: Fragment,
  { differing, going, renames }: Intended,
  rules: PlanRules,
): string[] {
  const changing = new NameMap<true>();
  for (const { place } of differing) if (place.kind === "cell") changing.set(place.table, true);
  for (const { table } of going) changing.set(table, true);
  return [
    ...differing.map((one) => unwritable(one, rules.encoding)).filter((fault) => fault !== undefined),
    ...hiddenTables(observed, fragment, changing),
    ...(rules.incrementalTables === "whole" ? unreadableTables(observed, changing) : []),
    ...renames.filter(({ left }) => left.some(({ table }) => changing.has(table))).map(renameProblem),
    ...(fragment.allowLossOfAccess ? [] : lossOfAccess(observed, differing, going, rules.username)),
  ];
}

function hiddenTables(observed: Observed, fragment: Fragment, changing: NameMap<true>): string[] {
  const named = [...Object.keys(fragment.declared.tables), ...fragment.ownTables, ...changing.keys()];
  return [...new NameMap(named.map((name) => [name, true])).keys()]
    .filter((table) => observed.tables.get(table)?.hidden)
    .map(
      (table) =>
        `table ${table} has hidden elements on the device and cannot be declared: an upload would lose them`,
    );
}

function unreadableTables(observed: Observed, changing: NameMap<true>): string[] {
  return [...changing.keys()].flatMap((table) => {
    const lines = observed.tables.get(table)?.unreadable ?? [];
    if (lines.length === 0) return [];
    return [
      `table ${table} cannot be sent back whole: line ${lines.join(", ")} of the device's dump could not be read`,
    ];
  });
}

function unwritable({ address, place, value }: DeclaredValue, encoding: Encoding): string | undefined {
  try {
    const parameter = place.kind === "parameter";
    const text = parameter ? parameterText(address, value) : cellText(address, String(value));
    return !hasForm(text, encoding)
      ? `${address} has a character that the encoding of the device's configuration (${encoding}) lacks`
      : undefined;
  } catch (error) {
    if (error instanceof IniError) return error.message;
    throw error;
  }
}

const USERS = "webusers";

/** A change of the row of our own user can end the very session that makes it. */
function lossOfAccess(
  observed: Observed,
  differing: readonly DeclaredValue[],
  shrinking: readonly { table: string; index: string }[],
  username: string,
): string[] {
  const isOurs = (table: string, index: string) =>
    nameKey(table) === USERS && liveValue(observed, cellAddress(table, index, "Username")) === username;
  const rows = new Set<string>();
  for (const { place } of differing) {
    if (place.kind === "cell" && isOurs(place.table, place.index))
      rows.add(rowAddress(place.table, place.index));
  }
  for (const { table, index } of shrinking) if (isOurs(table, index)) rows.add(rowAddress(table, index));
  return [...rows].map(
    (row) =>
      `${row} is the user that this connection logs in with: set allowLossOfAccess to change or remove it`,
  );
}

import { nameKey } from "../names";
import { WELL_KNOWN_TABLES } from "../table-order";

/*
 * What columns look like. No dump says which of them refer to another table's rows: their names do, mostly.
 */

/** What is not the name of a row, or means all of them. */
export const NO_NAME = /^[-0-9.*]*$|^any$/i;

const REFERENCES =
  /(?<!user|host|contact|(?<!pro)file)(name|interface|realm|device|group|profile|context|if|set|policy)$/i;

/** Whether a column looks as if it held the name of another table's row. */
export function looksLikeReference(column: string): boolean {
  return REFERENCES.test(column);
}

/** The table whose name stands in that of a column: `SIPInterface` in `SBCIPv4SIPInterfaceName`. */
export function tableIn(column: string): string | undefined {
  const key = nameKey(column);
  const isIn = (table: string) => {
    const at = key.indexOf(nameKey(table));
    // `IPGroup` begins no word of `SIPGroupName`.
    return at === 0 || (at > 0 && !/[A-Z]/.test(column[at - 1] ?? ""));
  };
  const found = WELL_KNOWN_TABLES.filter(isIn);
  return found.sort((a, b) => b.length - a.length)[0];
}

/** Whether a column is the name of the row itself: `Name`, or `ProxyName` in ProxySet, `RouteName` in IP2IPRouting. */
export function isOwnName(table: string, column: string): boolean {
  const own = /^(.*?)e?name$/i.exec(column)?.[1];
  return own !== undefined && nameKey(table).includes(nameKey(own));
}

/**
 * Whether a column of one table seems to hold the name of another's rows: the table's name stands in it, or its last
 * words are those of the table or of the column with the name (`InternalMediaRealm` of `MediaRealmName`).
 */
export function seemsToName(column: { table: string; column: string }, row: typeof column): boolean {
  if (!looksLikeReference(column.column) || isOwnName(column.table, column.column)) return false;
  const meant = tableIn(column.column);
  if (meant !== undefined) return nameKey(meant) === nameKey(row.table);
  const words = wordsOf(column.column);
  return [row.table, row.column].some((name) => endAlike(words, wordsOf(name)));
}

/** `MediaRealmName` is `media realm`; what tables and names are called beside that is left out. */
function wordsOf(name: string): string[] {
  const stem = name.replace(/(name|table)$/i, "").replace(/IF$/, "Interface");
  const words = stem.match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g) ?? [];
  return words.map((word) => nameKey(word).replace(/s$/, ""));
}

/** Whether the last words are the same: two of them, or all that one of the names has. */
function endAlike(a: readonly string[], b: readonly string[]): boolean {
  let same = 0;
  while (same < a.length && same < b.length && a.at(-1 - same) === b.at(-1 - same)) same++;
  return same > 1 || (same > 0 && same === Math.min(a.length, b.length));
}

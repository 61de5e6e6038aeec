import { listed } from "./listed";

/** The names of all that a document shows, without values: tables, rows, parameters; modes and fields. */
export type Inventory = ReadonlySet<string>;

/** Names that a message lists; the rest is counted. */
const LISTED = 3;

/** What `known` has and `now` lacks, in words; undefined if nothing is missing. */
export function shownNoMore(known: Inventory, now: Inventory): string | undefined {
  const missing: string[] = [];
  for (const name of known) if (!now.has(name)) missing.push(name);
  return missing.length === 0 ? undefined : listed(missing, LISTED);
}

export function sameInventory(a: Inventory, b: Inventory): boolean {
  return a.size === b.size && [...a].every((name) => b.has(name));
}

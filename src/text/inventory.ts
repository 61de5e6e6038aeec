/** The names of all that a document shows, without values: tables, rows, parameters; modes and fields. */
export type Inventory = ReadonlySet<string>;

/** Names that a message lists; the rest is counted. */
const LISTED = 3;

/** What `known` has and `now` lacks, in words; undefined if nothing is missing. */
export function shownNoMore(known: Inventory, now: Inventory): string | undefined {
  const missing: string[] = [];
  for (const name of known) if (!now.has(name)) missing.push(name);
  if (missing.length === 0) return undefined;
  const listed = missing.slice(0, LISTED).join(", ");
  return missing.length > LISTED ? `${listed} and ${missing.length - LISTED} more` : listed;
}

export function sameInventory(a: Inventory, b: Inventory): boolean {
  return a.size === b.size && [...a].every((name) => b.has(name));
}

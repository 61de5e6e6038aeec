/** Names in the order in which people list them: without case, and `_10` after `_9`. The same on every machine. */
export function byName(a: string, b: string): number {
  return compare(sortKey(a), sortKey(b)) || compare(a, b);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Longer than any number that a name or an index has. */
const DIGITS = 20;

function sortKey(name: string): string {
  return name.toLowerCase().replace(/[0-9]+/g, (digits) => digits.padStart(DIGITS, "0"));
}

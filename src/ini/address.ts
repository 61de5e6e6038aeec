/**
 * One thing that can be declared, as a text that people read in logs and that the state keeps:
 * a parameter (`EnableSyslog`), a row (`ProxySet 3`) or a cell (`ProxySet 3 ProxyName`).
 * Names hold no blanks, so the three forms never meet.
 */
export type Address = string;

export function rowAddress(table: string, index: string): Address {
  return `${table} ${index}`;
}

/** The order of rows by their indexes, which have no leading zeros. */
export function byIndex(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

export function cellAddress(table: string, index: string, column: string): Address {
  return `${table} ${index} ${column}`;
}

export type SplitAddress =
  | { kind: "parameter"; name: string }
  | { kind: "row"; table: string; index: string }
  | { kind: "cell"; table: string; index: string; column: string };

/** What {@link splitAddress} took apart. */
export function addressOf(place: SplitAddress): Address {
  if (place.kind === "parameter") return place.name;
  if (place.kind === "row") return rowAddress(place.table, place.index);
  return cellAddress(place.table, place.index, place.column);
}

export function splitAddress(address: Address): SplitAddress {
  const first = address.indexOf(" ");
  if (first === -1) return { kind: "parameter", name: address };
  const table = address.slice(0, first);
  const second = address.indexOf(" ", first + 1);
  if (second === -1) return { kind: "row", table, index: address.slice(first + 1) };
  return { kind: "cell", table, index: address.slice(first + 1, second), column: address.slice(second + 1) };
}

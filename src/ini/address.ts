/**
 * One thing that can be declared, as a text that people read in logs and that the state keeps:
 * a parameter (`EnableSyslog`), a row (`ProxySet 3`) or a cell (`ProxySet 3 ProxyName`).
 * Names hold no blanks, so the three forms never meet.
 */
export type Address = string;

export function rowAddress(table: string, index: string): Address {
  return `${table} ${index}`;
}

export function cellAddress(table: string, index: string, column: string): Address {
  return `${table} ${index} ${column}`;
}

export type SplitAddress =
  | { kind: "parameter"; name: string }
  | { kind: "row"; table: string; index: string }
  | { kind: "cell"; table: string; index: string; column: string };

export function splitAddress(address: Address): SplitAddress {
  const [first = "", index, column] = address.split(" ");
  if (index === undefined) return { kind: "parameter", name: first };
  if (column === undefined) return { kind: "row", table: first, index };
  return { kind: "cell", table: first, index, column };
}

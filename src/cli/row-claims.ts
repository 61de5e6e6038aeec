import type { Configuration } from "../ini/configuration";
import { canonicalIndex } from "../ini/parse";
import { type CliLine, headerText } from "./canonical";
import { addressOf, valueText } from "./compare";
import { rowCommand, rowLine } from "./ini-rows";

/*
 * Rows of tables as an ini and a CLI script both name them, so that the two languages can be compared. Both end at
 * the same keys: the words of the CLI. What a table's command is not known of has no key and is not compared.
 */

/** A field of a row. */
export interface FieldClaim {
  /** As its own language writes it: `ProxySet 3 ProxyName`, `configure voip / proxy-set 3 / proxy-name`. */
  address: string;
  value: string | string[];
}

/** What is declared of one row. */
export interface RowClaim {
  /** As its own language writes it. */
  address: string;
  /** The command of the row and of its neighbours, without an index. */
  command: string | undefined;
  /** The row is taken away. */
  removed: boolean;
  /** By the words of their names, so that `EnableProxyKeepAlive` and `proxy-enable-keep-alive` meet. */
  fields: Map<string, FieldClaim>;
}

/** Rows by their place in the CLI. A row in which only an inner row is declared is there too, without fields. */
export type RowClaims = ReadonlyMap<string, RowClaim>;

/** The rows that an ini configuration declares, as far as the CLI's command of their table is known. */
export function rowsOfIni({ tables }: Pick<Configuration, "tables">): RowClaims {
  const claims = new Map<string, RowClaim>();
  for (const [table, rows] of Object.entries(tables)) {
    const command = rowCommand(table);
    if (command === undefined) continue;
    for (const [index, cells] of Object.entries(rows)) {
      const line = rowLine({ table, index, cells });
      if (line === undefined) continue;
      const address = `${table} ${index}`;
      const key = keyOf([...line.mode, headerText(line.name, line.args)]);
      if (line.mode.length > 1) claimOf(claims, keyOf(line.mode), address);
      const claim = claimOf(claims, key, address, keyOf(command));
      for (const [column, value] of Object.entries(cells)) {
        claim.fields.set(nameWords(column), { address: `${address} ${column}`, value });
      }
    }
  }
  return claims;
}

/** The rows in which a script sets something, and those that it takes away. */
export function rowsOfScript(lines: readonly CliLine[]): RowClaims {
  const claims = new Map<string, RowClaim>();
  /** The commands of the rows that were entered, by the rows' keys. */
  const commands = new Map<string, string>();
  const commandIn = (mode: readonly string[], name: string) =>
    `${commands.get(keyOf(mode)) ?? keyOf(mode)} ${name}`;
  const enter = (mode: readonly string[]): RowClaim | undefined => {
    let claim: RowClaim | undefined;
    for (let depth = 2; depth <= mode.length; depth++) {
      const path = mode.slice(0, depth);
      claim = claimOf(claims, keyOf(path), path.join(" / "), commands.get(keyOf(path)));
      // A row that is taken away and entered again is there.
      claim.removed = false;
    }
    return claim;
  };
  for (const line of lines) {
    const inside = [...line.mode, headerText(line.name, line.args)];
    if (line.opens !== undefined) {
      commands.set(keyOf(inside), line.mode.length === 0 ? keyOf(inside) : commandIn(line.mode, line.name));
      if (line.opens === "row") enter(inside);
    } else if (line.negated && line.args.length > 0) {
      enter(line.mode);
      const address = [...line.mode, `no ${headerText(line.name, line.args)}`].join(" / ");
      const claim = claimOf(claims, keyOf(inside), address, commandIn(line.mode, line.name));
      claim.removed = true;
      claim.fields.clear();
    } else {
      const value = line.negated ? "no" : valueText(line);
      enter(line.mode)?.fields.set(nameWords(line.name), {
        address: addressOf({ ...line, negated: false }),
        value,
      });
    }
  }
  return claims;
}

/** What a table's owner owns: the key that the rows of the table share as their command. */
export function commandOfTable(table: string): string | undefined {
  const command = rowCommand(table);
  return command === undefined ? undefined : keyOf(command);
}

function claimOf(claims: Map<string, RowClaim>, key: string, address: string, command?: string): RowClaim {
  const claim = claims.get(key) ?? { address, command, removed: false, fields: new Map() };
  claims.set(key, claim);
  claim.command ??= command;
  return claim;
}

/** One text for one place, whatever the case of its words and the zeros before an index. */
function keyOf(path: readonly string[]): string {
  const words = path.join(" ").toLowerCase().replaceAll('"', "").split(" ");
  return words.map((word, at) => (at > 0 && /^\d+$/.test(word) ? canonicalIndex(word) : word)).join(" ");
}

/** The words of a name in one order: the CLI and the ini put them in different ones. */
function nameWords(name: string): string {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [name];
  return words
    .map((word) => word.toLowerCase())
    .sort()
    .join(" ");
}

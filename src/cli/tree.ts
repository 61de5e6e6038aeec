import type { Line } from "./lines";

/** A CLI script as it stands in its text, mode by mode. */
export interface CliTree {
  /** `configure …` modes, and queries and commands outside of them. */
  nodes: CliNode[];
}

export type CliNode = SubMode | Field | Query | Command;

/** A configuration mode, a sub-mode of one, or a row of a table. `activate` and `exit` are not kept: they end it. */
export interface SubMode {
  kind: "submode";
  /** Lower case, without the key: `configure`, `proxy-set`, `interface network-if`. */
  name: string;
  /** The key, as exact text without quotes; empty for a sub-mode that has none. */
  args: readonly string[];
  /** Whether it is a row of a table: something that exists or not, rather than a group of settings. */
  row: boolean;
  children: CliNode[];
  from: Line;
  /** The last line that belongs to it: its `exit`, where it has one. */
  to: Line;
}

/** One setting: `name value`, or `no name`. */
export interface Field {
  kind: "field";
  /** Lower case, without `no`. */
  name: string;
  /** Words of the value, as exact text without quotes. */
  args: readonly string[];
  negated: boolean;
  /** Whether `set` stands before the name, as in rows of firmware 6.6 and 7.0. It is no part of the name. */
  set?: true;
  line: Line;
}

/** A line that asks and changes nothing: `show …`, `do show …`, `… display`, and `display` alone in a row. */
export interface Query {
  kind: "query";
  /** As written, without the blanks around it. */
  text: string;
  line: Line;
}

/** An action such as `copy` or `reload`, which a script cannot run. */
export interface Command {
  kind: "command";
  /** Lower case. */
  name: string;
  line: Line;
}

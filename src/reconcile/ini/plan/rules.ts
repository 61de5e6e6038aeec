import type { Encoding } from "../../../ini/encoding";

/** What the plan must know of the device beside its dump. */
export interface PlanRules {
  /** `whole` sends every row of a table that changes; `rows` only those that differ. */
  incrementalTables: "whole" | "rows";
  /** The user that this connection logs in with. */
  username: string;
  /** The encoding of the dump, in which the upload goes out as well. */
  encoding: Encoding;
}

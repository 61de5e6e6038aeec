import type { CliLine } from "./canonical";
import { addressOf, lineKey } from "./compare";

/** Tells the lines that a user named in `atDefault`. */
export type LineMatcher = (line: CliLine) => boolean;

export const NO_LINE: LineMatcher = () => false;

/**
 * Lines as errors print them (`configure voip / proxy-set 3 / proxy-name x`) or without their value; `*` stands for
 * every line. Case, blanks, quotes and `set` do not count.
 */
export function lineMatcher(entries: readonly string[]): LineMatcher {
  const named = new Set(entries.map(plain));
  if (named.has("*")) return () => true;
  return (line) => named.has(plain(lineKey(line))) || named.has(plain(addressOf(line)));
}

function plain(text: string): string {
  return text
    .replace(/["\s]+/g, " ")
    .replace(/ \/ set (?=\S)/gi, " / ")
    .trim()
    .toLowerCase();
}

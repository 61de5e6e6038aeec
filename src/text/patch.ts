import { FILE_HEADERS_ONLY, formatPatch } from "diff";
import { REDACTED } from "../secrets/values";
import { describeValue, safeLine } from "./describe";

/** One line of a configuration as a patch shows it. */
export interface PatchLine {
  address: string;
  before: string | undefined;
  after: string | undefined;
}

/**
 * A unified diff of two states of the same lines, each `address = value`. Empty if nothing differs.
 *
 * Which line became which is known, so none is searched for: what was stands right above what is to be, and the
 * time is linear.
 */
export function unifiedPatch(from: string, to: string, lines: readonly PatchLine[]): string {
  const shown: string[] = [];
  let oldLines = 0;
  let newLines = 0;
  for (const { address, before, after } of lines) {
    const text = (value: string) => `${address} = ${value}`;
    if (before !== undefined) oldLines++;
    if (after !== undefined) newLines++;
    if (before === after) shown.push(...(before === undefined ? [] : [` ${text(before)}`]));
    else {
      if (before !== undefined) shown.push(`-${text(before)}`);
      if (after !== undefined) shown.push(`+${text(after)}`);
    }
  }
  if (shown.every((line) => line.startsWith(" "))) return "";
  const hunk = { oldStart: 1, oldLines, newStart: 1, newLines, lines: shown };
  return formatPatch(
    { oldFileName: from, newFileName: to, oldHeader: undefined, newHeader: undefined, hunks: [hunk] },
    FILE_HEADERS_ONLY,
  );
}

/** A change as the functions that compare give it: a value that is a secret as a whole is left out. */
interface ShownChange {
  address: string;
  kind: "add" | "change" | "remove";
  secret: boolean;
  before?: string | readonly string[];
  after?: string | readonly string[];
}

/** The line of a patch for a change; a secret that is to be written has no other sign than these words. */
export function patchLine({ address, kind, secret, before, after }: ShownChange): PatchLine {
  const text = (value: ShownChange["before"]) => (value === undefined ? REDACTED : describeValue(value));
  return {
    address: safeLine(address),
    before: kind === "add" ? undefined : text(before),
    after: kind === "remove" ? undefined : `${text(after)}${secret ? " (to be written)" : ""}`,
  };
}

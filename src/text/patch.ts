import { FILE_HEADERS_ONLY, formatPatch } from "diff";

/** One line of a configuration as a patch shows it. */
export interface PatchLine {
  address: string;
  before: string | undefined;
  after: string | undefined;
}

/**
 * A unified diff of two states of the same lines, each `address = value`. Empty where nothing differs.
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

import type { CanonicalScript } from "./canonical";
import { type CliChange, compareScripts, lineKey, type ShownLines, UNSTEADY } from "./compare";
import { lineText } from "./effect";

export interface Observation {
  shown: ShownLines;
  /** Lines that the device refused: rows that are not there, and values that stayed as they were before. */
  refused: CliChange[];
}

/**
 * Compares the export right after an apply with what was declared, and keeps how the device shows it.
 *
 * @param before the export from before the apply; without it no value can be told to be refused
 * @param previous what was kept after the apply before this one
 */
export function observeShown(
  declared: CanonicalScript,
  after: CanonicalScript,
  before?: CanonicalScript,
  previous: ShownLines = {},
): Observation {
  const shown: Record<string, string | null> = {};
  const refused: CliChange[] = [];
  const earlier = new Set(before?.lines.map(lineKey));
  const now = new Set(after.lines.map(lineKey));
  for (const line of declared.lines) {
    const key = lineKey(line);
    const as = previous[key];
    if (as !== undefined && !now.has(key)) shown[key] = as;
  }
  for (const change of compareScripts(declared, after, previous).changes) {
    const [found] = change.found;
    const row = change.kind === "missing row" || found?.opens !== undefined;
    const stayed = found !== undefined && earlier.has(lineKey(found)) && !rewritten(change);
    if (row || stayed) refused.push(change);
    else
      for (const line of change.at.map((at) => declared.lines[at]))
        if (line !== undefined) shown[lineKey(line)] = found === undefined ? null : lineText(found);
  }
  return { shown, refused };
}

/** Whether a value that was there before may be the declared one in the device's own form. */
function rewritten({ before, after, secret }: CliChange): boolean {
  if (before === undefined || after === undefined) return false;
  return (secret && before.startsWith("$")) || plainForm(before) === plainForm(after);
}

function plainForm(value: string): string {
  return value.toLowerCase().replace(/(^|[^0-9])0+(?=[0-9])/g, "$1");
}

/**
 * What two looks at a device agree on when nothing changed between them: a line that it shows in another form each
 * time (a secret obscured anew) cannot be compared.
 */
export function steadyLines(first: ShownLines, second: ShownLines): ShownLines {
  return Object.fromEntries(
    Object.entries(first).map(([key, as]) => [key, second[key] === as ? as : UNSTEADY]),
  );
}

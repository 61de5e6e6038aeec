import type { CanonicalScript, CliLine } from "../../cli/canonical";
import { suggest } from "../../text/suggest";

/**
 * The command that a line was probably meant to be: one that the device shows where the line stands, or in a row of
 * the same kind, and that is hardly another word. Undefined if the device shows the line's own there.
 */
export function nearCommand({ mode, name }: CliLine, live: CanonicalScript): string | undefined {
  const wanted = mode.map(kindOf);
  const names = new Set<string>();
  for (const line of live.lines) {
    if (line.mode.length !== wanted.length) continue;
    if (line.mode.every((text, at) => kindOf(text) === wanted[at])) names.add(line.name);
  }
  return names.has(name) ? undefined : suggest(name, [...names]);
}

/** A header without the index of its row. */
function kindOf(header: string): string {
  return header.replace(/ [0-9]+(?:[/^][0-9]+)*$/, "");
}

/** What an engine prints while it works, and what only machines read. */
const NOISE = [
  /^@ /, // progress dots
  / (creating|updating|refreshing|deleting)( \(|$)/, // the line that says what came of it follows
  /^\[urn=/,
  /^\[id=/,
  /^(Previewing|Updating|Refreshing|Destroying) /,
  /^(Diagnostics|Resources|Outputs|Policies):?$/,
  /^Duration:/,
  /^(Loading policy packs|View Live|Running program)/,
  /pulumi:pulumi:Stack/,
  /pulumi:providers:pulumi-nodejs/,
  /^error: no changes were expected/,
  /^--outputs:--$/,
];

/** The lines of an engine's output that a person wants to see: changes, our own lines, the counts. */
export function essentials(output: string): string[] {
  const lines: string[] = [];
  for (const line of output.split(/\r?\n/)) {
    const text = line.trim();
    if (text === "" || NOISE.some((pattern) => pattern.test(text))) continue;
    lines.push(line.trimEnd());
  }
  return dedent(lines);
}

/** Takes away what all lines have in front. */
function dedent(lines: readonly string[]): string[] {
  const margin = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(Number.isFinite(margin) ? margin : 0));
}

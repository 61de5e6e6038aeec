import { type CliLine, trace, wordText } from "./canonical";
import type { CliChange } from "./compare";
import { type Line, placesOf, scanLines } from "./lines";
import { parseScript } from "./parse";
import { showLines } from "./render";

/**
 * The declared script with what the device has in place of each drifted line: another value, `no …` where the line
 * or the row is gone, the rows and fields that came back where the script says `no`. Everything else stays as it
 * is written, comments and line ends included.
 *
 * @param changes of a comparison of this very script
 * @param written the script as a person wrote it, line by line the same but for placeholders in place of values:
 * what is replaced is replaced there, and values stay out of it
 */
export function replaceDrifted(script: string, changes: readonly CliChange[], written = script): string {
  const { lines, sources } = trace(parseScript(script, { tolerant: true }));
  const lineEnd = written.includes("\r\n") ? "\r\n" : "\n";
  const asWritten = new Map(scanLines(written).map((line) => [line.number, line]));
  const inWritten = (line: Line): Line => asWritten.get(line.number) ?? line;
  const named = new Map<string, number>();
  for (const line of lines) named.set(settingKey(line), (named.get(settingKey(line)) ?? 0) + 1);
  const edits: Edit[] = [];
  for (const change of changes)
    for (const at of change.at) {
      const line = lines[at];
      for (const source of sources[at] ?? [])
        if (line !== undefined) {
          const list = (named.get(settingKey(line)) ?? 0) > 1;
          const [from, to] = source.kind === "field" ? [source.line, source.line] : [source.from, source.to];
          const stretch = { from: inWritten(from), to: inWritten(to), written };
          edits.push(edit(line, stretch, change, { list, lineEnd }));
        }
    }
  let text = "";
  let done = 0;
  for (const { start, end, replacement } of edits.sort((a, b) => a.start - b.start)) {
    text += written.slice(done, start) + replacement;
    done = end;
  }
  return text + written.slice(done);
}

/** A stretch of the text, from its first word to its last, and what comes there. */
interface Edit {
  start: number;
  end: number;
  replacement: string;
}

function edit(
  line: CliLine,
  { from, to, written }: { from: Line; to: Line; written: string },
  change: CliChange,
  { list, lineEnd }: { list: boolean; lineEnd: string },
): Edit {
  const [found] = change.found;
  if (found === undefined) {
    // The name alone would take away every line of a list.
    const named = line.set ? `set ${line.name}` : line.name;
    const gone = list || line.opens !== undefined ? written.slice(from.start, from.end) : named;
    return { start: from.start, end: to.end, replacement: `no ${gone}` };
  }
  if (change.kind === "value") return newValue(from, found, line.set ? 2 : 1);
  const shown = showLines(change.found, line.mode).join(lineEnd + " ".repeat(from.indent));
  return { start: from.start, end: to.end, replacement: shown };
}

/** The line with another value from the word `at` on, in quotes where the old one was. */
function newValue(from: Line, found: CliLine, at: number): Edit {
  const [first, second] = placesOf(from).slice(at);
  const start = first?.start ?? from.end;
  const [word = ""] = found.args;
  const quoted = first?.quoted === true && second === undefined && found.args.length === 1;
  const text = quoted ? `"${word}"` : found.args.map(wordText).join(" ");
  return { start, end: from.end, replacement: first === undefined ? ` ${text}` : text };
}

function settingKey(line: CliLine): string {
  return [...line.mode, line.negated ? "no" : "", line.name].join("\n");
}

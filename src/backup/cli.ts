import { type CliLine, headerText, trace } from "../cli/canonical";
import { isWord, scanLines } from "../cli/lines";
import { parseScript } from "../cli/parse";
import { REDACTED, sameText, withoutPrivateKeys } from "../secrets/values";
import { shownWords } from "../secrets/words";
import { byName } from "../text/order";
import type { Steady } from "./steady";

/** Old firmware appends the request line of its own web page to downloads. */
const NOISE = /^GET \/\S+[ \t\r]*$/gm;

/**
 * The CLI script of a device (LTRT-41760 section 6.2.1) in a form that git can compare: in each mode the settings by
 * name, then its rows by index; without comments, in which devices print what they please.
 */
export function steadyScript(exported: string): Steady {
  const script = withoutPrivateKeys(exported.replace(NOISE, ""));
  const tree = parseScript(script, { tolerant: true });
  const traced = trace(tree);
  const inside = new Map<string, CliLine[]>();
  for (const line of traced.lines) {
    const mode = JSON.stringify(line.mode);
    const lines = inside.get(mode);
    if (lines === undefined) inside.set(mode, [line]);
    else lines.push(line);
  }
  const kept = new Set(
    traced.sources.flat().map((node) => (node.kind === "submode" ? node.from : node.line).number),
  );
  const text = render(inside, [])
    .map((line) => `${line}\n`)
    .join("");
  return { text, notes: lostLines(script, kept) };
}

/** The lines of a mode, indented by its depth. */
function render(inside: ReadonlyMap<string, readonly CliLine[]>, mode: readonly string[]): string[] {
  const lines = inside.get(JSON.stringify(mode)) ?? [];
  const indent = "  ".repeat(mode.length);
  // Settings of one name are a list, which keeps its order.
  const fields = lines.filter(({ opens }) => opens === undefined).sort((a, b) => byName(a.name, b.name));
  const headers = new Map(
    lines
      .filter(({ opens }) => opens !== undefined)
      .map(({ name, args }) => [headerText(name, args), shownText(name, args)]),
  );
  return [
    ...fields.map((line) => indent + fieldText(line)),
    ...[...headers]
      .sort(([a], [b]) => byName(a, b))
      .flatMap(([header, shown]) => [indent + shown, ...render(inside, [...mode, header]), `${indent}exit`]),
  ];
}

function fieldText({ name, args, negated }: CliLine): string {
  const text = shownText(name, args);
  return negated ? `no ${text}` : text;
}

/** A line without secrets; that there is none stays to be seen, in whichever form the device shows it. */
function shownText(name: string, args: readonly string[]): string {
  const kept = args.map((word) => (sameText(word, "") ? "" : word));
  return headerText(
    name,
    shownWords(name, kept, ([first]) => (first === "" ? "" : REDACTED)),
  );
}

function lostLines(script: string, kept: ReadonlySet<number>): string[] {
  const lost = scanLines(script).filter(
    (line) => !kept.has(line.number) && !isWord(line, "activate") && !isWord(line, "exit"),
  );
  if (lost.length === 0) return [];
  return [
    `the CLI script has lines that are no configuration and are left out: ${lost.map(({ number }) => number).join(", ")}`,
  ];
}

import { type CliLine, headerText, trace } from "../cli/canonical";
import { isWord, scanLines } from "../cli/lines";
import { isSecret } from "../cli/names";
import { parseScript } from "../cli/parse";
import { REDACTED, withoutObscured } from "../text/redact";
import { byName } from "./order";
import { shownValue } from "./secrets";
import type { Steady } from "./steady";

/** Old firmware appends the request line of its own web page to downloads. */
const NOISE = /^GET \/\S+[ \t\r]*$/gm;

/** Pasted behind a command: no words of the CLI, and nothing to show. */
const PRIVATE_KEY =
  /^[ \t]*-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----[ \t]*$/gm;

/**
 * The CLI script of a device (LTRT-41760 section 6.2.1) in a form that git can compare: in each mode the settings by
 * name, then its rows by index; without comments, in which devices print what they please.
 */
export function steadyScript(exported: string): Steady {
  // Each line keeps its number.
  const script = exported.replace(NOISE, "").replace(PRIVATE_KEY, (block) => block.replace(/[^\r\n]+/g, ""));
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
  const headers = new Set(
    lines.filter(({ opens }) => opens !== undefined).map(({ name, args }) => headerText(name, args)),
  );
  return [
    ...fields.map((line) => indent + fieldText(line)),
    ...[...headers]
      .sort(byName)
      .flatMap((header) => [
        indent + withoutObscured(header),
        ...render(inside, [...mode, header]),
        `${indent}exit`,
      ]),
  ];
}

function fieldText({ name, args, negated }: CliLine): string {
  const text = headerText(name, shownWords(name, args));
  return negated ? `no ${text}` : text;
}

/** The words of a value: from the first that is a secret on, one mark for all. */
function shownWords(name: string, args: readonly string[]): string[] {
  const first = args.findIndex((_, at) => isSecretAt(name, args, at));
  const open = first === -1 ? args : args.slice(0, first);
  const secret = args.slice(open.length).map((word) => shownValue(word, true));
  const shown = secret.includes(REDACTED) ? [REDACTED] : secret;
  return [...open.map((word) => shownValue(word, false)), ...shown];
}

/** Whether the words before make a word a secret, or the one behind it (`3xYp== obscured`). */
function isSecretAt(name: string, args: readonly string[], at: number): boolean {
  if (at === args.length - 2 && /^(obscured|encrypted)$/i.test(args[at + 1] ?? "")) return true;
  // By its own look it is judged as a value: a back-reference such as `$1$2` is no secret.
  const before = args.slice(0, at).filter((word) => !word.startsWith("$"));
  return isSecret(name, [...before, ""]);
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

import { type CliLine, headerText, type Traced, trace } from "../../cli/canonical";
import { addressOf } from "../../cli/compare";
import { CliSyntaxError } from "../../cli/errors";
import { faultOf, scanLines } from "../../cli/lines";
import { parseScript } from "../../cli/parse";
import { refusedCommands } from "../../cli/refused";
import type { Place } from "../../ini/errors";
import { placeholders } from "../../ini/variables";
import { holdsPlainSecretPart, isObscured, REDACTED, sameText } from "../../secrets/values";
import { secretTexts } from "../../secrets/words";
import { suggest } from "../../text/suggest";
import { type Finding, inOrder } from "./finding";
import { orMeant } from "./known";

/** The commands that exported scripts have, by the mode or row that they stand in. */
export class KnownCommands {
  private readonly names = new Map<string, Set<string>>();

  constructor(scripts: readonly string[]) {
    for (const script of scripts)
      for (const { mode, name } of trace(parseScript(script, { tolerant: true })).lines) {
        const known = this.names.get(placeOf(mode)) ?? new Set();
        this.names.set(placeOf(mode), known.add(name));
      }
  }

  /** The command that a line most likely means, if exported scripts have that and not its own. */
  meantBy({ mode, name }: CliLine): string | undefined {
    const known = this.names.get(placeOf(mode));
    return known === undefined || known.has(name) ? undefined : suggest(name, [...known]);
  }
}

/** A mode without the indexes of its rows. */
function placeOf(mode: readonly string[]): string {
  return mode.map(withoutIndexes).join(" / ");
}

const INDEX = /^ (?:"[^"]*"|[0-9]+(?:[/^][0-9]+)*)$/;

function withoutIndexes(header: string): string {
  const words = header.match(/(?:^| )(?:"[^"]*"|[^ ]*)/g) ?? [];
  while (words.length > 1 && INDEX.test(words.at(-1) ?? "")) words.pop();
  return words.join("");
}

/** What is wrong with a CLI script, or most likely is, in the order of the text. */
export function lintCli(text: string, known: KnownCommands | undefined): Finding[] {
  const tree = parseScript(text, { tolerant: true });
  const traced = trace(tree);
  return inOrder([
    ...syntax(text),
    ...refusedCommands(tree).map(
      ({ why, line, column }): Finding => ({
        rule: "refused-command",
        level: "error",
        message: why,
        line,
        column,
      }),
    ),
    ...repeatedRows(traced),
    ...(known === undefined ? [] : unknownCommands(traced, known)),
    ...plainSecrets(traced),
  ]);
}

/** Every fault of a quote, and the first of the structure that is none of these. */
function syntax(text: string): Finding[] {
  const faults = scanLines(text).flatMap((line): Finding[] => {
    const fault = faultOf(line);
    if (fault === undefined) return [];
    const { message, column, semicolon } = fault;
    return [
      {
        rule: semicolon ? "unquoted-semicolon" : "syntax",
        level: "error",
        message,
        line: line.number,
        column,
      },
    ];
  });
  try {
    parseScript(text);
  } catch (error) {
    if (!(error instanceof CliSyntaxError)) throw error;
    const { problem, line = 1, column = 1 } = error;
    if (!faults.some((fault) => fault.line === line))
      faults.push({ rule: "syntax", level: "error", message: problem, line, column });
  }
  return faults;
}

function placesOf({ lines, sources }: Traced): { line: CliLine; places: Place[] }[] {
  return lines.map((line, at) => ({
    line,
    places: (sources[at] ?? []).map((source) => {
      const { number, column } = source.kind === "submode" ? source.from : source.line;
      return { line: number, column };
    }),
  }));
}

/** Rows that are entered at two places, with something else between. */
function* repeatedRows(traced: Traced): Iterable<Finding> {
  const first = new Map<string, number>();
  for (const { line, places } of placesOf(traced)) {
    const key = [...line.mode, headerText(line.name, line.args)].join("\n");
    if (line.negated) first.delete(key);
    const [place] = places;
    if (line.opens !== "row" || place === undefined) continue;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, place.line);
    else
      yield {
        rule: "duplicate-row",
        level: "warning",
        message: `${addressOf(line)} is entered in line ${earlier} already: put its lines together`,
        ...place,
      };
  }
}

function* unknownCommands(traced: Traced, known: KnownCommands): Iterable<Finding> {
  for (const { line, places } of placesOf(traced)) {
    const meant = known.meantBy(line);
    const [place] = places;
    if (meant === undefined || place === undefined) continue;
    const mode = line.mode.at(-1) ?? "";
    yield {
      rule: "unknown-command",
      level: "warning",
      message: `no exported script has \`${line.name}\` in \`${mode.replace(/ .*/s, "")}\`${orMeant(meant)}`,
      ...place,
    };
  }
}

const INSTEAD = "put {{name}} in its place, and the value into the stack's configuration";

function* plainSecrets(traced: Traced): Iterable<Finding> {
  for (const { line, places } of placesOf(traced)) {
    const [place] = places;
    const level = secretLevel(line);
    if (place === undefined || level === undefined) continue;
    const how =
      level === "error" ? "has a secret in the clear" : "has an obscured secret, which can be turned back";
    yield {
      rule: "plain-secret",
      level,
      message: `${addressOf(line)} ${how}: ${INSTEAD}`,
      ...place,
    };
  }
}

function secretLevel({ name, args }: CliLine): "error" | "warning" | undefined {
  const isPlain = (word: string) =>
    !sameText(word, "") && word !== REDACTED && placeholders(word).length === 0 && !COMMON.test(word);
  const secrets = secretTexts(name, args).filter(isPlain);
  if (secrets.length === 0) return args.some(holdsPlainSecretPart) ? "error" : undefined;
  return secrets.every((word) => isObscured(word) || /^(?:obscured|encrypted)$/i.test(word))
    ? "warning"
    : "error";
}

/** Words that `password-…` settings take too. */
const COMMON = /^(?:on|off|enable|disable|yes|no|true|false|[0-9]{1,3})$/i;

import { placeholders, replacePlaceholders } from "../ini/variables";
import { holdsPlainSecretPart, secretPartsOf, withoutSecretParts } from "../secrets/values";
import { secretTexts } from "../secrets/words";
import { type CliLine, type Traced, trace, wordText } from "./canonical";
import { CliSyntaxError } from "./errors";
import { placesOf, scanLines } from "./lines";
import { type ParseOptions, parseScript } from "./parse";
import { refusedCommands } from "./refused";
import { renderScript } from "./render";

/** Values for `{{name}}`. */
export type ScriptVariables = Readonly<Record<string, string | number>>;

/** A script as a user declares it, read. */
export interface DeclaredScript extends Traced {
  /** As it is written, with its placeholders. */
  written: string;
  /** With the values in their place; line by line the same as `written`. */
  text: string;
  /** The lines whose values are secrets, by index. */
  secretAt: ReadonlySet<number>;
  /** The texts that no log and no error may show. */
  secrets: readonly string[];
}

export interface DeclaredOptions extends Pick<ParseOptions, "tolerant"> {
  variables?: ScriptVariables;
  /** Variables whose values are secrets; `*` stands for all. */
  secretVariables?: readonly string[];
}

/** @throws {CliSyntaxError} if it is no script, or a placeholder cannot be filled; no message holds a value */
export function readDeclared(written: string, options: DeclaredOptions = {}): DeclaredScript {
  const { variables = {}, secretVariables = [], tolerant } = options;
  const isSecretVariable = (name: string) => secretVariables.includes(name) || secretVariables.includes("*");
  const { text, filled } = fillScript(written, variables);
  const canonical = trace(parseScript(text, { tolerant }));
  const secretAt = new Set<number>();
  const secrets = new Set(
    Object.entries(variables).flatMap(([name, value]) => (isSecretVariable(name) ? [String(value)] : [])),
  );
  canonical.lines.forEach((line, at) => {
    const names = canonical.sources[at]?.flatMap((source) => {
      const { number } = source.kind === "field" ? source.line : source.from;
      return filled.get(number) ?? [];
    });
    const own = secretTexts(line.name, line.args);
    const parts = line.args.flatMap(secretPartsOf);
    for (const secret of [...own, ...parts]) if (!COMMON.test(secret)) secrets.add(secret);
    if (names?.some(isSecretVariable) || own.length > 0) secretAt.add(at);
  });
  secrets.delete("");
  return { ...canonical, written, text, secretAt, secrets: [...secrets] };
}

/**
 * Variables that stand in the place of a secret, such as `{{pw}}` in `password {{pw}}` or in `https://ops:{{pw}}@host`.
 * Never throws.
 */
export function variablesOfSecrets(written: string): string[] {
  const inAddresses = linesAsWritten(written)
    .flatMap(({ args }) => args)
    .flatMap((word) => {
      const open = placeholders(withoutSecretParts(word));
      return placeholders(word).filter((name) => !open.includes(name));
    });
  return [...new Set([...wordsOfSecrets(written).flatMap(placeholders), ...inAddresses])];
}

/** Whether a script as it is written has a secret in plain text, rather than a placeholder for it. Never throws. */
export function holdsPlainSecret(written: string): boolean {
  const isPlain = (text: string) => text !== "" && placeholders(text).length === 0 && !COMMON.test(text);
  return (
    wordsOfSecrets(written).some(isPlain) ||
    linesAsWritten(written).some(({ args }) => args.some(holdsPlainSecretPart))
  );
}

/**
 * What keeps a script from being sent, one sentence each, without values.
 *
 * @param whole whether it is the whole configuration of a device
 */
export function scriptProblems(script: DeclaredScript, whole = false): string[] {
  const problems = refusedCommands(parseScript(script.text, { tolerant: true })).map(
    ({ message }) => message,
  );
  if (!whole && script.lines.length === 0 && script.queries.length === 0 && problems.length === 0)
    problems.push("has no command");
  if (whole && script.lines.length === 0)
    problems.push("a whole configuration without a line would take everything from the device");
  if (whole && script.queries.length > 0)
    problems.push("queries such as `show` run in a CliScriptConfig only: their output comes back there");
  try {
    renderScript(script);
  } catch (error) {
    if (!(error instanceof CliSyntaxError)) throw error;
    problems.push(error.message);
  }
  return problems;
}

/** The script with values in the place of placeholders, and the names that each of its lines (from 1) asked for. */
function fillScript(
  written: string,
  variables: ScriptVariables,
): { text: string; filled: ReadonlyMap<number, readonly string[]> } {
  const text = closed(written);
  const filled = new Map<number, string[]>();
  if (!text.includes("{{")) return { text, filled };
  let result = "";
  let done = 0;
  for (const line of scanLines(text)) {
    placesOf(line).forEach((word, at) => {
      const names = placeholders(word.text);
      if (names.length === 0) return;
      const place = { line: line.number, column: line.column };
      if (at === 0)
        throw new CliSyntaxError("a line begins with the name of a command, not with a placeholder", place);
      const alone = word.text === `{{${names[0]}}}`;
      for (const name of names) {
        const fault = valueFault(name, variables, word.quoted || alone);
        if (fault !== undefined) throw new CliSyntaxError(fault, place);
      }
      // What stands in the credentials of an address leaves the rest of it to be shown.
      const open = placeholders(withoutSecretParts(word.text));
      filled.set(line.number, [...(filled.get(line.number) ?? []), ...open]);
      const value = replacePlaceholders(word.text, variables);
      const start = word.start + (word.quoted ? 1 : 0);
      result += text.slice(done, start) + (alone && !word.quoted ? wordText(value) : value);
      done = start + word.text.length;
    });
  }
  return { text: result + text.slice(done), filled };
}

/** Blanks inside of the braces would part a word. */
function closed(written: string): string {
  const names = placeholders(written).map((name) => [name, `{{${name}}}`]);
  return replacePlaceholders(written, Object.fromEntries(names));
}

function valueFault(name: string, variables: ScriptVariables, mayHaveBlanks: boolean): string | undefined {
  if (!Object.hasOwn(variables, name)) return `variables has no value for {{${name}}}`;
  const value = String(variables[name]);
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value))
    return `variables.${name} has a line end or another control character`;
  if (value.includes('"')) return `variables.${name} has a quote, for which the device knows no escape`;
  if (!mayHaveBlanks && (value === "" || value.includes(" ")))
    return `variables.${name} is empty or has a blank: put the word that asks for it in quotes`;
  return undefined;
}

/** Words that `password-…` settings take too: hiding them would shred every message. */
const COMMON = /^(?:on|off|enable|disable|yes|no|true|false|[0-9]{1,3})$/i;

function linesAsWritten(written: string): readonly CliLine[] {
  return trace(parseScript(closed(written), { tolerant: true })).lines;
}

/** The words that stand in the places of secrets. */
function wordsOfSecrets(written: string): string[] {
  return linesAsWritten(written).flatMap(({ name, args }) => secretTexts(name, args));
}

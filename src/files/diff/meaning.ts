import { trace } from "../../cli/canonical";
import { addressOf } from "../../cli/compare";
import { CliSyntaxError } from "../../cli/errors";
import { parseScript } from "../../cli/parse";
import { cellAddress } from "../../ini/address";
import type { Value } from "../../ini/configuration";
import { parseIni } from "../../ini/parse";
import { secretTest } from "../../ini/secrets";
import { sameText, shownValue } from "../../secrets/values";
import { shownWords } from "../../secrets/words";
import { safeLine } from "../../text/describe";
import { byName } from "../../text/order";
import type { FileKind } from "../kind";

/**
 * What a file says, a parameter, a cell or a command a line, without secrets and without comments: for git to compare.
 * An ini's lines are in the order of their names, since its own order means nothing; a script's are in its own. What
 * cannot be read is said in a line of its own, for git must be able to go on.
 */
export function meaningOf(text: string, kind: FileKind): string {
  const lines = kind === "ini" ? iniLines(text) : scriptLines(text);
  return lines.map((line) => `${safeLine(line)}\n`).join("");
}

function iniLines(text: string): string[] {
  const isSecret = secretTest();
  const { parameters, tables, hiddenParameters, problems } = parseIni(text);
  const lines = parameters.map(({ name, value }) => said(name, value, isSecret(name)));
  for (const { name, columns, rows, hidden } of tables) {
    if (hidden) lines.push(`${name} is hidden`);
    for (const { index, cells } of rows)
      for (const [at, { text: value }] of cells.entries()) {
        const address = cellAddress(name, index, columns[at] ?? "");
        lines.push(said(address, value, isSecret(address)));
      }
  }
  lines.push(...hiddenParameters.map((name) => `${name} is hidden`));
  const unread = problems.map(({ message }) => `(cannot be read: ${message})`);
  return [...lines.sort(byName), ...unread];
}

function scriptLines(text: string): string[] {
  return trace(scriptIn(text)).lines.map((line) => {
    const { name, args, opens, negated } = line;
    if (opens !== undefined || negated) return negated ? `no ${addressOf(line)}` : addressOf(line);
    return said(addressOf(line), shownWords(name, args), false);
  });
}

/** As people write it, with short words and several on a line; or as far as it can be read. */
function scriptIn(text: string): ReturnType<typeof parseScript> {
  try {
    return parseScript(text);
  } catch (error) {
    if (!(error instanceof CliSyntaxError)) throw error;
    return parseScript(text, { tolerant: true });
  }
}

function said(address: string, value: Value | readonly string[], secret: boolean): string {
  const shown = typeof value === "string" && sameText(value, "") ? "" : shownValue(value, secret);
  const texts = typeof shown === "string" ? [shown] : shown;
  return `${address} = ${texts.map((text) => JSON.stringify(text)).join(", ")}`;
}

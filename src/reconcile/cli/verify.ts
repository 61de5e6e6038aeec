import type { CliAnswer } from "../../cli/answer";
import type { CanonicalScript } from "../../cli/canonical";
import { withoutSecrets } from "../../cli/changes";
import { addressOf, type CliChange, lineKey, type ShownLines, UNSTEADY } from "../../cli/compare";
import type { DeclaredScript } from "../../cli/declared";
import { steadyLines } from "../../cli/shown";
import { describeValue } from "../../text/describe";
import { redact } from "../../text/redact";
import { sanitise } from "../../text/sanitise";
import { type Log, listed } from "../life/log";

/** The error for a script that the device broke off: the line, where its words tell, and the words. */
export function refusal(
  { sent, failedLine, description, output }: CliAnswer & { sent: string },
  declared: DeclaredScript,
): string {
  const words = sanitise([description, output].filter((text) => text !== "").join(" "), declared.secrets);
  const where = failedLine === undefined ? undefined : declaredLine(sent, failedLine, declared);
  return `the device refused ${where ?? "a line of the script"}, and ran what stands before it: ${words || "it gave no reason"}`;
}

/** The declared line that went out as a line of the text that was sent, from 1. */
function declaredLine(sent: string, failedLine: number, declared: DeclaredScript): string | undefined {
  const lines = sent.split("\r\n").map((line) => line.trim());
  const text = lines[failedLine - 1];
  const nth = lines.slice(0, failedLine).filter((line) => line === text).length - 1;
  const same = declared.lines.flatMap((line, at) =>
    sentText(line) === text ? [{ line, source: declared.sources[at]?.[0] }] : [],
  );
  const { line, source } = same[nth] ?? same[0] ?? {};
  if (line === undefined || source === undefined) return undefined;
  const { number } = source.kind === "field" ? source.line : source.from;
  return `script line ${number} (${redact(addressOf(line), declared.secrets)})`;
}

function sentText(line: CanonicalScript["lines"][number]): string {
  return lineKey({ ...line, mode: [] });
}

/** What the device did not take, one sentence a line. */
export function refusedLines(refused: readonly CliChange[], declared: DeclaredScript): string[] {
  return withoutSecrets(refused, declared).map(({ address, kind, before, secret }) => {
    if (kind === "missing row") return `${address}: the device does not show the row that was declared`;
    if (kind === "present") return `${address}: the device still has it, although the script takes it away`;
    const value = secret ? "its value" : redact(describeValue(before), declared.secrets);
    return `${address}: the device kept ${value}: refused, or its own word for what is declared, which the script should then have`;
  });
}

/** The lines that cannot be compared from now on, told once. */
export function tellHidden(log: Log, declared: DeclaredScript, shown: ShownLines, earlier: ShownLines): void {
  const hidden = new Set(
    declared.lines
      .filter((line) => shown[lineKey(line)] === null && earlier[lineKey(line)] !== null)
      .map((line) => redact(addressOf(line), declared.secrets)),
  );
  if (hidden.size === 0) return;
  log(`not shown by the device (a default, or withheld), so not comparable: ${listed([...hidden])}`);
}

/** After the first write of a secret a second look tells whether the device obscures it in the same way each time. */
export async function provenSecrets(
  declared: DeclaredScript,
  { shown, earlier, log }: { shown: ShownLines; earlier: ShownLines; log: Log },
  again: () => Promise<ShownLines>,
): Promise<ShownLines> {
  const isNew = (key: string) =>
    typeof shown[key] === "string" && shown[key] !== UNSTEADY && shown[key] !== earlier[key];
  const open = declared.lines.filter((line, at) => declared.secretAt.has(at) && isNew(lineKey(line)));
  if (open.length === 0) return shown;
  const proven = steadyLines(shown, await again());
  for (const line of open) {
    if (proven[lineKey(line)] !== UNSTEADY) continue;
    const address = redact(addressOf(line), declared.secrets);
    log(`${address}: the device obscures it anew each time: a change of it by hand cannot be seen`);
  }
  return proven;
}

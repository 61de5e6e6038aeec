import type { CliAnswer } from "../../cli/answer";
import { type CanonicalScript, commandText } from "../../cli/canonical";
import { withoutSecrets } from "../../cli/changes";
import { addressOf, type CliChange, lineKey, type ShownLines, UNSTEADY } from "../../cli/compare";
import type { DeclaredScript } from "../../cli/declared";
import { type ScriptVerdict, steadyLines } from "../../cli/judge";
import { describeValue } from "../../text/describe";
import { listed } from "../../text/listed";
import { redact } from "../../text/redact";
import { sanitise } from "../../text/sanitise";
import { LISTED, type Log } from "../life/log";
import { nearCommand } from "./near-command";

/** The error for a script that the device broke off: the line, where its words tell, and the words. */
export function refusal(
  { sent, failedLine, description, output }: CliAnswer & { sent: string },
  declared: DeclaredScript,
  live?: CanonicalScript,
): string {
  const words = sanitise(`${description} ${output}`, declared.secrets);
  const where = failedLine === undefined ? undefined : declaredLine(sent, failedLine, declared, live);
  return `the device refused ${where ?? "a line of the script"}, and may have run the others: ${words || "it gave no reason"}`;
}

/** The declared line that went out as a line of the text that was sent, from 1. */
function declaredLine(
  sent: string,
  failedLine: number,
  declared: DeclaredScript,
  live: CanonicalScript | undefined,
): string | undefined {
  const lines = sent.split("\r\n").map((line) => line.trim());
  const text = lines[failedLine - 1];
  const nth = lines.slice(0, failedLine).filter((line) => line === text).length - 1;
  const same = declared.lines.flatMap((line, at) =>
    commandText(line) === text ? [{ line, source: declared.sources[at]?.[0] }] : [],
  );
  const { line, source } = same[nth] ?? same[0] ?? {};
  if (line === undefined || source === undefined) return undefined;
  const { number } = source.kind === "field" ? source.line : source.from;
  const near = live && nearCommand(line, live);
  const meant = near === undefined ? "" : `; did you mean ${near}?`;
  return `script line ${number} (${redact(addressOf(line), declared.secrets)}${meant})`;
}

/**
 * What of a script did not come true, one sentence each; empty if all of it did.
 *
 * @param live what the device shows, for the names that a misspelt one may be
 */
export function failuresOf(
  { refused, unconfirmed }: ScriptVerdict,
  declared: DeclaredScript,
  live?: CanonicalScript,
): string[] {
  const reasons = withoutSecrets(refused, declared).map(refusedLine(declared));
  if (unconfirmed.length > 0) reasons.push(unconfirmedLines(unconfirmed, declared, live));
  return reasons;
}

function refusedLine(declared: DeclaredScript) {
  return ({ address, kind, before, secret }: CliChange): string => {
    if (kind === "missing row") return `${address}: the device does not show the row that was declared`;
    if (kind === "present") return `${address}: the device still has it, although the script takes it away`;
    if (secret)
      return `${address}: not taken by the device: it shows the secret that it showed before; set another value if it obscures secrets in another way now`;
    const value = redact(describeValue(before), declared.secrets);
    return `${address}: the device kept ${value}: refused, or its own word for what is declared, which the script should then have`;
  };
}

/** The words for lines that were shown neither before nor after, with the list to paste. */
function unconfirmedLines(
  unconfirmed: readonly CliChange[],
  declared: DeclaredScript,
  live: CanonicalScript | undefined,
): string {
  const lines = [...new Set(unconfirmed.map((change) => pasteable(change, declared)))];
  const list = lines.map((line) => JSON.stringify(line)).join(", ");
  const meant = new Set(
    unconfirmed.flatMap(({ at }) => {
      const line = declared.lines[at[0] ?? -1];
      const near = line && live && nearCommand(line, live);
      return near === undefined ? [] : [`${line?.name}: did you mean ${near}?`];
    }),
  );
  return (
    `the device does not show ${lines.join(", ")}: misspelt, ignored, at its default, or withheld; ` +
    `if it is at its default or withheld, say so: atDefault: [${list}]` +
    [...meant].map((question) => `; ${question}`).join("")
  );
}

/** A line for `atDefault`: without its value if that, or what stands around it, is a secret. */
function pasteable({ at, address, secret }: CliChange, declared: DeclaredScript): string {
  const line = declared.lines[at[0] ?? -1];
  const shown = redact(address, declared.secrets);
  if (line === undefined || secret || at.some((index) => declared.secretAt.has(index))) return shown;
  const whole = lineKey(line);
  const isOpen = redact(whole, declared.secrets) === whole && address.startsWith(line.mode.join(" / "));
  return isOpen ? whole.replaceAll('"', "") : shown;
}

/** What a person should know of a script that came true. */
export function tellVerdict(log: Log, verdict: ScriptVerdict, declared: DeclaredScript): void {
  const addresses = (changes: readonly CliChange[]) => [
    ...new Set(withoutSecrets(changes, declared).map(({ address }) => address)),
  ];
  const { atDefault, rewritten, unproven } = verdict;
  if (atDefault.length > 0)
    log(`at its default now, so not shown by the device: ${listed(addresses(atDefault))}`);
  for (const { address, before, secret } of withoutSecrets(rewritten, declared).slice(0, LISTED)) {
    const form = secret ? "another form" : redact(describeValue(before), declared.secrets);
    log(`${address}: the device shows ${form} for what is declared`);
  }
  if (unproven.length > 0)
    log(
      `obscured as before, so the device had this secret already or did not take it; it does not say which: ${listed(addresses(unproven))}`,
    );
}

/**
 * After the first write of a secret a second look tells whether the device obscures it in the same way each time. One
 * that showed the same before and after the write, and shows another form now, is steady: the device took it late. It
 * leaves `unproven`.
 */
export async function provenSecrets(
  declared: DeclaredScript,
  { verdict, earlier, log }: { verdict: ScriptVerdict; earlier: ShownLines; log: Log },
  again: () => Promise<ShownLines>,
): Promise<ShownLines> {
  const { shown } = verdict;
  const isNew = (key: string) =>
    typeof shown[key] === "string" && shown[key] !== UNSTEADY && shown[key] !== earlier[key];
  const open = declared.lines.filter((line, at) => declared.secretAt.has(at) && isNew(lineKey(line)));
  if (open.length === 0) return shown;
  const second = await again();
  const proven: Record<string, string | null> = { ...steadyLines(shown, second) };
  const keysOf = ({ at }: CliChange) => at.flatMap((index) => declared.lines[index] ?? []).map(lineKey);
  verdict.unproven = verdict.unproven.filter((change) => {
    const late = keysOf(change).filter(
      (key) => typeof second[key] === "string" && second[key] !== shown[key],
    );
    for (const key of late) proven[key] = second[key] ?? null;
    return late.length === 0;
  });
  for (const line of open) {
    if (proven[lineKey(line)] !== UNSTEADY) continue;
    const address = redact(addressOf(line), declared.secrets);
    log(`${address}: the device obscures it anew each time: a change of it by hand cannot be seen`);
  }
  return proven;
}

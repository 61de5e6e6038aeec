import type { CliLine } from "../../cli/canonical";
import { hiddenLines, withoutSecrets } from "../../cli/changes";
import type { CliChange } from "../../cli/compare";
import type { DeclaredScript } from "../../cli/declared";
import { showLines } from "../../cli/render";
import { replaceDrifted } from "../../cli/replace";
import { DRIFT, type Log, listedLines, tellChange, tellRest } from "../life/log";

/** Lines for the drift of a device: what is declared, then what was found. */
export function tellDrift(log: Log, changes: readonly CliChange[], secrets: readonly string[]): void {
  for (const { address, before, after, secret } of listedLines(changes))
    tellChange(log, { address, before: after, after: before }, secret, DRIFT, "drift", secrets);
  tellRest(log, changes, (rest) => `drift: … and ${rest} more changes`);
}

/** What a device has in the place of a script. */
export interface Found {
  changes: readonly CliChange[];
  /** Lines that a whole script leaves out. */
  strangers?: readonly CliLine[];
}

/** The script as it is written, with what the device has in the place of the drifted lines; no secret among it. */
export function foundScript(declared: DeclaredScript, { changes, strangers = [] }: Found): string {
  const text = replaceDrifted(declared.text, withoutSecrets(changes, declared), declared.written);
  if (strangers.length === 0) return text;
  return [text.trimEnd(), ...showLines(hiddenLines(strangers, declared), []), ""].join("\n");
}

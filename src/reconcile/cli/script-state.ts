import type { CanonicalScript } from "../../cli/canonical";
import { type ScriptChange, scriptChanges } from "../../cli/changes";
import { compareScripts, type ShownLines } from "../../cli/compare";
import type { DeclaredScript } from "../../cli/declared";
import { addressesOf, type DeclaredCli, isKnownScript, scriptOf } from "../../declare/cli";
import { deviceKey, sameJson } from "../life/engine-answers";
import { runRegistry } from "../life/run-registry";
import { foundScript } from "./found";

/*
 * What the states of incremental and of whole scripts have in common.
 */

/** What the state of either holds beside its inputs; a permanent form: later versions add to it and still read it. */
export interface ScriptState extends DeclaredCli {
  __mediantSchema: number;
  /** What the device said to the last apply. */
  output: string;
  /** The script of the last apply, if `script` shows what a refresh found in its place. */
  __mediantDeclared?: string;
  __mediantShown?: Record<string, string | null>;
}

/** What a script contradicts among the other resources of the run, one sentence each. */
export function contradictions(
  resource: string,
  inputs: DeclaredCli,
  { save, whole }: { save?: boolean; whole: boolean },
): string[] {
  const device = deviceKey(inputs.device);
  if (device === undefined || !isKnownScript(inputs, inputs.script)) return [];
  const configuration = addressesOf(scriptOf(inputs, inputs.script));
  return runRegistry.declare(device, resource, { configuration, ownTables: [], save, whole });
}

/** How a script differs from the one of before: its changes, and whether it has to be applied. */
export function changesOf(
  state: DeclaredCli,
  inputs: DeclaredCli,
): { changes: ScriptChange[]; runs: boolean } {
  if (!isKnownScript(inputs, inputs.script)) return { changes: [], runs: true };
  const changes = scriptChanges(scriptOf(state, state.script, true), scriptOf(inputs, inputs.script, true));
  return { changes, runs: changes.length > 0 };
}

export function sameSettings<Inputs>(
  state: Inputs,
  inputs: Inputs,
  settings: readonly (keyof Inputs)[],
): boolean {
  return settings.every((key) => sameJson(state[key], inputs[key]));
}

/** The script as far as the device holds it, beside the declared one if that says something else. */
export function scriptNow(
  inputs: DeclaredCli,
  declared: DeclaredScript,
  { lastSeen, shown }: { lastSeen: CanonicalScript | undefined; shown: ShownLines },
): Pick<ScriptState, "script" | "__mediantDeclared"> {
  const script =
    lastSeen === undefined
      ? declared.written
      : foundScript(declared, { changes: compareScripts(declared, lastSeen, shown).changes });
  return besideDeclared(script, inputs.script);
}

export function besideDeclared(
  script: string,
  declared: string,
): Pick<ScriptState, "script" | "__mediantDeclared"> {
  return script === declared ? { script } : { script, __mediantDeclared: declared };
}

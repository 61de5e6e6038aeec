import type { CanonicalScript } from "../../cli/canonical";
import { type ScriptChange, scriptChanges } from "../../cli/changes";
import { addressOf, compareScripts, type ShownLines } from "../../cli/compare";
import type { DeclaredScript } from "../../cli/declared";
import type { KnownLines } from "../../cli/judge";
import { rowsOfScript } from "../../cli/row-claims";
import { addressesOf, type DeclaredCli, isKnownScript, scriptOf } from "../../declare/cli";
import { present } from "../../declare/present";
import { redact } from "../../text/redact";
import type { Stored } from "../life/life";
import { type Log, tellChanges, tellEach } from "../life/log";
import type { RunRegistry } from "../life/run-registry";
import { foundScript } from "./found";

/*
 * What the states of incremental and of whole scripts have in common.
 */

/** What the state of either holds beside its inputs; a permanent form: later versions add to it and still read it. */
export interface ScriptState extends DeclaredCli, Stored {
  /** What the device said to the last apply. */
  output: string;
  /** The script of the last apply, if `script` shows what a refresh found in its place. */
  __mediantDeclared?: string;
  __mediantShown?: Record<string, string | null>;
  /** What the device kept in place of lines that it did not take. */
  __mediantRefused?: Record<string, string | null>;
  /** The script was not seen to hold whole. */
  __mediantUnproven?: boolean;
}

/** What a state knows of its script's lines on the device. */
export function knownLines(state: ScriptState | undefined): KnownLines {
  if (state === undefined) return { shown: {} };
  const { __mediantShown: shown = {}, __mediantRefused: refused, __mediantUnproven } = state;
  const held =
    __mediantUnproven === true ? undefined : scriptOf(state, state.__mediantDeclared ?? state.script, true);
  return { shown, held, refused };
}

/** What a state keeps of a script that did not come true, or of which that is not known. */
export function unprovenState(
  inputs: DeclaredCli,
  declared: DeclaredScript,
  turn: {
    lastSeen: CanonicalScript | undefined;
    shown: ShownLines;
    refused: ShownLines | undefined;
  },
): Pick<ScriptState, "script" | "__mediantDeclared" | "__mediantRefused" | "__mediantUnproven"> {
  return {
    ...scriptNow(inputs, declared, turn),
    ...present({ __mediantRefused: turn.refused && { ...turn.refused } }),
    __mediantUnproven: true,
  };
}

/** The properties of those states that are no inputs. */
export const SCRIPT_OUTPUTS = {
  __mediantSchema: true,
  output: true,
  __mediantDeclared: true,
  __mediantShown: true,
  __mediantRefused: true,
  __mediantUnproven: true,
} as const;

/** What a script contradicts in the run, one sentence each. */
export function scriptContradictions(
  registry: RunRegistry,
  device: string,
  resource: string,
  inputs: DeclaredCli,
  { save, whole }: { save?: boolean; whole: boolean },
): string[] {
  if (!isKnownScript(inputs, inputs.script)) return [];
  const script = scriptOf(inputs, inputs.script);
  const problems = registry.declare(device, resource, {
    configuration: addressesOf(script),
    scriptRows: rowsOfScript(script.lines),
    ownTables: [],
    save,
    whole,
  });
  return problems.map((problem) => redact(problem, script.secrets));
}

/** Tells changes of a script, a line each. */
export function tellScriptChanges(log: Log, changes: readonly ScriptChange[]): void {
  const secret = new Set(changes.filter((change) => change.secret).map(({ address }) => address));
  const isNowhere = ({ before, after }: ScriptChange) => before === undefined && after === undefined;
  tellChanges(
    log,
    changes.filter((change) => !isNowhere(change)),
    (address) => secret.has(address),
  );
  const nowhere = changes.filter(isNowhere).map(({ address }) => address);
  tellEach(log, nowhere, "no longer managed, and not on the device");
}

/**
 * How a script differs from the one of before: its changes, and whether it has to be applied. What stands as `no …`
 * in the state because the device does not have it, although nothing declared that, is no value of before.
 */
export function changesOf(
  state: DeclaredCli & Pick<ScriptState, "__mediantDeclared">,
  inputs: DeclaredCli,
): { changes: ScriptChange[]; runs: boolean } {
  if (!isKnownScript(inputs, inputs.script)) return { changes: [], runs: true };
  const found = scriptOf(state, state.script, true);
  const changes = scriptChanges(found, scriptOf(inputs, inputs.script, true));
  const written = state.__mediantDeclared;
  if (written === undefined) return { changes, runs: changes.length > 0 };
  const { lines, secrets } = scriptOf(state, written, true);
  const takenAway = new Set(
    lines.filter(({ negated }) => negated).map((line) => redact(addressOf(line), secrets)),
  );
  const isAbsent = ({ before, address }: ScriptChange) => before === "no" && !takenAway.has(address);
  return {
    changes: changes.map((change) => (isAbsent(change) ? { ...change, before: undefined } : change)),
    runs: changes.length > 0,
  };
}

/** The script as far as the device holds it, beside the declared one if that says something else. */
function scriptNow(
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

/** Whether an export lacks a declared line that it showed before, which may be gone or cut off. */
export function lacksDeclared(
  script: CanonicalScript,
  declared: DeclaredScript,
  shown?: ShownLines,
): boolean {
  return compareScripts(declared, script, shown).changes.some(({ before }) => before === undefined);
}

export function besideDeclared(
  script: string,
  declared: string,
): Pick<ScriptState, "script" | "__mediantDeclared"> {
  return script === declared ? { script } : { script, __mediantDeclared: declared };
}

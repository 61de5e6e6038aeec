import { lineMatcher } from "../../cli/at-default";
import { type ScriptChange, scriptChanges, withoutSecrets } from "../../cli/changes";
import { compareScripts } from "../../cli/compare";
import { type CliScriptInputs, cliProblems, isKnownScript, scriptOf } from "../../declare/cli";
import { present } from "../../declare/present";
import { isUnknown } from "../../declare/unknown";
import { resetWords } from "../health/confirmation";
import type { SeenBefore } from "../health/verdict";
import { resourceName, sameJson } from "../life/engine-answers";
import type { Resource, Unversioned } from "../life/life";
import { STAYS, tellEach } from "../life/log";
import { isAllSaved } from "../life/saving";
import { readCli } from "./exports";
import { foundScript, tellDrift } from "./found";
import { CliTurn } from "./incremental-turn";
import {
  besideDeclared,
  changesOf,
  knownLines,
  lacksDeclared,
  SCRIPT_OUTPUTS,
  type ScriptState,
  scriptContradictions,
  tellScriptChanges,
  unprovenState,
} from "./script-state";

export type { CliScriptInputs } from "../../declare/cli";

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface CliScriptState extends CliScriptInputs, ScriptState {
  /** Something was sent that is not known to be saved. */
  __mediantUnsaved?: boolean;
  /** How the device was before a change that waits to be confirmed. */
  __mediantSeenBefore?: SeenBefore;
  /** A refresh has found other lines than those of the last run. */
  __mediantCameSince?: boolean;
}

const TYPE = "CliScriptConfig";

/** `CliScriptConfig` */
export const cliScriptConfig: Resource<CliScriptInputs, CliScriptState> = {
  type: TYPE,
  settings: ["device", "atDefault", "triggers", "save", "confirm", "restoreScript"],
  outputs: {
    ...SCRIPT_OUTPUTS,
    __mediantUnsaved: true,
    __mediantSeenBefore: true,
    __mediantCameSince: true,
  },
  problems: cliProblems,

  contradictions(device, inputs, { registry }) {
    const { save = true } = inputs;
    const declaration = { save: isUnknown(save) ? undefined : save, whole: false };
    return scriptContradictions(registry, device, resourceName(TYPE, inputs), inputs, declaration);
  },

  announcement: ({ confirm }) => resetWords(confirm),
  adopts: true,

  compare(state, inputs) {
    const { changes, runs } = changesOf(state, inputs);
    const mustSave = isMarked(state) && inputs.save !== false;
    return {
      changes,
      acts: runs || mustSave || state.__mediantRefused !== undefined || !sameDelete(state, inputs),
      tell: (log) => {
        const words = runs ? resetWords(inputs.confirm) : undefined;
        if (words !== undefined) log(words);
        tellScriptChanges(
          log,
          changes.filter(({ stays, before }) => !stays || before === undefined),
        );
        const staying = changes.filter(({ stays, before }) => stays && before !== undefined);
        const addresses = (some: readonly ScriptChange[]) => some.map(({ address }) => address);
        const there = staying.filter(({ before }) => before !== "no");
        tellEach(log, addresses(there), `${STAYS}: a script takes nothing back by leaving it out`);
        const absent = staying.filter(({ before }) => before === "no");
        tellEach(log, addresses(absent), "no longer taken away, no longer managed");
      },
    };
  },

  /** What already holds is adopted, the rest is written, read back and saved. */
  async converge({ client, inputs, state, log, alone, onBreakOff }) {
    const declared = scriptOf(inputs, inputs.script);
    const turn = new CliTurn(client, {
      declared,
      known: knownLines(state),
      mayBeAtDefault: lineMatcher(inputs.atDefault ?? []),
      force: state !== undefined && !sameJson(state.triggers, inputs.triggers),
      save: inputs.save ?? true,
      unsaved: state !== undefined && isUnsaved(state),
      seenBefore: state?.__mediantSeenBefore,
      ...confirmedBy(inputs),
      log,
    });
    onBreakOff(() =>
      turn.touched
        ? {
            ...stateOf(inputs, turn),
            ...unprovenState(inputs, declared, turn),
            ...present({
              __mediantUnsaved: turn.unsaved || undefined,
              __mediantSeenBefore: turn.seenBefore,
            }),
          }
        : undefined,
    );
    await alone(() => turn.run());
    return stateOf(inputs, turn);
  },

  /** The declared script with what the device has in place of the drifted lines. */
  async refresh({ client, state, log }) {
    const written = state.__mediantDeclared ?? state.script;
    const declared = scriptOf(state, written, true);
    const device = await readCli(client, (script) => lacksDeclared(script, declared, state.__mediantShown));
    const { changes } = compareScripts(declared, device, state.__mediantShown);
    tellDrift(log, withoutSecrets(changes, declared), declared.secrets);
    const { __mediantDeclared: _before, __mediantCameSince: earlier, ...rest } = state;
    // It may be a change of ours whose run was cut off before it saved; also if all is as before again, for somebody
    // may have saved in between.
    const came = changes.length > 0 || (earlier === true && !(await isAllSaved(client)));
    return {
      ...rest,
      ...besideDeclared(foundScript(declared, { changes }), written),
      ...present({ __mediantCameSince: came || undefined }),
    };
  },

  undoes: ({ deleteScript }) => deleteScript !== undefined,

  /** What a destroyed resource leaves behind is what `deleteScript` makes of it: without one, all of it. */
  async release(visit) {
    const { state, log, alone } = visit;
    if (state.deleteScript === undefined) {
      log(
        "warning: no longer managed, left on the device as it is: there is no deleteScript that would take it back",
      );
      return;
    }
    const turn = new CliTurn(visit.client, {
      declared: scriptOf(state, state.deleteScript),
      known: knownLines(state),
      mayBeAtDefault: lineMatcher(state.atDefault ?? []),
      force: false,
      save: state.save ?? true,
      unsaved: isUnsaved(state),
      seenBefore: state.__mediantSeenBefore,
      ...confirmedBy(state),
      log,
    });
    await alone(() => turn.run());
  },
};

function confirmedBy(
  inputs: CliScriptInputs,
): Pick<ConstructorParameters<typeof CliTurn>[1], "confirm" | "restoreScript" | "label"> {
  const { confirm, restoreScript, __mediantName: label } = inputs;
  return {
    confirm,
    restoreScript: restoreScript === undefined ? undefined : scriptOf(inputs, restoreScript),
    label,
  };
}

function sameDelete(state: CliScriptState, inputs: CliScriptInputs): boolean {
  const [before, after] = [state.deleteScript, inputs.deleteScript];
  if (before === undefined || after === undefined) return before === after;
  if (!isKnownScript(inputs, after)) return false;
  return scriptChanges(scriptOf(state, before, true), scriptOf(inputs, after, true)).length === 0;
}

function stateOf(inputs: CliScriptInputs, { shown, output }: CliTurn): Unversioned<CliScriptState> {
  return { ...inputs, output, __mediantShown: { ...shown } };
}

function isMarked(state: CliScriptState): boolean {
  return state.__mediantUnsaved === true || state.__mediantCameSince === true;
}

/** Whether something of a state may not be in flash; with `save: false` nothing was ever saved. */
function isUnsaved(state: CliScriptState): boolean {
  return isMarked(state) || state.save === false;
}

import { lineMatcher } from "../../cli/at-default";
import { withoutSecrets } from "../../cli/changes";
import { compareScripts } from "../../cli/compare";
import { type FullCliScriptInputs, fullCliProblems, scriptOf } from "../../declare/cli";
import { present } from "../../declare/present";
import { RESET_WARNING, resourceName, WHOLE_LOAD_WARNING } from "../life/engine-answers";
import type { Resource, Unversioned } from "../life/life";
import { tellLeftOut } from "../life/log";
import { readCli } from "./exports";
import { foundScript, tellDrift } from "./found";
import { type PendingCli, strangerChanges, strangers, WholeCliLoad } from "./full-turn";
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

export type { FullCliScriptInputs } from "../../declare/cli";

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface FullCliScriptState extends FullCliScriptInputs, ScriptState {
  /** What the device showed beside the script right after it was loaded. */
  __mediantOwn?: string[];
  /** A load was sent and not seen to its end. */
  __mediantPending?: PendingCli;
  /** Digest of the script that was loaded and did not bring all of it. */
  __mediantTried?: string;
}

const TYPE = "FullCliScriptConfig";

/** `FullCliScriptConfig` */
export const fullCliScriptConfig: Resource<FullCliScriptInputs, FullCliScriptState> = {
  type: TYPE,
  waits: true,
  settings: ["device", "atDefault", "allowLossOfAccess"],
  outputs: { ...SCRIPT_OUTPUTS, __mediantOwn: true, __mediantPending: true, __mediantTried: true },
  problems: fullCliProblems,
  contradictions: (device, inputs, { registry }) =>
    scriptContradictions(registry, device, resourceName(TYPE, inputs), inputs, { whole: true }),
  announcement: () => WHOLE_LOAD_WARNING,

  /** Names what returns to its default, and says that the device will reset. */
  compare(state, inputs) {
    const { changes, runs } = changesOf(state, inputs);
    const acts = runs || state.__mediantPending !== undefined;
    return {
      changes,
      acts: acts || state.__mediantRefused !== undefined,
      tell: (log, replaces) => {
        tellScriptChanges(log, changes);
        if (!acts && !replaces) return;
        tellLeftOut(log, changes);
        log(RESET_WARNING);
      },
    };
  },

  /** A device that holds the configuration already is not reset. */
  async converge({ client, inputs, state, log, alone, onBreakOff }) {
    if (state !== undefined && !mustLoad(state, inputs)) {
      await alone(() => client.awaken({ label: inputs.__mediantName }));
      const { output, __mediantShown: shown = {}, __mediantOwn: own } = state;
      return stateOf(inputs, { output, shown, own });
    }
    const declared = scriptOf(inputs, inputs.script);
    const whole = new WholeCliLoad(client, {
      declared,
      known: knownLines(state),
      mayBeAtDefault: lineMatcher(inputs.atDefault ?? []),
      own: state?.__mediantOwn,
      triedScript: state?.__mediantTried,
      allowLossOfAccess: inputs.allowLossOfAccess ?? false,
      label: inputs.__mediantName,
      log,
    });
    onBreakOff(() => {
      if (!whole.touched) return undefined;
      const left = { ...stateOf(inputs, whole), ...unprovenState(inputs, declared, whole) };
      return {
        ...left,
        ...present({ __mediantPending: whole.pending, __mediantTried: whole.refused && whole.triedScript }),
      };
    });
    // Whole configurations go before other writes that wait: what those bring must not be loaded away again.
    await alone(() => whole.run(state?.__mediantPending), { first: true });
    return stateOf(inputs, whole);
  },

  /** The declared script with what the device has in its place and beside it. */
  async refresh({ client, state, log }) {
    const written = state.__mediantDeclared ?? state.script;
    const declared = scriptOf(state, written, true);
    const device = await readCli(client, (script) => lacksDeclared(script, declared, state.__mediantShown));
    const { changes } = compareScripts(declared, device, state.__mediantShown);
    const beside = strangers(device, declared, state.__mediantOwn);
    tellDrift(log, withoutSecrets([...changes, ...strangerChanges(beside)], declared), declared.secrets);
    const script = foundScript(declared, { changes, strangers: beside });
    const { __mediantDeclared: _before, ...rest } = state;
    return { ...rest, ...besideDeclared(script, written) };
  },

  /** A device cannot be without a configuration: this one stays. */
  async release({ log }) {
    log("warning: no longer managed, left on the device as it is");
  },
};

/** Another connection, or another setting alone, loads nothing: no preview has said that the device would reset. */
function mustLoad(state: FullCliScriptState, inputs: FullCliScriptInputs): boolean {
  const { __mediantPending, __mediantRefused, __mediantUnproven } = state;
  const open = [__mediantPending, __mediantRefused, __mediantUnproven].some((one) => one !== undefined);
  return open || changesOf(state, inputs).runs;
}

function stateOf(
  inputs: FullCliScriptInputs,
  { shown, own, output }: Pick<WholeCliLoad, "shown" | "own" | "output">,
): Unversioned<FullCliScriptState> {
  return {
    ...inputs,
    output,
    __mediantShown: { ...shown },
    ...present({ __mediantOwn: own && [...own] }),
  };
}

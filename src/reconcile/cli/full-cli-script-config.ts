import { lineMatcher } from "../../cli/at-default";
import { withoutSecrets } from "../../cli/changes";
import { compareScripts } from "../../cli/compare";
import { type FullCliScriptInputs, fullCliProblems, scriptOf } from "../../declare/cli";
import { DeviceClient } from "../../device/client";
import { resolveConnection } from "../../device/connect/connection";
import { WriteQueue } from "../../device/shared/write-queue";
import {
  type Checked,
  checked,
  converging,
  type Difference,
  difference,
  logFor,
  logForDiff,
  PartialState,
  RESET_WARNING,
  WHOLE_LOAD_WARNING,
} from "../life/engine-answers";
import { reasonsOf } from "../life/errors";
import { listed, ToldOnce, tellChanges } from "../life/log";
import { foundScript, tellDrift } from "./found";
import { type PendingCli, strangerChanges, strangers, WholeCliLoad } from "./full-turn";
import { readCli } from "./incremental-turn";
import {
  besideDeclared,
  changesOf,
  contradictions,
  knownLines,
  lacksDeclared,
  type ScriptState,
  sameSettings,
  unprovenState,
} from "./script-state";

export type { FullCliScriptInputs } from "../../declare/cli";

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface FullCliScriptState extends FullCliScriptInputs, ScriptState {
  /** What the device showed beside the script right after it was loaded. */
  __mediantOwn?: string[];
  /** A load was sent and not seen to its end. */
  __mediantPending?: PendingCli;
}

const SCHEMA_VERSION = 1;
const TYPE = "FullCliScriptConfig";
const told = new ToldOnce();

export function check(inputs: FullCliScriptInputs, isNew: boolean): Checked<FullCliScriptInputs> {
  const reasons = fullCliProblems(inputs);
  if (reasons.length === 0) reasons.push(...contradictions(TYPE, inputs, { whole: true }));
  return checked(inputs, reasons, isNew && (() => WHOLE_LOAD_WARNING));
}

/** Compares by meaning, names what returns to its default, and says that the device will reset. */
export function diff(id: string, state: FullCliScriptState, inputs: FullCliScriptInputs): Difference {
  const { changes, runs } = changesOf(state, inputs);
  const loads = runs || state.__mediantPending !== undefined;
  const unfinished = loads || state.__mediantRefused !== undefined;
  const answer = difference(state, inputs, unfinished || !sameSettings(state, inputs, SETTINGS));
  if (!told.mustTell(id, changes)) return answer;
  const log = logForDiff(state, inputs);
  const secret = new Set(changes.filter((change) => change.secret).map(({ address }) => address));
  tellChanges(log, changes, (address) => secret.has(address));
  if (loads || answer.replaces.length > 0) {
    const released = changes.filter(({ after }) => after === undefined).map(({ address }) => address);
    if (released.length > 0) log(`left out, so back to the default or gone: ${listed(released)}`);
    log(RESET_WARNING);
  }
  return answer;
}

const SETTINGS = ["device", "atDefault", "allowLossOfAccess"] as const;

export const { create, update } = converging(TYPE, converge);

/** The one path of create and update; a device that holds the configuration already is not reset. */
async function converge(
  id: string,
  state: FullCliScriptState | undefined,
  inputs: FullCliScriptInputs,
): Promise<FullCliScriptState> {
  const declared = scriptOf(inputs, inputs.script);
  const client = DeviceClient.for(resolveConnection(inputs.device));
  if (state !== undefined && !mustLoad(state, inputs)) {
    const queue = WriteQueue.for(client.connection.origin);
    await queue.exclusive(TYPE, () => client.awaken({ label: inputs.__mediantName }));
    const { output, __mediantShown: shown = {}, __mediantOwn: own } = state;
    return stateOf(inputs, { output, shown, own });
  }
  const whole = new WholeCliLoad(client, {
    declared,
    known: knownLines(state),
    mayBeAtDefault: lineMatcher(inputs.atDefault ?? []),
    own: state?.__mediantOwn,
    label: inputs.__mediantName,
    log: logFor(inputs),
  });
  try {
    // Whole configurations go before other writes that wait: what those bring must not be loaded away again.
    const turn = () => whole.run(state?.__mediantPending);
    await WriteQueue.for(client.connection.origin).exclusive(TYPE, turn, { first: true });
  } catch (error) {
    if (!whole.touched) throw error;
    throw new PartialState(id, reasonsOf(error), {
      ...stateOf(inputs, whole),
      ...unprovenState(inputs, declared, whole),
      ...(whole.pending === undefined ? {} : { __mediantPending: whole.pending }),
    });
  }
  return stateOf(inputs, whole);
}

/** Another connection, or another setting alone, loads nothing: no preview has said that the device would reset. */
function mustLoad(state: FullCliScriptState, inputs: FullCliScriptInputs): boolean {
  const { __mediantPending, __mediantRefused, __mediantUnproven } = state;
  const open = [__mediantPending, __mediantRefused, __mediantUnproven].some((one) => one !== undefined);
  return open || changesOf(state, inputs).runs;
}

function stateOf(
  inputs: FullCliScriptInputs,
  { shown, own, output }: Pick<WholeCliLoad, "shown" | "own" | "output">,
): FullCliScriptState {
  return {
    ...inputs,
    __mediantSchema: SCHEMA_VERSION,
    output,
    __mediantShown: { ...shown },
    ...(own === undefined ? {} : { __mediantOwn: [...own] }),
  };
}

/** The declared script with what the device has in its place and beside it, in the state and in the inputs. */
export async function read(
  id: string,
  state: FullCliScriptState,
): Promise<{ id: string; props: FullCliScriptState; inputs: FullCliScriptInputs }> {
  const written = state.__mediantDeclared ?? state.script;
  const declared = scriptOf(state, written, true);
  const client = DeviceClient.for(resolveConnection(state.device));
  const device = await readCli(client, (script) => lacksDeclared(script, declared, state.__mediantShown));
  const { changes } = compareScripts(declared, device, state.__mediantShown);
  const beside = strangers(device, declared, state.__mediantOwn);
  told.read(id);
  const all = withoutSecrets([...changes, ...strangerChanges(beside)], declared);
  tellDrift(logFor(state), all, declared.secrets);
  const script = foundScript(declared, { changes, strangers: beside });
  const { __mediantDeclared: _before, ...rest } = state;
  const props = { ...rest, ...besideDeclared(script, written) };
  const {
    __mediantSchema,
    output,
    __mediantDeclared,
    __mediantShown,
    __mediantRefused,
    __mediantUnproven,
    __mediantOwn,
    __mediantPending,
    ...inputs
  } = props as FullCliScriptState;
  return { id, props, inputs };
}

/** A device cannot be without a configuration: this one stays. */
export async function remove(_id: string, state: FullCliScriptState): Promise<void> {
  logFor(state)("warning: no longer managed, left on the device as it is");
}

import { lineMatcher } from "../../cli/at-default";
import { QUERIES, type ScriptChange, scriptChanges, withoutSecrets } from "../../cli/changes";
import { compareScripts } from "../../cli/compare";
import { type CliScriptInputs, cliProblems, isKnownScript, scriptOf } from "../../declare/cli";
import { isUnknown } from "../../declare/unknown";
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
  sameJson,
} from "../life/engine-answers";
import { reasonsOf } from "../life/errors";
import { STAYS, ToldOnce, tellChanges, tellEach } from "../life/log";
import { foundScript, tellDrift } from "./found";
import { CliTurn, readCli } from "./incremental-turn";
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

export type { CliScriptInputs } from "../../declare/cli";

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface CliScriptState extends CliScriptInputs, ScriptState {
  /** Something was sent that is not known to be saved. */
  __mediantUnsaved?: boolean;
  /** A refresh has found other lines than those of the last run. */
  __mediantCameSince?: boolean;
}

const SCHEMA_VERSION = 1;
const TYPE = "CliScriptConfig";
const told = new ToldOnce();

export function check(inputs: CliScriptInputs): Checked<CliScriptInputs> {
  const reasons = cliProblems(inputs);
  if (reasons.length === 0) {
    const { save = true } = inputs;
    const declaration = { save: isUnknown(save) ? undefined : save, whole: false };
    reasons.push(...contradictions(TYPE, inputs, declaration));
  }
  return checked(inputs, reasons);
}

/** Compares a state with what is declared now, by meaning, and tells what changes, a line of the script each. */
export function diff(id: string, state: CliScriptState, inputs: CliScriptInputs): Difference {
  const { changes, runs } = changesOf(state, inputs);
  const same = sameSettings(state, inputs, SETTINGS) && sameDelete(state, inputs);
  const mustSave = isMarked(state) && inputs.save !== false;
  const unfinished = mustSave || state.__mediantRefused !== undefined;
  const answer = difference(state, inputs, runs || !same || unfinished);
  if (!told.mustTell(id, changes)) return answer;
  const secret = new Set(changes.filter((change) => change.secret).map(({ address }) => address));
  const log = logForDiff(state, inputs);
  const stays = ({ address, after }: ScriptChange) => after === undefined && address !== QUERIES;
  tellChanges(
    log,
    changes.filter((change) => !stays(change)),
    (address) => secret.has(address),
  );
  const staying = changes.filter(stays).map(({ address }) => address);
  tellEach(log, staying, `${STAYS}: a script takes nothing back by leaving it out`);
  return answer;
}

const SETTINGS = ["device", "atDefault", "triggers", "save"] as const;

function sameDelete(state: CliScriptState, inputs: CliScriptInputs): boolean {
  const [before, after] = [state.deleteScript, inputs.deleteScript];
  if (before === undefined || after === undefined) return before === after;
  if (!isKnownScript(inputs, after)) return false;
  return scriptChanges(scriptOf(state, before, true), scriptOf(inputs, after, true)).length === 0;
}

export const { create, update } = converging(TYPE, converge);

/** The one path of create and update: what already holds is adopted, the rest is written, read back and saved. */
async function converge(
  id: string,
  state: CliScriptState | undefined,
  inputs: CliScriptInputs,
): Promise<CliScriptState> {
  const declared = scriptOf(inputs, inputs.script);
  const client = DeviceClient.for(resolveConnection(inputs.device));
  const turn = new CliTurn(client, {
    declared,
    known: knownLines(state),
    mayBeAtDefault: lineMatcher(inputs.atDefault ?? []),
    force: state !== undefined && !sameJson(state.triggers, inputs.triggers),
    save: inputs.save ?? true,
    unsaved: state !== undefined && isUnsaved(state),
    log: logFor(inputs),
  });
  try {
    await WriteQueue.for(client.connection.origin).exclusive(TYPE, () => turn.run());
  } catch (error) {
    if (!turn.touched) throw error;
    throw new PartialState(id, reasonsOf(error), {
      ...stateOf(inputs, turn),
      ...unprovenState(inputs, declared, turn),
      ...(turn.unsaved ? { __mediantUnsaved: true } : {}),
    });
  }
  return stateOf(inputs, turn);
}

function stateOf(inputs: CliScriptInputs, { shown, output }: CliTurn): CliScriptState {
  return { ...inputs, __mediantSchema: SCHEMA_VERSION, output, __mediantShown: { ...shown } };
}

/** The declared script with what the device has in place of the drifted lines, in the state and in the inputs. */
export async function read(
  id: string,
  state: CliScriptState,
): Promise<{ id: string; props: CliScriptState; inputs: CliScriptInputs }> {
  const written = state.__mediantDeclared ?? state.script;
  const declared = scriptOf(state, written, true);
  const client = DeviceClient.for(resolveConnection(state.device));
  const device = await readCli(client, (script) => lacksDeclared(script, declared, state.__mediantShown));
  const { changes } = compareScripts(declared, device, state.__mediantShown);
  told.read(id);
  tellDrift(logFor(state), withoutSecrets(changes, declared), declared.secrets);
  const { __mediantDeclared: _before, __mediantCameSince: _since, ...rest } = state;
  const props = {
    ...rest,
    ...besideDeclared(foundScript(declared, { changes }), written),
    // It may be a change of ours whose run was cut off before it saved.
    ...(changes.length > 0 ? { __mediantCameSince: true } : {}),
  };
  const {
    __mediantSchema,
    output,
    __mediantDeclared,
    __mediantShown,
    __mediantRefused,
    __mediantUnproven,
    __mediantUnsaved,
    __mediantCameSince,
    ...inputs
  } = props as CliScriptState;
  return { id, props, inputs };
}

/** Whether a delete writes to the device. */
export function undoes({ deleteScript }: CliScriptState): boolean {
  return deleteScript !== undefined;
}

/** What a destroyed resource leaves behind is what `deleteScript` makes of it: without one, all of it. */
export async function remove(_id: string, state: CliScriptState): Promise<void> {
  const log = logFor(state);
  if (state.deleteScript === undefined) {
    log(
      "warning: no longer managed, left on the device as it is: there is no deleteScript that would take it back",
    );
    return;
  }
  const client = DeviceClient.for(resolveConnection(state.device));
  const turn = new CliTurn(client, {
    declared: scriptOf(state, state.deleteScript),
    known: knownLines(state),
    mayBeAtDefault: lineMatcher(state.atDefault ?? []),
    force: false,
    save: state.save ?? true,
    unsaved: isUnsaved(state),
    log,
  });
  await WriteQueue.for(client.connection.origin).exclusive(TYPE, () => turn.run());
}

function isMarked(state: CliScriptState): boolean {
  return state.__mediantUnsaved === true || state.__mediantCameSince === true;
}

/** Whether something of a state may not be in flash; with `save: false` nothing was ever saved. */
function isUnsaved(state: CliScriptState): boolean {
  return isMarked(state) || state.save === false;
}

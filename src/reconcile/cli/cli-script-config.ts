import type { CanonicalScript } from "../../cli/canonical";
import { scriptChanges, withoutSecrets } from "../../cli/changes";
import { compareScripts, type ShownLines } from "../../cli/compare";
import type { DeclaredScript } from "../../cli/declared";
import { addressesOf, type CliScriptInputs, cliProblems, isKnownScript, scriptOf } from "../../declare/cli";
import { isUnknown } from "../../declare/unknown";
import { DeviceClient } from "../../device/client";
import { resolveConnection } from "../../device/connect/connection";
import { WriteQueue } from "../../device/shared/write-queue";
import {
  type Checked,
  checked,
  converging,
  type Difference,
  deviceKey,
  difference,
  logFor,
  logForDiff,
  PartialState,
  RESET_WARNING,
  sameJson,
  WHOLE_LOAD_WARNING,
} from "../life/engine-answers";
import { reasonsOf } from "../life/errors";
import { listed, ToldOnce, tellChanges } from "../life/log";
import { runRegistry } from "../life/run-registry";
import { type Found, foundScript, tellDrift } from "./found";
import { type PendingCli, strangerChanges, strangers, WholeCliLoad } from "./full-turn";
import { CliTurn, readCli } from "./incremental-turn";

export type { CliScriptInputs } from "../../declare/cli";

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface CliScriptState extends CliScriptInputs {
  __mediantSchema: number;
  /** What the commands of the last run printed. */
  output: string;
  /** The script of the last apply, where `script` shows what a refresh found in its place. */
  __mediantDeclared?: string;
  __mediantShown?: Record<string, string | null>;
  /** What the device showed beside a whole script right after it was loaded. */
  __mediantOwn?: string[];
  /** A change was made and its save failed. */
  __mediantUnsaved?: boolean;
  /** A load of a whole script was sent and not seen to its end. */
  __mediantPending?: PendingCli;
}

const SCHEMA_VERSION = 1;
const TYPE = "CliScriptConfig";
const told = new ToldOnce();

export function check(inputs: CliScriptInputs, isNew: boolean): Checked<CliScriptInputs> {
  const reasons = cliProblems(inputs);
  const device = deviceKey(inputs.device);
  const whole = inputs.mode === "full";
  if (reasons.length === 0 && device !== undefined && isKnownScript(inputs, inputs.script)) {
    const { save = true } = inputs;
    const configuration = addressesOf(scriptOf(inputs, inputs.script));
    const declaration = {
      configuration,
      ownTables: [],
      save: whole || isUnknown(save) ? undefined : save,
      whole,
    };
    reasons.push(...runRegistry.declare(device, `${TYPE} ${inputs.__mediantName}`, declaration));
  }
  return checked(inputs, reasons, isNew && whole && (() => WHOLE_LOAD_WARNING));
}

/** Compares a state with what is declared now, by meaning, and tells what changes, a line of the script each. */
export function diff(id: string, state: CliScriptState, inputs: CliScriptInputs): Difference {
  const known = isKnownScript(inputs, inputs.script);
  const changes = known
    ? scriptChanges(scriptOf(state, state.script, true), scriptOf(inputs, inputs.script, true))
    : [];
  const runs = !known || changes.length > 0 || !sameJson(state.triggers, inputs.triggers);
  const settings = SETTINGS.some((key) => !sameJson(state[key], inputs[key]));
  const unfinished = state.__mediantUnsaved === true || state.__mediantPending !== undefined;
  const answer = difference(state, inputs, runs || settings || unfinished || !sameDelete(state, inputs));
  if (!told.mustTell(id, changes)) return answer;
  const log = logForDiff(state, inputs);
  const secret = new Set(changes.filter((change) => change.secret).map(({ address }) => address));
  tellChanges(log, changes, (address) => secret.has(address));
  if (inputs.mode === "full" && (runs || settings || unfinished)) {
    const released = changes.filter(({ after }) => after === undefined).map(({ address }) => address);
    if (released.length > 0) log(`left out, so back to the default or gone: ${listed(released)}`);
    log(RESET_WARNING);
  }
  return answer;
}

const SETTINGS = ["device", "mode", "save"] as const;

function sameDelete(state: CliScriptState, inputs: CliScriptInputs): boolean {
  const [before, after] = [state.deleteScript, inputs.deleteScript];
  if (before === undefined || after === undefined) return before === after;
  if (!isKnownScript(inputs, after)) return false;
  return scriptChanges(scriptOf(state, before, true), scriptOf(inputs, after, true)).length === 0;
}

export const { create, update } = converging(TYPE, converge);

/** The one path of create and update: what already holds is adopted, the rest is written, read back and saved. */
function converge(
  id: string,
  state: CliScriptState | undefined,
  inputs: CliScriptInputs,
): Promise<CliScriptState> {
  return inputs.mode === "full" ? load(id, state, inputs) : run(id, state, inputs);
}

async function run(
  id: string,
  state: CliScriptState | undefined,
  inputs: CliScriptInputs,
): Promise<CliScriptState> {
  const job = jobOf(state, inputs);
  const client = DeviceClient.for(resolveConnection(inputs.device));
  const unsaved = state?.__mediantUnsaved === true;
  const turn = new CliTurn(client, { ...job, save: inputs.save ?? true, unsaved });
  try {
    await WriteQueue.for(client.connection.origin).exclusive(TYPE, () => turn.run());
  } catch (error) {
    if (!turn.touched) throw error;
    const script = scriptNow(job.declared, turn.lastSeen, turn.shown);
    const partial = stateOf({ ...inputs, script }, turn.shown, turn.output);
    throw new PartialState(id, reasonsOf(error), {
      ...partial,
      ...declaredBeside(script, inputs.script),
      ...(turn.unsaved ? { __mediantUnsaved: true } : {}),
    });
  }
  return stateOf(inputs, turn.shown, turn.output);
}

async function load(
  id: string,
  state: CliScriptState | undefined,
  inputs: CliScriptInputs,
): Promise<CliScriptState> {
  const job = jobOf(state, inputs);
  const client = DeviceClient.for(resolveConnection(inputs.device));
  const own = state?.mode === "full" ? state.__mediantOwn : undefined;
  const whole = new WholeCliLoad(client, { ...job, own, label: inputs.__mediantName });
  try {
    // Whole configurations go before other writes that wait: what those bring must not be loaded away again.
    const turn = () => whole.run(state?.__mediantPending);
    await WriteQueue.for(client.connection.origin).exclusive(TYPE, turn, { first: true });
  } catch (error) {
    if (whole.pending === undefined) throw error;
    const script = scriptNow(job.declared, whole.lastSeen, whole.shown);
    throw new PartialState(id, reasonsOf(error), {
      ...stateOf({ ...inputs, script }, whole.shown, "", whole.own),
      ...declaredBeside(script, inputs.script),
      __mediantPending: whole.pending,
    });
  }
  return stateOf(inputs, whole.shown, "", whole.own);
}

function jobOf(state: CliScriptState | undefined, inputs: CliScriptInputs) {
  return {
    declared: scriptOf(inputs, inputs.script),
    shown: state?.__mediantShown ?? {},
    force: state !== undefined && !sameJson(state.triggers, inputs.triggers),
    log: logFor(inputs),
  };
}

function stateOf(
  inputs: CliScriptInputs,
  shown: ShownLines,
  output: string,
  own?: readonly string[],
): CliScriptState {
  return {
    ...inputs,
    __mediantSchema: SCHEMA_VERSION,
    output,
    __mediantShown: { ...shown },
    ...(own === undefined ? {} : { __mediantOwn: [...own] }),
  };
}

/** The declared script as far as the device holds it. */
function scriptNow(declared: DeclaredScript, device: CanonicalScript | undefined, shown: ShownLines): string {
  if (device === undefined) return declared.written;
  return foundScript(declared, { changes: compareScripts(declared, device, shown).changes });
}

function declaredBeside(script: string, declared: string): Pick<CliScriptState, "__mediantDeclared"> {
  return script === declared ? {} : { __mediantDeclared: declared };
}

/** The declared script with what the device has in place of the drifted lines, in the state and in the inputs. */
export async function read(
  id: string,
  state: CliScriptState,
): Promise<{ id: string; props: CliScriptState; inputs: CliScriptInputs }> {
  const device = await readCli(DeviceClient.for(resolveConnection(state.device)));
  const written = state.__mediantDeclared ?? state.script;
  const declared = scriptOf(state, written, true);
  const { changes } = compareScripts(declared, device, state.__mediantShown);
  const beside = state.mode === "full" ? strangers(device, declared, state.__mediantOwn) : [];
  const found: Found = { changes, strangers: beside };
  told.read(id);
  tellDrift(
    logFor(state),
    withoutSecrets([...changes, ...strangerChanges(beside)], declared),
    declared.secrets,
  );
  const script = foundScript(declared, found);
  const { __mediantDeclared: _before, ...rest } = state;
  const props = { ...rest, script, ...declaredBeside(script, written) };
  const {
    __mediantSchema,
    output,
    __mediantDeclared,
    __mediantShown,
    __mediantOwn,
    __mediantUnsaved,
    __mediantPending,
    ...inputs
  } = props as CliScriptState;
  return { id, props, inputs };
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
    shown: {},
    force: false,
    save: state.save ?? true,
    unsaved: state.__mediantUnsaved === true,
    log,
  });
  await WriteQueue.for(client.connection.origin).exclusive(TYPE, () => turn.run());
}

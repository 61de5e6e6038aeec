import {
  configurationOf,
  type DeclaredInputs,
  declaresNothing,
  inputProblems,
  isPartlyUnknown,
  isUnknownAt,
  knownConfiguration,
  NOTHING,
  secretsOf,
  withFound,
} from "../../declare/ini";
import { DeviceClient } from "../../device/client";
import { resolveConnection } from "../../device/connect/connection";
import { WriteQueue } from "../../device/shared/write-queue";
import type { Address } from "../../ini/address";
import { type Change, compareConfigurations } from "../../ini/compare";
import type { Value } from "../../ini/configuration";
import { NameMap } from "../../ini/names";
import type { Observed } from "../../ini/observe";
import {
  type Checked,
  checked,
  converging,
  type Difference,
  difference,
  logFor,
  logForDiff,
  PartialState,
  problemsInRun,
  RESET_WARNING,
  resourceName,
  sameJson,
  WHOLE_LOAD_WARNING,
} from "../life/engine-answers";
import { reasonsOf } from "../life/errors";
import { listed, ToldOnce, tellChanges } from "../life/log";
import { runRegistry } from "../life/run-registry";
import { rememberSeen } from "./foreseen";
import type { DeviceForm } from "./fragment";
import { readIni } from "./group-turn";
import { foundWhole, type WholeIni, wholeDifferences } from "./whole";
import { type PendingLoad, WholeLoad, whyNotAgain } from "./whole-turn";

export interface FullIniConfigInputs extends DeclaredInputs {
  allowLossOfAccess?: boolean;
}

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface FullIniConfigState extends FullIniConfigInputs {
  __mediantSchema: number;
  __mediantForms?: Record<Address, DeviceForm>;
  /** What the device showed beside the declaration right after it was loaded. */
  __mediantOwn?: Record<Address, Value>;
  /** A load was sent and not seen to its end. */
  __mediantPending?: PendingLoad;
}

const SCHEMA_VERSION = 1;
const TYPE = "FullIniConfig";
const told = new ToldOnce();

export function check(inputs: FullIniConfigInputs, isNew: boolean): Checked<FullIniConfigInputs> {
  const reasons = inputProblems(inputs);
  if (reasons.length === 0 && declaresNothing(inputs))
    reasons.push("declares nothing: an empty file would take everything from the device");
  if (reasons.length === 0) {
    const configuration = knownConfiguration(inputs);
    const declaration = { configuration, ownTables: [], save: undefined, whole: true };
    const declare = (device: string) => runRegistry.declare(device, resourceName(TYPE, inputs), declaration);
    reasons.push(...problemsInRun(inputs.device, declare));
  }
  return checked(inputs, reasons, isNew && (() => WHOLE_LOAD_WARNING));
}

/** Compares by meaning, names what returns to its default, and says that the device will reset. */
export function diff(id: string, state: FullIniConfigState, inputs: FullIniConfigInputs): Difference {
  const changes = changesOf(state, inputs);
  const settings = SETTINGS.some((key) => !sameJson(state[key], inputs[key]));
  const pending = state.__mediantPending;
  const changed = changes.length > 0 || settings || pending !== undefined || isPartlyUnknown(inputs);
  const answer = difference(state, inputs, changed);
  const resets = changes.length > 0 || isPartlyUnknown(inputs) || answer.replaces.length > 0;
  if (told.mustTell(id, changes) && resets) {
    const log = logForDiff(state, inputs);
    tellChanges(log, changes, secretsOf(state, inputs));
    const released = changes.filter(({ after }) => after === undefined).map(({ address }) => address);
    if (released.length > 0) log(`left out, so back to the default or gone: ${listed(released)}`);
    const again = isPartlyUnknown(inputs) ? undefined : whyNotAgain(pending, wholeOf(inputs, undefined));
    log(
      again === undefined ? RESET_WARNING : `will be refused, unless the device holds it by then: ${again}`,
    );
  }
  return answer;
}

const SETTINGS = ["device", "secretNames", "allowLossOfAccess"] as const;

function changesOf(state: FullIniConfigState, inputs: FullIniConfigInputs): Change[] {
  return compareConfigurations(configurationOf(state), knownConfiguration(inputs)).filter(
    ({ address, after }) => after !== undefined || !isUnknownAt(inputs, address),
  );
}

export const { create, update } = converging(TYPE, converge);

/** The one path of create and update; a device that holds the configuration already is not reset. */
async function converge(
  id: string,
  state: FullIniConfigState | undefined,
  inputs: FullIniConfigInputs,
): Promise<FullIniConfigState> {
  const client = DeviceClient.for(resolveConnection(inputs.device));
  const queue = WriteQueue.for(client.connection.origin);
  const whole = wholeOf(inputs, state);
  // Another connection, or another setting alone, loads nothing: no preview has said that the device would reset.
  if (state !== undefined && state.__mediantPending === undefined && changesOf(state, inputs).length === 0) {
    await queue.exclusive(TYPE, () => client.awaken({ label: inputs.__mediantName }));
    return stateOf(inputs, whole.forms, whole.ownByDevice);
  }
  const load = new WholeLoad(client, inputs, whole, logFor(inputs));
  try {
    // Whole configurations go before other writes that wait: what those bring must not be loaded away again.
    const run = () => load.run(state?.__mediantPending);
    const { forms, own } = await queue.exclusive(TYPE, run, { first: true });
    return stateOf(inputs, forms, own);
  } catch (error) {
    if (load.pending === undefined) throw error;
    const partial = { ...inputs, ...withFound(inputs, foundWhole(load.lastSeen, whole)) };
    throw new PartialState(id, reasonsOf(error), {
      ...stateOf(partial, whole.forms, whole.ownByDevice),
      __mediantPending: load.pending,
    });
  }
}

function stateOf(
  inputs: FullIniConfigInputs,
  forms: NameMap<DeviceForm>,
  own: NameMap<Value>,
): FullIniConfigState {
  return {
    ...inputs,
    __mediantSchema: SCHEMA_VERSION,
    __mediantForms: forms.toObject(),
    __mediantOwn: own.toObject(),
  };
}

function wholeOf(inputs: FullIniConfigInputs, state: Partial<FullIniConfigState> | undefined): WholeIni {
  return {
    declared: configurationOf(inputs),
    forms: new NameMap(Object.entries(state?.__mediantForms ?? {})),
    ownByDevice: new NameMap(Object.entries(state?.__mediantOwn ?? {})),
    isSecret: secretsOf(inputs),
  };
}

/** The live values under the names of the inputs; what the device shows beside them is drift too. */
export async function read(
  id: string,
  state: FullIniConfigState,
): Promise<{ id: string; props: FullIniConfigState; inputs: FullIniConfigInputs }> {
  const whole = wholeOf(state, state);
  const client = DeviceClient.for(resolveConnection(state.device));
  const lacks = (seen: Observed) => wholeDifferences(seen, whole).some(({ before }) => before === undefined);
  const observed = await readIni(client, lacks);
  rememberSeen(client, observed);
  const found = foundWhole(observed, whole);
  const drift = compareConfigurations(whole.declared, found);
  told.read(id);
  const log = logFor(state);
  tellChanges(log, drift, whole.isSecret, "drift: ");
  const props = { ...state, ...withFound(state, found) };
  const { __mediantSchema, __mediantForms, __mediantOwn, __mediantPending, ...inputs } = props;
  return { id, props, inputs };
}

/** A whole configuration cannot be taken back: there is no earlier one to load, and a device needs one. */
export async function remove(_id: string, state: FullIniConfigState): Promise<void> {
  const count = compareConfigurations(configurationOf(state), NOTHING).length;
  logFor(state)(`no longer managed, left on the device as it is: ${count} values`);
}

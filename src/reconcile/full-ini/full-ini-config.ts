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
import type { Address } from "../../ini/address";
import { type Change, compareConfigurations } from "../../ini/compare";
import type { Value } from "../../ini/configuration";
import { NameMap } from "../../ini/names";
import type { Observed } from "../../ini/observe";
import { rememberSeen } from "../ini/foreseen";
import type { DeviceForm } from "../ini/fragment";
import { readIni } from "../ini/sightings";
import { RESET_WARNING, resourceName, WHOLE_LOAD_WARNING } from "../life/engine-answers";
import type { Resource, Stored, Unversioned } from "../life/life";
import { tellChanges, tellLeftOut } from "../life/log";
import { foundWhole, type WholeIni, wholeDifferences } from "./whole";
import { type PendingLoad, WholeLoad, whyNotAgain } from "./whole-turn";

export interface FullIniConfigInputs extends DeclaredInputs {
  allowLossOfAccess?: boolean;
}

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface FullIniConfigState extends FullIniConfigInputs, Stored {
  __mediantForms?: Record<Address, DeviceForm>;
  /** What the device showed beside the declaration right after it was loaded. */
  __mediantOwn?: Record<Address, Value>;
  /** A load was sent and not seen to its end. */
  __mediantPending?: PendingLoad;
}

const TYPE = "FullIniConfig";

/** `FullIniConfig` */
export const fullIniConfig: Resource<FullIniConfigInputs, FullIniConfigState> = {
  type: TYPE,
  waits: true,
  settings: ["device", "secretNames", "allowLossOfAccess"],
  outputs: { __mediantSchema: true, __mediantForms: true, __mediantOwn: true, __mediantPending: true },

  problems(inputs) {
    const problems = inputProblems(inputs);
    if (problems.length > 0 || !declaresNothing(inputs)) return problems;
    return ["declares nothing: an empty file would take everything from the device"];
  },

  contradictions(device, inputs, { registry }) {
    const configuration = knownConfiguration(inputs);
    const declaration = { configuration, ownTables: [], save: undefined, whole: true };
    return registry.declare(device, resourceName(TYPE, inputs), declaration);
  },

  announcement: () => WHOLE_LOAD_WARNING,

  /** Names what returns to its default, and says that the device will reset. */
  compare(state, inputs) {
    const changes = changesOf(state, inputs);
    const resets = changes.length > 0 || isPartlyUnknown(inputs);
    const pending = state.__mediantPending;
    return {
      changes,
      acts: resets || pending !== undefined,
      tell: (log, replaces) => {
        if (!resets && !replaces) return;
        tellChanges(log, changes, secretsOf(state, inputs));
        tellLeftOut(log, changes);
        const again = isPartlyUnknown(inputs) ? undefined : whyNotAgain(pending, wholeOf(inputs, undefined));
        log(
          again === undefined
            ? RESET_WARNING
            : `will be refused, unless the device holds it by then: ${again}`,
        );
      },
    };
  },

  /** A device that holds the configuration already is not reset. */
  async converge({ client, inputs, state, log, alone, onBreakOff }) {
    const whole = wholeOf(inputs, state);
    // Another connection, or another setting alone, loads nothing: no preview has said that the device would reset.
    if (
      state !== undefined &&
      state.__mediantPending === undefined &&
      changesOf(state, inputs).length === 0
    ) {
      await alone(() => client.awaken({ label: inputs.__mediantName }));
      return stateOf(inputs, whole.forms, whole.ownByDevice);
    }
    const load = new WholeLoad(client, inputs, whole, log);
    onBreakOff(() => {
      if (load.pending === undefined) return undefined;
      const partial = { ...inputs, ...withFound(inputs, foundWhole(load.lastSeen, whole)) };
      const left = stateOf(partial, whole.forms, whole.ownByDevice);
      return { ...left, __mediantPending: load.pending };
    });
    // Whole configurations go before other writes that wait: what those bring must not be loaded away again.
    const { forms, own } = await alone(() => load.run(state?.__mediantPending), { first: true });
    return stateOf(inputs, forms, own);
  },

  /** The live values under the names of the inputs; what the device shows beside them is drift too. */
  async refresh({ client, state, log }) {
    const whole = wholeOf(state, state);
    const lacks = (seen: Observed) =>
      wholeDifferences(seen, whole).some(({ before }) => before === undefined);
    const observed = await readIni(client, lacks);
    rememberSeen(client, observed);
    const found = foundWhole(observed, whole);
    tellChanges(log, compareConfigurations(whole.declared, found), whole.isSecret, "drift: ");
    return { ...state, ...withFound(state, found) };
  },

  /** A whole configuration cannot be taken back: there is no earlier one to load, and a device needs one. */
  async release({ state, log }) {
    const count = compareConfigurations(configurationOf(state), NOTHING).length;
    log(`no longer managed, left on the device as it is: ${count} values`);
  },
};

function changesOf(state: FullIniConfigState, inputs: FullIniConfigInputs): Change[] {
  return compareConfigurations(configurationOf(state), knownConfiguration(inputs)).filter(
    ({ address, after }) => after !== undefined || !isUnknownAt(inputs, address),
  );
}

function stateOf(
  inputs: FullIniConfigInputs,
  forms: NameMap<DeviceForm>,
  own: NameMap<Value>,
): Unversioned<FullIniConfigState> {
  return {
    ...inputs,
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

import { checkSettings, type DeviceSettings } from "../../declare/device";
import { licenseProblems } from "../../declare/license";
import {
  compareKeys,
  describedIn,
  keysOf,
  sameKey,
  unitsOf,
  type WantedKey,
} from "../../declare/license-file";
import { present } from "../../declare/present";
import { isUnknown } from "../../declare/unknown";
import { isPair } from "../../device/answers/status";
import type { Change } from "../../ini/compare";
import { resourceName } from "../life/engine-answers";
import type { Resource, Stored, Unversioned } from "../life/life";
import { tellChanges } from "../life/log";
import type { Tried } from "../life/tried";
import { LicenseLoad, sentBefore } from "./turn";

/** What the class sends: `key`, or `licenseFile` with its digest. */
export interface DeviceLicenseInputs {
  device: DeviceSettings;
  /** A secret. */
  key?: string;
  serialNumber?: string;
  /** Path on the machine that runs the program; never compared. */
  licenseFile?: string;
  /** Of the file, 64 hex digits. */
  sha256?: string;
  __mediantName: string;
  /** Where it stands below components, as `type/name`. */
  __mediantParent?: string;
  /** The thunk's text: a partial state must carry it, or it could not be refreshed. */
  __provider?: string;
}

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface DeviceLicenseState extends DeviceLicenseInputs, Stored {
  /** What the key allows, in the device's words; absent if it does not say. */
  keyDescription?: string;
  /** What the units are to have, for refreshes where neither key nor file is at hand. A secret. */
  __mediantKeys?: WantedKey[];
  /** A refresh found another key. */
  __mediantDrifted?: boolean;
  /** A licence was sent and not seen on the device. */
  __mediantPending?: boolean;
  /** The licence that was sent and not seen: it is not sent again by itself. A secret. */
  __mediantTried?: Tried;
}

const TYPE = "DeviceLicense";

const WARNING =
  "installs the licence and resets the device, unless the key is installed already: calls end, and it is away for some minutes";

/** `DeviceLicense` */
export const deviceLicense: Resource<DeviceLicenseInputs, DeviceLicenseState> = {
  type: TYPE,
  waits: true,
  settings: ["device"],
  outputs: {
    __mediantSchema: true,
    keyDescription: true,
    __mediantKeys: true,
    __mediantDrifted: true,
    __mediantPending: true,
    __mediantTried: true,
  },
  problems: (inputs) => [...checkSettings(inputs.device, "device", isUnknown), ...licenseProblems(inputs)],

  contradictions(device, inputs, { registry }) {
    const owner = registry.claim(device, TYPE, resourceName(TYPE, inputs));
    return owner === undefined ? [] : [`the licence of this device is declared by ${owner} already`];
  },

  announcement: () => WARNING,

  /** Compares the key, or the content of the file, never its path. */
  compare(state, inputs) {
    const changes = changesOf(state, inputs);
    // Which key a refresh found beside a file is in no input.
    if (state.__mediantDrifted && inputs.key === undefined) changes.push(KEY_CHANGE);
    const acts = mustLoad(state, inputs);
    return {
      changes,
      acts,
      tell: (log, replaces) => {
        if (!acts && !replaces) return;
        tellChanges(log, changes, isKey);
        const again = sentBefore(state.__mediantTried, inputs);
        log(again === undefined ? WARNING : `will be refused, unless the key is installed by then: ${again}`);
      },
    };
  },

  /** A device that has the licence already is not reset. */
  async converge({ client, inputs, state, log, alone, onBreakOff }) {
    // Another connection loads nothing; what else the device has is for the next refresh.
    if (state !== undefined && !mustLoad(state, inputs)) {
      await alone(() => client.awaken({ label: inputs.__mediantName }));
      const { keyDescription, __mediantKeys } = state;
      return { ...inputs, ...present({ keyDescription, __mediantKeys }) };
    }
    const load = new LicenseLoad(client, inputs, log);
    onBreakOff(() => (load.touched ? { ...stateOf(inputs, load), __mediantPending: true } : undefined));
    await alone(() => load.run(state?.__mediantTried));
    return stateOf(inputs, load);
  },

  /**
   * The key on the device, in the place of the declared one if it is another. After a switchover the unit that answers
   * is the other one of the pair, which is no drift.
   */
  async refresh({ client, state, log }) {
    const units = unitsOf(await client.license());
    const { verdict, unit } = compareKeys(state.__mediantKeys ?? [], units);
    // A unit that none of our keys is for: the other one of a pair, or a device that was exchanged.
    const isStranger = verdict === "unseen" && unit?.key !== undefined;
    const drifted = verdict === "differs" || (isStranger && !isPair(await client.status()));
    if (unit?.key === undefined)
      log("the device does not show its key, so that a change of it cannot be seen");
    const { __mediantDrifted: before, __mediantTried: tried, ...rest } = state;
    const found = {
      ...present({ key: state.key === undefined ? undefined : unit?.key }),
      ...describedIn(unit, [...keysOf(units), ...(state.key === undefined ? [] : [state.key])]),
    };
    const props: DeviceLicenseState = {
      ...rest,
      ...(drifted || (before && verdict === "holds") ? found : {}),
      ...present({
        // What was found holds until another look shows otherwise.
        __mediantDrifted: drifted || (before && verdict === "unseen") || undefined,
        __mediantTried: verdict === "holds" ? undefined : tried,
      }),
    };
    const drift = [KEY_CHANGE, ...descriptionChange(state.keyDescription, props.keyDescription)];
    if (drifted) tellChanges(log, drift, isKey, "drift: ");
    return props;
  },

  /** A licence cannot be taken back (LTRT-41760 section 10). */
  async release({ log }) {
    log("warning: no longer managed, left on the device as it is: the API cannot remove a licence");
  },
};

function changesOf(state: DeviceLicenseState, inputs: DeviceLicenseInputs): Change[] {
  return COMPARED.flatMap((address): Change[] => {
    const [before, after] = [state[address], inputs[address]];
    const same = address === "key" ? sameKey(before, after) : before === after;
    return same ? [] : [{ address, before, after }];
  });
}

function mustLoad(state: DeviceLicenseState, inputs: DeviceLicenseInputs): boolean {
  const isOpen = state.__mediantDrifted === true || state.__mediantPending === true;
  return isOpen || changesOf(state, inputs).length > 0;
}

const COMPARED = ["key", "serialNumber", "sha256"] as const;

/** Neither side of a key is shown. */
const KEY_CHANGE: Change = { address: "key", before: "", after: "" };
const isKey = (address: string): boolean => address === KEY_CHANGE.address;

function stateOf(
  inputs: DeviceLicenseInputs,
  { wanted, units, secrets, tried }: LicenseLoad,
): Unversioned<DeviceLicenseState> {
  const { unit } = compareKeys(wanted, units);
  return {
    ...inputs,
    ...describedIn(unit, secrets),
    __mediantKeys: wanted,
    ...present({ __mediantTried: tried }),
  };
}

/** Of a text of many features, the lines in which two keys differ. */
function descriptionChange(before = "", after = ""): Change[] {
  if (before === after) return [];
  const [old, now] = [before.split("\n"), after.split("\n")];
  const only = (lines: readonly string[], others: readonly string[]) =>
    lines.filter((line) => line !== "" && !others.includes(line));
  return [{ address: "keyDescription", before: only(old, now), after: only(now, old) }];
}

import { checkSettings, type DeviceSettings } from "../../declare/device";
import {
  compareKeys,
  describedIn,
  keysOf,
  sameKey,
  unitsOf,
  type WantedKey,
} from "../../declare/license-file";
import { isUnknown } from "../../declare/unknown";
import { isPair } from "../../device/answers/status";
import { DeviceClient } from "../../device/client";
import { resolveConnection } from "../../device/connect/connection";
import { WriteQueue } from "../../device/shared/write-queue";
import type { Change } from "../../ini/compare";
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
  resourceName,
  sameJson,
} from "../life/engine-answers";
import { reasonsOf } from "../life/errors";
import { ToldOnce, tellChanges } from "../life/log";
import { runRegistry } from "../life/run-registry";
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
export interface DeviceLicenseState extends DeviceLicenseInputs {
  __mediantSchema: number;
  /** What the key allows, in the device's words; absent where it does not say. */
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

const SCHEMA_VERSION = 1;
const TYPE = "DeviceLicense";
const told = new ToldOnce();

const WARNING =
  "applying this resets the device, unless the key is installed already: calls end, and it is away for some minutes";

export function check(inputs: DeviceLicenseInputs, isNew: boolean): Checked<DeviceLicenseInputs> {
  const reasons = [...checkSettings(inputs.device, "device", isUnknown), ...licenseProblems(inputs)];
  if (reasons.length === 0)
    reasons.push(...problemsInRun(inputs.device, (device) => contradictions(device, inputs)));
  return checked(inputs, reasons, isNew && (() => WARNING));
}

function contradictions(device: string, inputs: DeviceLicenseInputs): string[] {
  const owner = runRegistry.claim(device, TYPE, resourceName(TYPE, inputs));
  return owner === undefined ? [] : [`the licence of this device is declared by ${owner} already`];
}

/** What is wrong with what is declared of a licence, one sentence each, without a key. */
export function licenseProblems({
  key,
  serialNumber,
  licenseFile,
}: Pick<DeviceLicenseInputs, "key" | "serialNumber" | "licenseFile">): string[] {
  if ((key === undefined) === (licenseFile === undefined))
    return ["exactly one of key and licenseFile is needed"];
  if (key === undefined && serialNumber !== undefined)
    return ["serialNumber goes with key: a licence file has the serial numbers in it"];
  const problems: string[] = [];
  if (!isUnknown(key) && key !== undefined && !isWord(key))
    problems.push("key must be a licence key: a text without blanks");
  if (!isUnknown(serialNumber) && serialNumber !== undefined && !isWord(serialNumber))
    problems.push("serialNumber must be a text without blanks");
  return problems;
}

function isWord(value: unknown): boolean {
  return typeof value === "string" && /^[!-~]+$/.test(value);
}

/** Compares the key, or the content of the file, never its path. */
export function diff(id: string, state: DeviceLicenseState, inputs: DeviceLicenseInputs): Difference {
  const changes = changesOf(state, inputs);
  // Which key a refresh found beside a file is in no input.
  if (state.__mediantDrifted && inputs.key === undefined) changes.push(KEY_CHANGE);
  const applies = mustLoad(state, inputs);
  const answer = difference(state, inputs, applies || !sameJson(state.device, inputs.device));
  if (told.mustTell(id, changes) && (applies || answer.replaces.length > 0)) {
    const log = logForDiff(state, inputs);
    tellChanges(log, changes, isKey);
    const again = sentBefore(state.__mediantTried, inputs);
    log(again === undefined ? WARNING : `will be refused, unless the key is installed by then: ${again}`);
  }
  return answer;
}

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

export const { create, update } = converging(TYPE, converge);

/** The one path of create and update; a device that has the licence already is not reset. */
async function converge(
  id: string,
  state: DeviceLicenseState | undefined,
  inputs: DeviceLicenseInputs,
): Promise<DeviceLicenseState> {
  const client = DeviceClient.for(resolveConnection(inputs.device));
  const queue = WriteQueue.for(client.connection.origin);
  // Another connection loads nothing; what else the device has is for the next refresh.
  if (state !== undefined && !mustLoad(state, inputs)) {
    await queue.exclusive(TYPE, () => client.awaken({ label: inputs.__mediantName }));
    const { keyDescription, __mediantKeys } = state;
    return {
      ...inputs,
      __mediantSchema: SCHEMA_VERSION,
      ...(keyDescription === undefined ? {} : { keyDescription }),
      ...(__mediantKeys === undefined ? {} : { __mediantKeys }),
    };
  }
  const load = new LicenseLoad(client, inputs, logFor(inputs));
  try {
    await queue.exclusive(TYPE, () => load.run(state?.__mediantTried));
  } catch (error) {
    if (!load.touched) throw error;
    throw new PartialState(id, reasonsOf(error), { ...stateOf(inputs, load), __mediantPending: true });
  }
  return stateOf(inputs, load);
}

function stateOf(
  inputs: DeviceLicenseInputs,
  { wanted, units, secrets, tried }: LicenseLoad,
): DeviceLicenseState {
  const { unit } = compareKeys(wanted, units);
  return {
    ...inputs,
    __mediantSchema: SCHEMA_VERSION,
    ...describedIn(unit, secrets),
    __mediantKeys: wanted,
    ...(tried === undefined ? {} : { __mediantTried: tried }),
  };
}

/**
 * The key on the device, in the place of the declared one where it is another. After a switchover the unit that
 * answers is the other one of the pair, which is no drift.
 */
export async function read(
  id: string,
  state: DeviceLicenseState,
): Promise<{ id: string; props: DeviceLicenseState; inputs: DeviceLicenseInputs }> {
  const client = DeviceClient.for(resolveConnection(state.device));
  const units = unitsOf(await client.license());
  const { verdict, unit } = compareKeys(state.__mediantKeys ?? [], units);
  // A unit that none of our keys is for: the other one of a pair, or a device that was exchanged.
  const isStranger = verdict === "unseen" && unit?.key !== undefined;
  const drifted = verdict === "differs" || (isStranger && !isPair(await client.status()));
  const log = logFor(state);
  told.read(id);
  if (unit?.key === undefined) log("the device does not show its key, so that a change of it cannot be seen");
  const { __mediantDrifted: before, __mediantTried: tried, ...rest } = state;
  const found = {
    ...(state.key === undefined || unit?.key === undefined ? {} : { key: unit.key }),
    ...describedIn(unit, [...keysOf(units), ...(state.key === undefined ? [] : [state.key])]),
  };
  const props: DeviceLicenseState = {
    ...rest,
    ...(drifted || (before && verdict === "holds") ? found : {}),
    // What was found holds until another look shows otherwise.
    ...(drifted || (before && verdict === "unseen") ? { __mediantDrifted: true } : {}),
    ...(tried === undefined || verdict === "holds" ? {} : { __mediantTried: tried }),
  };
  const drift = [KEY_CHANGE, ...descriptionChange(state.keyDescription, props.keyDescription)];
  if (drifted) tellChanges(log, drift, isKey, "drift: ");
  const {
    __mediantSchema,
    keyDescription,
    __mediantKeys,
    __mediantDrifted,
    __mediantPending,
    __mediantTried,
    ...inputs
  } = props;
  return { id, props, inputs };
}

/** Of a text of many features, the lines in which two keys differ. */
function descriptionChange(before = "", after = ""): Change[] {
  if (before === after) return [];
  const [old, now] = [before.split("\n"), after.split("\n")];
  const only = (lines: readonly string[], others: readonly string[]) =>
    lines.filter((line) => line !== "" && !others.includes(line));
  return [{ address: "keyDescription", before: only(old, now), after: only(now, old) }];
}

/** A licence cannot be taken back (LTRT-41760 section 10). */
export async function remove(_id: string, state: DeviceLicenseState): Promise<void> {
  logFor(state)(
    "warning: no longer managed, left on the device as it is: the API cannot take a licence away",
  );
}

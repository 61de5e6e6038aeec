import {
  configurationOf,
  type DeclaredInputs,
  inputProblems,
  isPartlyUnknown,
  isUnknownAt,
  knownConfiguration,
  NOTHING,
  secretsOf,
  withFound,
} from "../../declare/ini";
import { isUnknown } from "../../declare/unknown";
import { DeviceClient } from "../../device/client";
import { resolveConnection } from "../../device/connect/connection";
import { type Address, rowAddress, splitAddress } from "../../ini/address";
import { compareConfigurations } from "../../ini/compare";
import { NameMap, nameKey } from "../../ini/names";
import { nameMatcher } from "../../secrets/names";
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
  problemsInRun,
  resourceName,
  sameJson,
} from "../life/engine-answers";
import { type Log, listed, ToldOnce, tellChanges } from "../life/log";
import { runRegistry } from "../life/run-registry";
import { type CameSince, cameSince } from "./came-since";
import { foresee, rememberSeen, seenOf, tellForeseen } from "./foreseen";
import { type DeviceForm, type Fragment, foundOnDevice } from "./fragment";
import { convergeIni, readIni } from "./group-turn";
import { type Filled, type MadeBy, madeRows, rememberFilled } from "./made-rows";
import {
  isNothing,
  noLongerDeclared,
  nothingToRestore,
  type Previous,
  type Restoration,
  rememberPrevious,
  restorationOf,
  withoutHandedOver,
} from "./restore";
import { lacksDeclared, type ShownRows, shownRows } from "./shown-rows";
import { type Touched, TouchedError } from "./touched";

/** What the class sends: canonical, and whole but for values that the engine does not know yet. */
export interface IncrementalIniInputs extends DeclaredInputs {
  atDefault?: string[];
  ownTables?: string[];
  onRelease?: "retain" | "restore";
  save?: boolean;
  allowLossOfAccess?: boolean;
}

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface IncrementalIniState extends IncrementalIniInputs {
  __mediantSchema: number;
  previous?: Previous;
  __mediantForms?: Record<string, DeviceForm>;
  /** What the device filled in for the rows that this resource made. */
  __mediantFilled?: Filled;
  /** Something was sent that is not known to be saved. */
  __mediantUnsaved?: boolean;
  __mediantCameSince?: CameSince;
  /** A dump that shows fewer rows is believed only after a second read. */
  __mediantRows?: ShownRows;
}

const SCHEMA_VERSION = 1;
const TYPE = "IncrementalIniConfig";

const told = new ToldOnce();

/** Looks at what the class sends, at no cost; contradictions between the resources of a run are found here. */
export function check(inputs: IncrementalIniInputs): Checked<IncrementalIniInputs> {
  const reasons = inputProblems(inputs);
  if (reasons.length > 0) return checked(inputs, reasons);
  const { ownTables = [], save = true } = inputs;
  const declaration = {
    configuration: knownConfiguration(inputs),
    ownTables: isUnknown(ownTables) ? [] : ownTables,
    save: isUnknown(save) ? undefined : save,
  };
  const declare = (device: string) => runRegistry.declare(device, resourceName(TYPE, inputs), declaration);
  return checked(inputs, problemsInRun(inputs.device, declare));
}

/** Compares a state with what is declared now, by meaning, and tells what changes, a cell a line. */
export function diff(id: string, state: IncrementalIniState, inputs: IncrementalIniInputs): Difference {
  const changes = compareConfigurations(configurationOf(state), knownConfiguration(inputs)).filter(
    ({ address, after }) => after !== undefined || !isUnknownAt(inputs, address),
  );
  const unfinished = unfinishedWork(state, inputs);
  const log = logForDiff(state, inputs);
  if (told.mustTell(id, changes)) {
    tellForeseen(log, foresee(changes, prospects(state, inputs)), secretsOf(state, inputs));
    // A change ends in a save in any case.
    if (unfinished !== undefined && (changes.length === 0 || unfinished !== MAYBE_UNSAVED)) log(unfinished);
  }
  const changed =
    changes.length > 0 ||
    isPartlyUnknown(inputs) ||
    SETTINGS.some((key) => !sameJson(state[key], inputs[key])) ||
    unfinished !== undefined;
  return difference(state, inputs, changed);
}

const MAYBE_UNSAVED = "the device holds this since the last run, perhaps unsaved: it will be saved";

/** What is known, before anything is sent, of what becomes of changes. */
function prospects(state: IncrementalIniState, inputs: IncrementalIniInputs): Parameters<typeof foresee>[1] {
  const ownTables = isUnknown(inputs.ownTables) ? [] : inputs.ownTables;
  const restores = inputs.onRelease === "restore" && !isPartlyUnknown(inputs) && !isUnknown(inputs.ownTables);
  const released = restores ? restorationNow(inputs, state.previous ?? {}, managedBy(inputs)) : undefined;
  return { released, ownTables, live: seenOf(inputs.device) };
}

/** What an earlier change left undone and no value tells of; the engine forgets a failure at the next refresh. */
function unfinishedWork(state: IncrementalIniState, inputs: IncrementalIniInputs): string | undefined {
  if (state.__mediantUnsaved === true && inputs.save !== false) return "an earlier change is not saved yet";
  if (state.__mediantCameSince !== undefined && inputs.save !== false) return MAYBE_UNSAVED;
  if (inputs.onRelease !== "restore" || isPartlyUnknown(inputs) || isUnknown(inputs.ownTables))
    return undefined;
  const rest = restorationOf(state.previous ?? {}, managedBy(inputs));
  return isNothing(rest) ? undefined : "what left the declaration is to be restored";
}

const SETTINGS = [
  "device",
  "secretNames",
  "atDefault",
  "ownTables",
  "onRelease",
  "save",
  "allowLossOfAccess",
] as const;

export const { create, update } = converging(TYPE, converge);

/** The one path of create and update: what already holds is adopted, the rest is written, read back and saved. */
async function converge(
  id: string,
  state: IncrementalIniState | undefined,
  inputs: IncrementalIniInputs,
): Promise<IncrementalIniState> {
  const log = logFor(inputs);
  const client = DeviceClient.for(resolveConnection(inputs.device));
  const managed = managedBy(inputs);
  const earlier = state?.previous ?? {};
  const restoration =
    inputs.onRelease === "restore" ? restorationNow(inputs, earlier, managed) : nothingToRestore();
  if (state !== undefined) tellReleased(log, state, managed, restoration);
  const fragment: Fragment = {
    ...managed,
    ...restoration,
    ...madeBy(state, restoration),
    forms: formsOf(state),
    isKnown: knownBy(state),
  };
  try {
    const job = {
      fragment,
      save: inputs.save ?? true,
      unsaved: isUnsaved(state),
      rows: state?.__mediantRows,
      log,
    };
    const { before, after, written, verdict } = await convergeIni(client, job);
    const previous = rememberPrevious(earlier, before, managed);
    const change = { declared: managed.declared, previous, before, after, written };
    return {
      ...inputs,
      __mediantSchema: SCHEMA_VERSION,
      previous,
      __mediantForms: verdict.forms.toObject(),
      __mediantFilled: filledBy(state, change),
      __mediantRows: shownRows(after, managed.declared),
    };
  } catch (error) {
    if (error instanceof TouchedError) {
      throw new PartialState(id, error.reasons, partialState(inputs, managed, state, error.touched));
    }
    throw error;
  }
}

/** What the device holds of the declaration, so that the next run finishes the rest. */
function partialState(
  inputs: IncrementalIniInputs,
  managed: Managed,
  state: IncrementalIniState | undefined,
  { before, after = before, forms, written, unsaved }: Touched,
): IncrementalIniState {
  const found = foundOnDevice(after, { ...managed, forms });
  const earlier = state?.previous ?? {};
  const previous = { ...earlier, ...rememberPrevious(earlier, before, managed) };
  return {
    ...inputs,
    ...withFound(inputs, found),
    __mediantSchema: SCHEMA_VERSION,
    previous,
    __mediantForms: forms.toObject(),
    __mediantFilled: filledBy(state, { declared: managed.declared, previous, before, after, written }),
    __mediantRows: shownRows(after ?? before, managed.declared),
    ...(unsaved ? { __mediantUnsaved: true } : {}),
  };
}

/** The live values under the names of the inputs, in the state and in the inputs, so that drift shows as a change. */
export async function read(
  id: string,
  state: IncrementalIniState,
): Promise<{ id: string; props: IncrementalIniState; inputs: IncrementalIniInputs }> {
  const managed = managedBy(state);
  const forms = formsOf(state);
  const known = { ...managed, forms };
  const client = DeviceClient.for(resolveConnection(state.device));
  const observed = await readIni(client, (seen) => lacksDeclared(seen, known));
  rememberSeen(client, observed);
  const found = foundOnDevice(observed, known);
  const drift = compareConfigurations(managed.declared, found);
  told.read(id);
  const log = logFor(state);
  tellChanges(log, drift, managed.isSecret, "drift: ");
  // A name that the device once showed is not misspelt, also when a change by hand has taken it out of the dump.
  const isKnown = knownBy(state);
  const gone = drift.filter(({ address, after }) => after === undefined && isKnown(address));
  for (const { address, before } of gone) {
    if (before !== undefined)
      forms.set(address, { declared: before, device: before, ...forms.get(address), known: true });
  }
  const { __mediantCameSince: earlier, ...rest } = state;
  const since = cameSince(earlier, drift, found);
  const props: IncrementalIniState = {
    ...rest,
    ...withFound(state, found),
    __mediantRows: shownRows(observed, managed.declared),
    ...(state.__mediantForms !== undefined || gone.length > 0 ? { __mediantForms: forms.toObject() } : {}),
    ...(since === undefined ? {} : { __mediantCameSince: since }),
  };
  const {
    __mediantSchema,
    previous,
    __mediantForms,
    __mediantFilled,
    __mediantUnsaved,
    __mediantCameSince,
    __mediantRows,
    ...inputs
  } = props;
  return { id, props, inputs };
}

function filledBy(state: IncrementalIniState | undefined, change: Omit<MadeBy, "earlier">): Filled {
  return rememberFilled(state?.__mediantFilled ?? {}, {
    ...change,
    earlier: state === undefined ? NOTHING : configurationOf(state),
  });
}

/** What is known of the rows that are to go. */
function madeBy(
  state: IncrementalIniState | undefined,
  { removedRows }: Restoration,
): Pick<Fragment, "made"> {
  if (state === undefined || removedRows.size === 0) return {};
  return { made: madeRows(removedRows, configurationOf(state), state.__mediantFilled ?? {}) };
}

function formsOf(state: IncrementalIniState | undefined): NameMap<DeviceForm> {
  return new NameMap(Object.entries(state?.__mediantForms ?? {}));
}

/**
 * Which parameters the device has shown, by what the state holds: each was read back, but for those that were only
 * said to be at their default.
 */
function knownBy(state: IncrementalIniState | undefined): (address: Address) => boolean {
  const parameters = new NameMap(Object.entries(state?.parameters ?? {}));
  const forms = formsOf(state);
  return (address) => {
    const form = forms.get(address);
    return form?.known === true || (parameters.has(address) && form?.device !== null);
  };
}

/** Whether a delete writes to the device. */
export function undoes({ onRelease }: IncrementalIniState): boolean {
  return onRelease === "restore";
}

/** What a destroyed resource leaves behind is as `onRelease` says: all of it, or what was there before. */
export async function remove(_id: string, state: IncrementalIniState): Promise<void> {
  const log = logFor(state);
  const managed: Managed = { ...managedBy(state), declared: NOTHING, ownTables: [], order: [] };
  if (state.onRelease !== "restore") return tellReleased(log, state, managed, nothingToRestore());
  const restoration = restorationNow(state, state.previous ?? {}, managed);
  tellReleased(log, state, managed, restoration);
  const fragment: Fragment = {
    ...managed,
    ...restoration,
    ...madeBy(state, restoration),
    forms: new NameMap(),
  };
  const client = DeviceClient.for(resolveConnection(state.device));
  await convergeIni(client, {
    fragment,
    save: state.save ?? true,
    unsaved: isUnsaved(state),
    rows: state.__mediantRows,
    log,
  });
}

/** Whether something of a state may not be in flash; with `save: false` nothing was ever saved. */
function isUnsaved(state: IncrementalIniState | undefined): boolean {
  if (state === undefined) return false;
  return state.__mediantUnsaved === true || state.__mediantCameSince !== undefined || state.save === false;
}

/** What goes back when this resource lets go of it, but for what the program has moved to another one. */
function restorationNow(inputs: DeclaredInputs, earlier: Previous, managed: Managed): Restoration {
  const device = deviceKey(inputs.device);
  const restoration = restorationOf(earlier, managed);
  if (device === undefined) return restoration;
  return withoutHandedOver(restoration, runRegistry.declaredElsewhere(device, resourceName(TYPE, inputs)));
}

type Managed = Omit<Fragment, "forms" | "restored" | "removedRows" | "unsetParameters">;

function managedBy(inputs: IncrementalIniInputs): Managed {
  const atDefault = inputs.atDefault ?? [];
  return {
    label: inputs.__mediantName,
    declared: configurationOf(inputs),
    ownTables: inputs.ownTables ?? [],
    mayBeAtDefault: nameMatcher(atDefault.includes("*") ? ["*", "*.*"] : atDefault),
    order: inputs.__mediantOrder ?? [],
    isSecret: secretsOf(inputs),
    allowLossOfAccess: inputs.allowLossOfAccess ?? false,
  };
}

/** What is declared no longer and stays on the device all the same. */
function tellReleased(
  log: Log,
  state: IncrementalIniState,
  { declared, ownTables }: Managed,
  { restored, removedRows, unsetParameters }: Restoration,
): void {
  const goesBack = new NameMap([...unsetParameters, ...restored.keys()].map((address) => [address, true]));
  const owned = new Set(ownTables.map(nameKey));
  const stays = (address: Address): boolean => {
    const split = splitAddress(address);
    if (split.kind !== "cell") return !goesBack.has(address);
    if (owned.has(nameKey(split.table)) || removedRows.has(rowAddress(split.table, split.index)))
      return false;
    return !goesBack.has(address);
  };
  const addresses = noLongerDeclared(configurationOf(state), declared).filter(stays);
  if (addresses.length === 0) return;
  log(`no longer managed, left on the device as it is: ${listed(addresses, 10)}`);
}

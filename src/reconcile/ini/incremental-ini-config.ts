import { type ConfirmArgs, confirmProblems } from "../../declare/checks";
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
import { present } from "../../declare/present";
import { isUnknown } from "../../declare/unknown";
import { type Address, rowAddress, splitAddress } from "../../ini/address";
import { compareConfigurations, noLongerDeclared } from "../../ini/compare";
import type { Value } from "../../ini/configuration";
import { NameMap, nameKey } from "../../ini/names";
import { nameMatcher } from "../../secrets/names";
import { listed } from "../../text/listed";
import { resetWords } from "../health/confirmation";
import type { SeenBefore } from "../health/verdict";
import { deviceKey, resourceName } from "../life/engine-answers";
import type { Resource, Stored, Unversioned } from "../life/life";
import { type Log, tellChanges } from "../life/log";
import type { ProviderProcess } from "../life/provider-process";
import { isAllSaved } from "../life/saving";
import { type CameSince, cameSince } from "./came-since";
import { foresee, rememberSeen, seenOf, tellForeseen } from "./foreseen";
import { foundOnDevice, lacksDeclared } from "./found";
import type { DeviceForm, Fragment } from "./fragment";
import { convergeIni } from "./group/converge";
import type { IniOutcome } from "./group/jobs";
import { type Filled, type MadeBy, madeRows, rememberFilled } from "./made-rows";
import { packPrevious, type StoredPrevious, unpackPrevious } from "./previous/stored";
import { joined, nothingBefore, type Previous } from "./previous/values";
import {
  isNothing,
  nothingToRestore,
  type Restoration,
  rememberPrevious,
  restorationOf,
  withoutHandedOver,
} from "./restore";
import { type ShownRows, shownRows } from "./shown-rows";
import { readIni } from "./sightings";
import { type Touched, TouchedError } from "./touched";

/** What the class sends: canonical, and whole but for values that the engine does not know yet. */
export interface IncrementalIniInputs extends DeclaredInputs {
  atDefault?: string[];
  ownTables?: string[];
  onRelease?: "retain" | "restore";
  save?: boolean;
  allowLossOfAccess?: boolean;
  confirm?: ConfirmArgs;
}

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface IncrementalIniState extends IncrementalIniInputs, Stored, StoredPrevious {
  __mediantForms?: Record<string, DeviceForm>;
  /** What the device filled in for the rows that this resource made. */
  __mediantFilled?: Filled;
  /** Something was sent that is not known to be saved. */
  __mediantUnsaved?: boolean;
  __mediantSeenBefore?: SeenBefore;
  __mediantCameSince?: CameSince;
  /** A dump that shows fewer rows is believed only after a second read. */
  __mediantRows?: ShownRows;
}

const TYPE = "IncrementalIniConfig";

/** `IncrementalIniConfig` */
export const incrementalIniConfig: Resource<IncrementalIniInputs, IncrementalIniState> = {
  type: TYPE,
  waits: true,
  settings: [
    "device",
    "secretNames",
    "atDefault",
    "ownTables",
    "onRelease",
    "save",
    "allowLossOfAccess",
    "confirm",
  ],
  outputs: {
    __mediantSchema: true,
    previous: true,
    __mediantPreviousRows: true,
    __mediantForms: true,
    __mediantFilled: true,
    __mediantUnsaved: true,
    __mediantSeenBefore: true,
    __mediantCameSince: true,
    __mediantRows: true,
  },
  problems: (inputs) => [...inputProblems(inputs), ...confirmProblems(inputs.confirm)],
  announcement: ({ confirm }) => resetWords(confirm),
  adopts: true,

  contradictions(device, inputs, { registry }) {
    const { ownTables = [], save = true } = inputs;
    return registry.declare(device, resourceName(TYPE, inputs), {
      configuration: knownConfiguration(inputs),
      ownTables: isUnknown(ownTables) ? [] : ownTables,
      save: isUnknown(save) ? undefined : save,
    });
  },

  compare(state, inputs, process) {
    const changes = compareConfigurations(configurationOf(state), knownConfiguration(inputs)).filter(
      ({ address, after }) => after !== undefined || !isUnknownAt(inputs, address),
    );
    const unfinished = unfinishedWork(state, inputs);
    return {
      changes,
      acts: changes.length > 0 || isPartlyUnknown(inputs) || unfinished !== undefined,
      tell: (log) => {
        const words = changes.length > 0 ? resetWords(inputs.confirm) : undefined;
        if (words !== undefined) log(words);
        tellForeseen(log, foresee(changes, prospects(state, inputs, process)), secretsOf(state, inputs));
        // A change ends in a save in any case.
        if (unfinished !== undefined && (changes.length === 0 || unfinished !== MAYBE_UNSAVED))
          log(unfinished);
      },
    };
  },

  /** What already holds is adopted, the rest is written, read back and saved. */
  async converge({ client, inputs, state, log, process, onBreakOff }) {
    const managed = managedBy(inputs);
    const earlier = previousOf(state);
    const restoration =
      inputs.onRelease === "restore" ? restorationNow(inputs, earlier, managed, process) : nothingToRestore();
    onBreakOff((error) =>
      error instanceof TouchedError ? partialState(inputs, managed, state, error.touched) : undefined,
    );
    const outcome = await convergeIni(client, {
      fragment: {
        ...managed,
        ...restoration,
        ...madeBy(state, restoration),
        forms: formsOf(state),
        isKnown: knownBy(state),
        lastShown: lastShownBy(state),
        isDeclaredElsewhere: declaredElsewhere(inputs, process),
        cellsElsewhere: process.registry.cellsElsewhere(
          deviceKey(inputs.device) ?? "",
          resourceName(TYPE, inputs),
        ),
      },
      save: inputs.save ?? true,
      confirm: inputs.confirm,
      unsaved: isUnsaved(state),
      seenBefore: state?.__mediantSeenBefore,
      rows: state?.__mediantRows,
      log,
    });
    return stateAfter(inputs, managed, state, outcome);
  },

  /** The live values under the names of the inputs, so that drift shows as a change. */
  async refresh({ client, state, log }) {
    const managed = managedBy(state);
    const forms = formsOf(state);
    const known = { ...managed, forms };
    const observed = await readIni(client, (seen) => lacksDeclared(seen, known));
    rememberSeen(client, observed);
    const found = foundOnDevice(observed, known);
    const drift = compareConfigurations(managed.declared, found);
    tellChanges(log, drift, managed.isSecret, "drift: ");
    // A name that the device once showed is not misspelt, also when a change by hand has taken it out of the dump.
    const isKnown = knownBy(state);
    const gone = drift.filter(({ address, after }) => after === undefined && isKnown(address));
    for (const { address, before } of gone) {
      if (before !== undefined)
        forms.set(address, { declared: before, device: before, ...forms.get(address), known: true });
    }
    const { __mediantCameSince: earlier, ...rest } = state;
    const hasForms = state.__mediantForms !== undefined || gone.length > 0;
    return {
      ...rest,
      ...withFound(state, found),
      __mediantRows: shownRows(observed, managed.declared),
      ...present({
        __mediantForms: hasForms ? forms.toObject() : undefined,
        __mediantCameSince: await cameSince(earlier, drift, found, () => isAllSaved(client)),
      }),
    };
  },

  undoes: ({ onRelease }) => onRelease === "restore",

  /** What a destroyed resource leaves behind is as `onRelease` says: all of it, or what was there before. */
  async release(visit) {
    const { state, log, process } = visit;
    const managed: Managed = { ...managedBy(state), declared: NOTHING, ownTables: [], order: [] };
    if (state.onRelease !== "restore") return tellReleased(log, state, managed, nothingToRestore());
    const restoration = restorationNow(state, previousOf(state), managed, process);
    tellReleased(log, state, managed, restoration);
    await convergeIni(visit.client, {
      fragment: {
        ...managed,
        ...restoration,
        ...madeBy(state, restoration),
        forms: new NameMap(),
        isDeclaredElsewhere: declaredElsewhere(state, process),
      },
      save: state.save ?? true,
      confirm: state.confirm,
      unsaved: isUnsaved(state),
      seenBefore: state.__mediantSeenBefore,
      rows: state.__mediantRows,
      log,
    });
  },
};

/** What a create or an update that went well leaves. */
export function stateAfter(
  inputs: IncrementalIniInputs,
  managed: Managed,
  state: IncrementalIniState | undefined,
  { before, after, written, verdict }: IniOutcome,
): Unversioned<IncrementalIniState> {
  const previous = rememberPrevious(previousOf(state), before, managed);
  return {
    ...inputs,
    ...packPrevious(previous),
    __mediantForms: verdict.forms.toObject(),
    __mediantFilled: filledBy(state, { declared: managed.declared, previous, before, after, written }),
    __mediantRows: shownRows(after, managed.declared),
  };
}

const MAYBE_UNSAVED = "the device holds this since the last run, perhaps unsaved: it will be saved";

/** What is known, before anything is sent, of what becomes of changes. */
function prospects(
  state: IncrementalIniState,
  inputs: IncrementalIniInputs,
  process: ProviderProcess,
): Parameters<typeof foresee>[1] {
  const ownTables = isUnknown(inputs.ownTables) ? [] : inputs.ownTables;
  const restores = inputs.onRelease === "restore" && !isPartlyUnknown(inputs) && !isUnknown(inputs.ownTables);
  const released = restores
    ? restorationNow(inputs, previousOf(state), managedBy(inputs), process)
    : undefined;
  return { released, ownTables, live: seenOf(process, inputs.device) };
}

/** What an earlier change left undone and no value tells of; the engine forgets a failure at the next refresh. */
function unfinishedWork(state: IncrementalIniState, inputs: IncrementalIniInputs): string | undefined {
  if (state.__mediantUnsaved === true && inputs.save !== false) return "an earlier change is not saved yet";
  if (state.__mediantCameSince !== undefined && inputs.save !== false) return MAYBE_UNSAVED;
  if (inputs.onRelease !== "restore" || isPartlyUnknown(inputs) || isUnknown(inputs.ownTables))
    return undefined;
  const rest = restorationOf(previousOf(state), managedBy(inputs));
  return isNothing(rest) ? undefined : "what is no longer declared will be restored";
}

/** What the device holds of the declaration, so that the next run finishes the rest. */
function partialState(
  inputs: IncrementalIniInputs,
  managed: Managed,
  state: IncrementalIniState | undefined,
  { before, after = before, forms, written, unsaved, seenBefore }: Touched,
): Unversioned<IncrementalIniState> {
  const found = foundOnDevice(after, { ...managed, forms });
  const earlier = previousOf(state);
  // What left the declaration may not be back yet: its values stay remembered for the next run.
  const previous = joined(rememberPrevious(earlier, before, managed), earlier);
  return {
    ...inputs,
    ...withFound(inputs, found),
    ...packPrevious(previous),
    __mediantForms: forms.toObject(),
    __mediantFilled: filledBy(state, { declared: managed.declared, previous, before, after, written }),
    __mediantRows: shownRows(after ?? before, managed.declared),
    ...present({ __mediantUnsaved: unsaved || undefined, __mediantSeenBefore: seenBefore }),
  };
}

function previousOf(state: IncrementalIniState | undefined): Previous {
  return state === undefined ? nothingBefore() : unpackPrevious(state);
}

function filledBy(state: IncrementalIniState | undefined, change: Omit<MadeBy, "earlier" | "forms">): Filled {
  return rememberFilled(state?.__mediantFilled ?? {}, {
    ...change,
    forms: formsOf(state),
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

/** The declared values that the device has shown, as themselves or in a form of its own, by what the state holds. */
function lastShownBy(state: IncrementalIniState | undefined): (address: Address) => Value | undefined {
  const parameters = new NameMap(Object.entries(state?.parameters ?? {}));
  const forms = formsOf(state);
  return (address) => {
    const form = forms.get(address);
    if (form === undefined) return parameters.get(address);
    return form.device === null ? undefined : form.declared;
  };
}

/** Whether something of a state may not be in flash; with `save: false` nothing was ever saved. */
function isUnsaved(state: IncrementalIniState | undefined): boolean {
  if (state === undefined) return false;
  return state.__mediantUnsaved === true || state.__mediantCameSince !== undefined || state.save === false;
}

/** What goes back when this resource lets go of it, but for what the program has moved to another one. */
function restorationNow(
  inputs: DeclaredInputs,
  earlier: Previous,
  managed: Managed,
  process: ProviderProcess,
): Restoration {
  const restoration = restorationOf(earlier, managed);
  const isElsewhere = declaredElsewhere(inputs, process);
  return isElsewhere === undefined ? restoration : withoutHandedOver(restoration, isElsewhere);
}

/** What others of this run declare, but for those that depend on this one: the engine names them when it is done. */
function declaredElsewhere(
  inputs: DeclaredInputs,
  { registry }: ProviderProcess,
): ((address: Address) => boolean) | undefined {
  const device = deviceKey(inputs.device);
  return device === undefined ? undefined : registry.declaredElsewhere(device, resourceName(TYPE, inputs));
}

type Managed = Omit<Fragment, "forms" | "restored" | "removedRows" | "unsetParameters">;

export function managedBy(inputs: IncrementalIniInputs): Managed {
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

/** What a destroyed resource leaves on the device: no diff was asked that could have said it. */
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
  const addresses = noLongerDeclared(configurationOf(state), declared)
    .map(({ address }) => address)
    .filter(stays);
  if (addresses.length === 0) return;
  log(`no longer managed, left on the device as it is: ${listed(addresses, 10)}`);
}

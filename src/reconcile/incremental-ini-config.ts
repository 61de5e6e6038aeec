import { DeviceClient } from "../device/client";
import { deviceLabel, resolveConnection } from "../device/connection";
import { checkSettings, type DeviceSettings } from "../device/settings";
import { compareConfigurations } from "../ini/compare";
import { type Configuration, readConfiguration, type Table, type Value } from "../ini/configuration";
import { IniError } from "../ini/errors";
import { NameMap } from "../ini/names";
import { unwritableValues } from "../ini/render";
import { nameMatcher, secretTest } from "../ini/secrets";
import { ReconcileError, type Touched } from "./failure";
import { type DeviceForm, type Fragment, foundOnDevice } from "./fragment";
import { convergeIni, readIni } from "./ini-writer";
import { changeLines, type Log, resourceLog, ToldOnce } from "./log";
import {
  noLongerDeclared,
  nothingToRestore,
  type Previous,
  rememberPrevious,
  restorationOf,
} from "./previous";
import { RunRegistry } from "./run-registry";
import { isUnknown, UNKNOWN } from "./unknown";

/** What the class sends: canonical, and whole but for values that the engine does not know yet. */
export interface IncrementalIniInputs {
  device: DeviceSettings;
  parameters?: Record<string, Value>;
  tables?: Record<string, Table>;
  secretNames?: string[];
  atDefault?: string[];
  ownTables?: string[];
  onDelete?: "retain" | "restore";
  save?: boolean;
  allowLossOfAccess?: boolean;
  /** The logical name, for logs and the id. */
  __mediantName: string;
  /** The tables of the user's text in its order. */
  __mediantOrder?: string[];
  /** The thunk's text: a partial state must carry it, or it could not be refreshed. */
  __provider?: string;
}

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface IncrementalIniState extends IncrementalIniInputs {
  schemaVersion: number;
  previous?: Previous;
  __mediantForms?: Record<string, DeviceForm>;
  /** A change was made and its save failed. */
  __mediantUnsaved?: boolean;
}

const SCHEMA_VERSION = 1;
const TYPE = "IncrementalIniConfig";

const registry = new RunRegistry();
const told = new ToldOnce();

export interface CheckFailure {
  property: string;
  reason: string;
}

/** A failure names no input as its property: the engine would print that input's value, secret or not. */
const PROPERTY = "the declaration";

/** Looks at what the class sends, at no cost; contradictions between the resources of a run are found here. */
export function check(inputs: IncrementalIniInputs): {
  inputs: IncrementalIniInputs;
  failures: CheckFailure[];
} {
  const reasons = checkSettings(inputs.device, "device", isUnknown);
  const configuration = knownConfiguration(inputs);
  try {
    readConfiguration(configuration);
    reasons.push(...unwritableValues(configuration));
  } catch (error) {
    if (!(error instanceof IniError)) throw error;
    reasons.push(...error.problems.map((problem) => problem.message));
  }
  if (reasons.length === 0) {
    const { url, profile } = inputs.device;
    const device = url === undefined ? `profile ${profile}` : url.toLowerCase().replace(/\/+$/, "");
    const ownTables = isUnknown(inputs.ownTables) ? [] : (inputs.ownTables ?? []);
    reasons.push(
      ...registry.declare(device, inputs.__mediantName, {
        configuration,
        ownTables,
        save: inputs.save ?? true,
      }),
    );
  }
  return { inputs, failures: reasons.map((reason) => ({ property: PROPERTY, reason })) };
}

export interface Difference {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** Compares a state with what is declared now, by meaning, and tells what changes, a cell a line. */
export function diff(id: string, state: IncrementalIniState, inputs: IncrementalIniInputs): Difference {
  const label =
    isUnknown(inputs.device) || isUnknown(inputs.device.name) ? undefined : deviceLabel(inputs.device);
  const replaced = label === undefined || label !== deviceLabel(state.device);
  const changes = compareConfigurations(configurationOf(state), knownConfiguration(inputs));
  const log = logFor(label === undefined ? state : inputs);
  const settings = SETTINGS.filter((key) => !sameJson(state[key], inputs[key]));
  if (changes.length > 0 && told.mustTell(id, changes)) {
    for (const line of changeLines(changes, secretTest(inputs.secretNames), UNKNOWN)) log(line);
  }
  return {
    changes:
      replaced ||
      changes.length > 0 ||
      settings.length > 0 ||
      isUnknown(inputs.parameters) ||
      isUnknown(inputs.tables),
    replaces: replaced ? ["device"] : [],
    deleteBeforeReplace: true,
  };
}

const SETTINGS = [
  "device",
  "secretNames",
  "atDefault",
  "ownTables",
  "onDelete",
  "save",
  "allowLossOfAccess",
] as const;

export async function create(
  inputs: IncrementalIniInputs,
): Promise<{ id: string; outs: IncrementalIniState }> {
  const id = `${deviceLabel(inputs.device)}/${TYPE}/${inputs.__mediantName}`;
  return { id, outs: await converge(id, undefined, inputs) };
}

export async function update(
  id: string,
  state: IncrementalIniState,
  inputs: IncrementalIniInputs,
): Promise<{ outs: IncrementalIniState }> {
  return { outs: await converge(id, state, inputs) };
}

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
  const restore = inputs.onDelete === "restore";
  if (!restore && state !== undefined)
    tellReleased(log, noLongerDeclared(configurationOf(state), managed.declared));
  const fragment: Fragment = {
    ...managed,
    ...(restore ? restorationOf(earlier, managed) : nothingToRestore()),
    forms: new NameMap(Object.entries(state?.__mediantForms ?? {})),
  };
  try {
    const job = { fragment, save: inputs.save ?? true, unsaved: state?.__mediantUnsaved === true, log };
    const { before, verdict } = await convergeIni(client, job);
    return {
      ...inputs,
      schemaVersion: SCHEMA_VERSION,
      previous: rememberPrevious(earlier, before, managed),
      __mediantForms: verdict.forms.toObject(),
    };
  } catch (error) {
    if (error instanceof ReconcileError && error.touched !== undefined) {
      throw new PartialState(id, error.reasons, partialState(inputs, managed, earlier, error.touched));
    }
    throw error;
  }
}

/** The shape in which the engine takes an error that leaves something behind. */
class PartialState extends Error {
  constructor(
    readonly id: string,
    readonly reasons: readonly string[],
    readonly properties: IncrementalIniState,
  ) {
    super(reasons.join("\n"));
    this.stack = this.message;
  }
}

/** What the device holds of the declaration, so that the next run finishes the rest. */
function partialState(
  inputs: IncrementalIniInputs,
  managed: Managed,
  earlier: Previous,
  { before, after, forms, unsaved }: Touched,
): IncrementalIniState {
  const found = foundOnDevice(after ?? before, { ...managed, forms });
  return {
    ...inputs,
    ...withFound(inputs, found),
    schemaVersion: SCHEMA_VERSION,
    previous: { ...earlier, ...rememberPrevious(earlier, before, managed) },
    __mediantForms: forms.toObject(),
    ...(unsaved ? { __mediantUnsaved: true } : {}),
  };
}

/** The live values under the names of the inputs, in the state and in the inputs, so that drift shows as a change. */
export async function read(
  id: string,
  state: IncrementalIniState,
): Promise<{ id: string; props: IncrementalIniState; inputs: IncrementalIniInputs }> {
  const observed = await readIni(DeviceClient.for(resolveConnection(state.device)));
  const managed = managedBy(state);
  const found = foundOnDevice(observed, {
    ...managed,
    forms: new NameMap(Object.entries(state.__mediantForms ?? {})),
  });
  const drift = compareConfigurations(managed.declared, found);
  told.drifted(id, drift);
  const log = logFor(state);
  for (const line of changeLines(drift, managed.isSecret, UNKNOWN)) log(`drift: ${line}`);
  const props = { ...state, ...withFound(state, found) };
  const { schemaVersion, previous, __mediantForms, __mediantUnsaved, ...inputs } = props;
  return { id, props, inputs };
}

/** What a destroyed resource leaves behind is as `onDelete` says: all of it, or what was there before. */
export async function remove(_id: string, state: IncrementalIniState): Promise<void> {
  const log = logFor(state);
  if (state.onDelete !== "restore")
    return tellReleased(log, noLongerDeclared(configurationOf(state), NOTHING));
  const managed: Managed = { ...managedBy(state), declared: NOTHING, ownTables: [], order: [] };
  const fragment: Fragment = {
    ...managed,
    ...restorationOf(state.previous ?? {}, managed),
    forms: new NameMap(),
  };
  const client = DeviceClient.for(resolveConnection(state.device));
  await convergeIni(client, {
    fragment,
    save: state.save ?? true,
    unsaved: state.__mediantUnsaved === true,
    log,
  });
}

const NOTHING: Configuration = { parameters: {}, tables: {} };

type Managed = Omit<Fragment, "forms" | "restored" | "removedRows" | "unsetParameters">;

function managedBy(inputs: IncrementalIniInputs): Managed {
  const atDefault = inputs.atDefault ?? [];
  return {
    label: inputs.__mediantName,
    declared: configurationOf(inputs),
    ownTables: inputs.ownTables ?? [],
    mayBeAtDefault: nameMatcher(atDefault.includes("*") ? ["*", "*.*"] : atDefault),
    order: inputs.__mediantOrder ?? [],
    isSecret: secretTest(inputs.secretNames),
    allowLossOfAccess: inputs.allowLossOfAccess ?? false,
  };
}

function configurationOf(inputs: IncrementalIniInputs): Configuration {
  return { parameters: inputs.parameters ?? {}, tables: inputs.tables ?? {} };
}

/** The configuration without the whole parts that the engine does not know yet. */
function knownConfiguration(inputs: IncrementalIniInputs): Configuration {
  const { parameters, tables } = configurationOf(inputs);
  const known: Record<string, Table> = {};
  if (!isUnknown(tables)) {
    for (const [name, rows] of Object.entries(tables)) {
      if (!isUnknown(rows))
        known[name] = Object.fromEntries(Object.entries(rows).filter(([, row]) => !isUnknown(row)));
    }
  }
  return { parameters: isUnknown(parameters) ? {} : parameters, tables: known };
}

/** Found values, in the properties that were there; a property that was left out stays out while it is empty. */
function withFound(inputs: IncrementalIniInputs, found: Configuration): Partial<IncrementalIniInputs> {
  const { parameters, tables } = found;
  return {
    ...(inputs.parameters !== undefined || Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(inputs.tables !== undefined || Object.keys(tables).length > 0 ? { tables } : {}),
  };
}

function tellReleased(log: Log, addresses: readonly string[]): void {
  if (addresses.length === 0) return;
  const listed = addresses.slice(0, 10).join(", ");
  const rest = addresses.length > 10 ? ` and ${addresses.length - 10} more` : "";
  log(`no longer managed, left on the device as it is: ${listed}${rest}`);
}

function logFor(inputs: IncrementalIniInputs): Log {
  return resourceLog(deviceLabel(inputs.device), inputs.__mediantName);
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

import type { AuxiliaryKind } from "../../declare/auxiliary-kinds";
import { AUXILIARY_KINDS, type FileSign, fileNameNow, isAuxiliaryKind } from "../../declare/auxiliary-kinds";
import { checkSettings, type DeviceSettings } from "../../declare/device";
import { NOTHING } from "../../declare/ini";
import { flagProblems, isUnknown } from "../../declare/unknown";
import { DeviceClient } from "../../device/client";
import { resolveConnection } from "../../device/connect/connection";
import { WriteQueue } from "../../device/shared/write-queue";
import type { Change } from "../../ini/compare";
import { sizeText } from "../../text/progress";
import { readIni } from "../ini/group-turn";
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
import { AuxiliaryLoad } from "./turn";

/** What the class sends. */
export interface AuxiliaryFileInputs {
  device: DeviceSettings;
  kind: AuxiliaryKind;
  /** Path on the machine that runs the program; never compared. */
  source: string;
  /** Of the file, 64 hex digits. */
  sha256: string;
  save?: boolean;
  /** Bytes of the file. */
  __mediantSize: number;
  __mediantName: string;
  /** Where it stands below components, as `type/name`. */
  __mediantParent?: string;
  /** The thunk's text: a partial state must carry it, or it could not be refreshed. */
  __provider?: string;
}

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface AuxiliaryFileState extends AuxiliaryFileInputs {
  __mediantSchema: number;
  /** Bytes of the file that was loaded. */
  size: number;
  /** What the device calls the file; absent where it does not say. */
  fileName?: string;
  /** What it called it right after the load. */
  __mediantSign?: FileSign;
  /** The file was loaded and its save failed. */
  __mediantUnsaved?: boolean;
}

const SCHEMA_VERSION = 1;
const TYPE = "AuxiliaryFile";
const told = new ToldOnce();

export function check(inputs: AuxiliaryFileInputs, isNew: boolean): Checked<AuxiliaryFileInputs> {
  const reasons = problemsOf(inputs);
  if (reasons.length === 0)
    reasons.push(...problemsInRun(inputs.device, (device) => contradictions(device, inputs)));
  return checked(inputs, reasons, isNew && (() => uploads(inputs)));
}

function problemsOf({ device, kind, save }: AuxiliaryFileInputs): string[] {
  const problems = checkSettings(device, "device", isUnknown);
  if (!isUnknown(kind) && !isAuxiliaryKind(kind))
    problems.push(`kind must be one of ${Object.keys(AUXILIARY_KINDS).join(", ")}`);
  return [...problems, ...flagProblems({ save }, "save")];
}

/** What other resources of the run say otherwise: about saving, or of a kind of which a device has one file. */
function contradictions(device: string, inputs: AuxiliaryFileInputs): string[] {
  const { kind, save = true } = inputs;
  const resource = resourceName(TYPE, inputs);
  const problems = runRegistry.declare(device, resource, {
    configuration: NOTHING,
    ownTables: [],
    save: isUnknown(save) ? undefined : save,
  });
  if (isUnknown(kind) || AUXILIARY_KINDS[kind].several) return problems;
  const owner = runRegistry.claim(device, `${TYPE} ${kind}`, resource);
  return owner === undefined
    ? problems
    : [...problems, `the ${AUXILIARY_KINDS[kind].words} of this device are declared by ${owner} already`];
}

/** Another kind is another file of the device: it replaces, and the old one stays there unmanaged. */
export function diff(id: string, state: AuxiliaryFileState, inputs: AuxiliaryFileInputs): Difference {
  const uploading = mustUpload(state, inputs);
  const settings = SETTINGS.some((key) => !sameJson(state[key], inputs[key]));
  const answer = difference(state, inputs, uploading || settings || state.__mediantUnsaved === true);
  const otherKind = !isUnknown(inputs.kind) && inputs.kind !== state.kind;
  const replaces = otherKind ? [...answer.replaces, "kind"] : answer.replaces;
  const changes = changesOf(state, inputs);
  if (told.mustTell(id, changes) && (uploading || replaces.length > 0)) {
    const log = logForDiff(state, inputs);
    tellChanges(log, changes, () => false);
    log(uploads(inputs));
  }
  return { ...answer, changes: answer.changes || otherKind, replaces };
}

const SETTINGS = ["device", "kind", "save"] as const;

function mustUpload(state: AuxiliaryFileState, inputs: AuxiliaryFileInputs): boolean {
  return state.sha256 !== inputs.sha256 || driftOf(state) !== undefined;
}

function changesOf(state: AuxiliaryFileState, inputs: AuxiliaryFileInputs): Change[] {
  const drift = driftOf(state);
  const changes: Change[] =
    drift === undefined ? [] : [{ ...drift, before: drift.after, after: drift.before }];
  if (state.sha256 !== inputs.sha256)
    changes.push({ address: "sha256", before: state.sha256, after: inputs.sha256 });
  return changes;
}

/** What a refresh found in the place of the file that was loaded. */
function driftOf({ __mediantSign: sign, fileName }: AuxiliaryFileState): Change | undefined {
  if (sign === undefined || sign.fileName === fileName) return undefined;
  return { address: sign.parameter, before: sign.fileName, after: fileName };
}

/** `uploads 12 kB of call progress tones` */
function uploads({ kind, __mediantSize }: AuxiliaryFileInputs): string {
  const words = isUnknown(kind) ? "an auxiliary file" : AUXILIARY_KINDS[kind].words;
  return isUnknown(__mediantSize) ? `uploads ${words}` : `uploads ${sizeText(__mediantSize)} of ${words}`;
}

export const { create, update } = converging(TYPE, converge);

/** The one path of create and update: what the state knows to be loaded is at most saved. */
async function converge(
  id: string,
  state: AuxiliaryFileState | undefined,
  inputs: AuxiliaryFileInputs,
): Promise<AuxiliaryFileState> {
  const client = DeviceClient.for(resolveConnection(inputs.device));
  const load = new AuxiliaryLoad(client, inputs, logFor(inputs));
  const run = () => (state === undefined || mustUpload(state, inputs) ? load.run() : load.finish(state));
  try {
    await WriteQueue.for(client.connection.origin).exclusive(TYPE, run);
  } catch (error) {
    if (!load.loaded) throw error;
    const partial = stateOf(inputs, load.sign);
    throw new PartialState(id, reasonsOf(error), {
      ...partial,
      ...(load.unsaved ? { __mediantUnsaved: true } : {}),
    });
  }
  return stateOf(inputs, load.sign);
}

function stateOf(inputs: AuxiliaryFileInputs, sign: FileSign | undefined): AuxiliaryFileState {
  return {
    ...inputs,
    __mediantSchema: SCHEMA_VERSION,
    size: inputs.__mediantSize,
    ...(sign === undefined ? {} : { fileName: sign.fileName, __mediantSign: sign }),
  };
}

/** The file cannot be read back; the name that the device gives it shows whether another came in its place. */
export async function read(
  id: string,
  state: AuxiliaryFileState,
): Promise<{ id: string; props: AuxiliaryFileState; inputs: AuxiliaryFileInputs }> {
  const observed = await readIni(DeviceClient.for(resolveConnection(state.device)));
  const { fileName: _before, ...rest } = state;
  const sign = state.__mediantSign;
  const fileName = sign === undefined ? undefined : fileNameNow(sign, observed);
  const props: AuxiliaryFileState = { ...rest, ...(fileName === undefined ? {} : { fileName }) };
  told.read(id);
  const drift = driftOf(props);
  tellChanges(logFor(state), drift === undefined ? [] : [drift], () => false, "drift: ");
  const { __mediantSchema, size, fileName: _now, __mediantSign, __mediantUnsaved, ...inputs } = props;
  return { id, props, inputs };
}

/** The API takes no auxiliary file away (LTRT-41760 section 6.4). */
export async function remove(_id: string, state: AuxiliaryFileState): Promise<void> {
  const { words } = AUXILIARY_KINDS[state.kind];
  logFor(state)(`warning: no longer managed, left on the device as it is: the API cannot take ${words} away`);
}

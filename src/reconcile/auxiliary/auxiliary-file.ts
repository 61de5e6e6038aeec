import {
  AUXILIARY_KINDS,
  type AuxiliaryKind,
  type FileSign,
  fileNameNow,
  isAuxiliaryKind,
} from "../../declare/auxiliary-kinds";
import { checkSettings, type DeviceSettings } from "../../declare/device";
import { NOTHING } from "../../declare/ini";
import { present } from "../../declare/present";
import { flagProblems, isUnknown } from "../../declare/unknown";
import type { Change } from "../../ini/compare";
import { sizeText } from "../../text/progress";
import { readIni } from "../ini/sightings";
import { resourceName } from "../life/engine-answers";
import type { Resource, Stored } from "../life/life";
import { tellChanges } from "../life/log";
import type { ProviderProcess } from "../life/provider-process";
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
export interface AuxiliaryFileState extends AuxiliaryFileInputs, Stored {
  /** Bytes of the file that was loaded. */
  size: number;
  /** What the device calls the file; absent if it does not say. */
  fileName?: string;
  /** What it called it right after the load. */
  __mediantSign?: FileSign;
  /** The file was loaded and its save failed. */
  __mediantUnsaved?: boolean;
}

const TYPE = "AuxiliaryFile";

/** `AuxiliaryFile` */
export const auxiliaryFile: Resource<AuxiliaryFileInputs, AuxiliaryFileState> = {
  type: TYPE,
  settings: ["device", "kind", "save"],
  outputs: {
    __mediantSchema: true,
    size: true,
    fileName: true,
    __mediantSign: true,
    __mediantUnsaved: true,
  },
  problems: problemsOf,
  contradictions,
  announcement: uploads,

  /** Another kind is another file of the device: it replaces, and the old one stays there unmanaged. */
  compare(state, inputs) {
    const uploading = mustUpload(state, inputs);
    const isOtherKind = !isUnknown(inputs.kind) && inputs.kind !== state.kind;
    const changes = changesOf(state, inputs);
    return {
      changes,
      acts: uploading || state.__mediantUnsaved === true,
      replaces: isOtherKind ? ["kind"] : [],
      tell: (log, replaces) => {
        if (!uploading && !replaces) return;
        tellChanges(log, changes, () => false);
        log(uploads(inputs));
      },
    };
  },

  /** What the state knows to be loaded is at most saved. */
  async converge({ client, inputs, state, log, alone, onBreakOff }) {
    const load = new AuxiliaryLoad(client, inputs, log);
    onBreakOff(() =>
      load.loaded
        ? { ...stateOf(inputs, load.sign), ...present({ __mediantUnsaved: load.unsaved || undefined }) }
        : undefined,
    );
    await alone(() => (state === undefined || mustUpload(state, inputs) ? load.run() : load.finish(state)));
    return stateOf(inputs, load.sign);
  },

  /** The file cannot be read back; the name that the device gives it shows whether another came in its place. */
  async refresh({ client, state, log }) {
    const observed = await readIni(client);
    const { fileName: _before, ...rest } = state;
    const sign = state.__mediantSign;
    const fileName = sign === undefined ? undefined : fileNameNow(sign, observed);
    const props = { ...rest, ...present({ fileName }) };
    const drift = driftOf(props);
    tellChanges(log, drift === undefined ? [] : [drift], () => false, "drift: ");
    return props;
  },

  /** The API takes no auxiliary file away (LTRT-41760 section 6.4). */
  async release({ state, log }) {
    const { words } = AUXILIARY_KINDS[state.kind];
    log(`warning: no longer managed, left on the device as it is: the API cannot remove ${words}`);
  },
};

function problemsOf({ device, kind, save }: AuxiliaryFileInputs): string[] {
  const problems = checkSettings(device, "device", isUnknown);
  if (!isUnknown(kind) && !isAuxiliaryKind(kind))
    problems.push(`kind must be one of ${Object.keys(AUXILIARY_KINDS).join(", ")}`);
  return [...problems, ...flagProblems({ save }, "save")];
}

/** What other resources of the run say otherwise: about saving, or of a kind of which a device has one file. */
function contradictions(
  device: string,
  inputs: AuxiliaryFileInputs,
  { registry }: ProviderProcess,
): string[] {
  const { kind, save = true } = inputs;
  const resource = resourceName(TYPE, inputs);
  const problems = registry.declare(device, resource, {
    configuration: NOTHING,
    ownTables: [],
    save: isUnknown(save) ? undefined : save,
  });
  if (isUnknown(kind) || AUXILIARY_KINDS[kind].several) return problems;
  const owner = registry.claim(device, `${TYPE} ${kind}`, resource);
  return owner === undefined
    ? problems
    : [...problems, `the ${AUXILIARY_KINDS[kind].words} of this device are declared by ${owner} already`];
}

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

function stateOf(
  inputs: AuxiliaryFileInputs,
  sign: FileSign | undefined,
): Omit<AuxiliaryFileState, "__mediantSchema"> {
  return {
    ...inputs,
    size: inputs.__mediantSize,
    ...present({ fileName: sign?.fileName, __mediantSign: sign }),
  };
}

import { checkSettings, type DeviceSettings } from "../../declare/device";
import { present } from "../../declare/present";
import { flagProblems, isUnknown } from "../../declare/unknown";
import { isPair } from "../../device/answers/status";
import { parseVersion } from "../../device/answers/version";
import type { Change } from "../../ini/compare";
import { resourceName } from "../life/engine-answers";
import { ReconcileError } from "../life/errors";
import type { Resource, Stored, Unversioned } from "../life/life";
import { tellChanges } from "../life/log";
import type { ProviderProcess } from "../life/provider-process";
import {
  createWords,
  planSoftware,
  RECORDED,
  type SoftwareForecast,
  sameVersion,
  type TriedSoftware,
  uploadWords,
} from "./plan";
import { SoftwareTurn } from "./turn";

/** What the class sends. */
export interface SoftwareLoadInputs {
  device: DeviceSettings;
  /** Path on the machine that runs the program; never compared. */
  source: string;
  /** Of the file, 64 hex digits. */
  sha256: string;
  version: string;
  hitless?: boolean | "auto";
  allowDowngrade?: boolean;
  reinstall?: boolean;
  /** Bytes of the file. */
  __mediantSize: number;
  __mediantName: string;
  /** Where it stands below components, as `type/name`. */
  __mediantParent?: string;
  /** The thunk's text: a partial state must carry it, or it could not be refreshed. */
  __provider?: string;
}

/** What the state holds; a permanent form: later versions add to it and still read it. `version` is what the device runs. */
export interface SoftwareLoadState extends SoftwareLoadInputs, Stored {
  /** What the device ran before the last upload; absent if there was none. */
  previousVersion?: string;
  /**
   * Whether previews say that the device is a high-availability pair. One that a refresh finds without its partner
   * stays one: an update must not do more harm than the preview said that was approved.
   */
  __mediantPair?: boolean;
  /** A refresh found no pair in operation. */
  __mediantPartnerLost?: boolean;
  /** A load was sent and not seen to its end: the next run looks what came of it. */
  __mediantPending?: boolean;
  /** A load that did not bring the version: it is not sent again by itself. */
  __mediantTried?: TriedSoftware;
}

const TYPE = "SoftwareLoad";

/** `SoftwareLoad` */
export const softwareLoad: Resource<SoftwareLoadInputs, SoftwareLoadState> = {
  type: TYPE,
  waits: true,
  settings: ["device", "hitless", "allowDowngrade", "reinstall"],
  outputs: {
    __mediantSchema: true,
    previousVersion: true,
    __mediantPair: true,
    __mediantPartnerLost: true,
    __mediantPending: true,
    __mediantTried: true,
  },
  problems: problemsOf,
  contradictions,
  announcement: (inputs) => createWords(forecastOf(inputs), inputs.reinstall === true),

  /** Compares version and digest, never the path, and says in words what the update does to the device. */
  compare(state, inputs) {
    const changes = changesOf(state, inputs);
    return {
      changes,
      acts: mustLoad(state, inputs),
      tell: (log, replaces) => {
        tellChanges(log, changes, () => false);
        if (replaces) log(createWords(forecastOf(inputs), inputs.reinstall === true));
        else if (state.__mediantPending)
          log("the end of an earlier upload was not seen: the next update checks the result first");
        else if (changes.length > 0) log(updateWords(state, inputs));
      },
    };
  },

  async converge({ client, inputs, state, log, alone, onBreakOff }) {
    const turn = new SoftwareTurn(client, inputs, log);
    onBreakOff(() => (turn.sent ? stateAfter(turn, state, inputs) : undefined));
    // Another connection, or another setting alone, loads nothing; what else is found is for the next diff.
    await alone(async () => {
      if (state === undefined || mustLoad(state, inputs)) await turn.run(state);
      else await turn.look(state);
    });
    return stateAfter(turn, state, inputs);
  },

  /** What the device runs, under the name of the input; after a switchover serial and address may be others. */
  async refresh({ client, state, log }) {
    const status = await client.status();
    const { version: runs } = status;
    if (runs === undefined)
      throw new ReconcileError(["the device's status does not say which version it runs"]);
    const drifted = !sameVersion(state.version, runs);
    const drift = { address: "version", before: state.version, after: runs };
    tellChanges(log, drifted ? [drift] : [], () => false, "drift: ");
    const {
      __mediantPending: _looked,
      __mediantPartnerLost: _before,
      __mediantTried: tried,
      ...rest
    } = state;
    const pair = isPair(status);
    // A load that came true in the end did not fail.
    const failed = tried !== undefined && !sameVersion(tried.version, runs);
    return {
      ...rest,
      version: drifted ? runs : state.version,
      __mediantPair: state.__mediantPair === true || pair,
      ...present({
        __mediantPartnerLost: (state.__mediantPair === true && !pair) || undefined,
        __mediantTried: failed ? tried : undefined,
      }),
    };
  },

  /** The API can load another version and cannot bring the earlier one back (LTRT-41760 section 6.3). */
  async release({ state, log }) {
    log(`warning: no longer managed: the device keeps running ${state.version}`);
  },
};

function contradictions(device: string, inputs: SoftwareLoadInputs, { registry }: ProviderProcess): string[] {
  const owner = registry.claim(device, TYPE, resourceName(TYPE, inputs));
  return owner === undefined ? [] : [`the software of this device is declared by ${owner} already`];
}

function problemsOf(inputs: SoftwareLoadInputs): string[] {
  const { device, version, hitless } = inputs;
  const problems = checkSettings(device, "device", isUnknown);
  if (!isUnknown(version) && !isWholeVersion(version))
    problems.push("version must be written as the device's status gives it: 7.40A.250.440");
  if (hitless !== undefined && !isUnknown(hitless) && ![true, false, "auto"].includes(hitless))
    problems.push('hitless must be true, false or "auto"');
  return [...problems, ...flagProblems(inputs, "allowDowngrade", "reinstall")];
}

/** A version without its stream and build would never be the one that a device reports. */
function isWholeVersion(version: unknown): boolean {
  return typeof version === "string" && (parseVersion(version)?.build.length ?? 0) >= 2;
}

function changesOf(state: SoftwareLoadState, inputs: SoftwareLoadInputs): Change[] {
  const changes: Change[] = [];
  if (!sameVersion(state.version, inputs.version))
    changes.push({ address: "version", before: state.version, after: inputs.version });
  if (state.sha256 !== inputs.sha256)
    changes.push({ address: "sha256", before: state.sha256, after: inputs.sha256 });
  return changes;
}

/** The plan as it would be, were the device as the state says. */
function updateWords(state: SoftwareLoadState, inputs: SoftwareLoadInputs): string {
  const seen = state.__mediantPartnerLost ? false : state.__mediantPair;
  const forecast = forecastOf(inputs, seen);
  if (isUnknown(inputs.version) || isUnknown(inputs.sha256)) return createWords(forecast, false);
  const found = { version: state.version, isPair: seen ?? inputs.hitless === true };
  const plan = planSoftware(found, inputs, state);
  switch (plan.action) {
    case "upload":
      return uploadWords(forecast);
    case "refuse":
      return `will be refused: ${plan.reason}`;
    default:
      return RECORDED;
  }
}

function forecastOf(
  { version, hitless, __mediantSize: size }: SoftwareLoadInputs,
  isPair?: boolean,
): SoftwareForecast {
  return { version, hitless, size, isPair };
}

function mustLoad(state: SoftwareLoadState, inputs: SoftwareLoadInputs): boolean {
  return changesOf(state, inputs).length > 0 || state.__mediantPending === true;
}

/** Inputs and what is known of the device: `version` is what it runs, or ran when it was last seen. */
function stateAfter(
  { status, replaced, pending, tried }: SoftwareTurn,
  state: SoftwareLoadState | undefined,
  inputs: SoftwareLoadInputs,
): Unversioned<SoftwareLoadState> {
  const runs = status?.version ?? state?.version ?? inputs.version;
  // With hitless: false nobody was told that the service is kept.
  const known = inputs.hitless === false ? undefined : state?.__mediantPair;
  const seen = status === undefined ? state?.__mediantPair : isPair(status);
  const pair = known === true || seen;
  return {
    ...inputs,
    version: sameVersion(runs, inputs.version) ? inputs.version : runs,
    ...present({
      previousVersion: replaced ?? state?.previousVersion,
      __mediantPair: pair,
      __mediantPartnerLost: (pair === true && status !== undefined && !isPair(status)) || undefined,
      __mediantPending: pending || undefined,
      __mediantTried: tried,
    }),
  };
}

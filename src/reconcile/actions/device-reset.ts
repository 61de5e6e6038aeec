import { checkSettings, type DeviceSettings } from "../../declare/device";
import { isUnknown } from "../../declare/unknown";
import { DeviceClient } from "../../device/client";
import { resolveConnection } from "../../device/connect/connection";
import { isDeviceError } from "../../device/errors";
import { WriteQueue } from "../../device/shared/write-queue";
import {
  type Checked,
  checked,
  type Difference,
  difference,
  logFor,
  logForDiff,
  PartialState,
  problemsInRun,
  RESET_WARNING,
  resourceId,
  resourceName,
  sameJson,
} from "../life/engine-answers";
import { meetDevice } from "../life/meeting";

/** What the class sends. */
export interface DeviceResetInputs {
  device: DeviceSettings;
  triggers: unknown[];
  saveConfiguration?: boolean;
  gracefulTimeout?: "untilCallsEnd" | number;
  onlyIfNeeded?: boolean;
  __mediantName: string;
  /** Where it stands below components, as `type/name`. */
  __mediantParent?: string;
  /** The thunk's text: a partial state must carry it, or it could not be refreshed. */
  __provider?: string;
}

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface DeviceResetState extends DeviceResetInputs {
  __mediantSchema: number;
  /** ISO 8601 by our clock, when the device was back; absent where it never had to be reset. */
  lastReset?: string;
  /** The device took the reset and had not come back: the next run waits for it instead of resetting it again. */
  __mediantPending?: boolean;
}

const SCHEMA_VERSION = 1;
const TYPE = "DeviceReset";

export function check(inputs: DeviceResetInputs, isNew: boolean): Checked<DeviceResetInputs> {
  const reasons = checkSettings(inputs.device, "device", isUnknown);
  reasons.push(...timeoutProblems(inputs.gracefulTimeout));
  if (reasons.length === 0) reasons.push(...problemsInRun(inputs.device));
  return checked(inputs, reasons, isNew && (() => RESET_WARNING));
}

/** The attribute value with which the device waits until all calls have ended. LTRT-41760 section 5.1. */
const UNTIL_CALLS_END = 1;

function timeoutProblems(gracefulTimeout: unknown): string[] {
  if (gracefulTimeout === undefined || isUnknown(gracefulTimeout) || gracefulTimeout === "untilCallsEnd")
    return [];
  if (gracefulTimeout === UNTIL_CALLS_END) {
    return [
      'gracefulTimeout: the device takes 1 for "until all calls have ended": write "untilCallsEnd", or 2 seconds or more',
    ];
  }
  return Number.isInteger(gracefulTimeout) && (gracefulTimeout as number) >= 0
    ? []
    : ['gracefulTimeout must be "untilCallsEnd" or a whole number of seconds, 0 to end calls at once'];
}

export function diff(state: DeviceResetState, inputs: DeviceResetInputs): Difference {
  const resets = !sameJson(state.triggers, inputs.triggers);
  if (resets) logForDiff(state, inputs)(RESET_WARNING);
  const settings = SETTINGS.some((key) => !sameJson(state[key], inputs[key]));
  return difference(state, inputs, resets || settings || state.__mediantPending === true);
}

const SETTINGS = ["device", "saveConfiguration", "gracefulTimeout", "onlyIfNeeded"] as const;

export async function create(inputs: DeviceResetInputs): Promise<{ id: string; outs: DeviceResetState }> {
  const id = resourceId(TYPE, inputs);
  return { id, outs: await alone(inputs, (client) => reset(id, client, inputs)) };
}

/** Resets where a trigger changed. One that was not waited out to its end is waited for first. */
export async function update(
  id: string,
  state: DeviceResetState,
  inputs: DeviceResetInputs,
): Promise<{ outs: DeviceResetState }> {
  const outs = await alone(inputs, async (client) => {
    await client.awaken({ label: inputs.__mediantName });
    if (!sameJson(state.triggers, inputs.triggers)) return reset(id, client, inputs);
    const lastReset = state.__mediantPending ? new Date().toISOString() : state.lastReset;
    return stateOf(inputs, lastReset);
  });
  return { outs };
}

async function alone<T>(inputs: DeviceResetInputs, run: (client: DeviceClient) => Promise<T>): Promise<T> {
  await meetDevice(inputs.device, resourceName(TYPE, inputs));
  const client = DeviceClient.for(resolveConnection(inputs.device));
  return WriteQueue.for(client.connection.origin).exclusive(TYPE, () => run(client));
}

async function reset(id: string, client: DeviceClient, inputs: DeviceResetInputs): Promise<DeviceResetState> {
  const log = logFor(inputs);
  const wait = { label: inputs.__mediantName };
  const { resetNeeded } = await client.awaken(wait);
  if (inputs.onlyIfNeeded && resetNeeded === false) {
    log("not reset: nothing on the device waits for a reset");
    return stateOf(inputs, undefined);
  }
  if (inputs.onlyIfNeeded && resetNeeded === undefined) {
    log("this firmware does not say whether a reset is needed: it is reset");
  }
  const { saveConfiguration = true, gracefulTimeout = 0 } = inputs;
  try {
    const seconds = gracefulTimeout === "untilCallsEnd" ? UNTIL_CALLS_END : gracefulTimeout;
    const { wentDown } = await client.reset({ saveConfiguration, gracefulTimeout: seconds }, wait);
    if (!wentDown) log("the device accepted the reset, and was not seen to go down");
  } catch (error) {
    if (!isDeviceError(error) || error.code !== "MEDIANT_TIMEOUT") throw error;
    throw new PartialState(id, [error.message], { ...stateOf(inputs, undefined), __mediantPending: true });
  }
  return stateOf(inputs, new Date().toISOString());
}

function stateOf(inputs: DeviceResetInputs, lastReset: string | undefined): DeviceResetState {
  return { ...inputs, __mediantSchema: SCHEMA_VERSION, ...(lastReset === undefined ? {} : { lastReset }) };
}

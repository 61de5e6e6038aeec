import { checkSettings, type DeviceSettings } from "../../declare/device";
import { present } from "../../declare/present";
import { isUnknown } from "../../declare/unknown";
import { isDeviceError } from "../../device/errors";
import { RESET_WARNING, sameJson } from "../life/engine-answers";
import { ReconcileError } from "../life/errors";
import type { Resource, Stored, Turn } from "../life/life";
import { forgetUnconfirmed, refuseUnconfirmed } from "../life/saving";

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
export interface DeviceResetState extends DeviceResetInputs, Stored {
  /** ISO 8601 by our clock, when the device was back; absent if it never had to be reset. */
  lastReset?: string;
  /** The device took the reset and had not come back: the next run waits for it instead of resetting it again. */
  __mediantPending?: boolean;
}

/** `DeviceReset`: leaves nothing to read or to undo. */
export const deviceReset: Resource<DeviceResetInputs, DeviceResetState> = {
  type: "DeviceReset",
  waits: true,
  settings: ["device", "saveConfiguration", "gracefulTimeout", "onlyIfNeeded"],
  outputs: { __mediantSchema: true, lastReset: true, __mediantPending: true },
  problems: ({ device, gracefulTimeout }) => [
    ...checkSettings(device, "device", isUnknown),
    ...timeoutProblems(gracefulTimeout),
  ],
  announcement: () => RESET_WARNING,

  compare(state, inputs) {
    const resets = triggered(state, inputs);
    const before = JSON.stringify(state.triggers);
    const after = JSON.stringify(inputs.triggers);
    return {
      changes: resets ? [{ address: "triggers", before, after }] : [],
      acts: resets || state.__mediantPending === true,
      tell: (log) => {
        if (resets) log(RESET_WARNING);
      },
    };
  },

  /** Resets if a trigger changed. A reset that was not waited out to its end is waited for first. */
  converge(turn) {
    const { client, inputs, state, alone } = turn;
    return alone(async () => {
      if (state === undefined) return reset(turn);
      await client.awaken({ label: inputs.__mediantName });
      if (triggered(state, inputs)) return reset(turn);
      return stateOf(inputs, state.__mediantPending ? new Date().toISOString() : state.lastReset);
    });
  },
};

function triggered(state: DeviceResetState, inputs: DeviceResetInputs): boolean {
  return !sameJson(state.triggers, inputs.triggers);
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

async function reset({
  client,
  inputs,
  log,
  onBreakOff,
}: Turn<DeviceResetInputs, DeviceResetState>): Promise<Omit<DeviceResetState, "__mediantSchema">> {
  const wait = { label: inputs.__mediantName };
  const { resetNeeded, systemUpTime: before } = await client.awaken(wait);
  if (inputs.onlyIfNeeded && resetNeeded === false) {
    log("not reset: nothing on the device waits for a reset");
    return stateOf(inputs, undefined);
  }
  if (inputs.onlyIfNeeded && resetNeeded === undefined) {
    log("this firmware does not say whether a reset is needed: it is reset");
  }
  onBreakOff((error) =>
    isDeviceError(error) && error.code === "MEDIANT_TIMEOUT"
      ? { ...inputs, __mediantPending: true }
      : undefined,
  );
  const { saveConfiguration = true, gracefulTimeout = 0 } = inputs;
  if (saveConfiguration) refuseUnconfirmed(client);
  const seconds = gracefulTimeout === "untilCallsEnd" ? UNTIL_CALLS_END : gracefulTimeout;
  const { wentDown, failure, status } = await client.reset(
    { saveConfiguration, gracefulTimeout: seconds },
    wait,
  );
  if (wentDown) forgetUnconfirmed(client);
  if (!wentDown && failure !== undefined) throw failure;
  // An up time that goes on is proof; without one, a reset may have been too short to be seen.
  if (!wentDown && before !== undefined && (status.systemUpTime ?? 0) > before)
    throw new ReconcileError([
      "the device accepted the reset but did not start anew: its up time goes on; run it again",
    ]);
  if (!wentDown) log("the device accepted the reset, and was not seen to go down");
  return stateOf(inputs, new Date().toISOString());
}

function stateOf(
  inputs: DeviceResetInputs,
  lastReset: string | undefined,
): Omit<DeviceResetState, "__mediantSchema"> {
  return { ...inputs, ...present({ lastReset }) };
}

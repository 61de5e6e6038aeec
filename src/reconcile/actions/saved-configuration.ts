import { checkSettings, type DeviceSettings } from "../../declare/device";
import { isUnknown } from "../../declare/unknown";
import { DeviceClient } from "../../device/client";
import { resolveConnection } from "../../device/connect/connection";
import { WriteQueue } from "../../device/shared/write-queue";
import {
  type Checked,
  checked,
  type Difference,
  difference,
  problemsInRun,
  resourceId,
  resourceName,
  sameJson,
} from "../life/engine-answers";
import { meetDevice } from "../life/meeting";

/** What the class sends. */
export interface SavedConfigurationInputs {
  device: DeviceSettings;
  triggers: unknown[];
  __mediantName: string;
  /** Where it stands below components, as `type/name`. */
  __mediantParent?: string;
}

/** What the state holds; a permanent form: later versions add to it and still read it. */
export interface SavedConfigurationState extends SavedConfigurationInputs {
  __mediantSchema: number;
}

const SCHEMA_VERSION = 1;
const TYPE = "SavedConfiguration";

export function check(inputs: SavedConfigurationInputs): Checked<SavedConfigurationInputs> {
  const reasons = checkSettings(inputs.device, "device", isUnknown);
  return checked(inputs, reasons.length > 0 ? reasons : problemsInRun(inputs.device));
}

export function diff(state: SavedConfigurationState, inputs: SavedConfigurationInputs): Difference {
  return difference(
    state,
    inputs,
    !sameJson(state.triggers, inputs.triggers) || !sameJson(state.device, inputs.device),
  );
}

export async function create(
  inputs: SavedConfigurationInputs,
): Promise<{ id: string; outs: SavedConfigurationState }> {
  const id = resourceId(TYPE, inputs);
  return { id, outs: await save(inputs) };
}

/** Saves where a trigger changed; a connection that changed is only asked whether it answers. */
export async function update(
  state: SavedConfigurationState,
  inputs: SavedConfigurationInputs,
): Promise<{ outs: SavedConfigurationState }> {
  if (!sameJson(state.triggers, inputs.triggers)) return { outs: await save(inputs) };
  await DeviceClient.for(resolveConnection(inputs.device)).status();
  return { outs: { ...inputs, __mediantSchema: SCHEMA_VERSION } };
}

async function save(inputs: SavedConfigurationInputs): Promise<SavedConfigurationState> {
  await meetDevice(inputs.device, resourceName(TYPE, inputs));
  const client = DeviceClient.for(resolveConnection(inputs.device));
  await WriteQueue.for(client.connection.origin).exclusive(TYPE, () => client.saveConfiguration());
  return { ...inputs, __mediantSchema: SCHEMA_VERSION };
}

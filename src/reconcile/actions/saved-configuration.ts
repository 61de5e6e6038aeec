import { checkSettings, type DeviceSettings } from "../../declare/device";
import { isUnknown } from "../../declare/unknown";
import { sameJson } from "../life/engine-answers";
import type { Resource, Stored } from "../life/life";
import { save } from "../life/saving";

/** What the class sends. */
export interface SavedConfigurationInputs {
  device: DeviceSettings;
  triggers: unknown[];
  __mediantName: string;
  /** Where it stands below components, as `type/name`. */
  __mediantParent?: string;
}

/** What the state holds; a permanent form: later versions add to it and still read it. */
export type SavedConfigurationState = SavedConfigurationInputs & Stored;

/** `SavedConfiguration`: leaves nothing to read or to undo. */
export const savedConfiguration: Resource<SavedConfigurationInputs, SavedConfigurationState> = {
  type: "SavedConfiguration",
  settings: ["device"],
  outputs: { __mediantSchema: true },
  problems: ({ device }) => checkSettings(device, "device", isUnknown),
  compare: (state, inputs) => ({ changes: [], acts: triggered(state, inputs) }),

  /** Saves if a trigger changed; a connection that changed is only asked whether it answers. */
  async converge({ client, inputs, state, alone }) {
    if (state === undefined || triggered(state, inputs)) await alone(() => save(client));
    else await client.status();
    return inputs;
  },
};

function triggered(state: SavedConfigurationState, inputs: SavedConfigurationInputs): boolean {
  return !sameJson(state.triggers, inputs.triggers);
}

import * as pulumi from "@pulumi/pulumi";

import thunk = require("../thunks/saved-configuration");

import { type DeviceArgs, deviceInput } from "./device";
import { type ArgumentNames, refuseUnknownArguments } from "./known-arguments";
import { isOfType, offerUnset, type Registration, registration } from "./registration";
import { resourceSubject } from "./run-error";
import { storable } from "./storable";

const provider = storable(thunk);

/** The arguments of {@link SavedConfiguration}. */
export interface SavedConfigurationArgs {
  device: pulumi.Input<DeviceArgs>;
  /** Any values; the configuration is saved on create, and again whenever one of them changes. */
  triggers: pulumi.Input<pulumi.Input<unknown>[]>;
}

const ARGUMENTS: ArgumentNames<SavedConfigurationArgs> = { device: true, triggers: true };

/**
 * The running configuration of a device stored in its flash (POST `/actions/saveConfiguration`, LTRT-41760
 * section 5.2): for resources that do not save themselves (`save: false`). A delete does nothing on the device.
 *
 * @example
 * ```ts
 * new SavedConfiguration("saved", { device, triggers: [base.parameters] }, { dependsOn: base });
 * ```
 */
export class SavedConfiguration extends pulumi.dynamic.Resource {
  /** What Pulumi calls the type of this resource. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/mediant:SavedConfiguration";

  declare readonly device: pulumi.Output<pulumi.Unwrap<DeviceArgs>>;
  declare readonly triggers: pulumi.Output<unknown[]>;

  /** Whether a value is one, also if it comes from another copy of this package. */
  static override isInstance(value: unknown): value is SavedConfiguration {
    return isOfType(value, SavedConfiguration.__pulumiType);
  }

  constructor(name: string, args: SavedConfigurationArgs, opts?: pulumi.CustomResourceOptions) {
    const subject = resourceSubject("SavedConfiguration", name);
    refuseUnknownArguments(args, ARGUMENTS, subject);
    const of: Registration = {
      type: "SavedConfiguration",
      provider,
      name,
      opts,
      inputs: {
        device: deviceInput(args.device, subject),
        triggers: args.triggers,
      },
    };
    super(...registration(of));
    offerUnset(this, of);
  }
}

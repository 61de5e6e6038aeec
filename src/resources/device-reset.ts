import * as pulumi from "@pulumi/pulumi";

import thunk = require("../thunks/device-reset");

import { type DeviceArgs, deviceInput } from "./device";
import { type ArgumentNames, refuseUnknownArguments } from "./known-arguments";
import { isOfType, offerUnset, type Registration, registration } from "./registration";
import { resourceSubject } from "./run-error";
import { storable } from "./storable";

const provider = storable(thunk);

/** The arguments of {@link DeviceReset}. */
export interface DeviceResetArgs {
  device: pulumi.Input<DeviceArgs>;
  /** Any values; the device is reset on create, and again whenever one of them changes. */
  triggers: pulumi.Input<pulumi.Input<unknown>[]>;
  /** Whether the running configuration is stored first; what is not stored is lost. Default: true. */
  saveConfiguration?: pulumi.Input<boolean>;
  /**
   * What happens to calls: `"untilCallsEnd"` waits until all have ended; a number waits that many seconds at most, 0
   * not at all. A single second cannot be asked for: the device takes 1 for `"untilCallsEnd"` (section 5.1).
   * Default: 0.
   */
  gracefulTimeout?: pulumi.Input<"untilCallsEnd" | number>;
  /**
   * Reset only if the device's status says that something waits for it (`resetNeeded`). Firmware that does
   * not say so is reset. Default: false.
   */
  onlyIfNeeded?: pulumi.Input<boolean>;
}

const ARGUMENTS: ArgumentNames<DeviceResetArgs> = {
  device: true,
  triggers: true,
  saveConfiguration: true,
  gracefulTimeout: true,
  onlyIfNeeded: true,
};

/**
 * A reset of a device (POST `/actions/reset`, LTRT-41760 section 5.1), waited out until the device is back within
 * `timeouts.resetSeconds`. No other write of this run overlaps with it. A delete does nothing on the device.
 *
 * @example
 * ```ts
 * new DeviceReset("reset", { device, triggers: [licence.key], gracefulTimeout: 600 });
 * ```
 */
export class DeviceReset extends pulumi.dynamic.Resource {
  /** What Pulumi calls the type of this resource. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/mediant:DeviceReset";

  declare readonly device: pulumi.Output<pulumi.Unwrap<DeviceArgs>>;
  declare readonly triggers: pulumi.Output<unknown[]>;
  declare readonly saveConfiguration: pulumi.Output<boolean | undefined>;
  declare readonly gracefulTimeout: pulumi.Output<"untilCallsEnd" | number | undefined>;
  declare readonly onlyIfNeeded: pulumi.Output<boolean | undefined>;
  /** When the device was back, ISO 8601 by the clock of this machine; undefined if no reset was needed. */
  declare readonly lastReset: pulumi.Output<string | undefined>;

  /** Whether a value is one, also if it comes from another copy of this package. */
  static override isInstance(value: unknown): value is DeviceReset {
    return isOfType(value, DeviceReset.__pulumiType);
  }

  constructor(name: string, args: DeviceResetArgs, opts?: pulumi.CustomResourceOptions) {
    const subject = resourceSubject("DeviceReset", name);
    refuseUnknownArguments(args, ARGUMENTS, subject);
    const { triggers, saveConfiguration, gracefulTimeout, onlyIfNeeded } = args;
    const of: Registration = {
      type: "DeviceReset",
      provider,
      name,
      opts,
      inputs: {
        device: deviceInput(args.device, subject),
        triggers,
        saveConfiguration,
        gracefulTimeout,
        onlyIfNeeded,
      },
      outputs: ["lastReset"],
    };
    super(...registration(of));
    offerUnset(this, of);
  }
}

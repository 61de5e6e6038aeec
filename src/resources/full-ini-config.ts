import * as pulumi from "@pulumi/pulumi";
import type { Table, Value } from "../ini/configuration";

import thunk = require("../thunks/full-ini-config");

import { type DeviceArgs, deviceInput } from "./device";
import { type IniArgs, iniInputs, tableInputs } from "./ini-arguments";
import { type ArgumentNames, INI_ARGUMENTS, refuseUnknownArguments } from "./known-arguments";
import type { DeviceNames, IniNames } from "./names/device-names";
import { isOfType, offerUnset, type Registration, registration } from "./registration";
import { resourceSubject, runError } from "./run-error";
import { secretCells } from "./secret-cells";
import { storable } from "./storable";

const provider = storable(thunk);

/** The arguments of {@link FullIniConfig}. */
export interface FullIniConfigArgs<Names extends IniNames = DeviceNames> extends IniArgs<Names> {
  device: pulumi.Input<DeviceArgs>;
  /**
   * Allow a configuration that leaves out or changes the interface through which the device is reached, or that
   * leaves out its users. Default: false.
   */
  allowLossOfAccess?: pulumi.Input<boolean>;
}

const ARGUMENTS: ArgumentNames<FullIniConfigArgs> = {
  ...INI_ARGUMENTS,
  device: true,
  allowLossOfAccess: true,
};

/**
 * The whole ini configuration of a device (PUT `/files/ini`, LTRT-41760 section 6.1.1). What it leaves out returns
 * to its default, and **the device resets at once**: the API cannot let calls end first.
 *
 * A device that holds the configuration already, by meaning, is left alone. Everything that the device shows
 * beside it later is drift. A device has one whole configuration, or any number of incremental ones.
 *
 * Throws RunError in the program for arguments that are malformed, with the argument or the line and column.
 *
 * @example
 * ```ts
 * new FullIniConfig("whole", { device: deviceFromConfig("sbc1"), ini: fs.readFileSync("sbc1.ini", "utf8") });
 * ```
 */
export class FullIniConfig<Names extends IniNames = DeviceNames> extends pulumi.dynamic.Resource {
  /** What Pulumi calls the type of this resource. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/mediant:FullIniConfig";

  declare readonly device: pulumi.Output<pulumi.Unwrap<DeviceArgs>>;
  /** Declared parameters in canonical form or, after a refresh, as found on the device. */
  declare readonly parameters: pulumi.Output<Record<string, Value> | undefined>;
  /** Declared tables in canonical form or, after a refresh, as found on the device. */
  declare readonly tables: pulumi.Output<Record<string, Table> | undefined>;
  /**
   * Tables of more than 300 cells, with the number of their rows: `4000 rows`. They are not among `tables`, since
   * Pulumi prints an object whole around one change; each changed cell is a line of the log.
   */
  declare readonly largeTables: pulumi.Output<Record<string, string> | undefined>;
  declare readonly secretNames: pulumi.Output<string[] | undefined>;
  declare readonly allowLossOfAccess: pulumi.Output<boolean | undefined>;

  /** Whether a value is one, also if it comes from another copy of this package. */
  static override isInstance(value: unknown): value is FullIniConfig {
    return isOfType(value, FullIniConfig.__pulumiType);
  }

  constructor(name: string, args: FullIniConfigArgs<Names>, opts?: pulumi.CustomResourceOptions) {
    const subject = resourceSubject("FullIniConfig", name);
    refuseUnknownArguments(args, ARGUMENTS, subject);
    const ini = iniInputs(args as IniArgs, subject);
    const { parameters, order, notes } = ini;
    if (ini.isEmpty)
      throw runError("declares nothing: an empty file would take everything from the device", subject);
    const { secretNames, allowLossOfAccess } = args;
    const of: Registration = {
      type: "FullIniConfig",
      provider,
      name,
      opts,
      inputs: {
        device: deviceInput(args.device, subject),
        parameters,
        ...tableInputs(ini),
        secretNames,
        allowLossOfAccess,
        __mediantOrder: order,
        __mediantSecrets: secretCells(ini),
      },
      secretOutputs: ["__mediantForms", "__mediantOwn", "__mediantPending"],
    };
    super(...registration(of));
    offerUnset(this, of);
    for (const note of notes) pulumi.log.info(note, this);
  }
}

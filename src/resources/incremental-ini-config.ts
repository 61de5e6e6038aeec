import * as pulumi from "@pulumi/pulumi";
import type { ConfirmArgs } from "../declare/checks";
import type { Table, Value } from "../ini/configuration";

import thunk = require("../thunks/incremental-ini-config");

import { type DeviceArgs, deviceInput } from "./device";
import { type IniArgs, iniInputs, tableInputs } from "./ini-arguments";
import { type ArgumentNames, INI_ARGUMENTS, refuseUnknownArguments } from "./known-arguments";
import type { DeviceNames, IniNames } from "./names/device-names";
import { isOfType, offerUnset, type Registration, registration } from "./registration";
import { resourceSubject, runError } from "./run-error";
import { secretCells } from "./secret-cells";
import { storable } from "./storable";

const provider = storable(thunk);

/** The arguments of {@link IncrementalIniConfig}. */
export interface IncrementalIniConfigArgs<Names extends IniNames = DeviceNames> extends IniArgs<Names> {
  device: pulumi.Input<DeviceArgs>;
  /**
   * Parameters (`Name`) and columns (`Table.Column`) whose declared value is the device's default: a device does
   * not show them then, and only this tells them from misspelt ones. `*` stands for all.
   */
  atDefault?: pulumi.Input<pulumi.Input<string>[]>;
  /** Tables that hold declared rows only: any other row in them is drift and is removed. */
  ownTables?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * What becomes of a parameter, a row or all of it that leaves the declaration: it stays as it is (`retain`), or
   * the device gets back what it held before it was first managed (`restore`). Default: `retain`.
   */
  onRelease?: pulumi.Input<"retain" | "restore">;
  /**
   * Whether a change is saved to flash, without which the device's next reset loses it (LTRT-41760 section 5.2).
   * It takes the whole device: resources that differ in it are refused. Default: true.
   */
  save?: pulumi.Input<boolean>;
  /** Allow changing the user that this connection logs in with. Default: false. */
  allowLossOfAccess?: pulumi.Input<boolean>;
  /**
   * How a change is confirmed: it goes to the running configuration, is read back, is watched for a while, and is
   * saved only if the device is healthy; else it is put back. Default: a change is saved when it was read back.
   */
  confirm?: pulumi.Input<ConfirmArgs>;
}

const ARGUMENTS: ArgumentNames<IncrementalIniConfigArgs> = {
  ...INI_ARGUMENTS,
  device: true,
  atDefault: true,
  ownTables: true,
  onRelease: true,
  save: true,
  allowLossOfAccess: true,
  confirm: true,
};

/**
 * A part of a device's ini configuration: parameters, and rows of tables. It is applied while the device works,
 * without a reset (PUT `/files/ini/incremental`, LTRT-41760 section 6.1.2), read back, and saved.
 *
 * What is not declared stays as it is. What the device holds already is adopted without a write. A declared
 * name that the device does not show afterwards is an error, since the device ignores misspelt names.
 *
 * Throws RunError in the program for arguments that are malformed, with the argument or the line and column.
 *
 * @example
 * ```ts
 * new IncrementalIniConfig("base", {
 *   device: deviceFromConfig("sbc1"),
 *   ini: fs.readFileSync("base.ini", "utf8"),
 *   parameters: { EnableSyslog: true },
 * });
 * ```
 */
export class IncrementalIniConfig<Names extends IniNames = DeviceNames> extends pulumi.dynamic.Resource {
  /** What Pulumi calls the type of this resource. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/mediant:IncrementalIniConfig";

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
  declare readonly atDefault: pulumi.Output<string[] | undefined>;
  declare readonly ownTables: pulumi.Output<string[] | undefined>;
  declare readonly onRelease: pulumi.Output<"retain" | "restore" | undefined>;
  declare readonly save: pulumi.Output<boolean | undefined>;
  declare readonly allowLossOfAccess: pulumi.Output<boolean | undefined>;
  declare readonly confirm: pulumi.Output<ConfirmArgs | undefined>;
  /**
   * What the device held before, by parameter (`Name`), row (`Table 3`) or cell (`Table 3 Column`); null for what was
   * not there. Tables of more than 300 such values are left out. A secret.
   */
  declare readonly previous: pulumi.Output<Record<string, Value | null>>;

  /** Whether a value is one, also if it comes from another copy of this package. */
  static override isInstance(value: unknown): value is IncrementalIniConfig {
    return isOfType(value, IncrementalIniConfig.__pulumiType);
  }

  constructor(name: string, args: IncrementalIniConfigArgs<Names>, opts?: pulumi.CustomResourceOptions) {
    const { of, notes } = incrementalIni(name, args as IncrementalIniConfigArgs, opts);
    super(...registration(of));
    offerUnset(this, of);
    for (const note of notes) pulumi.log.info(note, this);
  }
}

/**
 * What {@link IncrementalIniConfig} hands to Pulumi, and what it tells its user.
 *
 * @throws RunError as the class
 */
export function incrementalIni(
  name: string,
  args: IncrementalIniConfigArgs,
  opts?: pulumi.CustomResourceOptions,
): { of: Registration; notes: readonly string[] } {
  const subject = resourceSubject("IncrementalIniConfig", name);
  refuseUnknownArguments(args, ARGUMENTS, subject);
  const ini = iniInputs(args as IniArgs, subject);
  const { parameters, order, notes } = ini;
  if (ini.isEmpty && args.ownTables === undefined)
    throw runError("declares nothing: give ini, parameters or tables", subject);
  const { secretNames, atDefault, ownTables, onRelease, save, allowLossOfAccess, confirm } = args;
  const of: Registration = {
    type: "IncrementalIniConfig",
    provider,
    name,
    opts,
    inputs: {
      device: deviceInput(args.device, subject),
      parameters,
      ...tableInputs(ini),
      secretNames,
      atDefault,
      ownTables,
      onRelease,
      save,
      allowLossOfAccess,
      confirm,
      __mediantOrder: order,
      __mediantSecrets: secretCells(ini),
    },
    secretOutputs: [
      "previous",
      "__mediantPreviousRows",
      "__mediantForms",
      "__mediantFilled",
      "__mediantCameSince",
    ],
  };
  return { of, notes };
}

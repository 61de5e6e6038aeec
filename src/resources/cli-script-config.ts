import * as pulumi from "@pulumi/pulumi";
import type { ConfirmArgs } from "../declare/checks";
import { cliProblems } from "../declare/cli";

import thunk = require("../thunks/cli-script-config");

import { type DeviceArgs, deviceInput } from "./device";
import type { VariablesArg } from "./ini-placeholders";
import { type ArgumentNames, refuseUnknownArguments } from "./known-arguments";
import { isOfType, offerUnset, type Registration, registration } from "./registration";
import { resourceSubject } from "./run-error";
import {
  hiddenWhereSecret,
  refuseScriptProblems,
  secretNames,
  secretVariables,
  tellPlainSecret,
} from "./script-arguments";
import { storable } from "./storable";

const provider = storable(thunk);

/** The arguments of {@link CliScriptConfig}. */
export interface CliScriptConfigArgs {
  device: pulumi.Input<DeviceArgs>;
  /**
   * CLI commands, as a device exports them or a person writes them: modes (`configure voip`), rows, `no`, and
   * queries (`show`). A text is one value to the engine, which shows what changes in it line by line; secrets belong
   * into `variables`, for with a secret in plain text all of the script is one.
   */
  script: pulumi.Input<string>;
  /**
   * Values for `{{name}}`, in a value or in the index of a row. They are kept apart from the text, each a secret by
   * itself: what stands in a place for secrets (`password {{pw}}`) is one in any case. No value may hold a line end
   * or a quote.
   */
  variables?: VariablesArg;
  /**
   * Lines that the device does not show because they are at their default or because it withholds them; only this
   * tells them from misspelt ones. A line as an error prints it (`configure voip / proxy-set 3 / proxy-name x`), or
   * without its value; `*` stands for all.
   */
  atDefault?: pulumi.Input<pulumi.Input<string>[]>;
  /** Commands that a delete runs; without them it leaves on the device what the script has set. */
  deleteScript?: pulumi.Input<string>;
  /** Any values; the script is run again whenever one of them changes, although nothing differs. */
  triggers?: pulumi.Input<pulumi.Input<unknown>[]>;
  /**
   * Whether a change is saved to flash, without which the device's next reset loses it (LTRT-41760 section 5.2).
   * It takes the whole device: resources that differ in it are refused. Default: true.
   */
  save?: pulumi.Input<boolean>;
  /**
   * How a change is confirmed: it goes to the running configuration, is read back, is watched for a while, and is
   * saved only if the device is healthy; else it is put back. Default: a change is saved when it was read back.
   */
  confirm?: pulumi.Input<ConfirmArgs>;
  /**
   * Commands that take a change back that was not confirmed, as far as an incremental ini cannot: lines that no ini
   * shows. Without them the error says what stays.
   */
  restoreScript?: pulumi.Input<string>;
}

const ARGUMENTS: ArgumentNames<CliScriptConfigArgs> = {
  device: true,
  script: true,
  variables: true,
  atDefault: true,
  deleteScript: true,
  triggers: true,
  save: true,
  confirm: true,
  restoreScript: true,
};

/**
 * A CLI script on a device (PUT `/files/cliScript/incremental`, LTRT-41760 section 6.2.2), with no reset. It is run if
 * the device does not hold one of its lines, read back, and saved. {@link FullCliScriptConfig} declares all of a device.
 *
 * Lines compare in their modes with what the device exports: comments, indentation, and a missing `exit` or
 * `activate` are no change. A line that the device refuses, or shows neither before nor after, is an error that names
 * it. A line that leaves the script stays on the device: only a `no` takes something away. `show` and other queries
 * run on each apply, and print to `output`.
 *
 * Throws RunError in the program for a script that cannot be sent, with its line and column.
 *
 * @example
 * ```ts
 * new CliScriptConfig("nat", {
 *   device: deviceFromConfig("sbc1"),
 *   script: fs.readFileSync("nat.cli", "utf8"),
 *   deleteScript: "configure network\n no nat-translation 0\n",
 * });
 * ```
 */
export class CliScriptConfig extends pulumi.dynamic.Resource {
  /** What Pulumi calls the type of this resource. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/mediant:CliScriptConfig";

  declare readonly device: pulumi.Output<pulumi.Unwrap<DeviceArgs>>;
  /** As declared or, after a refresh, with what the device has in place of the lines that changed. */
  declare readonly script: pulumi.Output<string>;
  declare readonly variables: pulumi.Output<Record<string, string | number> | undefined>;
  declare readonly atDefault: pulumi.Output<string[] | undefined>;
  declare readonly deleteScript: pulumi.Output<string | undefined>;
  declare readonly triggers: pulumi.Output<unknown[] | undefined>;
  declare readonly save: pulumi.Output<boolean | undefined>;
  declare readonly confirm: pulumi.Output<ConfirmArgs | undefined>;
  declare readonly restoreScript: pulumi.Output<string | undefined>;
  /** What the commands of the last run printed; empty if it did not have to run. A secret. */
  declare readonly output: pulumi.Output<string>;

  /** Whether a value is one, also if it comes from another copy of this package. */
  static override isInstance(value: unknown): value is CliScriptConfig {
    return isOfType(value, CliScriptConfig.__pulumiType);
  }

  constructor(name: string, args: CliScriptConfigArgs, opts?: pulumi.CustomResourceOptions) {
    const subject = resourceSubject("CliScriptConfig", name);
    refuseUnknownArguments(args, ARGUMENTS, subject);
    const { atDefault, triggers, save, confirm } = args;
    const device = deviceInput(args.device, subject);
    refuseScriptProblems(args, cliProblems, subject);
    const of: Registration = {
      type: "CliScriptConfig",
      provider,
      name,
      opts,
      inputs: {
        device,
        script: hiddenWhereSecret(args.script),
        variables: secretVariables(args),
        atDefault,
        deleteScript: args.deleteScript === undefined ? undefined : hiddenWhereSecret(args.deleteScript),
        triggers,
        save,
        confirm,
        restoreScript: args.restoreScript === undefined ? undefined : hiddenWhereSecret(args.restoreScript),
        __mediantSecrets: secretNames(args),
      },
      secretOutputs: ["output", "__mediantDeclared", "__mediantShown", "__mediantRefused"],
    };
    super(...registration(of));
    offerUnset(this, of);
    tellPlainSecret(args.script, this);
  }
}

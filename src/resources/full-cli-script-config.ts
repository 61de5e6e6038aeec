import * as pulumi from "@pulumi/pulumi";
import { fullCliProblems } from "../declare/cli";

import thunk = require("../thunks/full-cli-script-config");

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

/** The arguments of {@link FullCliScriptConfig}. */
export interface FullCliScriptConfigArgs {
  device: pulumi.Input<DeviceArgs>;
  /**
   * The whole configuration as CLI commands, as a device exports it (GET `/files/cliScript`) or a person writes it;
   * no `show` and no other query. A text is one value to the engine, which shows what changes in it line by line;
   * secrets belong into `variables`, for with a secret in plain text all of the script is one.
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
  /**
   * Allow a script that leaves out or changes the interface through which the device is reached, or the user
   * that this connection logs in with. Default: false.
   */
  allowLossOfAccess?: pulumi.Input<boolean>;
}

const ARGUMENTS: ArgumentNames<FullCliScriptConfigArgs> = {
  device: true,
  script: true,
  variables: true,
  atDefault: true,
  allowLossOfAccess: true,
};

/**
 * The whole configuration of a device as a CLI script (PUT `/files/cliScript`, LTRT-41760 section 6.2.1). What it
 * leaves out returns to its default, and **the device resets at once**: the API cannot let calls end first. The device
 * saves it by itself.
 *
 * A device that holds every line already is left alone. Everything that the device shows beside it later is drift. What
 * a load did not bring about is an error, and is not loaded again until the script changes. A device has one whole
 * configuration, or any number of incremental ones.
 *
 * Throws RunError in the program for a script that cannot be sent, with its line and column.
 *
 * @example
 * ```ts
 * new FullCliScriptConfig("whole", { device: deviceFromConfig("sbc1"), script: fs.readFileSync("sbc1.cli", "utf8") });
 * ```
 */
export class FullCliScriptConfig extends pulumi.dynamic.Resource {
  /** What Pulumi calls the type of this resource. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/mediant:FullCliScriptConfig";

  declare readonly device: pulumi.Output<pulumi.Unwrap<DeviceArgs>>;
  /** As declared or, after a refresh, with what the device has in place of the lines that changed and beside them. */
  declare readonly script: pulumi.Output<string>;
  declare readonly variables: pulumi.Output<Record<string, string | number> | undefined>;
  declare readonly atDefault: pulumi.Output<string[] | undefined>;
  declare readonly allowLossOfAccess: pulumi.Output<boolean | undefined>;
  /** What the device said to the last load; empty if it did not have to load. A secret. */
  declare readonly output: pulumi.Output<string>;

  /** Whether a value is one, also if it comes from another copy of this package. */
  static override isInstance(value: unknown): value is FullCliScriptConfig {
    return isOfType(value, FullCliScriptConfig.__pulumiType);
  }

  constructor(name: string, args: FullCliScriptConfigArgs, opts?: pulumi.CustomResourceOptions) {
    const subject = resourceSubject("FullCliScriptConfig", name);
    refuseUnknownArguments(args, ARGUMENTS, subject);
    const { atDefault, allowLossOfAccess } = args;
    const device = deviceInput(args.device, subject);
    refuseScriptProblems(args, fullCliProblems, subject);
    const of: Registration = {
      type: "FullCliScriptConfig",
      provider,
      name,
      opts,
      inputs: {
        device,
        script: hiddenWhereSecret(args.script),
        variables: secretVariables(args),
        atDefault,
        allowLossOfAccess,
        __mediantSecrets: secretNames(args),
      },
      secretOutputs: [
        "output",
        "__mediantDeclared",
        "__mediantShown",
        "__mediantRefused",
        "__mediantOwn",
        "__mediantPending",
        "__mediantTried",
      ],
    };
    super(...registration(of));
    offerUnset(this, of);
    tellPlainSecret(args.script, this);
  }
}

import * as pulumi from "@pulumi/pulumi";
import { holdsPlainSecret, variablesOfSecrets } from "../cli/declared";
import { cliProblems } from "../declare/cli";
import { UNKNOWN } from "../declare/unknown";

import thunk = require("../thunks/cli-script-config");

import { type DeviceArgs, deviceInput } from "./device";
import type { VariablesArg } from "./ini-placeholders";
import { isLate } from "./outputs";
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
   * `incremental`: the lines are run on the device as it is. `full`: the script is the whole configuration; loading
   * it resets the device. Default: `incremental`.
   */
  mode?: pulumi.Input<"incremental" | "full">;
  /** Commands that a delete runs; without them it leaves on the device what the script has set. */
  deleteScript?: pulumi.Input<string>;
  /** Any values; the script is run again whenever one of them changes, although nothing differs. */
  triggers?: pulumi.Input<pulumi.Input<unknown>[]>;
  /**
   * Whether a change is saved to flash, without which the device's next reset loses it (LTRT-41760 section 5.2).
   * It takes the whole device: resources that differ in it are refused. A `full` script is saved by the device.
   * Default: true.
   */
  save?: pulumi.Input<boolean>;
}

/**
 * A CLI script on a device (PUT `/files/cliScript/incremental`, LTRT-41760 section 6.2.2; in mode `full` PUT
 * `/files/cliScript`, section 6.2.1, which resets it). It is run where the device does not hold one of its lines,
 * read back, and saved.
 *
 * Lines compare in their modes with what the device exports: comments, indentation, and a missing `exit` or
 * `activate` are no change. A line that the device does not export (a default, a secret) is listed once as not
 * comparable; a row that is missing or a line that the device refuses is an error that names it. `show` and other
 * queries run on each apply, and print to `output`.
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
  declare readonly device: pulumi.Output<pulumi.Unwrap<DeviceArgs>>;
  /** As declared or, after a refresh, with what the device has in place of the lines that changed. */
  declare readonly script: pulumi.Output<string>;
  declare readonly variables: pulumi.Output<Record<string, string | number> | undefined>;
  declare readonly mode: pulumi.Output<"incremental" | "full" | undefined>;
  declare readonly deleteScript: pulumi.Output<string | undefined>;
  declare readonly triggers: pulumi.Output<unknown[] | undefined>;
  declare readonly save: pulumi.Output<boolean | undefined>;
  /** What the commands of the last run printed; empty where it did not have to run. A secret. */
  declare readonly output: pulumi.Output<string>;
  /** The form of the state. */
  declare readonly __mediantSchema: pulumi.Output<number>;

  constructor(name: string, args: CliScriptConfigArgs, opts?: pulumi.CustomResourceOptions) {
    const { mode, triggers, save } = args;
    const device = deviceInput(args.device);
    refuseProblems(args);
    super(
      provider,
      name,
      {
        device,
        script: hiddenWhereSecret(args.script),
        variables: secretVariables(args),
        mode,
        deleteScript: args.deleteScript === undefined ? undefined : hiddenWhereSecret(args.deleteScript),
        ...{ triggers, save },
        output: undefined,
        __mediantSchema: undefined,
        __mediantName: name,
        __mediantSecrets: secretNames(args),
        __mediantDeclared: undefined,
        __mediantShown: undefined,
        __mediantOwn: undefined,
        __mediantPending: undefined,
      },
      pulumi.mergeOptions(opts, { additionalSecretOutputs: SECRET_OUTPUTS }),
      "mediant",
      "CliScriptConfig",
    );
    if (typeof args.script === "string" && holdsPlainSecret(args.script))
      pulumi.log.info(
        "the script has a secret in plain text, so all of it is kept secret: use variables",
        this,
      );
  }
}

const SECRET_OUTPUTS = ["output", "__mediantDeclared", "__mediantShown", "__mediantOwn", "__mediantPending"];

/** What is known of the arguments is checked now; the rest, when it is known. */
function refuseProblems(args: CliScriptConfigArgs): void {
  const known = (value: unknown) => (isLate(value) ? UNKNOWN : value);
  const { script, mode, save, deleteScript } = args;
  const variables =
    isLate(args.variables) || args.variables === undefined ? args.variables : knownValues(args);
  const inputs = {
    // The device is checked by itself.
    device: { url: "https://localhost", username: "-", password: "-" },
    script: known(script),
    variables: known(variables),
    mode: known(mode),
    save: known(save),
    deleteScript: known(deleteScript),
    __mediantName: "",
  };
  const problems = cliProblems(inputs as Parameters<typeof cliProblems>[0]);
  if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
}

function knownValues({ variables }: CliScriptConfigArgs): Record<string, unknown> {
  const entries = Object.entries(variables as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name, isLate(value) ? UNKNOWN : value]));
}

function hiddenWhereSecret(script: pulumi.Input<string>): pulumi.Input<string> {
  const hidden = (text: string): pulumi.Input<string> =>
    holdsPlainSecret(text) ? pulumi.secret(text) : text;
  return isLate(script)
    ? pulumi.output(script).apply((text) => pulumi.output(hidden(text)))
    : hidden(script as string);
}

/** The variables, secret where the script has them in the place of a secret; all of them where that is not known. */
function secretVariables({ script, deleteScript, variables }: CliScriptConfigArgs): VariablesArg | undefined {
  if (variables === undefined || isLate(variables)) return variables;
  const late = isLate(script) || isLate(deleteScript);
  const names = late
    ? []
    : [script, deleteScript ?? ""].flatMap((text) => variablesOfSecrets(text as string));
  return Object.fromEntries(
    Object.entries(variables as Record<string, pulumi.Input<string | number>>).map(([name, value]) => [
      name,
      late || names.includes(name) ? pulumi.secret(value) : value,
    ]),
  );
}

/** The names of the variables that are secrets, for the engine hands over their values in plain. */
async function secretNames(args: CliScriptConfigArgs): Promise<string[] | undefined> {
  const variables = secretVariables(args);
  if (variables === undefined) return undefined;
  if (isLate(variables)) return (await pulumi.isSecret(pulumi.output(variables))) ? ["*"] : [];
  const entries = Object.entries(variables as Record<string, pulumi.Input<string | number>>);
  const secret = await Promise.all(
    entries.map(async ([name, value]) => ((await pulumi.isSecret(pulumi.output(value))) ? [name] : [])),
  );
  return secret.flat();
}

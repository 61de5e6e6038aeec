import * as pulumi from "@pulumi/pulumi";
import { withoutSecrets } from "../cli/changes";
import { compareScripts } from "../cli/compare";
import { type DeclaredScript, readDeclared, scriptProblems, variablesOfSecrets } from "../cli/declared";
import { CliSyntaxError } from "../cli/errors";
import { present } from "../declare/present";
import { THE_ONLY_ONE } from "../device/whole-document";
import { exportedScript } from "../reconcile/cli/exports";

import { strangerChanges, strangers } from "../reconcile/cli/full-turn";
import type { DeviceArgs } from "../resources/device";
import type { VariablesArg } from "../resources/ini-placeholders";
import { runError } from "../resources/run-error";
import { REDACTED } from "../secrets/values";
import { patchLine, unifiedPatch } from "../text/patch";
import { redact } from "../text/redact";
import { askedDevice } from "./asked-device";
import type { OutputArgs } from "./output-form";
import { type Resolved, resolveTracked } from "./resolve-tracked";
import { settledResources } from "./settled-resources";

/** The arguments of {@link getCliDiff}. */
export interface GetCliDiffArgs {
  device: DeviceArgs;
  script: string;
  /** Values for `{{name}}`. */
  variables?: Readonly<Record<string, string | number>>;
  /**
   * `incremental`: the lines of the script are compared, and nothing else. `full`: a whole configuration, so that
   * what it leaves out returns to its default or goes. Default: `incremental`.
   */
  mode?: "incremental" | "full";
}

/** The arguments of {@link getCliDiffOutput}. */
export interface GetCliDiffOutputArgs extends OutputArgs<Omit<GetCliDiffArgs, "variables">> {
  /** Values for `{{name}}`. */
  variables?: VariablesArg;
}

/** One line of the configuration that running the script would change. */
export interface CliScriptChange {
  /** `configure voip / proxy-set 3 / proxy-name`. */
  address: string;
  /**
   * What the device shows, `present` for a row; undefined if it shows nothing, or if the value is a secret. Of an
   * address with credentials these alone are left out.
   */
  before?: string;
  /** What is declared, in the same way; undefined if the script takes it away or leaves it out. */
  after?: string;
  kind: "add" | "change" | "remove";
  /** Whether the value is a secret: a declared one always counts as a change, for the device shows it obscured. */
  secret: boolean;
}

/** What running a script now would change on a device. */
export interface CliDiff {
  /** A line that the device does not export, since it is at its default, counts as one to add. */
  changes: CliScriptChange[];
  /** The same as a unified diff, a line each; secrets are redacted. Empty if nothing would change. */
  patch: string;
}

/**
 * What running a CLI script on a device would change now. The engine's first preview of a resource does not ask the
 * device; this does, in previews too, so a pull request can show the first change as well.
 *
 * @throws RunError for a script that cannot be sent, or arguments not known yet; DeviceError if the device cannot
 * be read
 * @example
 * ```ts
 * const { changes, patch } = await getCliDiff({ device, script: fs.readFileSync("nat.cli", "utf8") });
 * ```
 */
export function getCliDiff(args: GetCliDiffArgs): Promise<CliDiff> {
  return cliDiff(args);
}

/** Takes outputs as well: which of them are secret decides what is shown. */
async function cliDiff(args: GetCliDiffOutputArgs): Promise<CliDiff> {
  const [client, script, variables, mode] = await Promise.all([
    askedDevice(args.device, OUTPUT_FORM),
    resolveTracked(args.script, OUTPUT_FORM),
    resolveTracked(args.variables ?? {}, OUTPUT_FORM),
    resolveTracked(args.mode ?? "incremental", OUTPUT_FORM),
  ]);
  const whole = mode.value === "full";
  const declared = readArguments(script, variables, whole);
  const { script: device } = exportedScript(client.device, await client.cliScript(THE_ONLY_ONE));
  const beside = whole ? strangerChanges(strangers(device, declared)) : [];
  const all = withoutSecrets([...compareScripts(declared, device).changes, ...beside], declared);
  // A script that is a secret as a whole has no line that may be shown.
  const hidden = script.secretPaths.length > 0;
  const changes = all.map(({ address, before, after, secret }): CliScriptChange => {
    const kind = before === undefined ? "add" : after === undefined ? "remove" : "change";
    if (hidden || secret) return { address: hidden ? REDACTED : address, kind, secret: true };
    const shown = (value: string) => redact(value, declared.secrets);
    return present({
      address,
      before: before && shown(before),
      after: after && shown(after),
      kind,
      secret: [before, after].some((value) => value !== undefined && shown(value) !== value),
    });
  });
  const lines = changes.map((change) => patchLine(change));
  const { name } = client.connection;
  return { changes, patch: unifiedPatch(`${name} (now)`, `${name} (declared)`, lines) };
}

const OUTPUT_FORM = "getCliDiffOutput";

/** As {@link getCliDiff}, for a device or a script that is not known yet. */
export function getCliDiffOutput(
  args: GetCliDiffOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<CliDiff> {
  const everything = pulumi.all([
    args.device,
    args.script,
    args.variables,
    args.mode,
    settledResources(opts.dependsOn),
  ] as pulumi.Input<unknown>[]);
  // The answer is redacted, so it is no secret although it was made with some.
  return pulumi.unsecret(everything.apply(() => cliDiff(args)));
}

function readArguments(script: Resolved, variables: Resolved, whole: boolean): DeclaredScript {
  if (typeof script.value !== "string")
    throw runError('script must be a text: read a file with its encoding, as in readFileSync(path, "utf8")');
  const secretVariables = [
    ...variables.secretPaths.map(([name = "*"]) => name),
    ...variablesOfSecrets(script.value),
  ];
  try {
    const values = variables.value as Record<string, string | number>;
    const declared = readDeclared(script.value, { variables: values, secretVariables });
    const problems = scriptProblems(declared, whole).map((problem) => redact(problem, declared.secrets));
    if (problems.length > 0) throw runError(problems.join("\n"));
    return declared;
  } catch (error) {
    if (error instanceof CliSyntaxError) throw runError(`script: ${error.message}`);
    throw error;
  }
}

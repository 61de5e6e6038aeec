import * as pulumi from "@pulumi/pulumi";
import { holdsPlainSecret, variablesOfSecrets } from "../cli/declared";
import type { DeclaredCli } from "../declare/cli";
import { UNKNOWN } from "../declare/unknown";
import type { VariablesArg } from "./ini-placeholders";
import { isLate } from "./outputs";
import { refuseProblems, type Subject } from "./run-error";

/*
 * What the classes of CLI scripts have in common: which of their arguments are secrets, and what is checked early.
 */

/** The arguments that hold or fill a script. */
export interface ScriptArgs {
  script: pulumi.Input<string>;
  deleteScript?: pulumi.Input<string>;
  restoreScript?: pulumi.Input<string>;
  variables?: VariablesArg;
}

/**
 * What is known of the arguments is checked now; the rest, when it is known. The device is checked by itself.
 * @throws RunError
 */
export function refuseScriptProblems<Inputs extends DeclaredCli>(
  args: object & ScriptArgs,
  problemsOf: (inputs: Inputs) => string[],
  subject: Subject,
): void {
  const known = Object.entries(args).map(([name, value]) => [name, isLate(value) ? UNKNOWN : value]);
  const variables =
    isLate(args.variables) || args.variables === undefined ? args.variables : knownValues(args.variables);
  const inputs = {
    ...Object.fromEntries(known),
    device: { url: "https://localhost", username: "-", password: "-" },
    variables: isLate(variables) ? UNKNOWN : variables,
    __mediantName: "",
  };
  refuseProblems(problemsOf(inputs as unknown as Inputs), subject);
}

/** Says in the program's own log that a script is a secret as a whole. */
export function tellPlainSecret(script: pulumi.Input<string>, resource: pulumi.Resource): void {
  if (typeof script !== "string" || !holdsPlainSecret(script)) return;
  pulumi.log.info(
    "the script has a secret in plain text, so all of it is kept secret: use variables",
    resource,
  );
}

function knownValues(variables: VariablesArg): Record<string, unknown> {
  const entries = Object.entries(variables as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name, isLate(value) ? UNKNOWN : value]));
}

export function hiddenWhereSecret(script: pulumi.Input<string>): pulumi.Input<string> {
  const hidden = (text: string): pulumi.Input<string> =>
    holdsPlainSecret(text) ? pulumi.secret(text) : text;
  return isLate(script)
    ? pulumi.output(script).apply((text) => pulumi.output(hidden(text)))
    : hidden(script as string);
}

/** The variables, secret where the script has them in the place of a secret; all of them where that is not known. */
export function secretVariables({
  script,
  deleteScript = "",
  restoreScript = "",
  variables,
}: ScriptArgs): VariablesArg | undefined {
  if (variables === undefined || isLate(variables)) return variables;
  const texts = [script, deleteScript, restoreScript];
  const late = texts.some(isLate);
  const names = late ? [] : texts.flatMap((text) => variablesOfSecrets(text as string));
  return Object.fromEntries(
    Object.entries(variables as Record<string, pulumi.Input<string | number>>).map(([name, value]) => [
      name,
      late || names.includes(name) ? pulumi.secret(value) : value,
    ]),
  );
}

/** The names of the variables that are secrets, for the engine hands over their values in plain. */
export async function secretNames(args: ScriptArgs): Promise<string[] | undefined> {
  const variables = secretVariables(args);
  if (variables === undefined) return undefined;
  if (isLate(variables)) return (await pulumi.isSecret(pulumi.output(variables))) ? ["*"] : [];
  const entries = Object.entries(variables as Record<string, pulumi.Input<string | number>>);
  const secret = await Promise.all(
    entries.map(async ([name, value]) => ((await pulumi.isSecret(pulumi.output(value))) ? [name] : [])),
  );
  return secret.flat();
}

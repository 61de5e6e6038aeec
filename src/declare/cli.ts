import { addressOf, valueText } from "../cli/compare";
import { type DeclaredScript, readDeclared, type ScriptVariables, scriptProblems } from "../cli/declared";
import { CliSyntaxError } from "../cli/errors";
import type { Configuration, Value } from "../ini/configuration";
import { placeholders } from "../ini/variables";
import { IS_MARK, isMark } from "../secrets/values";
import { safeLine } from "../text/describe";
import { redact } from "../text/redact";
import { type ConfirmArgs, confirmProblems } from "./checks";
import { checkSettings, type DeviceSettings } from "./device";
import { flagProblems, isUnknown } from "./unknown";

/** What both classes of CLI scripts send. */
export interface DeclaredCli {
  device: DeviceSettings;
  /** As the user wrote it: placeholders stay, so that the text can be shown. */
  script: string;
  variables?: Record<string, string | number>;
  /** Lines that the device does not show because they are at their default or withheld; `*` stands for all. */
  atDefault?: string[];
  __mediantName: string;
  /** Where it stands below components, as `type/name`. */
  __mediantParent?: string;
  /** The variables whose values the program marked as secrets; `*` stands for all. */
  __mediantSecrets?: string[];
  /** The thunk's text: a partial state must carry it, or it could not be refreshed. */
  __provider?: string;
}

/** What `CliScriptConfig` sends. */
export interface CliScriptInputs extends DeclaredCli {
  deleteScript?: string;
  /** What takes a change back that was not confirmed, as far as the ini cannot. */
  restoreScript?: string;
  triggers?: unknown[];
  save?: boolean;
  confirm?: ConfirmArgs;
}

/** What `FullCliScriptConfig` sends. */
export interface FullCliScriptInputs extends DeclaredCli {
  allowLossOfAccess?: boolean;
}

type ScriptInputs = Pick<DeclaredCli, "variables" | "__mediantSecrets">;

/** A script of a state or of inputs, read. @throws CliSyntaxError */
export function scriptOf(inputs: ScriptInputs, written: string, tolerant = false): DeclaredScript {
  const { variables = {}, __mediantSecrets: secretVariables = [] } = inputs;
  return readDeclared(written, { variables: variables as ScriptVariables, secretVariables, tolerant });
}

/** Whether a script and all values for it are known. */
export function isKnownScript(inputs: ScriptInputs, written: unknown): boolean {
  const { variables = {}, __mediantSecrets = [] } = inputs;
  const parts = [written, variables, ...Object.values(variables), __mediantSecrets, ...__mediantSecrets];
  return !parts.some(isUnknown);
}

/** What is wrong with the inputs of an incremental script, one sentence each, without their values. No I/O. */
export function cliProblems(inputs: CliScriptInputs): string[] {
  const { save, deleteScript, restoreScript, confirm } = inputs;
  const problems = [
    ...sharedProblems(inputs),
    ...flagProblems({ save }, "save"),
    ...confirmProblems(confirm),
  ];
  if (problems.length > 0) return problems;
  problems.push(...problemsOf(inputs, inputs.script, "script", false));
  if (deleteScript !== undefined) problems.push(...problemsOf(inputs, deleteScript, "deleteScript", false));
  if (restoreScript !== undefined)
    problems.push(...problemsOf(inputs, restoreScript, "restoreScript", false));
  if (restoreScript !== undefined && confirm === undefined)
    problems.push("restoreScript belongs to confirm: without it nothing is put back");
  return [...problems, ...unusedVariables(inputs, inputs.script, deleteScript, restoreScript)];
}

/** The same of a whole script. */
export function fullCliProblems(inputs: FullCliScriptInputs): string[] {
  const { allowLossOfAccess } = inputs;
  const problems = [...sharedProblems(inputs), ...flagProblems({ allowLossOfAccess }, "allowLossOfAccess")];
  if (problems.length > 0) return problems;
  return [...problemsOf(inputs, inputs.script, "script", true), ...unusedVariables(inputs, inputs.script)];
}

function sharedProblems({ device, variables, atDefault }: DeclaredCli): string[] {
  const problems = checkSettings(device, "device", isUnknown);
  if (variables !== undefined && !isUnknown(variables)) problems.push(...variableProblems(variables));
  if (atDefault !== undefined && !isUnknown(atDefault)) {
    const texts = Array.isArray(atDefault) && atDefault.every((line) => typeof line === "string");
    if (!texts)
      problems.push('atDefault must be a list of lines, as in ["configure voip / proxy-set 3 / name"]');
  }
  return problems;
}

function variableProblems(variables: Record<string, unknown>): string[] {
  if (typeof variables !== "object" || variables === null) return ["variables must be an object"];
  return Object.entries(variables).flatMap(([name, value]) =>
    typeof value === "string" || Number.isFinite(value)
      ? []
      : [`variables.${safeLine(name)} must be a string or a number`],
  );
}

/** Variables that no script asks for: a name is misspelt, or left over. */
function unusedVariables({ variables }: ScriptInputs, ...scripts: readonly unknown[]): string[] {
  if (variables === undefined || isUnknown(variables) || scripts.some(isUnknown)) return [];
  const asked = new Set(
    scripts.flatMap((script) => (typeof script === "string" ? placeholders(script) : [])),
  );
  return Object.keys(variables)
    .filter((name) => !asked.has(name))
    .map((name) => `variables.${safeLine(name)} is not used: nothing asks for {{${name}}}`);
}

function problemsOf(inputs: ScriptInputs, written: unknown, argument: string, whole: boolean): string[] {
  if (typeof written !== "string")
    return [`${argument} must be a text: read a file with its encoding, as in readFileSync(path, "utf8")`];
  // A value that is to come may make a row's index: what a stand-in breaks is looked at again when it is there.
  if (!isKnownScript(inputs, written)) return [];
  try {
    const script = scriptOf(inputs, written);
    const problems = scriptProblems(script, whole).map((problem) => redact(problem, script.secrets));
    for (const { mode, name, args } of script.lines)
      if (args.some(isMark)) problems.push(`${safeLine([...mode, name].join(" / "))} ${IS_MARK}`);
    return problems.map((problem) => `${argument}: ${problem}`);
  } catch (error) {
    if (!(error instanceof CliSyntaxError)) throw error;
    return [`${argument}: ${error.message}`];
  }
}

/**
 * A script in the shape in which the resources of a run are compared with each other: a value for each address.
 * Nothing says which ini parameter a CLI line sets, so a script and an ini are never found to agree.
 */
export function addressesOf(script: DeclaredScript): Configuration {
  const parameters: Record<string, Value> = {};
  for (const line of script.lines) {
    // That a mode or a row is entered is no claim on it: others may set what else is in it.
    if (line.opens !== undefined) continue;
    const address = addressOf({
      ...line,
      negated: false,
      opens: line.negated ? "row" : undefined,
    });
    const value = line.negated ? "no" : valueText(line);
    const earlier = parameters[address];
    parameters[address] = earlier === undefined ? value : [earlier, value].flat();
  }
  return { parameters, tables: {} };
}

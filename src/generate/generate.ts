import { placeholders } from "../ini/variables";
import { declarationsOf, TYPES_FILE } from "../types/declarations";
import { type Adoption, adopt } from "./adopt";
import { mismatches } from "./check";
import { iniFile } from "./ini-file";
import { dependencies } from "./layout";
import { programText } from "./program";
import {
  type DeviceEntry,
  firstSteps,
  GITIGNORE,
  gitignore,
  type ProjectOptions,
  packageJson,
  pulumiYaml,
  readDevice,
  readme,
  SECRETS_FILE,
  stackName,
  stackYaml,
  tsconfigJson,
} from "./project";
import { OPEN_BRACES, type Values } from "./values";

export interface GenerateOptions {
  device: DeviceEntry;
  /** As whom the device is reached: this user's row is not declared. */
  username: string;
  /** The device's ini. */
  dump: string;
  /** The same read once more, which tells the secrets that a device obscures anew each time. Default: `dump`. */
  again?: string;
  /** Of this package. */
  version: string;
  /** An import file is written as well; whether it holds the password that the device was reached with. */
  imports?: { password: boolean };
}

export interface GeneratedFile {
  /** Relative, with slashes. */
  path: string;
  text: string;
  /** What it is to be kept from others' eyes for; only the owner may read it. */
  secret?: true;
}

export interface GeneratedProgram {
  files: GeneratedFile[];
  /** The file of the stack's configuration, which a person may have gone on with since. */
  stackFile: string;
  /** Commands that lead to the first update. */
  steps: string[];
  /** What is not declared, and why. */
  leftOut: string[];
  /** The device as `deviceFromConfig` reads it from {@link stackFile}, without the password. */
  device: DeviceEntry;
  /** What the program declares. */
  resources: GeneratedResource[];
}

/** An `IncrementalIniConfig` of the program. */
export interface GeneratedResource {
  name: string;
  ini: string;
  /** What its text asks for: as one secret, as soon as a secret is among it. */
  variables?: { values: Record<string, string>; secret: boolean };
}

/**
 * A Pulumi program that declares what a device holds: an update with it adopts and changes nothing. The same
 * configuration gives the same files.
 *
 * @throws Error if the ini shows nothing that could be declared
 */
export function generateProgram(options: GenerateOptions): GeneratedProgram {
  const { device, username, dump, again = dump, version, imports } = options;
  const { leftOut, ...adoption } = adopt(dump, again, username);
  const { parts, values } = adoption;
  if (parts.length === 0) throw new Error("the device's ini shows nothing that could be declared");
  const stack = stackName(device.name);
  const groups = parts.map(({ group }) => group);
  const inis = parts.map((part) => ({ group: part.group, text: iniFile(part) }));
  refuseMismatches(adoption, inis);
  const hasSecrets = values.secrets.size > 0;
  const about: ProjectOptions = { device, version, stack, files: groups, hasSecrets, leftOut, imports };
  const resources = inis.map(({ group, text }) => ({
    name: group.name,
    after: dependencies(group, groups).map(({ name }) => name),
    variables: placeholders(text),
  }));
  const stackFile = `Pulumi.${stack}.yaml`;
  const secrets = `${JSON.stringify(Object.fromEntries(values.secrets), undefined, 2)}\n`;
  return {
    files: [
      { path: GITIGNORE, text: gitignore(about) },
      { path: "Pulumi.yaml", text: pulumiYaml(about) },
      { path: stackFile, text: stackYaml(about) },
      { path: "README.md", text: readme(about) },
      { path: "index.ts", text: programText({ device: device.name, folder: stack, resources }) },
      { path: "package.json", text: packageJson(about) },
      { path: TYPES_FILE, text: declarationsOf([{ name: device.name, text: dump }]) },
      { path: "tsconfig.json", text: tsconfigJson() },
      ...inis.map(({ group, text }) => ({ path: `${stack}/${group.name}.ini`, text })),
      ...(hasSecrets ? [{ path: SECRETS_FILE, text: secrets, secret: true as const }] : []),
    ],
    stackFile,
    steps: firstSteps(about),
    leftOut,
    device: readDevice(device),
    resources: inis.map(({ group, text }) => generated(group.name, text, values)),
  };
}

/** A resource with its variables as the text of the program gives them. */
function generated(name: string, ini: string, values: Values): GeneratedResource {
  const asked = placeholders(ini);
  if (asked.length === 0) return { name, ini };
  const secret = asked.some((variable) => variable !== OPEN_BRACES);
  const entries = secret ? [...values.secrets] : [];
  if (asked.includes(OPEN_BRACES)) entries.push([OPEN_BRACES, "{{"]);
  return { name, ini, variables: { values: Object.fromEntries(entries), secret } };
}

/** Nothing is better than a program whose first update would change the device. */
function refuseMismatches(
  { observed, undeclared, values }: Omit<Adoption, "leftOut">,
  inis: readonly { text: string }[],
): void {
  const texts = inis.map(({ text }) => text);
  const [first] = mismatches(observed, texts, values.variables, undeclared);
  if (first !== undefined) {
    throw new Error(`internal error: the program would not say what the device shows at ${first}`);
  }
}

import { OPEN_BRACES } from "./values";

/** One `IncrementalIniConfig` of a program. */
export interface ProgramResource {
  /** Of the resource, its variable and its file. */
  name: string;
  /** The names of the resources that it depends on. */
  after: readonly string[];
  /** The variables for which its ini text asks. */
  variables: readonly string[];
}

export interface ProgramOptions {
  /** The device's entry in the stack's configuration. */
  device: string;
  /** The folder of the ini files, beside the program. */
  folder: string;
  resources: readonly ProgramResource[];
}

const LINE_WIDTH = 110;

/** The text of `index.ts`. */
export function programText({ device, folder, resources }: ProgramOptions): string {
  const usesSecrets = resources.some(({ variables }) => variables.some((name) => name !== OPEN_BRACES));
  const lines = [
    'import { readFileSync } from "node:fs";',
    'import { join } from "node:path";',
    ...(usesSecrets ? ['import * as pulumi from "@pulumi/pulumi";'] : []),
    'import { deviceFromConfig, IncrementalIniConfig } from "pulumi-mediant";',
    "",
    `const device = deviceFromConfig(${JSON.stringify(device)});`,
    ...(usesSecrets
      ? [
          "",
          "// The values for the {{name}} in the ini files: an object, kept as one secret of the stack's configuration.",
          'const secrets = new pulumi.Config().requireSecretObject<Record<string, string>>("secrets");',
        ]
      : []),
    "",
    "function ini(file: string): string {",
    `  return readFileSync(join(__dirname, ${JSON.stringify(folder)}, file), "utf8");`,
    "}",
    "",
    ...resources.map((resource) => statement(resource, resources)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function statement(resource: ProgramResource, all: readonly ProgramResource[]): string {
  const { name, after } = resource;
  const isNamed = all.some((other) => other.after.includes(name));
  const head = `${isNamed ? `const ${name} = ` : ""}new IncrementalIniConfig(`;
  const parts = [JSON.stringify(name), `{ ${properties(resource).join(", ")} }`];
  if (after.length > 0) parts.push(`{ dependsOn: [${after.join(", ")}] }`);
  const line = `${head}${parts.join(", ")});`;
  return line.length <= LINE_WIDTH ? line : `${head}\n${parts.map((part) => `  ${part},\n`).join("")});`;
}

function properties({ name, variables }: ProgramResource): string[] {
  const secret = variables.some((variable) => variable !== OPEN_BRACES);
  // Text of the device that looks like a placeholder, and is none.
  const braces = variables.includes(OPEN_BRACES) ? `${OPEN_BRACES}: "{{"` : undefined;
  const values =
    braces === undefined
      ? "secrets"
      : secret
        ? `secrets.apply((known) => ({ ...known, ${braces} }))`
        : `{ ${braces} }`;
  return [
    "device",
    `ini: ini(${JSON.stringify(`${name}.ini`)})`,
    ...(variables.length > 0 ? [`variables: ${values}`] : []),
  ];
}

import { setCommand } from "../declare/stack-setting";
import { shellQuoted } from "../text/shell";
import { TYPES_FILE } from "../types/declarations";

/** How the program reaches the device; nothing of it is secret. */
export interface DeviceEntry {
  name: string;
  url?: string;
  profile?: string;
  username?: string;
  tls?: { ca?: string; fingerprint256?: string; servername?: string; insecureSkipVerify?: boolean };
  allowHttp?: boolean;
}

/** What the files around a program need to know of it. */
export interface ProjectOptions {
  device: DeviceEntry;
  /** Of this package. */
  version: string;
  /** Of the stack, and of the folder of the ini files. */
  stack: string;
  /** The ini files with what stands in them. */
  files: readonly { name: string; about: string }[];
  hasSecrets: boolean;
  /** What is not declared, and why. */
  leftOut: readonly string[];
  /** There is an import file; whether it holds the password that the device was reached with. */
  imports?: { password: boolean } | undefined;
}

/** The file that holds the secrets until they are in the stack. */
export const SECRETS_FILE = "secrets.json";

/** The file with which `pulumi import` takes the program's resources into a state. */
export const IMPORT_FILE = "import.json";

/** The first version of Pulumi's CLI that takes such a file. */
export const IMPORTING_CLI = "3.254";

export const GITIGNORE = ".gitignore";

/** A device's name as a stack and a folder may be called. */
export function stackName(device: string): string {
  const name = device.replace(/[^A-Za-z0-9_.-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return name.slice(0, 80) || "device";
}

function projectName(stack: string): string {
  return `mediant-${stack.toLowerCase()}`;
}

export function packageJson({ stack, version }: ProjectOptions): string {
  const manifest = {
    name: projectName(stack),
    private: true,
    main: "index.ts",
    dependencies: { "@pulumi/pulumi": "^3.248.0", "pulumi-mediant": `^${version}` },
    devDependencies: { "@types/node": "^20.19.0", typescript: "^5.9.0" },
  };
  return json(manifest);
}

export function tsconfigJson(): string {
  return json({
    compilerOptions: {
      target: "ES2022",
      module: "node16",
      moduleResolution: "node16",
      types: ["node"],
      strict: true,
      skipLibCheck: true,
    },
    files: ["index.ts", TYPES_FILE],
  });
}

export function pulumiYaml({ device, stack }: ProjectOptions): string {
  return `name: ${projectName(stack)}
description: ${JSON.stringify(`The configuration of ${device.name}`)}
runtime: nodejs
# A plain preview compares with the last known state alone; only a refresh sees what someone changed by hand.
options:
  refresh: always
`;
}

/** The stack's configuration, as far as it is no secret. */
export function stackYaml({ device: { name, ...settings } }: ProjectOptions): string {
  const tls = trustOf(settings);
  const devices = { [JSON.stringify(name)]: { ...settings, tls } };
  return yamlLines({ config: { "mediant:devices": devices } })
    .map((line) => `${line}\n`)
    .join("");
}

/** The device as it is read from {@link stackYaml}. */
export function readDevice(device: DeviceEntry): DeviceEntry {
  const tls = trustOf(device);
  const { ca } = tls ?? {};
  // A block of YAML ends in a line end.
  const read = { ...device, tls: ca === undefined ? tls : { ...tls, ca: `${ca}\n` } };
  return JSON.parse(JSON.stringify(read)) as DeviceEntry;
}

function trustOf({ tls = {} }: Pick<DeviceEntry, "tls">): DeviceEntry["tls"] {
  const trust = { ...tls, ca: tls.ca === undefined ? undefined : certificates(tls.ca) };
  return Object.values(trust).every((value) => value === undefined) ? undefined : trust;
}

/** JSON text is YAML; a text of several lines is easier on the eye as a block. */
function yamlLines(entries: object, indent = ""): string[] {
  return Object.entries(entries).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (typeof value === "object") return [`${indent}${key}:`, ...yamlLines(value, `${indent}  `)];
    const lines = String(value).split("\n");
    if (lines.length === 1) return [`${indent}${key}: ${JSON.stringify(value)}`];
    return [`${indent}${key}: |`, ...lines.map((line) => `${indent}  ${line}`)];
  });
}

/** A PEM file may hold notes beside its certificates. */
function certificates(pem: string): string {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const lines = blocks.flatMap((block) => block.split(/[\r\n]/));
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}

export function gitignore({ hasSecrets, imports }: ProjectOptions): string {
  const files = [hasSecrets ? SECRETS_FILE : undefined, imports && IMPORT_FILE];
  return ["node_modules/", ...files].map((file) => (file === undefined ? "" : `${file}\n`)).join("");
}

/** Commands that bring the program to its first update, or into a state without one. */
export function firstSteps({ device, stack, hasSecrets, imports }: ProjectOptions): string[] {
  const asks = imports === undefined ? device.profile === undefined : imports.password;
  return [
    "npm install",
    `pulumi stack init ${stack}`,
    ...(asks ? [setCommand(device.name, "password")] : []),
    ...(hasSecrets ? [`pulumi config set --secret secrets < ${SECRETS_FILE} && rm ${SECRETS_FILE}`] : []),
    imports === undefined
      ? "pulumi up"
      : `pulumi import --file ${IMPORT_FILE} --protect=false --generate-code=false --yes && rm ${IMPORT_FILE}`,
    "pulumi preview --refresh --expect-no-changes",
  ];
}

/** A text as one word of a shell. */
export function shellText(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : shellQuoted(text);
}

export function readme(options: ProjectOptions): string {
  const { device, stack, files, hasSecrets, leftOut, imports } = options;
  return [
    `# ${device.name}`,
    "The configuration of this device as a Pulumi program: what it held when the program was generated.",
    "## First",
    ["```sh", ...firstSteps(options), "```"].join("\n"),
    `${imports === undefined ? ADOPTS : importsWords(imports)} The last command is the check for changes by hand: it ` +
      "exits 0, and with 7 as soon as somebody changed something that is declared here.",
    ...(device.profile === undefined && imports === undefined
      ? [
          "Where `$MEDIANT_PASSWORD` is set, or a profile of the credentials file is named in place of the user, " +
            "the password need not be in the stack.",
        ]
      : []),
    ...(hasSecrets
      ? [
          `\`${SECRETS_FILE}\` holds the device's secrets as it shows them, which can be turned back into plain text. ` +
            "It is not for git: delete it once it is in the stack. In the ini files `{{name}}` stands for a secret. " +
            `To change one, plain or obscured, write them out with \`(umask 077; pulumi config get secrets > ${SECRETS_FILE})\`, ` +
            "and load them again as above.",
        ]
      : []),
    "## What is where",
    files.map(({ name, about }) => `- \`${stack}/${name}.ini\`: ${about.replace(/^[^:]*: /, "")}`).join("\n"),
    "Rows that somebody adds to a table are not seen unless its resource lists the table in `ownTables`.",
    ...(leftOut.length > 0 ? ["## What is not declared", leftOut.map((one) => `- ${one}`).join("\n")] : []),
  ]
    .map((paragraph) => `${paragraph}\n`)
    .join("\n");
}

const ADOPTS = "The first update adopts what the device holds and uploads nothing.";

function importsWords({ password }: { password: boolean }): string {
  return (
    `\`pulumi import\` takes what the device holds into the state and asks it nothing. It needs Pulumi ${IMPORTING_CLI} or ` +
    "later; with an earlier one leave it out, and `pulumi up` adopts the same and uploads nothing. " +
    `\`${IMPORT_FILE}\` holds the device's secrets in clear${password ? ", its password among them" : ""}: it is not for ` +
    `git, and is deleted once it is imported.${password ? "" : ` ${FROM_ENVIRONMENT}`}`
  );
}

const FROM_ENVIRONMENT =
  "The password is in no file and not in the state: Pulumi finds it where it was found, in the profile or in " +
  "`$MEDIANT_PASSWORD`.";

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

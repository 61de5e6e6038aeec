import { setCommand } from "../declare/stack-setting";
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
}

/** The file that holds the secrets until they are in the stack. */
export const SECRETS_FILE = "secrets.json";

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
export function stackYaml({ device: { name, tls = {}, ...settings } }: ProjectOptions): string {
  const trust = { ...tls, ca: tls.ca === undefined ? undefined : certificates(tls.ca) };
  const isEmpty = Object.values(trust).every((value) => value === undefined);
  const devices = { [JSON.stringify(name)]: { ...settings, tls: isEmpty ? undefined : trust } };
  return yamlLines({ config: { "mediant:devices": devices } })
    .map((line) => `${line}\n`)
    .join("");
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

export function gitignore({ hasSecrets }: ProjectOptions): string {
  return `node_modules/\n${hasSecrets ? `${SECRETS_FILE}\n` : ""}`;
}

/** Commands that bring the program to its first update. */
export function firstSteps({ device, stack, hasSecrets }: ProjectOptions): string[] {
  return [
    "npm install",
    `pulumi stack init ${stack}`,
    ...(device.profile === undefined ? [setCommand(device.name, "password")] : []),
    ...(hasSecrets ? [`pulumi config set --secret secrets < ${SECRETS_FILE} && rm ${SECRETS_FILE}`] : []),
    "pulumi up",
    "pulumi preview --refresh --expect-no-changes",
  ];
}

/** A text as one word of a shell. */
export function shellText(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function readme(options: ProjectOptions): string {
  const { device, stack, files, hasSecrets, leftOut } = options;
  return [
    `# ${device.name}`,
    "The configuration of this device as a Pulumi program: what it held when the program was generated.",
    "## First",
    ["```sh", ...firstSteps(options), "```"].join("\n"),
    "The first update adopts what the device holds and uploads nothing. The last command is the check for changes by " +
      "hand: it exits 0, and with 7 as soon as somebody changed something that is declared here.",
    ...(device.profile === undefined
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

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

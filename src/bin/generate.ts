import { Command } from "commander";
import { present } from "../declare/present";
import type { DeviceStatus } from "../device/answers/status";
import type { Connection } from "../device/connect/connection";
import { type Doubt, THE_ONLY_ONE } from "../device/whole-document";
import { type GeneratedFile, type GeneratedProgram, generateProgram } from "../generate/generate";
import {
  type DeviceEntry,
  GITIGNORE,
  IMPORT_FILE,
  IMPORTING_CLI,
  shellText,
  stackName,
} from "../generate/project";
import { decodeIni } from "../ini/encoding";
import { observe } from "../ini/observe";
import { holdsObscured } from "../secrets/values";
import { type ConnectionOptions, clientOf, connectionOf, withConnection, withSigns } from "./connection";
import { checkFolder, textIn, writeFolder } from "./folder";
import { cliVersion, takesImports } from "./pulumi-cli";
import { progress, say } from "./terminal";

interface GenerateCommandOptions extends ConnectionOptions {
  out: string;
  force?: boolean;
  import?: boolean;
}

/**
 * `pulumi-mediant generate`: a Pulumi program that declares what a live device holds. It sends GETs only.
 * @param version of this package
 */
export function generateCommand(version: string): Command {
  const command = new Command("generate")
    .description(
      "Write a Pulumi program that declares what a device holds, so that its first update adopts it",
    )
    .requiredOption("--out <folder>", "where the program goes; it is made if it does not exist")
    .option(
      "--import",
      `also write a file for pulumi import --file (Pulumi ${IMPORTING_CLI} or later), in place of an up`,
    )
    .option("--force", "write into a folder that is not empty; the stack's configuration there stays");
  return withConnection(command, [
    "generate --url https://sbc1.example.com --name sbc1 --username Admin --out sbc1",
    "generate --profile sbc1 --out sbc1",
    "generate --profile sbc1 --out sbc1 --import",
  ]).action((options: GenerateCommandOptions) => generate(options, version));
}

async function generate(options: GenerateCommandOptions, version: string): Promise<void> {
  await checkFolder(options.out, options.force);
  const connection = await connectionOf(options);
  const client = clientOf(connection);
  progress(`[${connection.name}] reading the configuration`);
  // A file that is cut between two tables looks whole, and a program for half a device looks right.
  const read = async (doubt?: Doubt) => decodeIni(await withSigns(connection.name, client.ini(doubt))).text;
  const device = deviceEntry(options, connection);
  const dump = await read(THE_ONLY_ONE);
  // A secret that is shown in another form then cannot be compared.
  const again = holdsObscured(dump) ? await read() : dump;
  const { username } = connection;
  const imports = options.import ? { password: isAskedFor(options) } : undefined;
  const program = generateProgram({ device, username, dump, again, version, ...present({ imports }) });
  const status = imports === undefined ? undefined : await client.seen();
  const taken = status && (await importedFile(program, { dump, status, connection, ...imports }));
  const rules = { replace: options.force, keep: [program.stackFile] };
  const files = await withOwnIgnored(options.out, [...program.files, ...(taken ? [taken] : [])]);
  const written = await writeFolder(options.out, files, rules);
  const notes = status === undefined ? [] : await importNotes(status, imports?.password === true);
  say([summary(options.out, written, program), ...notes].join("\n"));
}

/** Whether the password was typed in: what the environment or a profile has stays there. */
function isAskedFor({ profile }: ConnectionOptions): boolean {
  return profile === undefined && !process.env["MEDIANT_PASSWORD"];
}

/** The file for `pulumi import`. */
async function importedFile(
  { device, resources }: GeneratedProgram,
  seen: { dump: string; status: DeviceStatus; connection: Connection; password?: boolean },
): Promise<GeneratedFile> {
  // It needs Pulumi's SDK, which is slow to load.
  const { importFile } = require("../imports/import-file") as typeof import("../imports/import-file");
  const { dump, status, connection } = seen;
  const args = { ...device, ...present({ password: seen.password ? connection.password : undefined }) };
  const text = await importFile({ device: args, resources }, { observed: observe(dump), status });
  return { path: IMPORT_FILE, text, secret: true };
}

/** What a person has to know before the import. */
async function importNotes({ saveNeeded }: DeviceStatus, password: boolean): Promise<string[]> {
  const cli = await cliVersion();
  const secrets = `the device's secrets in clear${password ? ", its password among them" : ""}`;
  return [
    "",
    `${IMPORT_FILE} holds ${secrets}: it is readable by its owner alone; delete it after the import.`,
    ...(cli === undefined || takesImports(cli) ? [] : [tooOld(cli)]),
    ...(saveNeeded === false ? [] : [`${saveNeeded ? UNSAVED : SILENT}, and an import saves nothing.`]),
  ];
}

const UNSAVED = "The device holds changes that are not saved";
const SILENT = "This firmware does not tell whether the device's configuration is saved";

function tooOld(cli: string): string {
  return (
    `Pulumi on this machine is ${cli}, and this file needs ${IMPORTING_CLI} or later: update it, or leave the import ` +
    "out and run pulumi up, which adopts the same and uploads nothing."
  );
}

/** What git ignored before stays ignored: it may be what holds secrets. */
async function withOwnIgnored(out: string, files: readonly GeneratedFile[]): Promise<GeneratedFile[]> {
  const own = await textIn(out, GITIGNORE);
  if (own === undefined) return [...files];
  const lines = own.split(/\r?\n/);
  const last = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  return files.map((file) => {
    if (file.path !== GITIGNORE) return file;
    const more = file.text.split("\n").filter((line) => line !== "" && !lines.includes(line));
    return { ...file, text: [...last, ...more].map((line) => `${line}\n`).join("") };
  });
}

/** What the stack's configuration says of the device: as it was reached now, without the password. */
function deviceEntry(options: ConnectionOptions, connection: Connection): DeviceEntry {
  const { url, profile, username, ca, fingerprint, servername, insecureSkipVerify, allowHttp } = options;
  return {
    // What the device is called decides the ids of all resources, so it is said even where it is the default.
    name: options.name ?? stackName(connection.name),
    url: profile === undefined ? connection.origin : url,
    profile,
    username: profile === undefined ? connection.username : username,
    allowHttp,
    tls: {
      ca: ca === undefined ? undefined : connection.tls.ca,
      fingerprint256: fingerprint,
      servername,
      insecureSkipVerify,
    },
  };
}

function summary(
  out: string,
  written: readonly GeneratedFile[],
  { steps, leftOut }: GeneratedProgram,
): string {
  const notes = leftOut.length === 0 ? [] : ["", "Not declared:", ...leftOut.map((one) => `  ${one}`)];
  return [
    `Written to ${out}:`,
    ...written.map(({ path, secret }) => `  ${path}${secret ? " (secret: not for git)" : ""}`),
    ...notes,
    "",
    "Next:",
    `  cd ${shellText(out)}`,
    ...steps.map((step) => `  ${step}`),
  ].join("\n");
}

import { Command } from "commander";
import type { Connection } from "../device/connect/connection";
import { type Doubt, THE_ONLY_ONE } from "../device/whole-document";
import { type GeneratedFile, type GeneratedProgram, generateProgram } from "../generate/generate";
import { type DeviceEntry, GITIGNORE, shellText, stackName } from "../generate/project";
import { decodeIni } from "../ini/encoding";
import { holdsObscured } from "../secrets/values";
import { type ConnectionOptions, clientOf, connectionOf, withConnection, withSigns } from "./connection";
import { checkFolder, textIn, writeFolder } from "./folder";
import { progress, say } from "./terminal";

interface GenerateCommandOptions extends ConnectionOptions {
  out: string;
  force?: boolean;
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
    .option("--force", "write into a folder that is not empty; the stack's configuration there stays");
  return withConnection(command, [
    "generate --url https://sbc1.example.com --name sbc1 --username Admin --out sbc1",
    "generate --profile sbc1 --out sbc1",
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
  const program = generateProgram({ device, username, dump, again, version });
  const rules = { replace: options.force, keep: [program.stackFile] };
  const files = await withOwnIgnored(options.out, program.files);
  const written = await writeFolder(options.out, files, rules);
  say(summary(options.out, written, program));
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

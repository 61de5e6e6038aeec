import { join } from "node:path";
import { Command } from "commander";
import { steadyScript } from "../backup/cli";
import { steadyIni } from "../backup/ini";
import { steadyLicense, steadyStatus } from "../backup/metadata";
import type { License } from "../device/answers/license";
import type { DeviceClient } from "../device/client";
import { isDeviceError } from "../device/errors";
import { decodeIni } from "../ini/encoding";
import {
  type ConnectionOptions,
  clientOf,
  connectionOf,
  progress,
  withConnection,
  withSigns,
} from "./connection";
import { checkFolder, type FolderFile, textIn, writeFolder } from "./folder";

interface BackupOptions extends ConnectionOptions {
  out: string;
}

const EXAMPLES = [
  "backup --profile sbc1 --out backups",
  "backup --url https://sbc1.example.com --name sbc1 --username ops --out backups",
];

const HELP = `
Writes <name>.ini, <name>.cli, <name>.status.json and <name>.license.json, for git to compare: in a fixed order, without
the clock and whatever else changes by itself, and with [secret] in the place of each password and key, so they are to
look at and to take pieces from, not to be loaded as they are. A file changes only when the device does. Several devices
can share a folder. Only GETs are sent, by a user who is Administrator at the least.`;

/** `pulumi-mediant backup`: what a device holds, as files that differ only where the device does. */
export function backupCommand(): Command {
  const command = new Command("backup")
    .description("Write what a device holds as files that git can compare, without secrets")
    .requiredOption("--out <folder>", "where the files go; it is made where it does not exist")
    .addHelpText("after", HELP)
    .action(backup);
  return withConnection(command, EXAMPLES);
}

async function backup({ out, ...options }: BackupOptions): Promise<void> {
  await checkFolder(out, true);
  const connection = await connectionOf(options);
  const { name } = connection;
  const { files, notes } = await withSigns(name, backupOf(clientOf(connection), fileName(name)));
  for (const note of notes) progress(`[${name}] warning: ${note}`);
  const states = await Promise.all(files.map((file) => stateOf(out, file)));
  const changed = files.filter((_, at) => states[at] !== "unchanged");
  if (changed.length > 0) await writeFolder(out, changed, { replace: true });
  files.forEach(({ path }, at) => {
    console.log(`${states[at]?.padEnd(10)} ${join(out, path)}`);
  });
}

/** All is read before anything is written: an error leaves the files of the last time. */
async function backupOf(
  client: DeviceClient,
  name: string,
): Promise<{ files: FolderFile[]; notes: string[] }> {
  const status = await client.status();
  const ini = steadyIni(decodeIni(await client.ini()).text);
  const script = steadyScript(decodeIni(await client.cliScript()).text);
  const license = await licenseOf(client);
  const files = [
    { path: `${name}.ini`, text: ini.text },
    { path: `${name}.cli`, text: script.text },
    { path: `${name}.status.json`, text: steadyStatus(status) },
  ];
  if (license !== undefined) files.push({ path: `${name}.license.json`, text: steadyLicense(license) });
  const notes = license === undefined ? ["the device gives no licence"] : [];
  return { files, notes: [...ini.notes, ...script.notes, ...notes] };
}

/** Not every device has one of its own. */
async function licenseOf(client: DeviceClient): Promise<License | undefined> {
  try {
    return await client.license();
  } catch (error) {
    if (isDeviceError(error) && error.code === "MEDIANT_NOT_FOUND") return undefined;
    throw error;
  }
}

async function stateOf(out: string, { path, text }: FolderFile): Promise<"new" | "changed" | "unchanged"> {
  const last = await textIn(out, path);
  return last === undefined ? "new" : last === text ? "unchanged" : "changed";
}

/** The device's label as every file system takes it: it may have a port or stand for an IPv6 address. */
function fileName(label: string): string {
  return label
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, "_")
    .replace(/^[.-]+/, "_");
}

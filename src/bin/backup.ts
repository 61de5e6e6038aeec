import { join } from "node:path";
import { Command } from "commander";
import { steadyScript } from "../backup/cli";
import { steadyIni } from "../backup/ini";
import { steadyLicense, steadyStatus } from "../backup/metadata";
import type { Steady } from "../backup/steady";
import { judgeScript } from "../cli/whole";
import type { License } from "../device/answers/license";
import type { DeviceClient } from "../device/client";
import { type DeviceErrorCode, isDeviceError } from "../device/errors";
import { decodeIni } from "../ini/encoding";
import { judgeIni } from "../ini/whole";
import { shownNoMore } from "../text/inventory";
import { type ConnectionOptions, clientOf, connectionOf, withConnection, withSigns } from "./connection";
import { checkFolder, type FolderFile, textIn, writeFolder } from "./folder";
import { progress, say } from "./terminal";

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
can share a folder. What the device does not give whole leaves its file of the last time: the rest is written, the
missing file is named, and the exit code is 1. Only GETs are sent, by a user who is Administrator at the least.`;

/** `pulumi-mediant backup`: what a device holds, as files that differ only if the device does. */
export function backupCommand(): Command {
  const command = new Command("backup")
    .description("Write what a device holds as files that git can compare, without secrets")
    .requiredOption("--out <folder>", "where the files go; it is made if it does not exist")
    .addHelpText("after", HELP)
    .action(backup);
  return withConnection(command, EXAMPLES);
}

async function backup({ out, ...options }: BackupOptions): Promise<void> {
  await checkFolder(out, true);
  const connection = await connectionOf(options);
  const { name } = connection;
  const { files, notes, missing } = await backupOf(clientOf(connection), name, out);
  for (const note of notes) progress(`[${name}] warning: ${note}`);
  const states = await Promise.all(files.map((file) => stateOf(out, file)));
  const changed = files.filter((_, at) => states[at] !== "unchanged");
  if (changed.length > 0) await writeFolder(out, changed, { replace: true });
  files.forEach(({ path }, at) => {
    say(`${states[at]?.padEnd(10)} ${join(out, path)}`);
  });
  if (missing.length === 0) return;
  for (const { path } of missing) say(`${"missing".padEnd(10)} ${join(out, path)}`);
  const reasons = missing.map(({ path, reason }) => `${path} is not written: ${reason}`);
  throw new Error(reasons.join("; "));
}

/** What a device gave, and which files it gave nothing for. */
interface Backup {
  files: FolderFile[];
  notes: string[];
  missing: { path: string; reason: string }[];
}

/** All is read before anything is written. What cannot be had leaves its file of the last time, and only that. */
async function backupOf(client: DeviceClient, label: string, out: string): Promise<Backup> {
  const name = fileName(label);
  const backup: Backup = { files: [], notes: [], missing: [] };
  const add = async (path: string, read: () => Promise<Steady | undefined>): Promise<void> => {
    try {
      const steady = await withSigns(label, read());
      if (steady === undefined) return;
      backup.files.push({ path, text: steady.text });
      backup.notes.push(...steady.notes);
    } catch (error) {
      if (!isDeviceError(error) || !LEAVES_THE_REST.has(error.code)) throw error;
      backup.missing.push({ path, reason: error.message });
    }
  };
  // Asked first: what refuses this refuses everything.
  const status = await withSigns(label, client.status());
  await add(`${name}.ini`, async () => {
    const last = await textIn(out, `${name}.ini`);
    const read = (dump: Buffer) => steadyIni(decodeIni(dump).text);
    return read(await client.ini((dump) => lostSince(last, read(dump).text, judgeIni)));
  });
  await add(`${name}.cli`, async () => {
    const last = await textIn(out, `${name}.cli`);
    const read = (script: Buffer) => steadyScript(decodeIni(script).text);
    return read(await client.cliScript((script) => lostSince(last, read(script).text, judgeScript)));
  });
  await add(`${name}.status.json`, async () => ({ text: steadyStatus(status), notes: [] }));
  await add(`${name}.license.json`, async () => {
    const license = await licenseOf(client);
    if (license === undefined) backup.notes.push("the device gives no licence");
    return license && { text: steadyLicense(license), notes: [] };
  });
  return backup;
}

/** What the last backup shows and this one does not, and all of a first one: only two reads that agree may tell. */
function lostSince(
  last: string | undefined,
  now: string,
  judge: typeof judgeIni | typeof judgeScript,
): string | undefined {
  if (last === undefined) return "it is the first one";
  const [before, after] = [judge(last), judge(now)];
  if (before.fault !== undefined || after.fault !== undefined) return undefined;
  const missing = shownNoMore(before.inventory, after.inventory);
  return missing && `the last backup shows what it does not: ${missing}`;
}

/** Failures of one resource of the API, after which the others may answer. */
const LEAVES_THE_REST: ReadonlySet<DeviceErrorCode> = new Set([
  "MEDIANT_FORBIDDEN",
  "MEDIANT_REFUSED",
  "MEDIANT_NOT_FOUND",
  "MEDIANT_NOT_ALLOWED",
  "MEDIANT_NOT_ACCEPTABLE",
  "MEDIANT_DEVICE_FAILURE",
  "MEDIANT_BAD_ANSWER",
]);

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

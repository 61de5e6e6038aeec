import { Command } from "commander";
import type { FileDiff } from "../../files/diff/change";
import { diffExport, diffScripts, readScript } from "../../files/diff/cli";
import { diffDump, diffIni, readIni } from "../../files/diff/ini";
import { decodeIni } from "../../ini/encoding";
import { observe } from "../../ini/observe";
import { secretTest } from "../../ini/secrets";
import { shownValue } from "../../secrets/values";
import { describeChange, safeLine } from "../../text/describe";
import { listed } from "../../text/listed";
import { type ConnectionOptions, clientOf, connectionOf, withConnection, withSigns } from "../connection";
import { exitCodes, UsageError } from "../outcome";
import { progress, say } from "../terminal";
import { type ConfigurationFile, configurationFile, naming } from "./given";

interface DiffOptions extends ConnectionOptions {
  full?: boolean;
  json?: boolean;
  secretName: string[];
}

const EXAMPLES = [
  "diff backup/sbc1.ini backup/sbc2.ini",
  "diff config/sbc1.ini --profile sbc1",
  "diff config/sbc1.cli --url https://sbc1.example.com --json",
];

const HELP = `
One line for each parameter, cell or CLI line that differs: what it is before and after. Quotes, order, comments and
layout do not count. A secret is never shown, only that it differs. With a device in the place of the second file: what the
file would change there, and with --full also what it leaves out; only GETs are sent. What one side hides ([secret] of a
backup, what a device obscures or withholds, {{name}} where a device is asked) is not compared, and said on stderr.
A device does not show what is at its default: that reads (none).

Exit code 7: something differs.`;

/** `pulumi-mediant diff`: what differs between two files, or between a file and a device, by meaning. */
export function diffCommand(): Command {
  const command = new Command("diff")
    .description("Show what differs between two files, or between a file and a device, by meaning")
    .argument("<file>", "an ini file or a CLI script")
    .argument("[other]", "the file with the wanted state; without it, a device is read")
    .option("--full", "of a device: what the file leaves out differs too")
    .option(
      "--json",
      "print one JSON object: changes, each with address, kind, before, after, secret; uncompared",
    )
    .option("--secret-name <name>", "one more secret: Param, Table.Column; may be repeated", more, [])
    .addHelpText("after", HELP)
    .action(diff);
  return withConnection(command, EXAMPLES);
}

function more(value: string, before: string[]): string[] {
  return [...before, value];
}

async function diff(name: string, other: string | undefined, options: DiffOptions): Promise<void> {
  const { full = false, json = false, secretName, ...connection } = options;
  const isDevice = connection.url !== undefined || connection.profile !== undefined;
  if (isDevice === (other !== undefined))
    throw new UsageError("name a second file, or a device with --url or --profile");
  const file = configurationFile(name);
  const found =
    other === undefined
      ? await withDevice(file, connection, full, secretName)
      : withFile(file, configurationFile(other), secretName);
  if (json) say(JSON.stringify(plain(found), undefined, 2));
  else tell(found);
  if (found.changes.length > 0) process.exitCode = exitCodes.found;
}

function withFile(
  file: ConfigurationFile,
  other: ConfigurationFile,
  secretNames: readonly string[],
): FileDiff {
  if (file.kind !== other.kind)
    throw new UsageError(
      `${file.name} and ${other.name} are not in the same language: ini and CLI cannot be compared`,
    );
  const both = [file, other] as const;
  if (file.kind === "ini") {
    const [before, after] = both.map((one) => naming(one, () => readIni(one.text)));
    if (before === undefined || after === undefined) throw new Error("internal error: two files were read");
    return diffIni(before, after, { against: "file", whole: true, isSecret: secretTest(secretNames) });
  }
  const [before, after] = both.map((one) => naming(one, () => readScript(one.text)));
  if (before === undefined || after === undefined) throw new Error("internal error: two files were read");
  return diffScripts(before, after);
}

async function withDevice(
  file: ConfigurationFile,
  options: ConnectionOptions,
  whole: boolean,
  secretNames: readonly string[],
): Promise<FileDiff> {
  // Read first: a file that is not sound needs no device.
  const compare =
    file.kind === "ini" ? iniComparison(file, whole, secretNames) : scriptComparison(file, whole);
  const connection = await connectionOf(options);
  const client = clientOf(connection);
  const bytes = file.kind === "ini" ? client.ini() : client.cliScript();
  return compare(decodeIni(await withSigns(connection.name, bytes)).text);
}

function iniComparison(file: ConfigurationFile, whole: boolean, secretNames: readonly string[]) {
  const declared = naming(file, () => readIni(file.text));
  return (dump: string) => diffDump(observe(dump), declared, { whole, isSecret: secretTest(secretNames) });
}

function scriptComparison(file: ConfigurationFile, whole: boolean) {
  const declared = naming(file, () => readScript(file.text));
  return (exported: string) => diffExport(exported, declared, whole);
}

function tell({ changes, uncompared }: FileDiff): void {
  for (const change of changes) say(describeChange(change, { secret: change.secret }));
  if (uncompared.length === 0) return;
  progress(`not compared, since one side hides the value: ${listed(uncompared.map(safeLine), 10)}`);
}

/** The same as data: of a secret nothing but its address. */
function plain({ changes, uncompared }: FileDiff): unknown {
  return {
    changes: changes.map(({ address, before, after, secret }) => ({
      address: safeLine(address),
      kind: before === undefined ? "add" : after === undefined ? "remove" : "change",
      ...(secret
        ? {}
        : { before: before && shownValue(before, false), after: after && shownValue(after, false) }),
      secret,
    })),
    uncompared: uncompared.map(safeLine),
  };
}

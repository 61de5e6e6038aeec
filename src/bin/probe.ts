import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { OWN } from "../probe/place";
import { probe } from "../probe/probe";
import { profileFileName, renderProfile } from "../probe/profile";
import { type ConnectionOptions, clientOf, connectionOf, withConnection, withSigns } from "./connection";
import { checkFolder } from "./folder";
import { UsageError } from "./outcome";
import { progress, say } from "./terminal";

interface ProbeOptions extends ConnectionOptions {
  lab?: boolean;
  out: string;
}

const EXAMPLES = ["probe --url https://192.0.2.1 --fingerprint 5A:0C:...:E1 --lab"];

const HELP = `
Learns what no manual says of a firmware: what becomes of rows that an incremental table leaves out, of columns that
FORMAT leaves out, of $$, of names given twice; which forms of upload are taken; what a dump leaves out; how a wrong CLI
command is answered. docs/evidence.md lists the questions. The answers go into <version>.profile.json, for
\`simulate --profile\`, \`doctor --profiles\` and the incrementalTables of a device.

It is for a device in a lab, and runs with --lab alone: it writes up to three rows, named ${OWN}-…, into
ConditionTable or MessagePolicy, whichever has no rows, and a CLI script with one unknown command. It never saves, takes
its rows away again, compares the configuration with the one before, and says what remains if something does.`;

/** `pulumi-mediant probe`: asks a lab device what no manual says. */
export function probeCommand(): Command {
  const command = new Command("probe")
    .description("Ask a lab device what no manual says, and write a profile of its firmware")
    .option("--lab", "the device is in a lab: rows may be written to it and taken away again")
    .option("--out <folder>", "where the profile goes", ".")
    .addHelpText("after", HELP)
    .action(run);
  return withConnection(command, EXAMPLES);
}

async function run({ lab, out, ...options }: ProbeOptions): Promise<void> {
  if (!lab)
    throw new UsageError(
      "the probe writes to the device and takes it back: add --lab if the device is in a lab and serves no calls",
    );
  await checkFolder(out, true);
  const connection = await connectionOf(options);
  const stop = new AbortController();
  const interrupt = (): void => {
    progress(`[${connection.name}] interrupted: putting back what was written`);
    stop.abort();
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const log = (line: string): void => progress(`[${connection.name}] ${line}`);
    const work = probe(clientOf(connection), { log, signal: stop.signal });
    const profile = await withSigns(connection.name, work);
    const file = join(out, profileFileName(profile));
    await writeFile(file, renderProfile(profile));
    say(file);
    say(`the device is as it was; incrementalTables of this firmware: ${profile.incrementalTables}`);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

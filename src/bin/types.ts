import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { Command } from "commander";
import { decodeIni } from "../ini/encoding";
import { declarationsOf, MADE, TYPES_FILE } from "../types/declarations";
import type { NameSource } from "../types/names";
import { type ConnectionOptions, clientOf, connectionOf, withConnection, withSigns } from "./connection";
import { givenFile } from "./given-file";
import { UsageError } from "./outcome";
import { say } from "./terminal";

interface TypesOptions extends ConnectionOptions {
  from: string[];
  out: string;
}

const EXAMPLES = [
  "types --from backup/sbc1.ini --from backup/sbc2.ini --out mediant-tables.d.ts",
  "types --profile sbc1 --out mediant-tables.d.ts",
];

const HELP = `
Writes the parameters, tables and columns that dumps show as TypeScript types, so that a misspelt name does not compile
and an editor completes it. Put the file into "files" or "include" of tsconfig.json. Several dumps come together; a column
that one firmware lacks says so, and new IncrementalIniConfig<Firmware_…>(…) refuses it. A device is asked with GETs only.
A dump leaves out what is at its default and tables that are empty: give more dumps or the ini files that you keep, too.`;

/** `pulumi-mediant types`: the names that devices know, as TypeScript types. */
export function typesCommand(): Command {
  const command = new Command("types")
    .description("Write TypeScript types of the parameters, tables and columns that devices show")
    .option("--from <file>", "an ini that a device gave, or that you keep; may be repeated", more, [])
    .requiredOption("--out <file>", `where the types go: ${TYPES_FILE}`)
    .addHelpText("after", HELP)
    .action(types);
  return withConnection(command, EXAMPLES);
}

function more(value: string, before: string[]): string[] {
  return [...before, value];
}

async function types({ from, out, ...connection }: TypesOptions): Promise<void> {
  if (!out.endsWith(".d.ts")) throw new UsageError(`--out ${out}: must end in .d.ts`);
  if (existsSync(out) && !readFileSync(out, "utf8").startsWith(MADE))
    throw new UsageError(`--out ${out}: exists already, and this command did not make it: name another file`);
  const sources: NameSource[] = from.map((file) => ({
    name: basename(file),
    text: decodeIni(givenFile("--from", file)).text,
  }));
  if (connection.url !== undefined || connection.profile !== undefined)
    sources.push(await deviceSource(connection));
  if (sources.length === 0) throw new UsageError("say which names: --from, --url or --profile");
  writeFileSync(out, declarationsOf(sources));
  say(out);
}

async function deviceSource(options: ConnectionOptions): Promise<NameSource> {
  const connection = await connectionOf(options);
  const client = clientOf(connection);
  const { version } = await withSigns(connection.name, client.status());
  const text = decodeIni(await withSigns(connection.name, client.ini())).text;
  return { name: connection.name, text, firmware: version };
}

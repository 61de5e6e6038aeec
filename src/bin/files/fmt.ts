import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { formatFile } from "../../files/format";
import { encodeIni } from "../../ini/encoding";
import { messageOf } from "../../text/message";
import { exitCodes, exitCodesHelpOf } from "../outcome";
import { progress, say } from "../terminal";
import { type ConfigurationFile, configurationFile, naming } from "./given";

const HELP = `
An ini file: one blank around = and behind commas, [ Table ] and [ \\Table ] around each table, text in quotes, FORMAT in
one line. A script: two blanks a level, one between words. In both no more than one blank line. Comments, the order and
the line ends stay, and the file says the same. A file that cannot be read as a whole is left as it is.

Examples:
  $ npx pulumi-mediant fmt config/*.ini
  $ npx pulumi-mediant fmt --check config/*.ini config/*.cli

${exitCodesHelpOf("--check found a file in another layout")}`;

/** `pulumi-mediant fmt`: ini files and CLI scripts in their canonical layout. */
export function fmtCommand(): Command {
  return new Command("fmt")
    .description("Put ini files and CLI scripts into their canonical layout")
    .argument("<files...>", "ini files and CLI scripts")
    .option("--check", "write nothing, name the files in another layout")
    .addHelpText("after", HELP)
    .action(fmt);
}

function fmt(names: readonly string[], { check = false }: { check?: boolean }): void {
  const files = names.map(configurationFile);
  const unsound: string[] = [];
  let changed = 0;
  for (const file of files) {
    try {
      if (!isChanged(file, check)) continue;
      changed++;
      say(file.name);
    } catch (error) {
      unsound.push(messageOf(error));
    }
  }
  if (check && changed > 0) progress("in another layout: `npx pulumi-mediant fmt` with these files mends it");
  if (unsound.length > 0) throw new Error(unsound.join("\n"));
}

/** Whether a file has another layout, which it then has no more, unless it is only looked at. */
function isChanged(file: ConfigurationFile, check: boolean): boolean {
  const formatted = naming(file, () => formatFile(file.text, file.kind));
  if (formatted === file.text) return false;
  if (check) process.exitCode = exitCodes.found;
  else writeFileSync(file.name, encodeIni(formatted, file.encoding) ?? formatted);
  return true;
}

import { isAbsolute, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { Command, Option } from "commander";
import { LEVELS, type Level } from "../../files/lint/finding";
import { type Linted, lint } from "../../files/lint/lint";
import { sarif } from "../../files/lint/sarif";
import { safeLine } from "../../text/describe";
import { exitCodes, exitCodesHelpOf } from "../outcome";
import { say } from "../terminal";
import { configurationFile } from "./given";

interface LintOptions {
  dump: string[];
  secretName: string[];
  sarif?: boolean;
  failOn: Level;
}

const HELP = `
Names the line and the column of what cannot be read, of a ; outside of quotes, of rows and parameters that are given
twice, of rows that refer to a row further down, of secrets in the clear, of commands that a script cannot run. With
--dump also of names that the device does not know, and of references to rows that are nowhere. A dump leaves out what is
at its default, so a parameter that it does not show is a warning if it shows one that is spelt alike, else a note. Files
that are given together go to one device. No message has the value of a secret.

Examples:
  $ npx pulumi-mediant lint config/common.ini config/berlin1.ini
  $ npx pulumi-mediant lint --dump backup/berlin1.ini --sarif config/berlin1.ini > lint.sarif

${exitCodesHelpOf("found something of --fail-on or worse")}`;

/**
 * `pulumi-mediant lint`: what is wrong with ini files and CLI scripts.
 * @param version of this package
 */
export function lintCommand(version: string): Command {
  return new Command("lint")
    .description("Say what is wrong with ini files and CLI scripts, with line and column")
    .argument("<files...>", "ini files and CLI scripts that go to one device")
    .option(
      "--dump <file>",
      "ini or script that a device gave, for the names it knows; may be repeated",
      more,
      [],
    )
    .option("--secret-name <name>", "one more secret: Param, Table.Column; may be repeated", more, [])
    .option("--sarif", "print SARIF 2.1.0, for annotations of a pull request")
    .addOption(
      new Option("--fail-on <level>", "lowest level that ends with exit code 7")
        .choices(LEVELS)
        .default("error"),
    )
    .addHelpText("after", HELP)
    .action((names: string[], options: LintOptions) => run(names, options, version));
}

function more(value: string, before: string[]): string[] {
  return [...before, value];
}

function run(names: readonly string[], options: LintOptions, version: string): void {
  const files = [...new Set(names)].map(configurationFile);
  const linted = lint(files, options.dump.map(configurationFile), options.secretName);
  if (options.sarif) say(sarif(linted, { version }, uriOf).trimEnd());
  else for (const line of linted.flatMap(linesOf)) say(line);
  const least = LEVELS.indexOf(options.failOn);
  const levels = linted.flatMap(({ findings }) => findings.map(({ level }) => LEVELS.indexOf(level)));
  if (levels.some((level) => level >= least)) process.exitCode = exitCodes.found;
}

function linesOf({ name, findings }: Linted): string[] {
  return findings.map(({ rule, level, message, line, column }) =>
    safeLine(`${name}:${line}:${column}: ${level}: ${message} (${rule})`),
  );
}

function uriOf(name: string): string {
  return isAbsolute(name) ? pathToFileURL(name).href : encodeURI(name.split(sep).join("/"));
}

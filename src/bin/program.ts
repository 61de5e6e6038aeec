/** The command line as a whole, which its entry starts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { exitCodes, exitCodesHelp, reportFailure } from "./outcome";

const manifest: { version: string } = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"),
);

/** In the order of the help. Git starts some of them once a file, so each loads only what it needs. */
const COMMANDS: Readonly<Record<string, () => Command>> = {
  generate: () => (require("./generate") as typeof import("./generate")).generateCommand(manifest.version),
  doctor: () => (require("./doctor") as typeof import("./doctor")).doctorCommand(),
  backup: () => (require("./backup") as typeof import("./backup")).backupCommand(),
  restore: () => (require("./restore") as typeof import("./restore")).restoreCommand(),
  probe: () => (require("./probe") as typeof import("./probe")).probeCommand(),
  report: () => (require("./report") as typeof import("./report")).reportCommand(),
  compliance: () => (require("./compliance") as typeof import("./compliance")).complianceCommand(),
  fmt: () => (require("./files/fmt") as typeof import("./files/fmt")).fmtCommand(),
  lint: () => (require("./files/lint") as typeof import("./files/lint")).lintCommand(manifest.version),
  diff: () => (require("./files/diff") as typeof import("./files/diff")).diffCommand(),
  merge: () => (require("./files/merge") as typeof import("./files/merge")).mergeCommand(),
  textconv: () => (require("./files/textconv") as typeof import("./files/textconv")).textconvCommand(),
  types: () => (require("./types") as typeof import("./types")).typesCommand(),
  simulate: () => (require("./simulate") as typeof import("./simulate")).simulateCommand(),
};

/**
 * Runs one command to its end.
 * @param args what stands behind the program's name
 * @returns the exit code
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await programOf(args[0]).parseAsync([...args], { from: "user" });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    return reportFailure(error);
  } finally {
    process.exitCode = before;
  }
}

function programOf(name = ""): Command {
  const wanted = Object.hasOwn(COMMANDS, name) ? [name] : Object.keys(COMMANDS);
  const program = new Command("pulumi-mediant")
    .description("Tools beside the pulumi-mediant resources, for AudioCodes Mediant gateways and SBCs")
    .version(manifest.version)
    // `make-load --version` is its own.
    .enablePositionalOptions()
    .addHelpText("after", `\n${exitCodesHelp}`);
  for (const each of wanted) {
    const command = COMMANDS[each]?.();
    if (command !== undefined) program.addCommand(command);
  }
  const subcommands = program.commands.flatMap(({ commands }) => commands);
  for (const command of [program, ...program.commands, ...subcommands]) {
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(text.replace(/^error:/, "pulumi-mediant:")),
    });
  }
  return program;
}

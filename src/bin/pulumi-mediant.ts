#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { backupCommand } from "./backup";
import { complianceCommand } from "./compliance";
import { doctorCommand } from "./doctor";
import { diffCommand } from "./files/diff";
import { fmtCommand } from "./files/fmt";
import { lintCommand } from "./files/lint";
import { mergeCommand } from "./files/merge";
import { textconvCommand } from "./files/textconv";
import { generateCommand } from "./generate";
import { exitCodesHelp, reportFailure, tolerateLostReaders } from "./outcome";
import { probeCommand } from "./probe";
import { reportCommand } from "./report";
import { restoreCommand } from "./restore";
import { simulateCommand } from "./simulate";

const manifest: { version: string } = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"),
);

const program = new Command("pulumi-mediant")
  .description("Tools beside the pulumi-mediant resources, for AudioCodes Mediant gateways and SBCs")
  .version(manifest.version)
  .addHelpText("after", `\n${exitCodesHelp}`)
  .addCommand(generateCommand(manifest.version))
  .addCommand(doctorCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(probeCommand())
  .addCommand(reportCommand())
  .addCommand(complianceCommand())
  .addCommand(fmtCommand())
  .addCommand(lintCommand(manifest.version))
  .addCommand(diffCommand())
  .addCommand(mergeCommand())
  .addCommand(textconvCommand())
  .addCommand(simulateCommand());

for (const command of [program, ...program.commands]) {
  command.exitOverride().configureOutput({
    outputError: (text, write) => write(text.replace(/^error:/, "pulumi-mediant:")),
  });
}

tolerateLostReaders();
program.parseAsync().catch((error: unknown) => {
  process.exitCode = reportFailure(error);
});

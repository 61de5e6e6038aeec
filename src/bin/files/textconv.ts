import { Command } from "commander";
import { meaningOf } from "../../files/diff/meaning";
import { exitCodesHelp } from "../outcome";
import { configurationFile } from "./given";

const HELP = `
For git, whose diff then shows parameters, cells and commands: no layout, no order, no secrets.

  $ git config diff.mediant.textconv "npx --no-install pulumi-mediant textconv"
  $ echo '*.ini diff=mediant' >> .gitattributes

${exitCodesHelp}`;

/** `pulumi-mediant textconv`: what a file says, a line each, as git's diff takes it. */
export function textconvCommand(): Command {
  return new Command("textconv")
    .description("Print what an ini file or a CLI script says, a value a line, for git to compare")
    .argument("<file>", "an ini file or a CLI script")
    .addHelpText("after", HELP)
    .action((name: string) => {
      const { text, kind } = configurationFile(name);
      process.stdout.write(meaningOf(text, kind));
    });
}

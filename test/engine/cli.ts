/** `npm run engine -- preview --cwd examples/quickstart --stack dev --state dev.json`: the in-process engine by hand. */
import { Command, InvalidArgumentError, Option } from "commander";
import { runEngine } from "./engine";
import type { Operation } from "./report";

interface Flags {
  cwd: string;
  stack: string;
  state: string;
  passphrase: string;
  config: Record<string, string>;
  secret: Record<string, string>;
  refresh?: boolean;
  preview: boolean;
  json: boolean;
  diff: boolean;
  expectNoChanges: boolean;
  parallel?: number;
  target?: string[];
}

const operations: Record<Operation, string> = {
  preview: "show what an update would change",
  up: "create, update and delete what the program says",
  refresh: "take over what the resources have become",
  destroy: "delete all resources",
};

const program = new Command("engine").description(
  "A small in-process engine for programs of dynamic resources. It is no substitute for Pulumi.",
);
for (const operation of Object.keys(operations) as Operation[]) {
  program
    .command(operation)
    .description(operations[operation])
    .requiredOption("--cwd <folder>", "the folder of Pulumi.yaml")
    .requiredOption("--stack <name>", "the name of the stack")
    .requiredOption("--state <file>", "the state file")
    .addOption(
      new Option("--passphrase <text>", "encrypts the secrets of the state")
        .env("PULUMI_CONFIG_PASSPHRASE")
        .default("test"),
    )
    .option("--config <key=value>", "a configuration value; may be repeated", keyValue, {})
    .option("--secret <key=value>", "a secret configuration value; may be repeated", keyValue, {})
    .option("--refresh", "read every resource first")
    .option("--no-refresh", "do not, whatever Pulumi.yaml says")
    .option("--preview", "show a preview before an update", false)
    .option("--json", "print the steps as JSON", false)
    .option("--diff", "show the properties of what is created too", false)
    .option("--expect-no-changes", "exit with 7 where there are changes", false)
    .option("--target <name>", "leaves all others as they are; may be repeated", together)
    .option("--parallel <count>", "how many resources are worked on at once", positive)
    .action((flags: Flags) => main(operation, flags));
}
program.parseAsync().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});

async function main(operation: Operation, flags: Flags): Promise<void> {
  const [cancel, kill] = [new AbortController(), new AbortController()];
  // The first Ctrl-C lets end what is under way, the second does not.
  process.on("SIGINT", () => {
    const isFirst = !cancel.signal.aborted;
    (isFirst ? cancel : kill).abort();
    if (isFirst && !flags.json) console.log("^C received; press ^C again to terminate immediately");
  });
  process.on("SIGTERM", () => cancel.abort());
  const { cwd, stack, state, passphrase, refresh, preview, expectNoChanges, parallel } = flags;
  const result = await runEngine({
    ...{ operation, cwd, stack, state, passphrase, refresh, preview, expectNoChanges, parallel },
    ...(flags.target && { targets: flags.target }),
    ...{ config: flags.config, secrets: flags.secret, detailed: flags.diff },
    ...{ cancel: cancel.signal, kill: kill.signal },
    ...(!flags.json && { onText: (text: string) => void process.stdout.write(text) }),
  });
  if (flags.json) {
    const { steps, diagnostics, counts: changeSummary, outputs } = result;
    console.log(JSON.stringify({ steps, diagnostics, changeSummary, outputs }, undefined, 2));
  }
  process.exitCode = result.exitCode;
}

function keyValue(text: string, collected: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("It is written as key=value.");
  return { ...collected, [text.slice(0, at)]: text.slice(at + 1) };
}

function together(name: string, collected: string[] = []): string[] {
  return [...collected, name];
}

function positive(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError("It is a whole number from 1 on.");
  return count;
}

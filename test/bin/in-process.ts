import type { Command } from "commander";
import { reportFailure } from "../../src/bin/outcome";

export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command of the command line in this process, and gives what it says and the exit code that it means. */
export async function inProcess(command: Command, ...args: string[]): Promise<Said> {
  const said: Said = { code: 0, stdout: "", stderr: "" };
  const { log, error } = console;
  const before = process.exitCode;
  process.exitCode = undefined;
  console.log = (...texts: unknown[]) => {
    said.stdout += `${texts.join(" ")}\n`;
  };
  console.error = (...texts: unknown[]) => {
    said.stderr += `${texts.join(" ")}\n`;
  };
  try {
    await command.exitOverride().parseAsync(args, { from: "user" });
    said.code = Number(process.exitCode ?? 0);
  } catch (thrown) {
    said.code = reportFailure(thrown);
  } finally {
    Object.assign(console, { log, error });
    process.exitCode = before;
  }
  return said;
}

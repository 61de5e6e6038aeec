import { CommanderError } from "commander";
import { isDeviceError } from "../device/errors";
import { messageOf } from "../text/message";
import { progress } from "./terminal";

/** How a command ends, for scripts to tell apart; documented in `--help`. */
export const exitCodes = { done: 0, failed: 1, usage: 2, found: 7 } as const;

/** What stands at the end of each command's help. */
export const exitCodesHelp = "Exit codes: 0 done, 1 failed, 2 wrong usage or settings.";

/** The same of a command that looks for something; 7 as Pulumi has it for changes where none were expected. */
export function exitCodesHelpOf(found: string): string {
  return `Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 7 ${found}.`;
}

/** The command was called in a way that cannot work: nothing was sent. The message is one sentence. */
export class UsageError extends Error {}

/** Prints what ended a command, as one line on stderr, and returns the exit code that it means. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) {
    // It has printed its own words; help and version are no failures.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  const message = messageOf(error);
  const lines = asOptions(message)
    .split("\n")
    .map((line) => line.trim());
  progress(`pulumi-mediant: ${lines.filter((line) => line !== "").join("; ")}`);
  const usage = error instanceof UsageError || (isDeviceError(error) && error.code === "MEDIANT_CONNECTION");
  return usage ? exitCodes.usage : exitCodes.failed;
}

/**
 * Lets output end early: a reader such as `head` may hang up, which takes nothing from what the command does. Output
 * that is lost in any other way (a full disk) is a failure.
 */
export function tolerateLostReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      // Set at the end, for a command sets its own when it is done.
      process.once("exit", () => {
        process.exitCode ||= exitCodes.failed;
      });
      if (stream === process.stdout) progress(`pulumi-mediant: the output cannot be written (${error.code})`);
    });
  }
}

/** What a program writes as arguments, in a sentence of the REST client, and how the command line calls it. */
const optionNames: readonly (readonly [RegExp, string])[] = [
  [
    /(run pulumi config set --path 'mediant:devices[^']*\.tls\.fingerprint256'|set tls\.fingerprint256 to) /g,
    "use --fingerprint ",
  ],
  [/tls\.ca to the PEM text of its authority/g, "--ca to a file with the certificate of its authority"],
  [/allowHttp: true/g, "--allow-http"],
  [/\b(device\.)?tls\.ca\b/g, "--ca"],
  [/\b(device\.)?tls\.fingerprint256\b/g, "--fingerprint"],
  [/\b(device\.)?tls\.servername\b/g, "--servername"],
  [/\b(device\.)?tls\.insecureSkipVerify\b/g, "--insecure-skip-verify"],
  [/\bdevice\.(url|profile|username|name)\b/g, "--$1"],
];

/** A sentence about settings with the names of the options in the place of the arguments. */
export function asOptions(sentence: string): string {
  return optionNames.reduce((text, [argument, option]) => text.replace(argument, option), sentence);
}

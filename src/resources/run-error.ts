import * as pulumi from "@pulumi/pulumi";
import { safeLine } from "../text/describe";

/** Whose arguments are read, for errors: `IncrementalIniConfig "berlin1"`, or `getIniDiff`. */
export type Subject = string;

/** A resource as its errors name it. */
export function resourceSubject(type: string, name: string): Subject {
  return `${type} ${JSON.stringify(name)}`;
}

/**
 * An error for the user of a program: the SDK prints its message alone. It carries no stack: Node can take half a
 * minute to prepare one that runs through the SDK's source maps, and none of its frames would help.
 *
 * @param subject what each line of the message begins with
 */
export function runError(message: string, subject?: Subject): pulumi.RunError {
  const head = subject === undefined ? "" : `${subject}: `;
  const lines = message.split("\n").map((line) => head + safeLine(line));
  const error = new pulumi.RunError(lines.join("\n"));
  error.stack = "";
  return error;
}

/** @throws RunError if there are problems */
export function refuseProblems(problems: readonly string[], subject?: Subject): void {
  if (problems.length > 0) throw runError(problems.join("\n"), subject);
}

import { safeLines } from "../text/describe";

/*
 * All that a command prints goes through here: a device or a file may have put signs into it that steer a terminal.
 */

/** Lines of the result, on stdout. */
export function say(text: string): void {
  console.log(safeLines(text));
}

/** A line about work under way, or about what went wrong: stderr, for stdout is the result's. */
export function progress(line: string): void {
  console.error(safeLines(line));
}

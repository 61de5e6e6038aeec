import { safeLine } from "../text/describe";

/** Where lines go if nobody takes them: what a device said in them steers no terminal. */
export function defaultLog(line: string): void {
  console.log(safeLine(line));
}

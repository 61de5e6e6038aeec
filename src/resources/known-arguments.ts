import { suggest } from "../text/suggest";
import { refuseProblems, type Subject } from "./run-error";

/** Every argument of a class by name: the compiler finds one that is missing. */
export type ArgumentNames<Args> = Readonly<Record<keyof Args, true>>;

/** The arguments that resources have in common. */
export const INI_ARGUMENTS = {
  ini: true,
  parameters: true,
  tables: true,
  variables: true,
  secretNames: true,
} as const;

/**
 * Refuses arguments that do not exist: JavaScript does not, and a misspelt one would do nothing.
 * @throws RunError that names each, with the argument that was probably meant
 */
export function refuseUnknownArguments(
  args: object,
  known: Readonly<Record<string, true>>,
  subject: Subject,
): void {
  if (typeof args !== "object" || args === null) refuseProblems(["the arguments must be an object"], subject);
  const problems = Object.keys(args)
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => {
      const meant = suggest(name, Object.keys(known));
      return `${name} is not an argument${meant === undefined ? "" : `; did you mean ${meant}?`}`;
    });
  refuseProblems(problems, subject);
}

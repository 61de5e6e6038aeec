import { type ShownLines, UNSTEADY } from "./compare";

/**
 * What two looks at a device agree on when nothing changed between them: a line that it shows in another form each
 * time (a secret obscured anew) cannot be compared.
 */
export function steadyLines(first: ShownLines, second: ShownLines): ShownLines {
  return Object.fromEntries(
    Object.entries(first).map(([key, as]) => [key, second[key] === as ? as : UNSTEADY]),
  );
}

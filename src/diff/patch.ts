import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";

/** One line of a configuration as a patch shows it. */
export interface PatchLine {
  address: string;
  before: string | undefined;
  after: string | undefined;
}

/** A unified diff of two states of the same lines, each `address = value`. Empty where nothing differs. */
export function unifiedPatch(from: string, to: string, lines: readonly PatchLine[]): string {
  const side = (pick: (line: PatchLine) => string | undefined) =>
    lines
      .filter((line) => pick(line) !== undefined)
      .map((line) => `${line.address} = ${pick(line)}\n`)
      .join("");
  const before = side((line) => line.before);
  const after = side((line) => line.after);
  return before === after
    ? ""
    : createTwoFilesPatch(from, to, before, after, undefined, undefined, { context: 2 });
}

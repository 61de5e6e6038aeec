import { canonicalScript } from "../../cli/canonical";
import { parseScript } from "../../cli/parse";
import { readCliFile } from "./lines";

const INDENT = "  ";

/**
 * The canonical layout of a CLI script: two blanks a level, one between words, `configure` and its mode in full, no
 * more than one blank line. Its order, its comments and its line ends stay, and it says the same.
 *
 * @throws CliSyntaxError if it is no script, or can be read in two ways
 */
export function formatCli(text: string): string {
  const { lines, eol } = readCliFile(text);
  const formatted = lines
    .flatMap(({ text: line, depth, blank }, at) => {
      const indented = INDENT.repeat(depth) + line;
      return blank && at > 0 ? ["", indented] : [indented];
    })
    .map((line) => line + eol)
    .join("");
  if (meaning(formatted) !== meaning(text))
    throw new Error("internal error: the layout would change what the script says, so it stays as it is");
  return formatted;
}

function meaning(text: string): string {
  return JSON.stringify(canonicalScript(parseScript(text)));
}

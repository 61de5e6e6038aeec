import { parseScript } from "../../cli/parse";
import { IniError } from "../../ini/errors";
import { parseIni } from "../../ini/parse";
import type { FileKind } from "../kind";
import { mergeCli } from "./cli";
import { mergeIni } from "./ini";
import type { MergedFile } from "./text";

/** What each side has. */
export interface Sides {
  base: string;
  ours: string;
  theirs: string;
}

/**
 * Merges two people's changes of one file by meaning: by parameter, row and cell, or by the lines of a script.
 *
 * @param marker how many signs a conflict marker has
 * @throws IniError, CliSyntaxError if one of the three cannot be read, or what comes of them
 */
export function mergeFiles({ base, ours, theirs }: Sides, kind: FileKind, marker = 7): MergedFile {
  const merge = kind === "ini" ? mergeIni : mergeCli;
  const merged = merge(base, ours, theirs, marker);
  if (merged.conflicts > 0) return merged;
  if (kind === "cli") parseScript(merged.text);
  else {
    const { problems } = parseIni(merged.text);
    if (problems.length > 0) throw new IniError(problems, "merged ini");
  }
  return merged;
}

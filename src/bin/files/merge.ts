import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { kindOf } from "../../files/kind";
import { mergeFiles } from "../../files/merge/merge";
import { encodeIni } from "../../ini/encoding";
import { exitCodes } from "../outcome";
import { progress } from "../terminal";
import { configurationFile, unsoundness } from "./given";

interface MergeOptions {
  path?: string;
  markerSize: number;
}

const HELP = `
A merge driver for git: rows that two people added, cells and parameters that they changed, lines of a script come
together without a conflict. Where both changed one value, both lines stand between markers, the other cells of a row
merged in either. The result goes into <ours>. Files that cannot be read are merged line by line, by git merge-file.

  $ git config merge.mediant.name "ini files and CLI scripts, by row and cell"
  $ git config merge.mediant.driver "npx --no-install pulumi-mediant merge %O %A %B --path %P --marker-size %L"
  $ echo '*.ini merge=mediant' >> .gitattributes

Exit codes, as git has them: 0 merged, 1 a conflict is left, 2 wrong usage.`;

/** `pulumi-mediant merge`: two people's changes of a file, by meaning, as git calls a merge driver. */
export function mergeCommand(): Command {
  return new Command("merge")
    .description("Merge two people's changes of an ini file or a CLI script, by row and cell, for git")
    .argument("<base>", "the file that both began with (%O)")
    .argument("<ours>", "our file, which takes the result (%A)")
    .argument("<theirs>", "their file (%B)")
    .option("--path <name>", "the name of the file in the repository (%P)")
    .option("--marker-size <number>", "signs of a conflict marker (%L)", readSize, 7)
    .addHelpText("after", HELP)
    .action(merge);
}

function merge(base: string, ours: string, theirs: string, { path, markerSize }: MergeOptions): void {
  const [o, a, b] = [base, ours, theirs].map(configurationFile);
  if (o === undefined || a === undefined || b === undefined)
    throw new Error("internal error: three files were read");
  const name = path ?? ours;
  const kind = path === undefined ? a.kind : kindOf(path, a.text);
  try {
    const { text, conflicts } = mergeFiles({ base: o.text, ours: a.text, theirs: b.text }, kind, markerSize);
    writeFileSync(ours, encodeIni(text, a.encoding) ?? text);
    if (conflicts === 0) return;
    progress(`${name}: ${conflicts === 1 ? "one conflict" : `${conflicts} conflicts`}`);
    process.exitCode = exitCodes.failed;
  } catch (error) {
    const reason = unsoundness(error);
    if (reason === undefined) throw error;
    progress(`${name}: merged line by line, because one side cannot be read: ${reason}`);
    process.exitCode = mergeLines([ours, base, theirs], markerSize);
  }
}

/** What git does without a driver. Its exit code is the number of conflicts, or more than that of any failure. */
function mergeLines(files: readonly string[], markerSize: number): number {
  const labels = ["ours", "base", "theirs"].flatMap((label) => ["-L", label]);
  const { status, error } = spawnSync("git", [
    "merge-file",
    `--marker-size=${markerSize}`,
    ...labels,
    ...files,
  ]);
  if (error !== undefined || status === null || status > 127)
    throw new Error("git merge-file cannot merge it: our file is unchanged, and their changes are not in it");
  return status === 0 ? exitCodes.done : exitCodes.failed;
}

function readSize(text: string): number {
  if (!/^[1-9][0-9]?$/.test(text)) throw new InvalidArgumentError("It is a number from 1 to 99.");
  return Number(text);
}

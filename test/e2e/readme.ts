import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "..", "..");

const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** The fenced blocks of the README in a language, in their order. */
export function readmeBlocks(language: string): string[] {
  return blocksOf(README, language);
}

/** The same of the other documents. */
export function docsBlocks(language: string): string[] {
  const docs = readdirSync(join(ROOT, "docs")).filter((file) => /^[^.]+\.md$/.test(file));
  return docs.flatMap((file) => blocksOf(readFileSync(join(ROOT, "docs", file), "utf8"), language));
}

export function blocksOf(text: string, language: string): string[] {
  const fences = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
  return fences.flatMap(([, name, block = ""]) => (name === language ? [block] : []));
}

/** A table of the README: the texts of its header, then of its rows. */
export interface ReadmeTable {
  header: string[];
  rows: string[][];
}

export function readmeTables(): ReadmeTable[] {
  const tables = README.match(/(?:^\|.*\|\n)+/gm) ?? [];
  return tables.map((table) => {
    const [header = [], , ...rows] = table
      .trimEnd()
      .split("\n")
      .map((line) =>
        line
          .slice(1, -1)
          .split("|")
          .map((cell) => cell.trim()),
      );
    return { header, rows };
  });
}

/** What stands between backticks. */
export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

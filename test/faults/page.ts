import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allCells, type Cell } from "./cells";
import { type Fault, type Group, MATRIX, type Verdict } from "./matrix";
import { type Operation, titleOf } from "./operation";

/** The document that shows the matrix, between two marks; what stands outside of them is written by hand. */
export const PAGE = join(__dirname, "..", "..", "docs", "reliability.md");

const BEGIN = "<!-- fault matrix: written by `npm run faults -- --write` -->";
const END = "<!-- end of the fault matrix -->";

const SIGNS: Record<Verdict, string> = {
  converges: "✓",
  unchanged: "–",
  told: "!",
  "told once": "!!",
};

/** The document as it should be. @throws if it has no place for the matrix */
export function page(): string {
  const text = readFileSync(PAGE, "utf8");
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${PAGE} has no place for the fault matrix`);
  return `${before}${BEGIN}\n\n${matrix()}\n\n${END}${after}`;
}

function matrix(): string {
  const cells = allCells();
  return [counts(cells), ...MATRIX.map((group) => tableOf(group, cells)), withoutMeaning(cells)].join("\n\n");
}

const verdictOf = ({ outcome }: Cell): Verdict | undefined =>
  "verdict" in outcome ? outcome.verdict : undefined;

function counts(cells: readonly Cell[]): string {
  const operations = new Set(cells.map(({ operation }) => titleOf(operation))).size;
  const faults = new Set(cells.map(({ fault }) => fault)).size;
  const number = (verdict: Verdict | undefined) => cells.filter((cell) => verdictOf(cell) === verdict).length;
  return [
    `${faults} faults × ${operations} operations = ${cells.length} cells, none of them empty:`,
    "",
    "| Sign | Cells | What becomes of the operation |",
    "| --- | --- | --- |",
    `| ${SIGNS.converges} | ${number("converges")} | It goes well, after waiting or asking again if need be: the device holds what was asked, in flash too, and a preview shows nothing. |`,
    `| ${SIGNS.unchanged} | ${number("unchanged")} | It fails with an error that names the cause, and the device is as it was. The next run does it. |`,
    `| ${SIGNS.told} | ${number("told")} | It fails, and the device may hold some or all of it, or have it unsaved. The error says so, and the next run finishes it. |`,
    `| ${SIGNS["told once"]} | ${number("told once")} | The same, but the next run does not reset the device again by itself: it refuses, and says how to allow that. |`,
    `|  | ${number(undefined)} | The operation cannot meet the fault; why is said below. |`,
  ].join("\n");
}

/** The columns: operations that mostly share their fate. */
const COLUMNS: [title: string, holds: (operation: Operation) => boolean][] = [
  ["create, update, delete", ({ kind, step }) => kind === "change" && step !== ""],
  ["refresh", ({ step }) => step === "refresh"],
  ["functions", ({ name, step, kind }) => step === "" && kind === "look" && /^(get|show|assert)/.test(name)],
  ["commands", ({ name, step }) => step === "" && !/^(get|show|assert)/.test(name)],
];

function tableOf({ title, faults }: Group, cells: readonly Cell[]): string {
  const rows = faults.map((fault) => {
    const columns = COLUMNS.map(([, holds]) =>
      columnOf(cells.filter((cell) => cell.fault === fault && holds(cell.operation))),
    );
    return `| ${fault.title} | ${columns.join(" | ")} |`;
  });
  const head = ["", ...COLUMNS.map(([name]) => name)];
  return [
    `### ${title}`,
    "",
    `| ${head.join(" | ")} |`,
    `| ${head.map(() => "---").join(" | ")} |`,
    ...rows,
  ].join("\n");
}

/** `18 ✓, 4 ! (FullIniConfig create, …)`: the most frequent verdict first, the others with their operations. */
function columnOf(cells: readonly Cell[]): string {
  const byVerdict = new Map<Verdict, string[]>();
  for (const cell of cells) {
    const verdict = verdictOf(cell);
    if (verdict !== undefined)
      byVerdict.set(verdict, [...(byVerdict.get(verdict) ?? []), titleOf(cell.operation)]);
  }
  const [first, ...others] = [...byVerdict].sort((a, b) => b[1].length - a[1].length);
  if (first === undefined) return "";
  const most = `${first[1].length} ${SIGNS[first[0]]}`;
  return [
    most,
    ...others.map(([verdict, names]) => `${names.length} ${SIGNS[verdict]} (${names.join(", ")})`),
  ].join("; ");
}

function withoutMeaning(cells: readonly Cell[]): string {
  const reasons = new Map<string, Set<string>>();
  const numbers = new Map<string, number>();
  for (const { operation, outcome } of cells) {
    if (!("none" in outcome)) continue;
    reasons.set(outcome.none, (reasons.get(outcome.none) ?? new Set()).add(titleOf(operation)));
    numbers.set(outcome.none, (numbers.get(outcome.none) ?? 0) + 1);
  }
  return [
    "### Cells that cannot be",
    "",
    ...[...reasons].map(
      ([reason, names]) => `- ${numbers.get(reason)} cells, for ${reason}: ${[...names].join(", ")}.`,
    ),
  ].join("\n");
}

export type { Fault };

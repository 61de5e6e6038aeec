/**
 * `npm run faults`: runs every cell of the fault matrix and says which are not as it declares. `--only <pattern>` takes
 * the cells whose names match, `--refresh` refreshes before the second run, `--write` writes `docs/reliability.md`.
 */
import { writeFileSync } from "node:fs";
import { allCells, type Cell } from "./cells";
import { judgeCell, nameOf } from "./judge-cell";
import { PAGE, page } from "./page";
import { surround } from "./surroundings";

const AT_ONCE = 16;

/** Runs cells, so many at once; the names of those that are not as declared, with what is wrong. */
export async function judgeAll(
  cells: readonly Cell[],
  options: { refresh?: boolean; onEnd?: (cell: Cell, findings: string[]) => void } = {},
): Promise<[string, string[]][]> {
  const wrong: [string, string[]][] = [];
  const left = [...cells];
  const again: Cell[] = [];
  const work = async (): Promise<void> => {
    for (let cell = left.shift(); cell !== undefined; cell = left.shift()) {
      const isGood = (await judgeCell(cell, options)).length === 0;
      if (isGood) options.onEnd?.(cell, []);
      else again.push(cell);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // Its time is two hundred times faster than ours: with so many others beside it, an answer may have come too late.
  for (const cell of again) {
    const findings = await judgeCell(cell, options);
    options.onEnd?.(cell, findings);
    if (findings.length > 0) wrong.push([nameOf(cell), findings]);
  }
  return wrong;
}

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--write")) writeFileSync(PAGE, page());
  const only = new RegExp(args.includes("--only") ? (args[args.indexOf("--only") + 1] ?? "") : "");
  const cells = allCells().filter((cell) => !("none" in cell.outcome) && only.test(nameOf(cell)));
  const back = surround();
  let done = 0;
  const wrong = await judgeAll(cells, {
    refresh: args.includes("--refresh"),
    onEnd: (cell, findings) => {
      done++;
      for (const finding of findings) process.stderr.write(`${nameOf(cell)}: ${finding}\n`);
      if (done % 100 === 0) process.stderr.write(`${done} of ${cells.length} cells\n`);
    },
  });
  back();
  console.log(`${cells.length} cells, ${wrong.length} not as declared`);
  process.exit(wrong.length > 0 ? 1 : 0);
}

if (require.main === module) void main(process.argv.slice(2));

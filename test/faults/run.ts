/**
 * `npm run faults`: runs every cell of the fault matrix and says which are not as it declares. `--only <pattern>` takes
 * the cells whose names match, `--refresh` refreshes before the second run, `--write` writes `docs/reliability.md`.
 * `--processes` runs resources in provider processes as Pulumi starts them, each run in one of its own: a sample of the
 * cells, or those of `--only`.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { allCells, type Cell } from "./cells";
import { judgeCell, nameOf } from "./judge-cell";
import { PAGE, page } from "./page";
import { methodsInAProcess, whyNotInAProcess } from "./process";
import { resourceOperations } from "./resources";
import { sampleOf } from "./sample";
import { surround } from "./surroundings";

const AT_ONCE = 16;

/** What sends hundreds of megabytes, or waits for an answer that never ends. */
const LONG_AT_ONCE = 4;

/** Cells with processes of their own. */
const PROCESSES_AT_ONCE = 2;

const PROGRESS_MS = 10_000;

/** Runs cells, so many at once; the names of those that are not as declared, with what is wrong. */
export async function judgeAll(
  cells: readonly Cell[],
  options: {
    refresh?: boolean;
    /** At most how many. */
    atOnce?: number;
    onEnd?: (cell: Cell, findings: string[]) => void;
    /** Not as declared beside others: it is looked at again, alone. */
    onDoubt?: (cell: Cell, findings: string[]) => void;
  } = {},
): Promise<[string, string[]][]> {
  const { atOnce: most = AT_ONCE } = options;
  const wrong: [string, string[]][] = [];
  const again: Cell[] = [];
  const judgeSome = async (some: Cell[], atOnce: number): Promise<void> => {
    const work = async (): Promise<void> => {
      for (let cell = some.shift(); cell !== undefined; cell = some.shift()) {
        const findings = await judgeCell(cell, options);
        if (findings.length === 0) options.onEnd?.(cell, []);
        else {
          again.push(cell);
          options.onDoubt?.(cell, findings);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  };
  await judgeSome(
    cells.filter(({ fault }) => !fault.isLong),
    most,
  );
  await judgeSome(
    cells.filter(({ fault }) => fault.isLong),
    Math.min(most, LONG_AT_ONCE),
  );
  // Its time is two hundred times faster than ours: with so many others beside it, an answer may have come too late.
  for (const cell of again) {
    const findings = await judgeCell(cell, options);
    options.onEnd?.(cell, findings);
    if (findings.length > 0) wrong.push([nameOf(cell), findings]);
  }
  return wrong;
}

/** Cells of resources that can run in processes; says which cannot. */
function cellsInProcesses(isAsked: (cell: Cell) => boolean, onlySome: boolean): Cell[] {
  const asked = allCells(resourceOperations(methodsInAProcess)).filter(isAsked);
  for (const fault of new Set(asked.map((cell) => cell.fault))) {
    const reason = whyNotInAProcess(fault);
    if (reason !== undefined) process.stderr.write(`left out: ${fault.title}: ${reason}\n`);
  }
  const cells = asked.filter(({ fault }) => whyNotInAProcess(fault) === undefined);
  return onlySome ? sampleOf(cells) : cells;
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string", default: "" },
      refresh: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      processes: { type: "boolean", default: false },
    },
  });
  if (values.write) writeFileSync(PAGE, page());
  const only = new RegExp(values.only);
  const isAsked = (cell: Cell) => !("none" in cell.outcome) && only.test(nameOf(cell));
  const cells = values.processes ? cellsInProcesses(isAsked, values.only === "") : allCells().filter(isAsked);
  // A process has a time of its own.
  const back = values.processes ? () => {} : surround();
  const began = performance.now();
  const minutes = () => ((performance.now() - began) / 60_000).toFixed(1);
  let done = 0;
  const say = (mark: string) => (cell: Cell, findings: string[]) => {
    for (const finding of findings) process.stderr.write(`${mark}${nameOf(cell)}: ${finding}\n`);
  };
  const tell = () => process.stderr.write(`${done} of ${cells.length} cells, ${minutes()} min\n`);
  const progress = setInterval(tell, PROGRESS_MS);
  const wrong = await judgeAll(cells, {
    refresh: values.refresh,
    atOnce: values.processes ? PROCESSES_AT_ONCE : AT_ONCE,
    onEnd: (cell, findings) => {
      done++;
      say("")(cell, findings);
    },
    onDoubt: say("to be looked at again: "),
  });
  clearInterval(progress);
  back();
  console.log(`${cells.length} cells, ${wrong.length} not as declared, ${minutes()} min`);
  process.exit(wrong.length > 0 ? 1 : 0);
}

if (require.main === module) void main(process.argv.slice(2));

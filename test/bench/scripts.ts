import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { canonicalScript } from "../../src/cli/canonical";
import { compareScripts } from "../../src/cli/compare";
import { parseScript } from "../../src/cli/parse";
import { bestInTurns, bestOwnTime, ownTime } from "./measure";
import type { Figure, Section } from "./report";

const LINES = [10_000, 50_000];
const DOUBLED = [2_500, 5_000, 10_000, 20_000];

/** A CLI script of so many lines; every hundredth row is another one if `changed`. */
function script(lines: number, changed = false): string {
  const rows = Array.from({ length: Math.floor(lines / 5) }, (_, at) => [
    `  ip-group ${at}`,
    `    name "group ${at}"`,
    `    description "${changed && at % 100 === 0 ? "changed" : "as before"} ${at}"`,
    `    sip-group-name "sip${at}.example.com"`,
    "  exit",
  ]);
  return ["configure voip", ...rows.flat(), "exit", ""].join("\n");
}

/** Milliseconds of our own work for reading and comparing two scripts of so many lines. */
function readAndCompare(lines: number): () => Promise<number> {
  const [running, wanted] = [script(lines), script(lines, true)];
  const read = (text: string) => canonicalScript(parseScript(text));
  return async () => (await ownTime(() => compareScripts(read(wanted), read(running)))).ms;
}

/** How the cost grows with the length of a script. */
export async function scriptGrowth(): Promise<Section> {
  const times = await bestInTurns(DOUBLED.map(readAndCompare), 5);
  const figure: Figure = {
    what: "own time, ms",
    measured: Object.fromEntries(DOUBLED.map((lines, at) => [`${lines} lines`, times[at] ?? 0])),
    ratio: Math.max(...times.slice(1).map((ms, at) => ms / (times[at] ?? 1))),
    target: { atMost: 2.2 },
  };
  return {
    title: "Parse and compare two CLI scripts; the target is that of each doubling",
    figures: [figure],
  };
}

/** Our reading and comparing of scripts beside hier_config, which does it for network devices in general. */
export async function scriptSection(): Promise<Section> {
  const figures: Figure[] = [];
  for (const lines of LINES) {
    const theirs = () => hierConfig(script(lines), script(lines, true));
    const what = `${lines} lines, one in 500 changed, ms`;
    const target = { atLeast: 5 };
    if ((await theirs()) === undefined) {
      const ours = await bestOwnTime(readAndCompare(lines));
      figures.push({ what, measured: { ours }, skipped: "hier_config is not installed for python3", target });
      continue;
    }
    const [ours = 0, other = 0] = await bestInTurns([
      readAndCompare(lines),
      async () => (await theirs()) ?? 0,
    ]);
    figures.push({ what, measured: { ours, other }, ratio: other / ours, target });
  }
  return { title: "Parse and compare two CLI scripts, beside hier_config (how many times faster)", figures };
}

const PROGRAM = `
import sys, time
from hier_config import get_hconfig, WorkflowRemediation, Platform
running, wanted = (open(path).read() for path in sys.argv[1:])
start = time.process_time()
workflow = WorkflowRemediation(get_hconfig(Platform.GENERIC, running), get_hconfig(Platform.GENERIC, wanted))
workflow.remediation_config
print((time.process_time() - start) * 1000)
`;

/** Milliseconds; undefined if it is not installed. */
async function hierConfig(running: string, wanted: string): Promise<number | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "mediant-bench-"));
  try {
    const paths = [join(folder, "running"), join(folder, "wanted")];
    await writeFile(paths[0] ?? "", running.replace(/^ *exit\n/gm, ""));
    await writeFile(paths[1] ?? "", wanted.replace(/^ *exit\n/gm, ""));
    const python = process.env["PYTHON"] ?? "python3";
    const { stdout } = await promisify(execFile)(python, ["-c", PROGRAM, ...paths]);
    return Number(stdout);
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true });
  }
}

import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { availableEngines, type Engine, openEngine, type RunOptions, type RunResult } from "../engine";
import { installedProject } from "./installed";
import { elapsed } from "./measure";

/** What a run of the engine took, with all processes that it started. */
export interface Run {
  seconds: number;
  /** Seconds of processor time. */
  work: number;
  output: string;
}

/** Whether there is a real `pulumi`. */
export function hasPulumi(): boolean {
  return availableEngines().includes("pulumi");
}

export const NO_PULUMI = "there is no pulumi on PATH";

/** A stack on the real engine, of a program that reads what it declares from the environment. */
export interface BenchStack {
  run(which: "preview" | "up" | "destroy", options?: RunOptions): Promise<Run>;
  state: Engine["state"];
  close(): Promise<void>;
}

export async function openBenchStack(program: string): Promise<BenchStack> {
  const folder = await mkdtemp(join(tmpdir(), "mediant-bench-"));
  await installedProject(folder, program);
  const engine = await openEngine("pulumi", { cwd: folder, stack: "bench" });
  return {
    async run(which, options) {
      let result: RunResult | undefined;
      const before = workOfChildren();
      const ms = await elapsed(async () => {
        result = await engine[which](options);
      });
      if (result?.exitCode !== 0) throw new Error(`${which} failed: ${result?.output}`);
      return { seconds: ms / 1000, work: workOfChildren() - before, output: result.output };
    },
    state: () => engine.state(),
    async close() {
      await engine.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Seconds of processor time of all processes that this one started, themselves or by others, and that have ended. */
function workOfChildren(): number {
  const [, rest = ""] = /^\d+ \(.*\) (.*)$/s.exec(readFileSync("/proc/self/stat", "utf8")) ?? [];
  const [user = 0, system = 0] = rest.split(" ").slice(13, 15).map(Number);
  return (user + system) / 100;
}

import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Milliseconds that pass. */
export async function elapsed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Milliseconds of this process's own work: what it waits for does not count, so a busy machine matters less. */
export async function ownTime<T>(run: () => Promise<T> | T): Promise<{ result: T; ms: number }> {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: (user + system) / 1000 };
}

/** The fastest of some runs, in milliseconds of own work; the first one warms up. */
export async function bestOwnTime(run: () => unknown, runs = 3): Promise<number> {
  const [best = 0] = await bestInTurns([async () => (await ownTime(run)).ms], runs);
  return best;
}

/** The smallest figure that each of some measurements gives; they take turns, and the first round warms up. */
export async function bestInTurns(
  measures: readonly (() => Promise<number>)[],
  rounds = 3,
): Promise<number[]> {
  const best = measures.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round <= rounds; round++)
    for (const [at, measure] of measures.entries()) {
      const figure = await measure();
      if (round > 0) best[at] = Math.min(best[at] ?? figure, figure);
    }
  return best;
}

setFlagsFromString("--expose-gc");
export const collectGarbage = runInNewContext("gc") as (options?: { type: "minor" }) => void;

/** What the result of a computation keeps on the heap. */
export function megabytesKept(run: () => unknown): number {
  const before = heapUsed();
  const kept = [run()];
  const megabytes = (heapUsed() - before) / 2 ** 20;
  kept.pop();
  return megabytes;
}

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Runs without a word on the console. */
export async function silently<T>(run: () => Promise<T>): Promise<T> {
  const { log, warn } = console;
  console.log = () => {};
  console.warn = () => {};
  try {
    return await run();
  } finally {
    Object.assign(console, { log, warn });
  }
}

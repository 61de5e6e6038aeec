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
  await run();
  const times: number[] = [];
  for (let at = 0; at < runs; at++) times.push((await ownTime(run)).ms);
  return Math.min(...times);
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

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

import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Milliseconds. */
export async function elapsed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

export interface Measured<T> {
  result: T;
  /** The median of some runs. */
  ms: number;
  /** What the result keeps on the heap. */
  megabytes: number;
}

const RUNS = 5;

/** Time and memory of something that computes; its first run warms up. */
export function measured<T>(run: () => T): Measured<T> {
  run();
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const before = heapUsed();
  const result = run();
  const megabytes = (heapUsed() - before) / 2 ** 20;
  return { result, ms: times[Math.floor(RUNS / 2)] ?? 0, megabytes };
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** `9.8x`, how many times `b` goes into `a`. */
export function ratio(a: number, b: number): string {
  return `${(a / b).toFixed(1)}x`;
}

export type Cell = string | number;

export function printTable(
  title: string,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): void {
  const lines = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  const text = lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  console.log(["", title, "", text[0], rule, ...text.slice(1)].join("\n"));
}

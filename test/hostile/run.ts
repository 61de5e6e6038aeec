/**
 * `npm run hostile -- [--seed N] [--executions K] [--parser NAME] [--run R]`: mutations of the corpus through the parsers,
 * in turn. Each execution is known by the seed and its number; `--run` repeats one. What breaks a promise, hangs or
 * takes all memory ends it with the command that repeats it.
 */
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { execute, inputOf } from "./execute";
import { inherited, PARSERS, type Parser } from "./parsers";

interface Order {
  seed: number;
  executions: number;
  parsers: string[];
  /** The number of the execution under way, to be seen from outside. */
  at: Int32Array;
}

/** What the worker says at its end. */
interface Outcome {
  slowest: { parser: string; run: number; us: number }[];
  failure?: string;
}

/** Megabytes of a worker: inputs have 4 kB at the most. */
const MEMORY_MB = 256;
const LOOK_EVERY_MS = 5000;
/** No execution takes a thousandth of it, on a busy machine either. */
const HANGS_AFTER_MS = 60_000;
const BATCH = 256;

function parserCalled(name: string): Parser {
  const found = PARSERS.find((parser) => parser.name === name);
  if (found === undefined) throw new Error(`no parser ${name}: ${PARSERS.map((one) => one.name).join(", ")}`);
  return found;
}

function work({ seed, executions, parsers, at }: Order): Outcome {
  const chosen = parsers.map(parserCalled);
  const slowest = new Map<string, { parser: string; run: number; us: number }>();
  const before = inherited().join();
  // Errors are the rule here, and their stacks would take most of the time; `--run` shows them.
  Error.stackTraceLimit = 0;
  for (let run = 0; run < executions; run++) {
    const parser = chosen[Math.floor(run / BATCH) % chosen.length] as Parser;
    Atomics.store(at, 0, run);
    const began = performance.now();
    try {
      execute(parser, seed, run);
    } catch (error) {
      return { slowest: [], failure: describe(error) };
    }
    const us = (performance.now() - began) * 1000;
    if (us > (slowest.get(parser.name)?.us ?? 0)) slowest.set(parser.name, { parser: parser.name, run, us });
  }
  const failure =
    inherited().join() === before ? undefined : "something was put where all objects inherit it";
  return { slowest: [...slowest.values()], ...(failure === undefined ? {} : { failure }) };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message}\n${error.cause instanceof Error ? error.cause.stack : ""}`;
}

async function supervise(order: Omit<Order, "at">): Promise<Outcome> {
  const at = new Int32Array(new SharedArrayBuffer(4));
  // A worker does not take over what compiles TypeScript.
  const worker = new Worker(`require("tsx/cjs"); require(${JSON.stringify(__filename)});`, {
    eval: true,
    workerData: { ...order, at },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  const where = () => {
    const run = Atomics.load(at, 0);
    const parser = order.parsers[Math.floor(run / BATCH) % order.parsers.length];
    return `npm run hostile -- --seed ${order.seed} --parser ${parser} --run ${run}`;
  };
  return await new Promise((resolve) => {
    let last = -1;
    let still = 0;
    const watch = setInterval(() => {
      const run = Atomics.load(at, 0);
      still = run === last ? still + LOOK_EVERY_MS : 0;
      last = run;
      if (still < HANGS_AFTER_MS) return;
      end({ slowest: [], failure: `hangs: ${where()}` });
      worker.terminate();
    }, LOOK_EVERY_MS);
    const end = (outcome: Outcome) => {
      clearInterval(watch);
      resolve(outcome);
    };
    worker.once("message", end);
    worker.once("error", (error) => end({ slowest: [], failure: `${describe(error)}\n${where()}` }));
  });
}

function numberOf(text: string, name: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`--${name} takes a whole number`);
  return number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      executions: { type: "string", default: "2000000" },
      parser: { type: "string" },
      run: { type: "string" },
    },
  });
  const seed = numberOf(values.seed, "seed");
  const parsers = values.parser === undefined ? PARSERS.map(({ name }) => name) : [values.parser];
  if (values.run !== undefined) {
    const run = numberOf(values.run, "run");
    for (const parser of parsers.map(parserCalled)) {
      console.log(`${parser.name}: ${JSON.stringify(inputOf(parser, seed, run).toString("latin1"))}`);
      execute(parser, seed, run);
    }
    return;
  }
  const executions = numberOf(values.executions, "executions");
  const began = performance.now();
  const { slowest, failure } = await supervise({ seed, executions, parsers });
  const seconds = (performance.now() - began) / 1000;
  if (failure !== undefined) {
    console.error(failure);
    process.exitCode = 1;
    return;
  }
  for (const { parser, run, us } of slowest)
    console.log(`slowest of ${parser}: ${(us / 1000).toFixed(1)} ms (--parser ${parser} --run ${run})`);
  const rate = Math.round(executions / seconds);
  console.log(
    `seed ${seed}: ${executions} executions in ${seconds.toFixed(0)} s, ${rate} a second: no finding`,
  );
}

if (isMainThread) {
  main().catch((error: unknown) => {
    console.error(describe(error));
    process.exitCode = 1;
  });
} else parentPort?.postMessage(work(workerData));

/**
 * What the package costs: `npm run bench`. Times depend on the machine, so read the ratios within one run; the
 * numbers of requests do not depend on it.
 */
import type { IncrementalIniInputs } from "../../src/reconcile/ini/incremental-ini-config";
import { startSimulator } from "../../src/simulator";
import { type Program, Stack } from "../life/ini/stack";
import { configurationCosts } from "./configuration";
import { type Cell, elapsed, printTable, ratio } from "./measure";
import { uploadCosts } from "./uploads";

/** What a write takes on the simulated device; a real one takes longer. */
const LATENCY_MS = 20;
/** How many resources the engine works on at once, on two cores. */
const IN_FLIGHT = 8;

async function main(): Promise<void> {
  console.log(`Node ${process.version}, ${LATENCY_MS} ms a write, ${IN_FLIGHT} resources in flight`);
  await requestsOfAStack();
  await oneByOneAgainstGathered();
  configurationSizes();
  await largeUploads();
}

async function requestsOfAStack(): Promise<void> {
  const rows: Cell[][] = [];
  for (const count of [1, 10, 40]) {
    const { stack, program, observed, close } = await openStack(count);
    rows.push([
      count,
      (await observed(() => stack.preview(program))).text,
      (await observed(() => stack.up(program))).text,
      (await observed(() => stack.up(program, { refresh: true }))).text,
      (await observed(() => stack.preview(program, { refresh: true }))).text,
    ]);
    await close();
  }
  printTable(
    "Requests to one device, a row of a table for each resource",
    ["resources", "first preview", "first up", "second up", "drift check"],
    rows,
  );
}

async function oneByOneAgainstGathered(): Promise<void> {
  const firstUp = async (parallel: number) => {
    const { stack, program, observed, close } = await openStack(40);
    const run = await observed(() => stack.up(program, { parallel }));
    await close();
    return run;
  };
  const single = await firstUp(1);
  const gathered = await firstUp(IN_FLIGHT);
  printTable(
    "40 resources in a first up",
    ["", "one by one", "gathered", "ratio"],
    [
      ["requests", single.text, gathered.text, ratio(single.requests, gathered.requests)],
      ["ms", single.ms.toFixed(0), gathered.ms.toFixed(0), ratio(single.ms, gathered.ms)],
    ],
  );
}

function configurationSizes(): void {
  const [small, large] = [2_000, 20_000].map(configurationCosts);
  if (!small || !large) return;
  const rows: Cell[][] = [
    ["kB of ini text", small.kilobytes, large.kilobytes, ratio(large.kilobytes, small.kilobytes)],
  ];
  for (const [at, step] of small.steps.entries()) {
    const other = large.steps[at];
    if (!other) continue;
    rows.push([`${step.name}, ms`, step.ms.toFixed(1), other.ms.toFixed(1), ratio(other.ms, step.ms)]);
    rows.push([
      `${step.name}, MB kept`,
      step.megabytes.toFixed(1),
      other.megabytes.toFixed(1),
      ratio(other.megabytes, step.megabytes),
    ]);
  }
  printTable(
    "A device's configuration, tenfold: the ratios should be about that of the text",
    ["", `${small.rows} rows`, `${large.rows} rows`, "ratio"],
    rows,
  );
}

async function largeUploads(): Promise<void> {
  const bytes = 300_000_000;
  const rows = await uploadCosts(bytes);
  printTable(
    `A file of ${bytes / 1e6} MB to a server in another process; ours is checked on the way`,
    ["", "s", "curl, s", "ratio", "extra MB at most"],
    rows,
  );
}

/** A stack of so many resources, none of them applied yet, and a device for it. */
async function openStack(count: number) {
  const simulator = await startSimulator({ latencyMs: LATENCY_MS });
  const device = { name: `of ${count}`, url: simulator.url, username: "Admin", password: "Admin" };
  const program: Program = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `r${at}`,
      { tables: { ProxySet: { [at + 1]: { ProxyName: `PS_${at}` } } } },
    ]),
  );
  const stack = new Stack(
    (name, declared): IncrementalIniInputs => ({ device, ...declared, __mediantName: name }),
  );
  /** Runs without a word, and tells what was sent: `6 (3 GET, 1 PUT, 2 POST)`. */
  const observed = async (run: () => Promise<unknown>) => {
    const before = simulator.requests.length;
    const ms = await silently(() => elapsed(run));
    const methods = simulator.requests.slice(before).map(({ method }) => method);
    const parts = ["GET", "PUT", "POST"].flatMap((method) => {
      const sent = methods.filter((one) => one === method).length;
      return sent === 0 ? [] : [`${sent} ${method}`];
    });
    const text = parts.length === 0 ? "0" : `${methods.length} (${parts.join(", ")})`;
    return { ms, requests: methods.length, text };
  };
  return { stack, program, observed, close: () => simulator.close() };
}

async function silently<T>(run: () => Promise<T>): Promise<T> {
  const { log, warn } = console;
  console.log = () => {};
  console.warn = () => {};
  try {
    return await run();
  } finally {
    Object.assign(console, { log, warn });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

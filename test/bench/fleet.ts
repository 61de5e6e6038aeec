import type { IncrementalIniInputs } from "../../src/reconcile/ini/incremental-ini-config";
import { startSimulator } from "../../src/simulator";
import { type Program, Stack } from "../life/ini/stack";
import { besideAnsible } from "./ansible";
import { many } from "./many";
import { manyDevices } from "./many-devices";
import { elapsed, silently } from "./measure";
import type { Figure, Section } from "./report";
import { waves } from "./waves";

/** What a write takes on the simulated device; a real one takes longer. */
const LATENCY_MS = 20;
/** How many resources the engine works on at once, on two cores. */
const IN_FLIGHT = 8;

/** What many resources cost, and many devices. */
export async function fleet(): Promise<readonly Section[]> {
  return [
    await requestsOfAStack(),
    await oneByOneAgainstGathered(),
    await waves(),
    await manyDevices(),
    await besideAnsible(),
    ...(await many()),
  ];
}

async function requestsOfAStack(): Promise<Section> {
  const figures: Figure[] = [];
  for (const count of [1, 10, 40]) {
    const { stack, program, observed, close } = await openStack(count);
    figures.push({
      what: `${count} resources`,
      measured: {
        "first preview": (await observed(() => stack.preview(program))).text,
        "first up": (await observed(() => stack.up(program))).text,
        "second up": (await observed(() => stack.up(program, { refresh: true }))).text,
        "drift check": (await observed(() => stack.preview(program, { refresh: true }))).text,
      },
    });
    await close();
  }
  return { title: "Requests to one device, a row of a table for each resource", figures };
}

async function oneByOneAgainstGathered(): Promise<Section> {
  const firstUp = async (parallel: number) => {
    const { stack, program, observed, close } = await openStack(40);
    const run = await observed(() => stack.up(program, { parallel }));
    await close();
    return run;
  };
  const single = await firstUp(1);
  const gathered = await firstUp(IN_FLIGHT);
  return {
    title: `40 resources in a first up, ${LATENCY_MS} ms a write`,
    figures: [
      {
        what: "requests",
        measured: { "one by one": single.text, gathered: gathered.text },
        ratio: gathered.requests / single.requests,
      },
      {
        what: "ms",
        measured: { "one by one": single.ms, gathered: gathered.ms },
        ratio: gathered.ms / single.ms,
      },
    ],
  };
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

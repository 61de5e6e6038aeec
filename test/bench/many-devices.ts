import { setTimeout as pause } from "node:timers/promises";
import { openPool } from "../../src/device/http/carrier";
import {
  type IncrementalIniInputs,
  type IncrementalIniState,
  incrementalIniConfig,
} from "../../src/reconcile/ini/incremental-ini-config";
import { lifeOf } from "../../src/reconcile/life/life";
import { onOneDevice } from "../../src/reconcile/life/one-device";
import { ProviderProcess } from "../../src/reconcile/life/provider-process";
import { type Simulator, startSimulator } from "../../src/simulator";
import { elapsed, silently } from "./measure";
import type { Section } from "./report";

const DEVICES = 200;
const RESOURCES = 5;
const LATENCY_MS = 500;
/** Resources that the engine works on at once on two cores. */
const PARALLEL = 8;

type Kept = { id: string; state: IncrementalIniState };

/** A refresh of many devices, each of which takes its time for an answer. */
export async function manyDevices(): Promise<Section> {
  const simulators = await Promise.all(Array.from({ length: DEVICES }, () => startSimulator({})));
  try {
    const kept = await silently(() => made(simulators));
    const deviceByDevice = kept.flat();
    const inTurn = Array.from({ length: RESOURCES }, (_, at) => kept.map((own) => own[at] as Kept)).flat();
    const own = await refresh(deviceByDevice, PARALLEL, 0);
    const figure = async (what: string, order: readonly Kept[], parallel: number) => {
      const before = simulators.reduce((sum, { requests }) => sum + requests.length, 0);
      const ms = await refresh(order, parallel, LATENCY_MS);
      const requests = simulators.reduce((sum, each) => sum + each.requests.length, 0) - before;
      const floor = Math.max((DEVICES * LATENCY_MS) / parallel, own);
      const measured = { "took, s": ms / 1000, "floor, s": floor / 1000, "own, s": own / 1000, requests };
      return { what, measured, ratio: ms / floor, target: { atMost: 1.3 } };
    };
    return {
      title: `Refresh of ${DEVICES} devices with ${RESOURCES} resources each, ${LATENCY_MS} ms an answer; the floor is devices × latency / parallel, or the time without latency`,
      figures: [
        await figure(`one resource of each device after the other, ${PARALLEL} at once`, inTurn, PARALLEL),
        await figure(`device by device, ${PARALLEL} at once`, deviceByDevice, PARALLEL),
        await figure(
          `device by device, ${PARALLEL * RESOURCES} at once`,
          deviceByDevice,
          PARALLEL * RESOURCES,
        ),
      ],
    };
  } finally {
    await Promise.all(simulators.map((simulator) => simulator.close()));
  }
}

/** A life in a process that begins, to which each answer of a device comes so much later. */
function newProcess(latencyMs: number) {
  const process = new ProviderProcess({
    open: (connection) => {
      const pool = openPool(connection);
      return {
        request: async (request) => {
          if (latencyMs > 0) await pause(latencyMs);
          return pool.request(request);
        },
        close: () => pool.close(),
        destroy: () => pool.destroy(),
      };
    },
  });
  return onOneDevice(lifeOf(incrementalIniConfig, process), incrementalIniConfig, process);
}

/** The resources of each device, as they are after a first up. */
async function made(simulators: readonly Simulator[]): Promise<Kept[][]> {
  const life = newProcess(0);
  return Promise.all(
    simulators.map(({ url }, device) =>
      Promise.all(
        Array.from({ length: RESOURCES }, async (_, at) => {
          const name = `of ${device}: ${at}`;
          const declared: IncrementalIniInputs = {
            device: { name: `sbc${device}`, url, username: "Admin", password: "Admin" },
            tables: { ProxySet: { [at + 1]: { ProxyName: `PS_${at}` } } },
            __mediantName: name,
          };
          const { inputs } = life.check({}, declared);
          const { id, outs } = await life.create(inputs);
          return { id, state: JSON.parse(JSON.stringify(outs)) as IncrementalIniState };
        }),
      ),
    ),
  );
}

/** Milliseconds. */
function refresh(order: readonly Kept[], parallel: number, latencyMs: number): Promise<number> {
  const life = newProcess(latencyMs);
  const waiting = [...order].reverse();
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      await life.read(next.id, next.state);
  };
  return silently(() => elapsed(() => Promise.all(Array.from({ length: parallel }, work))));
}

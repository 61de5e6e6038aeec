import type { TestContext } from "node:test";
import { inspect } from "node:util";
import type { DeviceSettings } from "../../../src/declare/device";
import type { IncrementalIniInputs } from "../../../src/reconcile/ini/incremental-ini-config";
import type { ConfigSnapshot, Simulator, SimulatorOptions } from "../../../src/simulator";
import { startFresh } from "../../shared/simulated";
import { Stack } from "./stack";

/** What a test declares for one resource; the rest of the inputs is the bench's. */
export type Declared = Omit<IncrementalIniInputs, "device" | "__mediantName" | "__provider">;

/** A device, a stack that declares things for it, and all that was printed since. Ends with the test. */
export interface Bench {
  simulator: Simulator;
  device: DeviceSettings;
  stack: Stack;
  /** All that went to the console, a line each. */
  lines: string[];
  inputs(name: string, declared: Declared): IncrementalIniInputs;
}

let benches = 0;

/** @param settings how the device is reached, beside what the simulator says */
export async function bench(
  t: TestContext,
  options: SimulatorOptions = {},
  settings: Partial<DeviceSettings> = {},
): Promise<Bench> {
  const simulator = await startFresh(options);
  t.after(() => simulator.close());
  const device = {
    name: `sbc${++benches}`,
    url: simulator.url,
    username: "Admin",
    password: "Admin",
    ...settings,
  };
  const lines: string[] = [];
  for (const level of ["log", "info", "warn", "error", "debug"] as const) {
    t.mock.method(console, level, (...args: unknown[]) => {
      lines.push(args.map((arg) => (typeof arg === "string" ? arg : inspect(arg))).join(" "));
    });
  }
  const inputs = (name: string, declared: Declared): IncrementalIniInputs => ({
    device,
    ...declared,
    __mediantName: name,
    __provider: "the thunk",
  });
  return { simulator, device, lines, inputs, stack: new Stack(inputs) };
}

/** Calls `look` each time the device has taken something over, an upload or a change that was put back. */
export function afterEachWrite(
  t: TestContext,
  { simulator }: Pick<Bench, "simulator">,
  look: () => void,
): void {
  const assign = simulator.running.assign.bind(simulator.running);
  t.mock.method(simulator.running, "assign", (...args: Parameters<typeof assign>) => {
    assign(...args);
    look();
  });
}

export const GET_INI = "GET /files/ini";
export const PUT_INI = "PUT /files/ini/incremental";
export const SAVE = "POST /actions/saveConfiguration";
export const GET_STATUS = "GET /status";

export function countOf(requests: readonly string[], one: string): number {
  return requests.filter((request) => request === one).length;
}

/** The parameters and cells of a snapshot by address, as people write them. */
export function flat({ parameters, tables }: ConfigSnapshot): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(parameters)) values.set(name, [value].flat().join(","));
  for (const [table, rows] of Object.entries(tables))
    for (const [index, row] of Object.entries(rows))
      for (const [column, value] of Object.entries(row)) values.set(`${table} ${index} ${column}`, value);
  return values;
}

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { incrementalIniConfig } from "../../../src/reconcile/ini/incremental-ini-config";
import type { ConfigStore, SimulatorOptions } from "../../../src/simulator";
import { newLife } from "../../shared/life";
import { onTheWire } from "../../shared/on-the-wire";
import { startFresh } from "../../shared/simulated";
import { bench, flat } from "./bench";
import { put, type Scene, scene } from "./generator";

const RUNS = 40;

for (const firmware of ["7.40A.250.440", "7.00A.018.005"]) {
  for (const tableMode of ["merge", "replace"] as const) {
    test(`whatever is declared holds afterwards, and nothing else changed: ${firmware}, ${tableMode}`, async (t) => {
      const { lines } = await bench(t);
      const factory = await startFresh({ firmware });
      t.after(() => factory.close());
      const options = fc.record({
        partialColumns: fc.constantFrom("keep" as const, "default" as const),
        obscuring: fc.constantFrom("steady" as const, "anew" as const),
        noise: fc.boolean(),
        eol: fc.constantFrom("\n" as const, "\r\n" as const),
      });
      let count = 0;
      await fc.assert(
        fc.asyncProperty(scene(factory.running), options, fc.nat(), (one, more, pick) => {
          const name = `${firmware} ${tableMode} ${count++}`;
          lines.length = 0;
          return converges(one, { firmware, tableMode, ...more }, name, { pick, lines });
        }),
        { numRuns: RUNS, includeErrorInReport: true },
      );
    });
  }
}

async function converges(
  { before, declared, expected }: Scene,
  options: SimulatorOptions,
  name: string,
  { pick, lines }: { pick: number; lines: string[] },
): Promise<void> {
  const simulator = await startFresh(options);
  try {
    put(simulator.running, before);
    const was = flat(simulator.running.snapshot());
    const keepsUnmanaged = watch(simulator.running, was, expected);
    const device = { name, url: simulator.url, username: "Admin", password: "Admin" };
    const inputs = onTheWire({ device, ...declared, atDefault: ["*"], __mediantName: "all" });

    let life = newLife(incrementalIniConfig);
    assert.deepEqual(life.check(inputs).failures, []);
    const { id, outs } = await life.create(inputs);
    const state = onTheWire(outs);

    keepsUnmanaged();
    for (const [address, value] of expected) assert.equal(held(simulator.running, address), value, address);
    assert.equal(life.diff(id, state, inputs).changes, false, "a plan after create");

    const read = onTheWire(await life.read(id, state));
    assert.deepEqual({ parameters: read.inputs.parameters, tables: read.inputs.tables }, onTheWire(declared));
    assert.equal(life.diff(id, read.props, inputs).changes, false, "a plan after a refresh");

    const writes = simulator.writes.length;
    assert.ok(simulator.flash.equals(simulator.running) || options.firmware?.startsWith("7.0"), "saved");
    await life.update(id, read.props, inputs);
    assert.equal(simulator.writes.length, writes, "a second update writes");

    const address = [...expected.keys()][pick % Math.max(expected.size, 1)];
    if (address === undefined || !changeByHand(simulator.running, address, options)) return;
    lines.length = 0;
    life = newLife(incrementalIniConfig);
    const drifted = onTheWire(await life.read(id, state));
    assert.equal(lines.length, 1, `one line for ${address}:\n${lines.join("\n")}`);
    assert.ok(lines[0]?.toLowerCase().includes(`drift: ${address}:`.toLowerCase()), lines[0]);
    assert.equal(life.diff(id, drifted.props, inputs).changes, true, "drift");
    await life.update(id, drifted.props, inputs);
    keepsUnmanaged();
    assert.equal(held(simulator.running, address), expected.get(address), "healed");
  } finally {
    await simulator.close();
  }
}

/** Looks after each upload, and when asked, that whatever nobody declared stands as it stood. */
function watch(store: ConfigStore, was: Map<string, string>, declared: Map<string, string>): () => void {
  const look = () => {
    const now = flat(store.snapshot());
    for (const [address, value] of was)
      if (!declared.has(address)) assert.equal(now.get(address), value, `${address} is nobody's`);
    const rows = new Set([...was.keys(), ...declared.keys()].map(rowOf));
    for (const address of now.keys()) assert.ok(rows.has(rowOf(address)), `${address} came from nowhere`);
  };
  const problems: unknown[] = [];
  const assign = store.assign.bind(store);
  store.assign = (other) => {
    assign(other);
    try {
      look();
    } catch (error) {
      problems.push(error);
    }
  };
  return () => {
    if (problems.length > 0) throw problems[0];
    look();
  };
}

/** Whether the device would show it: a secret in a new form each time tells nothing. */
function changeByHand(store: ConfigStore, address: string, { obscuring }: SimulatorOptions): boolean {
  const [name = "", index, column] = address.split(" ");
  const field =
    column === undefined ? store.model.parameter(name) : store.model.table(name)?.columns.get(column);
  if (field === undefined || (field.secret && obscuring === "anew")) return false;
  const was = held(store, address);
  const other = {
    integer: String(field.minimum),
    address: "203.0.113.9",
    text: "by hand",
    bare: "hand",
    list: "by hand",
  };
  const value = was === other[field.type] ? String(field.maximum) : other[field.type];
  if (index === undefined || column === undefined) store.setParameter(name, value);
  else store.setCell(name, index, column, value);
  return true;
}

const rowOf = (address: string): string => address.split(" ").slice(0, 2).join(" ");

function held(store: ConfigStore, address: string): string | undefined {
  const [name = "", index, column] = address.split(" ");
  if (index !== undefined && column !== undefined) return store.cell(name, index, column);
  return store.parameter(name) ?? store.model.parameter(name)?.default;
}

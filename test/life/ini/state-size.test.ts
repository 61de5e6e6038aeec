import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type IncrementalIniInputs,
  incrementalIniConfig,
} from "../../../src/reconcile/ini/incremental-ini-config";
import { newLife } from "../../shared/life";
import { onTheWire } from "../../shared/on-the-wire";
import { startFresh } from "../../shared/simulated";

const ROWS = 400;
const NAME = "DialPlanRule";
const rows = Array.from({ length: ROWS }, (_, at) => ({
  DialPlanName: "branches",
  Name: `rule ${at}`,
  Prefix: `49${30_000_000 + at}`,
  Tag: `site${at % 40}`,
}));

function iniOf(tag: (tag: string) => string): string {
  const lines = rows.map(
    ({ DialPlanName, Name, Prefix, Tag }, at) =>
      `${NAME} ${at} = "${DialPlanName}", "${Name}", "${Prefix}", "${tag(Tag)}";`,
  );
  const format = "FORMAT Index = DialPlanName, Name, Prefix, Tag;";
  return [`[ ${NAME} ]`, "", format, ...lines, "", `[ \\${NAME} ]`, ""].join("\n");
}

for (const [what, held] of Object.entries({
  adopted: iniOf((tag) => tag),
  overwritten: iniOf(() => "before"),
})) {
  test(`the state of a large table that is ${what} and restored in the end keeps each cell twice, and gives it back`, async (t) => {
    const simulator = await startFresh({ ini: held });
    t.after(() => simulator.close());
    t.mock.method(console, "log", () => {});
    const life = newLife(incrementalIniConfig);
    const { inputs, failures } = life.check({
      device: { name: "sbc1", url: simulator.url, username: "Admin", password: "Admin" },
      tables: { [NAME]: Object.fromEntries(rows.entries()) },
      onRelease: "restore",
      __mediantName: "dial-plan",
    } as IncrementalIniInputs);
    assert.deepEqual(failures, []);
    const found = simulator.running.snapshot();
    const { id, outs } = await life.create(inputs);
    const size = (value: unknown) => JSON.stringify(value).length;
    const { tables, __mediantTables, previous, __mediantPreviousRows: before, ...rest } = outs;
    const ini = iniOf((tag) => tag).length;
    t.diagnostic(`ini ${ini}, state ${size(outs)}, before ${size(before)} bytes`);
    // Pulumi keeps the inputs beside it.
    const kept = size(outs) + size(inputs);
    assert.ok(kept <= 4 * ini, `${kept} bytes for ${ini} of ini text`);
    assert.ok(size(rest) + size(previous) < 1_000, `${size(rest)} bytes beside: ${Object.keys(rest)}`);
    await newLife(incrementalIniConfig).remove(id, onTheWire(outs));
    assert.deepEqual(simulator.running.snapshot(), found);
  });
}

test("a large table of which the device had some rows and some cells is as it was when it is let go of", async (t) => {
  const lines = iniOf((tag) => tag).split("\n");
  const held = lines.filter((line) => !line.startsWith(NAME) || /^\w+ \d*[02468] /.test(line)).join("\n");
  const simulator = await startFresh({ ini: held });
  t.after(() => simulator.close());
  t.mock.method(console, "log", () => {});
  const found = simulator.running.snapshot();
  const declare = (count: number) => {
    // Every third row leaves a column to the device.
    const some = rows
      .slice(0, count)
      .map(({ Tag, ...row }, at) => (at % 3 === 0 ? row : { ...row, Tag: `${Tag}x` }));
    const declared = { tables: { [NAME]: Object.fromEntries(some.entries()) }, onRelease: "restore" };
    const device = { name: "sbc1", url: simulator.url, username: "Admin", password: "Admin" };
    const checked = newLife(incrementalIniConfig).check({
      ...declared,
      device,
      __mediantName: "dial-plan",
    } as IncrementalIniInputs);
    assert.deepEqual(checked.failures, []);
    return checked.inputs;
  };
  const { id, outs } = await newLife(incrementalIniConfig).create(declare(ROWS));
  assert.notDeepEqual(simulator.running.snapshot(), found);
  const half = await newLife(incrementalIniConfig).update(id, onTheWire(outs), declare(ROWS / 2));
  assert.equal(simulator.running.indexes(NAME).length, ROWS / 2 + ROWS / 4);
  await newLife(incrementalIniConfig).remove(id, onTheWire(half.outs));
  assert.deepEqual(simulator.running.snapshot(), found);
});

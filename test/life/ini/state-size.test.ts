import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type IncrementalIniInputs,
  incrementalIniConfig,
} from "../../../src/reconcile/ini/incremental-ini-config";
import { newLife } from "../../shared/life";
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
  test(`the state of a large table that is ${what} and restored in the end keeps each cell twice, and no more`, async (t) => {
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
    const { outs } = await life.create(inputs);
    const size = (value: unknown) => JSON.stringify(value).length;
    const { tables, previous, ...rest } = outs;
    const ini = iniOf((tag) => tag).length;
    t.diagnostic(`ini ${ini}, state ${size(outs)}, declared ${size(tables)}, before ${size(previous)} bytes`);
    assert.ok(size(outs) <= 4 * ini, `${size(outs)} bytes for ${ini} of ini text`);
    assert.ok(size(rest) < 1_000, `${size(rest)} bytes beside: ${Object.keys(rest)}`);
  });
}

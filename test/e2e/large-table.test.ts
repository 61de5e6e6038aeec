import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { availableEngines, type EngineKind, quickEngines } from "../engine";
import { openStage } from "./stage";

const CHANGE = 'DialPlanRule 7 Tag: "site7" => "berlin"';

type Rows = Record<string, Record<string, string>>;

function rowsOf(count: number, more: Rows = {}): Rows {
  const table = Array.from({ length: count }, (_, at) => [
    String(at),
    {
      DialPlanName: "branches",
      Prefix: `49${30_000_000 + at}`,
      Tag: `site${at}`,
      ...(at === 0 ? { AuthPassword: "open-sesame" } : {}),
    },
  ]);
  return { ...Object.fromEntries(table), ...more };
}

/** As a device shows it. */
function ini(table: Rows): string {
  const columns = ["DialPlanName", "Prefix", "Tag", "AuthPassword"];
  const lines = Object.entries(table).map(
    ([index, row]) => `DialPlanRule ${index} = ${columns.map((column) => `"${row[column]}"`).join(", ")};`,
  );
  const format = `FORMAT Index = ${columns.join(", ")};`;
  return ["[ DialPlanRule ]", "", format, ...lines, "", "[ \\DialPlanRule ]", ""].join("\r\n");
}

/** One engine previews it; what is printed for one cell does not grow with the table. */
async function previewedByCells(t: TestContext, kind: EngineKind, count: number): Promise<void> {
  const rows = (more?: Rows) => rowsOf(count, more);
  const stage = await openStage(t, kind, { ini: ini({ 0: rows()["0"] ?? {} }) });
  const declare = (table: Rows) =>
    stage.declare({ name: "dial-plan", args: { tables: { DialPlanRule: table } } });
  await declare(rows());
  const up = await stage.up({ refresh: false });
  assert.equal(up.exitCode, 0, up.output.slice(0, 4_000));
  const state = JSON.stringify(await stage.state());
  assert.ok(!state.includes("open-sesame"), "a secret stands in the state");
  assert.ok(state.includes(`"DialPlanRule":"${count} rows"`), "the state does not count the rows");

  const changed = { ...rows()["7"], Tag: "berlin" } as Record<string, string>;
  await declare(rows({ 7: changed }));
  const preview = await stage.preview({ diff: true, refresh: true });
  assert.equal(preview.exitCode, 0, preview.output.slice(0, 4_000));
  assert.ok(preview.output.includes(CHANGE), preview.output.slice(0, 4_000));
  assert.ok(preview.output.length < 4_000, `${preview.output.length} characters`);
  t.diagnostic(`${preview.output.length} characters for one changed cell`);

  await declare(rows());
  stage.simulator.running.setCell("DialPlanRule", "7", "Tag", "by hand");
  const drift = await stage.preview({ refresh: true, diff: true });
  assert.equal(drift.exitCode, 0, drift.output.slice(0, 4_000));
  assert.match(drift.output, /drift: DialPlanRule 7 Tag: "site7" => "by hand"/);
  assert.ok(drift.output.length < 4_000, `${drift.output.length} characters`);
}

const NO_PULUMI = !availableEngines().includes("pulumi") && "no pulumi on PATH";

describe("a large table is previewed by its cells, and no secret of it stands in the state", () => {
  for (const kind of quickEngines().filter((one) => one !== "pulumi"))
    it(`with 1,000 rows, on the ${kind} engine`, (t) => previewedByCells(t, kind, 1_000));

  it("with 4,000 rows, on the real engine", { skip: NO_PULUMI }, (t) => previewedByCells(t, "pulumi", 4_000));
});

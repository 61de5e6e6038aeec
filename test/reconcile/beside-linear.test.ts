import assert from "node:assert/strict";
import { test } from "node:test";
import { NameMap } from "../../src/ini/names";
import { observe } from "../../src/ini/observe";
import { secretTest } from "../../src/ini/secrets";
import { besideUpload } from "../../src/reconcile/ini/beside";
import type { Fragment } from "../../src/reconcile/ini/fragment";
import { planIni } from "../../src/reconcile/ini/plan/plan";
import { stepsIn, testOfSteps } from "../shared/steps";

/** A dump with so many rows of a table; each name ends in `end`. */
function dump(rows: number, { end = "", from = 0 } = {}) {
  const lines = Array.from({ length: rows }, (_, at) => `Rule ${at + from} = "R${at}${end}", "${at % 7}";`);
  return observe(`[ Rule ]\nFORMAT Index = Name, Kind;\n${lines.join("\n")}\n[ \\Rule ]\n`);
}

function fragment(rows: number, more: Partial<Fragment> = {}): Fragment {
  const declared = Object.fromEntries(
    Array.from({ length: rows }, (_, at) => [String(at * 2), { Name: `ours ${at}` }]),
  );
  return {
    label: "base",
    declared: { parameters: {}, tables: { Rule: declared } },
    restored: new NameMap(),
    removedRows: new NameMap(),
    unsetParameters: [],
    ownTables: ["Rule"],
    mayBeAtDefault: () => false,
    forms: new NameMap(),
    order: [],
    isSecret: secretTest(),
    allowLossOfAccess: false,
    ...more,
  };
}

const RULES = { incrementalTables: "whole", username: "Admin", encoding: "utf-8" } as const;

const nothing = new NameMap<true>();

const works: Record<string, (rows: number) => () => void> = {
  "comparing what stands": (rows) => {
    const [before, now] = [dump(rows), dump(rows)];
    const plan = planIni(before, [fragment(10, { ownTables: [] })], RULES);
    return () => besideUpload(before, now, plan, nothing);
  },
  "comparing where every row is another": (rows) => {
    const [before, now] = [dump(rows), dump(rows, { end: "x" })];
    const plan = planIni(before, [fragment(10, { ownTables: [] })], RULES);
    return () => besideUpload(before, now, plan, nothing);
  },
  "comparing where every row has another number": (rows) => {
    const [before, now] = [dump(rows), dump(rows, { from: rows })];
    const plan = planIni(before, [fragment(10, { ownTables: [] })], RULES);
    return () => besideUpload(before, now, plan, nothing);
  },
};

for (const [what, work] of Object.entries(works)) {
  testOfSteps(`${what} takes ten times as long for ten times as many rows`, () => {
    const [small, large] = [work(200), work(2_000)];
    const steps = (run: () => void) => stepsIn(/\/src\/(ini|reconcile)\//, run);
    const [few, many] = [steps(small), steps(large)];
    assert.ok(many < few * 14, `${few} steps, then ${many}`);
  });
}

test("20,000 rows are compared", () => {
  const [before, now] = [dump(20_000), dump(20_000, { end: "x" })];
  const plan = planIni(before, [fragment(10, { ownTables: [] })], RULES);
  assert.equal(besideUpload(before, now, plan, nothing).damage.length, 20_000 - 10);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Configuration } from "../../src/ini/configuration";
import { KnownRows } from "../../src/ini/dump/known-rows";
import { NameMap } from "../../src/ini/names";
import { observe } from "../../src/ini/observe";
import { madeRows, rememberFilled } from "../../src/reconcile/ini/made-rows";
import { planIni } from "../../src/reconcile/ini/plan/plan";
import { nothingBefore } from "../../src/reconcile/ini/previous/values";
import { settleRows } from "../../src/reconcile/ini/released-rows";
import { rememberPrevious, restorationOf } from "../../src/reconcile/ini/restore";
import { verifyFragment } from "../../src/reconcile/ini/verify";
import { fragment } from "../shared/fragment";
import { stepsIn, testOfSteps } from "../shared/steps";

const RULES = { incrementalTables: "whole", username: "Admin", encoding: "utf-8" } as const;
const NOTHING: Configuration = { parameters: {}, tables: {} };
const none = observe("");

function rows(n: number): Configuration {
  const table = Object.fromEntries(
    Array.from({ length: n }, (_, at) => [
      String(at),
      { ProxyName: `PS_${at}`, GatewayInterfaceName: `I_${at}` },
    ]),
  );
  return { parameters: {}, tables: { ProxySet: table } };
}

function dump(n: number, extra: string) {
  const lines = Array.from({ length: n }, (_, at) => `ProxySet ${at} = "PS_${at}", "I_${at}", ${extra};`);
  const format = "FORMAT Index = ProxyName, GatewayInterfaceName, ProxyKeepAliveTime;";
  return observe(["[ ProxySet ]", format, ...lines, "[ \\ProxySet ]", ""].join("\n"));
}

/** A resource's rows are made, read back, and let go of. */
const WORK: Record<string, (n: number) => () => void> = {
  "rows that come": (n) => {
    const [declared, after] = [rows(n), dump(n, "60")];
    return () => {
      const { written } = planIni(none, [fragment({ declared })], RULES);
      verifyFragment(fragment({ declared }), none, after, written);
      const previous = rememberPrevious(nothingBefore(), none, { declared, ownTables: [] });
      rememberFilled({}, { earlier: NOTHING, declared, previous, before: none, after, written });
    };
  },
  "rows that the device drops": (n) => {
    const declared = rows(n);
    return () => {
      const { written } = planIni(none, [fragment({ declared })], RULES);
      verifyFragment(fragment({ declared }), none, none, written);
    };
  },
  "cells that the device refuses": (n) => {
    const [declared, other] = [rows(n), dump(n, "60")];
    for (const row of Object.values(declared.tables["ProxySet"] ?? {}))
      row["GatewayInterfaceName"] = "nowhere";
    return () => {
      const { written } = planIni(other, [fragment({ declared })], RULES);
      verifyFragment(fragment({ declared }), other, other, written);
    };
  },
  "rows that go": (n) => {
    const [declared, live] = [rows(n), dump(n, "60")];
    const previous = rememberPrevious(nothingBefore(), none, { declared, ownTables: [] });
    const change = {
      earlier: NOTHING,
      declared,
      previous,
      before: none,
      after: live,
      written: new NameMap<string>(),
    };
    const filled = rememberFilled({}, change);
    return () => {
      const restoration = restorationOf(previous, { declared: NOTHING, ownTables: [] });
      const made = madeRows(restoration.removedRows, declared, filled);
      const [settled] = settleRows(live, [fragment({ ...restoration, made })], new NameMap());
      const plan = planIni(live, settled ? [settled.fragment] : [], RULES);
      assert.equal(plan.removed.size, n);
      rememberPrevious(previous, live, { declared: NOTHING, ownTables: [] });
    };
  },
  "values that go back": (n) => {
    const [declared, before, after] = [rows(n), dump(n, "60"), dump(n, "70")];
    const previous = rememberPrevious(nothingBefore(), before, { declared, ownTables: ["ProxySet"] });
    return () => {
      const restoration = restorationOf(previous, { declared: NOTHING, ownTables: [] });
      const [settled] = settleRows(after, [fragment(restoration)], new NameMap());
      planIni(after, settled ? [settled.fragment] : [], RULES);
    };
  },
  "many resources": (n) => {
    const live = dump(n, "60");
    const each = Array.from({ length: n }, (_, at) => {
      const declared = { parameters: {}, tables: { ProxySet: { [at]: { ProxyKeepAliveTime: "90" } } } };
      const forms = new NameMap([[`ProxySet ${at} ProxyName`, { declared: "x", device: "y" }]]);
      return fragment({ declared, forms });
    });
    return () => {
      const settled = settleRows(live, each, new NameMap());
      planIni(
        live,
        settled.map(({ fragment }) => fragment),
        RULES,
      );
    };
  },
};

for (const [what, work] of Object.entries(WORK)) {
  testOfSteps(`ten times the work takes about ten times the steps: ${what}`, () => {
    const steps = (n: number) => stepsIn(/\/src\/(ini|reconcile)\//, work(n));
    const [few, many] = [steps(60), steps(600)];
    assert.ok(few > 0);
    assert.ok(many <= 11 * few + 500, `${few} steps, then ${many}`);
  });
}

test("a row that a dump shows again is not taken apart a second time", () => {
  const known = new KnownRows();
  const text =
    '[ ProxySet ]\nFORMAT Index = ProxyName;\nProxySet 0 = "A";\nProxySet 1 = "B";\n[ \\ProxySet ]\n';
  const first = observe(text, known);
  const second = observe(text.replace('"B"', '"C"'), known);
  const rowOf = (dump: typeof first, index: string) => dump.tables.get("ProxySet")?.rows.get(index);
  assert.equal(rowOf(second, "0"), rowOf(first, "0"));
  assert.equal(rowOf(second, "1")?.get("ProxyName")?.text, "C");
  assert.equal(rowOf(first, "1")?.get("ProxyName")?.text, "B");
  const other = observe(text.replace("= ProxyName", "= Description"), known);
  assert.equal(rowOf(other, "0")?.get("Description")?.text, "A");
});

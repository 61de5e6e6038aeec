import assert from "node:assert/strict";
import { test } from "node:test";
import { configurationOf, withFound } from "../../src/declare/ini";
import { tableParts } from "../../src/declare/large-tables";

const rows = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [String(at), { Name: `n${at}`, Tag: "a" }]));

test("a table of more than 300 cells is handed over apart, with the number of its rows", () => {
  const all = { ProxySet: rows(150), DialPlanRule: rows(151) };
  const parts = tableParts(all);
  assert.deepEqual(Object.keys(parts.tables), ["ProxySet"]);
  assert.deepEqual(Object.keys(parts.__mediantTables), ["DialPlanRule"]);
  assert.deepEqual(parts.largeTables, { DialPlanRule: "151 rows" });
  assert.deepEqual(configurationOf(parts), { parameters: {}, tables: all });
});

test("a refresh leaves each table in the property in which it was declared, whatever its size is now", () => {
  const inputs = {
    device: { name: "sbc1" },
    __mediantName: "base",
    ...tableParts({ ProxySet: rows(2), DialPlanRule: rows(200) }),
  };
  const found = { parameters: {}, tables: { ProxySet: rows(400), DialPlanRule: rows(1) } };
  const { tables, __mediantTables, largeTables } = withFound(inputs, found);
  assert.deepEqual(tables, { ProxySet: rows(400) });
  assert.deepEqual(__mediantTables, { DialPlanRule: rows(1) });
  assert.deepEqual(largeTables, { DialPlanRule: "1 row" });
  const gone = withFound(inputs, { parameters: {}, tables: { ProxySet: rows(2) } });
  assert.deepEqual(gone.__mediantTables, {}, "what is gone is not left as it was");
});

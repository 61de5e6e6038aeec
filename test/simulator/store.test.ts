import assert from "node:assert/strict";
import { test } from "node:test";
import { bench } from "./harness";

test("a change by hand is seen in the dump, and names are without case", async (t) => {
  const { simulator, dump } = await bench(t);
  const { running } = simulator;
  running.setParameter("enableSYSLOG", "1");
  running.addRow("conditiontable", "3", { name: "c" });
  running.setCell("ConditionTable", 3, "CONDITION", "x");
  const text = await dump();
  assert.match(text, /^EnableSyslog = 1\r$/m);
  assert.match(text, /^ConditionTable 3 = "c", "x";\r$/m);
  assert.equal(text, running.dump());
  running.setParameter("EnableSyslog", undefined);
  running.removeRow("ConditionTable", 3);
  assert.doesNotMatch(await dump(), /EnableSyslog|ConditionTable/);
});

test("a snapshot does not follow later changes", async (t) => {
  const { running } = (await bench(t)).simulator;
  const before = running.snapshot();
  running.setCell("SRD", 0, "Name", "changed");
  assert.equal(before.tables["SRD"]?.["0"]?.["Name"], "DefaultSRD");
});

test("a slip in a change by hand is an error", async (t) => {
  const { running } = (await bench(t)).simulator;
  assert.throws(() => running.setParameter("EnableSylsog", "1"), /no parameter EnableSylsog/);
  assert.throws(() => running.parameter("EnableSylsog"), /no parameter/);
  assert.throws(() => running.indexes("Nothing"), /no table Nothing/);
  assert.throws(() => running.addRow("SRD", 1, { Nmae: "x" }), /no column SRD\.Nmae/);
  assert.throws(() => running.addRow("SRD", "-1", {}), /no row index/);
  assert.throws(() => running.setCell("SRD", 9, "Name", "x"), /no row SRD 9/);
  assert.throws(() => running.setCell("SRD", 0, "Name", 'a"b'), /cannot hold/);
  assert.throws(() => running.setParameter("SIPGatewayName", "a\nb"), /cannot hold/);
  assert.throws(() => running.setParameter("EnableSyslog", ["1", "2"]), /not a list/);
});

test("running and flash are kept apart", async (t) => {
  const { simulator, ask } = await bench(t);
  simulator.running.setParameter("EnableSyslog", "1");
  assert.equal(simulator.flash.parameter("EnableSyslog"), undefined);
  await ask("POST /api/v1/actions/saveConfiguration");
  assert.equal(simulator.flash.parameter("EnableSyslog"), "1");
  simulator.running.setCell("SRD", 0, "Name", "changed");
  assert.equal(simulator.flash.cell("SRD", 0, "Name"), "DefaultSRD");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { basic, bench, descriptionOf } from "./harness";

const OLD = "7.00A.018.005";
const ROOT = "GET /api/v1/performanceMonitoring";

/** What later firmware tells beside, as long as nothing is measured. */
const LATER = { volume: 0, total: 0, time_above_high: 0, time_between_high_low: 0, time_below_low: 0 };

/** The manual's JSON ends in a comma too many. */
const repaired = (text: string) => JSON.parse(text.replace(/,(?=\s*[\]}])/g, ""));

test("the list has bare names, in 7.0 with a comma too many; later firmware has more", async (t) => {
  const old = await (await bench(t, { firmware: OLD })).ask(ROOT);
  assert.throws(() => JSON.parse(old.text));
  const names = ["ActiveContextCount", "NetUtilKBytes", "NetUtilPackets"];
  assert.deepEqual(repaired(old.text), { items: names });
  const later = await (await bench(t)).ask(ROOT);
  assert.deepEqual(JSON.parse(later.text), { items: [...names, "SIPIPGroupInviteDialogs"] });
});

test("without a query a monitor tells its indexes, intervals and thresholds", async (t) => {
  for (const firmware of [OLD, undefined]) {
    const { ask } = await bench(t, { firmware });
    assert.deepEqual(JSON.parse((await ask(`${ROOT}/NetUtilPackets`)).text), {
      indexes: [0, 1],
      intervalsPerIndex: [0, 1, 2],
      lowThreshold: 100,
      highThreshold: 30000,
    });
  }
});

test("what was not measured is -1, in 7.0 with a comma too many", async (t) => {
  const nothing = { index: 1, interval: 0, value: -1, min: 0, max: 0, average: 0 };
  const old = await (await bench(t, { firmware: OLD })).ask(`${ROOT}/NetUtilPackets?index=1`);
  assert.throws(() => JSON.parse(old.text));
  assert.deepEqual(repaired(old.text), nothing);
  const later = await (await bench(t)).ask(`${ROOT}/NetUtilPackets?index=1`);
  assert.deepEqual(JSON.parse(later.text), { ...nothing, ...LATER });
});

test("values can be set for each index and interval; names have no case", async (t) => {
  const { ask, simulator } = await bench(t);
  const { performanceMonitors: monitors } = simulator;
  const measured = { value: 7, min: 1, max: 9, average: 5 };
  monitors.set("netutilkbytes", 1, 2, measured);
  const at = async (query: string) => JSON.parse((await ask(`${ROOT}/NETUTILKBYTES?${query}`)).text);
  const later = { ...LATER, volume: 7, total: 7, time_below_low: 900 };
  assert.deepEqual(await at("index=1&interval=2"), { index: 1, interval: 2, ...measured, ...later });
  assert.equal((await at("index=1")).value, -1, "another interval");
  assert.equal((await at("index=0&interval=2")).value, -1, "another index");
  monitors.set("NetUtilKBytes", 12, 0, measured);
  monitors.set("NetUtilKBytes", 3, 0, measured);
  assert.deepEqual((await at("")).indexes, [0, 1, 3, 12]);
  assert.equal(
    JSON.parse((await ask(ROOT)).text).items.filter((name: string) => /kbytes/i.test(name)).length,
    1,
  );
});

test("a monitor that is set is there, on either firmware", async (t) => {
  for (const firmware of [OLD, undefined]) {
    const { ask, simulator } = await bench(t, { firmware });
    for (const name of ["SIPIPGroupInviteDialogs", "OwnMonitor"]) {
      simulator.performanceMonitors.set(name, 0, 0, { value: 1, min: 1, max: 1, average: 1 });
      assert.ok(repaired((await ask(ROOT)).text).items.includes(name));
      assert.equal(repaired((await ask(`${ROOT}/${name}?index=0`)).text).value, 1);
    }
  }
});

test("a bad index or interval is a 400", async (t) => {
  const status = 400;
  for (const firmware of [OLD, undefined]) {
    const { ask } = await bench(t, { firmware });
    for (const query of ["index=100", "index=-1", "index=x", "interval=0"]) {
      const reply = await ask(`${ROOT}/NetUtilPackets?${query}`);
      assert.deepEqual([reply.status, descriptionOf(reply)], [status, "Invalid index"], query);
    }
    for (const query of ["index=0&interval=3", "index=0&interval=-1"]) {
      const reply = await ask(`${ROOT}/NetUtilPackets?${query}`);
      assert.deepEqual([reply.status, descriptionOf(reply)], [status, "Invalid interval"], query);
    }
  }
});

test("an unknown monitor is a 404, and so is the manual's own wrong path", async (t) => {
  const { ask } = await bench(t, { firmware: OLD, looseUrls: "refused" });
  for (const path of [
    "/performanceMonitoring/Nothing",
    "/performanceMonitoring/SIPIPGroupInviteDialogs",
    "/performanceMonitoring/",
    "/performanceMonitoring/NetUtilPackets/0",
    "/performanceMonitoring/%",
    "/alarms/performanceMonitoring/netUtilPackets",
  ])
    assert.equal((await ask(`GET /api/v1${path}`)).status, 404, path);
});

test("only what could be measured is set", async (t) => {
  const { simulator } = await bench(t);
  const set = (index: number, interval: number) => () =>
    simulator.performanceMonitors.set("X", index, interval, { value: 1, min: 1, max: 1, average: 1 });
  assert.throws(set(-1, 0), /index/);
  assert.throws(set(0.5, 0), /index/);
  assert.throws(set(0, 3), /interval/);
});

test("a monitoring user may read the monitors", async (t) => {
  const { ask } = await bench(t, { users: [{ username: "mon", password: "m", level: "Monitor" }] });
  for (const line of [ROOT, `${ROOT}/NetUtilKBytes?index=0`])
    assert.equal((await ask(line, { authorization: basic("mon", "m") })).status, 200, line);
});

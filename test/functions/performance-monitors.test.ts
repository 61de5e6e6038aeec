import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
  getPerformanceMonitor,
  getPerformanceMonitorOutput,
  getPerformanceMonitors,
  getPerformanceMonitorsOutput,
  type PerformanceMonitor,
  type PerformanceValue,
} from "../../src";
import { bench, DIALECTS, settled } from "./bench";

for (const firmware of DIALECTS) {
  test(`names, what a monitor can tell, and what it measured, on ${firmware}`, async (t) => {
    const { simulator, device, requests } = await bench(t, { firmware });
    const names = await getPerformanceMonitors({ device });
    assert.deepEqual(names.slice(0, 3), ["ActiveContextCount", "NetUtilKBytes", "NetUtilPackets"]);
    const name = "NetUtilKBytes";
    const monitor: PerformanceMonitor = await getPerformanceMonitor({ device, name });
    assert.deepEqual(monitor, {
      indexes: [0, 1],
      intervals: ["current", "last15Minutes", "previous15Minutes"],
      ...{ lowThreshold: 100, highThreshold: 30_000 },
    });
    requests();
    const idle: PerformanceValue = await getPerformanceMonitor({ device, name, index: 1 });
    assert.deepEqual(idle, { index: 1, interval: "current" });
    simulator.performanceMonitors.set(name, 1, 1, { value: 7, min: 0, max: 12, average: 6 });
    const last = await getPerformanceMonitor({ device, name, index: 1, interval: "last15Minutes" });
    assert.deepEqual(last, { index: 1, interval: "last15Minutes", value: 7, min: 0, max: 12, average: 6 });
    assert.deepEqual(requests(), [
      "GET /performanceMonitoring/NetUtilKBytes?index=1&interval=0",
      "GET /performanceMonitoring/NetUtilKBytes?index=1&interval=1",
    ]);
  });

  test(`an index that a monitor does not have is one error, on ${firmware} as elsewhere`, async (t) => {
    const { device } = await bench(t, { firmware });
    await assert.rejects(getPerformanceMonitor({ device, name: "NetUtilPackets", index: 100 }), {
      code: "MEDIANT_REFUSED",
      message:
        "[sbc1] GET /api/v1/performanceMonitoring/NetUtilPackets: NetUtilPackets has no index 100 (it has: 0, 1)",
    });
  });

  test(`a name that the device does not have is told with those that it has, on ${firmware}`, async (t) => {
    const { device } = await bench(t, { firmware });
    for (const index of [undefined, 0]) {
      const get = (name: string) =>
        index === undefined
          ? getPerformanceMonitor({ device, name })
          : getPerformanceMonitor({ device, name, index });
      await assert.rejects(get("NetUtilPacket"), {
        code: "MEDIANT_NOT_FOUND",
        message: /there is no performance monitor "NetUtilPacket" \(is NetUtilPackets meant\?\)$/,
      });
      await assert.rejects(get("Weather"), /\(it has: ActiveContextCount, NetUtilKBytes, NetUtilPackets/);
    }
  });
}

test("a name in another case is found, as the manual writes it, where the device is strict", async (t) => {
  const { simulator, device } = await bench(t);
  simulator.faults.fail(404, /\/netUtilPackets$/, 10);
  assert.deepEqual((await getPerformanceMonitor({ device, name: "netUtilPackets" })).indexes, [0, 1]);
  simulator.performanceMonitors.set("NetUtilPackets", 0, 0, { value: 5, min: 5, max: 5, average: 5 });
  assert.equal((await getPerformanceMonitor({ device, name: "netUtilPackets", index: 0 })).value, 5);
});

test("firmware without performance monitors says so", async (t) => {
  const { simulator, device } = await bench(t);
  simulator.faults.fail(404, "/api/v1/performanceMonitoring");
  await assert.rejects(getPerformanceMonitors({ device }), {
    code: "MEDIANT_NOT_FOUND",
    message: /this firmware has no performance monitors$/,
  });
});

test("malformed arguments are refused before anything is sent", async (t) => {
  const { device, requests } = await bench(t);
  const name = "NetUtilKBytes";
  const wrong: [object, RegExp][] = [
    [{ name: "" }, /name must be the name/],
    [{ name: "../status" }, /name must be the name/],
    [{ name: ".." }, /name must be the name/],
    [{ index: -1 }, /index must be a whole number from 0/],
    [{ index: 0.5 }, /index must be a whole number from 0/],
    [{ interval: "current" }, /interval needs an index/],
    [
      { name, index: 0, interval: "lastHour" },
      /interval must be one of current, last15Minutes, previous15Minutes/,
    ],
  ];
  for (const [args, reason] of wrong) {
    const given = { device, name, ...args } as Parameters<typeof getPerformanceMonitor>[0];
    await assert.rejects(getPerformanceMonitor(given), reason);
  }
  assert.deepEqual(requests(), []);
});

test("the Output forms take what is known later, and what they give is no secret", async (t) => {
  const { device } = await bench(t);
  const names = await settled(getPerformanceMonitorsOutput({ device: pulumi.output(device) }));
  const name = pulumi.output("NetUtilKBytes");
  const monitor = await settled(getPerformanceMonitorOutput({ device, name }));
  const value = await settled(getPerformanceMonitorOutput({ device, name, index: pulumi.output(1) }));
  assert.ok(names.value.includes("NetUtilKBytes"));
  assert.deepEqual(monitor.value.indexes, [0, 1]);
  assert.equal(value.value.index, 1);
  assert.deepEqual([names.secret, monitor.secret, value.secret], [false, false, false]);
});

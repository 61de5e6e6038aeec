import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  parsePerformanceMonitor,
  parsePerformanceMonitors,
  parsePerformanceValue,
} from "../../src/device/answers/performance";

const asked = { index: 0, interval: "current" } as const;

test("the manual's list (section 9), which is no JSON, and what is no list", () => {
  const body = '{ "items": [ "ActiveContextCount", "NetUtilKBytes", "NetUtilPackets", ] }';
  assert.deepEqual(parsePerformanceMonitors(body), ["ActiveContextCount", "NetUtilKBytes", "NetUtilPackets"]);
  for (const none of ["", "{}", '{"items": []}']) assert.deepEqual(parsePerformanceMonitors(none), []);
  for (const foreign of ["<html>Login</html>", '{"alarms": []}', '{"items": 3}'])
    assert.equal(parsePerformanceMonitors(foreign), undefined);
});

test("the manual's monitor (section 9.1), and forms of later editions", () => {
  const manual =
    '{ "indexes": [0, 1], "intervalsPerIndex": [0, 1, 2], "lowThreshold": 100, "highThreshold": 30000, }';
  assert.deepEqual(parsePerformanceMonitor(manual), {
    indexes: [0, 1],
    intervals: ["current", "last15Minutes", "previous15Minutes"],
    lowThreshold: 100,
    highThreshold: 30000,
  });
  const later = '{"indexes": ["3"], "intervalsPerIndex": [["0", "9"], ["0"]], "lowThreshold": ""}';
  assert.deepEqual(parsePerformanceMonitor(later), { indexes: [3], intervals: ["current"] });
  for (const body of ["", "{}", '{"indexes": 1}']) assert.equal(parsePerformanceMonitor(body), undefined);
});

test("what was not measured is undefined, and a real zero is not", () => {
  const manual = '{ "index": 0, "interval": 0, "value": -1, "min": 0, "max": 0, "average": 0, }';
  assert.deepEqual(parsePerformanceValue(manual, asked), asked);
  const idle = '{"index": 0, "interval": 0, "value": 0, "min": 0, "max": 0, "average": 0}';
  assert.deepEqual(parsePerformanceValue(idle, asked), { ...asked, value: 0, min: 0, max: 0, average: 0 });
  const partly = '{"value": -1, "min": 2, "max": "7", "average": 3.5}';
  assert.deepEqual(parsePerformanceValue(partly, asked), { ...asked, min: 2, max: 7, average: 3.5 });
  for (const body of ["", "{}", '{"description": "Invalid index"}'])
    assert.equal(parsePerformanceValue(body, asked), undefined);
});

test("any bytes and any JSON are read without an exception", () => {
  const bodies = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.json(),
    fc
      .record({
        items: fc.anything(),
        indexes: fc.anything(),
        intervalsPerIndex: fc.anything(),
        value: fc.anything(),
      })
      .map((value) => JSON.stringify(value) ?? ""),
  );
  fc.assert(
    fc.property(bodies, (body) => {
      for (const name of parsePerformanceMonitors(body) ?? []) assert.equal(typeof name, "string");
      for (const index of parsePerformanceMonitor(body)?.indexes ?? []) assert.ok(Number.isFinite(index));
      parsePerformanceValue(body, asked);
    }),
  );
});

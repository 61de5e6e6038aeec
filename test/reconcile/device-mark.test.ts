import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceStatus } from "../../src/device/answers/status";
import { isAnother, markOf, markText } from "../../src/reconcile/life/device-mark";

const status = (fields: Partial<DeviceStatus>): DeviceStatus => ({
  productType: "Mediant SW",
  ipAddress: "10.0.0.1",
  highAvailability: "Stand Alone",
  other: {},
  ...fields,
});

test("the serial number decides, whatever the address", () => {
  const mark = markOf(status({ serialNumber: "1" }));
  assert.equal(isAnother(mark, status({ serialNumber: "1", ipAddress: "10.0.0.2" })), false);
  assert.equal(isAnother(mark, status({ serialNumber: "2" })), true);
});

test("address and product decide where the firmware tells no serial number, before or now", () => {
  for (const mark of [markOf(status({})), markOf(status({ serialNumber: "1" }))]) {
    assert.equal(isAnother(mark, status({})), false);
    assert.equal(isAnother(mark, status({ ipAddress: "10.0.0.2" })), true);
    assert.equal(isAnother(mark, status({ productType: "Mediant 800" })), true);
    assert.equal(isAnother(mark, { other: {} }), false, "what tells nothing is no other one");
  }
});

test("the units of a pair are one device, also after the partner was lost; another address is another one", () => {
  const pair = { highAvailability: "Operational" };
  const mark = markOf(status({ ...pair, serialNumber: "1" }));
  for (const highAvailability of ["Operational", "Not Operational"]) {
    const after = status({ highAvailability, serialNumber: "2" });
    assert.equal(isAnother(mark, after), false);
    assert.deepEqual(markOf(after, mark).serialNumbers, ["1", "2"]);
    assert.equal(isAnother(mark, { ...after, ipAddress: "10.0.0.2" }), true);
  }
});

test("a mark is told in words", () => {
  assert.equal(markText(markOf(status({ serialNumber: "1" }))), "Mediant SW, S/N 1, at 10.0.0.1");
});

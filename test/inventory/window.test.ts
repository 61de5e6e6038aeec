import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fillValues, heldBack, isOpen, parseInventory, type Window, windowText } from "../../src/inventory";

const NIGHT: Window = { days: ["sat"], from: 22 * 60, to: 4 * 60, timeZone: "Europe/London" };

describe("a window", () => {
  // 2027-06-05 is a Saturday; London is an hour ahead of UTC then.
  const cases: [time: string, open: boolean][] = [
    ["2027-06-05T20:59:00Z", false],
    ["2027-06-05T21:00:00Z", true],
    ["2027-06-06T02:59:00Z", true],
    ["2027-06-06T03:00:00Z", false],
    ["2027-06-06T21:30:00Z", false],
    ["2027-06-05T00:30:00Z", false],
    ["2027-01-02T21:30:00Z", false],
    ["2027-01-02T22:30:00Z", true],
  ];
  for (const [time, open] of cases) {
    it(`over midnight, by the clock of its zone, is ${open ? "open" : "closed"} at ${time}`, () => {
      assert.equal(isOpen(NIGHT, new Date(time)), open);
    });
  }

  it("of a whole day is open all day", () => {
    const day: Window = { days: ["sun"], from: 0, to: 1440, timeZone: "UTC" };
    assert.ok(isOpen(day, new Date("2027-06-06T00:00:00Z")));
    assert.ok(isOpen(day, new Date("2027-06-06T23:59:59Z")));
    assert.ok(!isOpen(day, new Date("2027-06-07T00:00:00Z")));
  });

  it("reads as it is written", () => {
    assert.equal(windowText(NIGHT), "sat 22:00-04:00 Europe/London");
  });
});

describe("a device of an inventory", () => {
  const { devices } = parseInventory(`
defaults: { window: [{ days: [sat], from: 22:00, to: 23:00 }, { days: [sun], from: 22:00, to: 23:00 }] }
devices:
  a: { profile: a, values: { key: { env: KEY }, list: [{ key: { env: OTHER } }], n: 1 } }
  b: { profile: b, frozen: holidays }
`);
  const [a, b] = devices;
  assert.ok(a !== undefined && b !== undefined);

  it("is held back while it is frozen, and outside its windows", () => {
    assert.equal(heldBack(b, new Date("2027-06-05T22:30:00Z")), "frozen: holidays");
    assert.equal(heldBack(a, new Date("2027-06-05T22:30:00Z")), undefined);
    assert.equal(heldBack(a, new Date("2027-06-06T22:30:00Z")), undefined);
    assert.equal(
      heldBack(a, new Date("2027-06-05T21:30:00Z")),
      "outside its window (sat 22:00-23:00 UTC; sun 22:00-23:00 UTC)",
    );
  });

  it("takes secrets from the environment, and says which they are", () => {
    assert.deepEqual(fillValues(a, { KEY: "k", OTHER: "o" }), {
      values: { key: "k", list: [{ key: "o" }], n: 1 },
      secretNames: ["key", "list"],
    });
    assert.throws(
      () => fillValues(a, { KEY: "k" }),
      /^Error: device a: list refers to \$OTHER, which is not set$/,
    );
  });
});

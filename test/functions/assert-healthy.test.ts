import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { assertHealthy, assertHealthyOutput } from "../../src";
import { bench, DIALECTS, settled } from "./bench";

for (const firmware of DIALECTS) {
  test(`a healthy device gives its status, with no more requests than are asked for, on ${firmware}`, async (t) => {
    const { simulator, device, requests } = await bench(t, { firmware });
    simulator.alarms.raise({ description: "Fan is slow", severity: "Minor" });
    const status = await assertHealthy({ device, version: firmware, unlocked: true });
    assert.equal(status.version, firmware);
    assert.deepEqual(requests(), ["GET /status"]);
    await assertHealthy({ device, maxSeverity: "minor" });
    assert.deepEqual(requests(), ["GET /status", "GET /alarms/active?limit=100", "GET /alarms/active/1"]);
  });

  test(`whatever is wrong is listed in one error, on ${firmware}`, async (t) => {
    const { simulator, device } = await bench(t, { firmware, now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });
    simulator.locked = true;
    simulator.alarms.raise({ description: "Fan is slow", severity: "Minor", source: "Fan#2" });
    simulator.alarms.raise({ description: "Trunk is down", severity: "Major", source: "Board#1" });
    const judged = assertHealthy({
      ...{ device, maxSeverity: "warning", version: "7.60A.001.001", unlocked: true, highAvailability: true },
    });
    await assert.rejects(judged, (error: Error) => {
      const [head, version, locked, partner, ...alarms] = error.message.split("\n");
      assert.equal(head, "[sbc1] not healthy:");
      assert.equal(version, `  - it runs ${firmware}, not 7.60A.001.001`);
      assert.equal(locked, "  - it is LOCKED");
      assert.match(partner ?? "", /^ {2}- its high-availability partner is missing or not ready \(/);
      assert.deepEqual(alarms, [
        "  - major alarm of Board#1: Trunk is down (2026-01-02T03:04:05.000Z)",
        "  - minor alarm of Fan#2: Fan is slow (2026-01-02T03:04:05.000Z)",
      ]);
      assert.ok(pulumi.RunError.isInstance(error), "the engine prints it without a stack");
      return true;
    });
  });
}

test("without a condition a device has to be unlocked, with nothing above minor", async (t) => {
  const { simulator, device } = await bench(t);
  simulator.alarms.raise({ description: "Fan is slow", severity: "Minor" });
  await assertHealthy({ device });
  const id = simulator.alarms.raise({ description: "Trunk is down", severity: "Major" });
  await assert.rejects(assertHealthy({ device }), /major alarm of Board#1: Trunk is down/);
  simulator.alarms.clear(id);
  simulator.locked = true;
  await assert.rejects(assertHealthy({ device }), /it is LOCKED/);
  await assertHealthy({ device, unlocked: false });
});

test("an HA pair is one while its partner is there", async (t) => {
  const { simulator, device } = await bench(t, { highAvailability: true });
  await assertHealthy({ device, highAvailability: true });
  simulator.partnerMissing = true;
  await assert.rejects(assertHealthy({ device, highAvailability: true }), /partner is missing/);
});

test("an alarm that is cleared while it is read is no fault", async (t) => {
  const { simulator, device } = await bench(t);
  const id = simulator.alarms.raise({ description: "Trunk is down", severity: "Critical" });
  let pages = 0;
  simulator.alarms.onPage(() => {
    if (pages++ === 0) simulator.alarms.clear(id);
  });
  await assertHealthy({ device, maxSeverity: "cleared" });
});

test("what becomes healthy in time is healthy", async (t) => {
  const { simulator, device, requests } = await bench(t);
  t.mock.method(console, "log", () => {});
  simulator.locked = true;
  const judged = assertHealthy({ device, unlocked: true, waitSeconds: 0.2 });
  await assert.rejects(judged, /it is LOCKED/);
  assert.ok(requests().length > 1, "it looked again");
  setTimeout(() => {
    simulator.locked = false;
  }, 50).unref();
  await assertHealthy({ device, unlocked: true, waitSeconds: 1 });
});

test("malformed arguments are refused before anything is sent", async (t) => {
  const { device, requests } = await bench(t);
  const wrong: [object, RegExp][] = [
    [
      { maxSeverity: "Major" },
      /maxSeverity: must be one of cleared, indeterminate, warning, minor, major, critical/,
    ],
    [{ version: " " }, /version: must be a text such as/],
    [{ unlocked: "yes" }, /unlocked: must be true or false/],
    [{ highAvailability: 1 }, /highAvailability: must be true or false/],
    [{ waitSeconds: -1 }, /waitSeconds must be a number of seconds/],
    [{ waitSeconds: Number.NaN }, /waitSeconds must be a number of seconds/],
  ];
  for (const [args, reason] of wrong) await assert.rejects(assertHealthy({ device, ...args }), reason);
  assert.deepEqual(requests(), []);
});

test("the Output form takes what is known later, and what it gives is no secret", async (t) => {
  const { device } = await bench(t);
  const version = pulumi.output("7.40A.250.440");
  const { value, secret } = await settled(assertHealthyOutput({ device: pulumi.output(device), version }));
  assert.equal(value.version, "7.40A.250.440");
  assert.equal(secret, false);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceStatus } from "../../src/device/answers/status";
import { DeviceError, type DeviceErrorCode } from "../../src/device/errors";
import { awaitHealth } from "../../src/functions/await-health";
import { ManualClock } from "../device/clock";
import { connectionTo } from "../device/server";

const UNLOCKED: DeviceStatus = { operationalState: "UNLOCKED", other: {} };
const LOCKED: DeviceStatus = { operationalState: "LOCKED", other: {} };

/** A device whose looks are given one after the other, the last one for ever. */
function watched(...looks: (DeviceStatus | DeviceErrorCode)[]) {
  const device = {
    asked: 0,
    connection: connectionTo("http://127.0.0.1:1"),
    status: async (): Promise<DeviceStatus> => {
      const look = looks[Math.min(device.asked++, looks.length - 1)] ?? UNLOCKED;
      if (typeof look === "string") throw new DeviceError(look, "as it is", { device: "sbc1" });
      return look;
    },
    get: async () => assert.fail("nothing but the status is asked for"),
  };
  return device;
}

/** Looks with a clock turned by hand; `settle` gives what came of it. */
function begin(device: ReturnType<typeof watched>, waitSeconds: number) {
  const clock = new ManualClock();
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  let outcome: unknown = "waiting";
  awaitHealth(device, { unlocked: true }, { waitSeconds, clock, log }).then(
    (status) => {
      outcome = status;
    },
    (error: Error) => {
      outcome = error.message;
    },
  );
  return {
    lines,
    after: async (ms: number) => {
      await clock.advance(ms);
      return outcome;
    },
  };
}

test("without a wait it looks once, and says what is wrong", async () => {
  const device = watched(LOCKED, UNLOCKED);
  const run = begin(device, 0);
  assert.equal(await run.after(0), "[sbc1] not healthy:\n  - it is LOCKED");
  assert.deepEqual([device.asked, run.lines], [1, []]);
});

test("a device that becomes healthy is waited for, and the wait is told now and then", async () => {
  const device = watched("MEDIANT_UNREACHABLE", "MEDIANT_DEVICE_FAILURE", ...Array(6).fill(LOCKED), UNLOCKED);
  const run = begin(device, 120);
  assert.equal(await run.after(39_000), "waiting");
  assert.equal(device.asked, 8, "every five seconds");
  assert.deepEqual(run.lines, [
    "[sbc1] waiting for it to be healthy: it does not answer yet (0 s of 120 s)",
    "[sbc1] waiting for it to be healthy: it is LOCKED (30 s of 120 s)",
  ]);
  assert.deepEqual(await run.after(1_000), UNLOCKED);
});

test("the wait has an end, where it looks a last time", async () => {
  const device = watched(LOCKED);
  const run = begin(device, 12);
  assert.equal(await run.after(11_999), "waiting");
  assert.equal(await run.after(1), "[sbc1] not healthy after 12 s:\n  - it is LOCKED");
  assert.equal(device.asked, 4);
  assert.equal(await begin(watched("MEDIANT_UNREACHABLE"), 12).after(12_000), "[sbc1] as it is");
});

test("an alarm of which the device tells no details is an alarm, one that left the list is none", async () => {
  const device = (...lists: string[][]) => ({
    ...watched(UNLOCKED),
    get: async (path: string) => {
      if (!path.includes("?")) throw new DeviceError("MEDIANT_NOT_FOUND", "404", { device: "sbc1" });
      const ids = (lists.length > 1 ? lists.shift() : lists[0]) ?? [];
      const alarms = ids.map((id) => ({ id, description: `fan ${id}` }));
      return { status: 200, body: Buffer.from(JSON.stringify({ alarms })) };
    },
  });
  const look = (...lists: string[][]) => awaitHealth(device(...lists), { maxSeverity: "critical" });
  await assert.rejects(look(["1", "2"], ["2", "3"]), /not healthy:\n {2}- unclassified alarm: fan 2$/);
  assert.deepEqual(await look(["1"], []), UNLOCKED);
});

test("a refused login is not tried again: it would lock the account", async () => {
  for (const code of ["MEDIANT_UNAUTHORIZED", "MEDIANT_FORBIDDEN", "MEDIANT_CONNECTION"] as const) {
    const device = watched(code, UNLOCKED);
    assert.equal(await begin(device, 60).after(0), "[sbc1] as it is");
    assert.equal(device.asked, 1);
  }
});

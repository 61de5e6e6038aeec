import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { type TestContext, test } from "node:test";
import type { DeviceSettings } from "../../src/declare/device";
import { DeviceClient } from "../../src/device/client";
import { Transport } from "../../src/device/http/transport";
import { digestFile } from "../../src/device/upload/source-file";
import { type SimulatorOptions, startSimulator } from "../../src/simulator";
import { failure } from "./resetting";
import { answer, connectionTo } from "./server";
import { fileOf, uploadTo } from "./uploading";

const older = "7.40A.250.440";
const newer = "7.40A.250.609";

/** A client of a simulated device, and a load of that version. */
async function device(
  t: TestContext,
  options: SimulatorOptions = {},
  version = newer,
  size = 300_000,
  timeouts: DeviceSettings["timeouts"] = {},
) {
  const simulator = await startSimulator({ resetSeconds: 0.5, firmware: older, ...options });
  t.after(() => simulator.close());
  const connection = connectionTo(simulator.url, {
    ...{ username: "Admin", password: "Admin", timeouts },
    tls: simulator.fingerprint256 === undefined ? undefined : { fingerprint256: simulator.fingerprint256 },
  });
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const client = new DeviceClient(connection, new Transport(connection, { log, random: () => 0 }));
  const { path } = await fileOf(t, size);
  await writeFile(path, Buffer.concat([Buffer.from(`\0${version}\0`), Buffer.alloc(size)]));
  const file = await digestFile(path);
  const load = (hitless: boolean, wanted = version) =>
    client.putSoftware(file, { hitless, version: wanted }, { label: "load", log });
  return { simulator, lines, file, load };
}

for (const [from, to, tls] of [
  [older, newer, true],
  ["7.00A.018.005", newer, false],
  [newer, "7.00A.018.005", false],
] as const) {
  test(`a load: from ${from} to ${to}${tls ? ", https" : ""}`, async (t) => {
    const { simulator, file, lines, load } = await device(t, { firmware: from, tls }, to);
    const outcome = await load(false);
    assert.equal(outcome.status.version, to);
    assert.deepEqual([outcome.answered, outcome.wentDown], [true, true]);
    const { size, sha256 } = file;
    assert.deepEqual(simulator.softwareUploads, [{ sha256, size, hitless: false }]);
    assert.match(lines.at(-1) ?? "", /^\[sbc1\] load: the device runs the new software after \d+ s$/);
  });
}

test("the device comes back with the old software", async (t) => {
  const { simulator, lines, load } = await device(t);
  simulator.faults.softwareOutcome("unchanged");
  const outcome = await load(false);
  assert.deepEqual([outcome.status.version, outcome.wentDown], [older, true]);
  assert.match(lines.at(-1) ?? "", /the device is back after \d+ s$/);
});

test("the same version once more: the reset is what is waited for", async (t) => {
  const { load } = await device(t, {}, older);
  assert.equal((await load(false)).wentDown, true);
});

test("a load that the device refuses: its words, in both forms, and no reset", async (t) => {
  const { simulator, load } = await device(t);
  simulator.faults.softwareOutcome("refused", 2);
  const error = await failure(load(false), "MEDIANT_REFUSED");
  assert.match(error.message, /PUT \/api\/v1\/files\/software: 400 Bad Request: /);
  assert.equal(simulator.firmware, older);
});

test("a pair: the upgrade is followed to its end, and told", async (t) => {
  const { simulator, lines, load } = await device(t, { highAvailability: true, switchoverSeconds: 3 });
  const before = simulator.serialNumber;
  const outcome = await load(true);
  assert.deepEqual([outcome.status.version, outcome.status.upgradeStatus], [newer, "None"]);
  assert.notEqual(outcome.status.serialNumber, before);
  for (const line of [
    "[sbc1] load: waiting for the hitless upgrade, 0 s",
    "[sbc1] load: the upgrade is in progress",
    "[sbc1] load: hitless upgrade: switched over, the switch back comes next",
    "[sbc1] load: the upgrade has ended",
  ])
    assert.ok(lines.includes(line), lines.join("\n"));
});

test("a pair whose firmware has no upgradeStatus: the new version is what tells", async (t) => {
  const options = { firmware: "7.00A.018.005", highAvailability: true, switchoverSeconds: 2 };
  const { load } = await device(t, options, "7.00A.047.002");
  assert.equal((await load(true)).status.version, "7.00A.047.002");
});

test("a pair that walks and keeps the old version: over at once", async (t) => {
  const { simulator, lines, load } = await device(t, { highAvailability: true, switchoverSeconds: 2 });
  simulator.faults.softwareOutcome("unchanged");
  assert.equal((await load(true)).status.version, older);
  assert.match(lines.at(-1) ?? "", /the upgrade has ended after \d+ s$/);
});

test("cut in the middle: the device is looked at, and has it after the second time", async (t) => {
  const { simulator, lines, load } = await device(t, {}, newer, 20_000_000);
  simulator.faults.cutUpload(0.5);
  assert.equal((await load(false)).status.version, newer);
  assert.equal(simulator.softwareUploads.length, 1);
  assert.match(lines[0] ?? "", /the connection broke at \d+ % .*; the device is unchanged, sending again$/);
});

test("all of it went out and no answer came: the device is watched", async (t) => {
  const { simulator, load } = await device(t);
  simulator.faults.loseAnswer("PUT /api/v1/files/software", { applied: true });
  const outcome = await load(false);
  assert.deepEqual([outcome.answered, outcome.status.version], [false, newer]);
  assert.equal(outcome.failure?.code, "MEDIANT_OUTCOME_UNKNOWN");
  assert.equal(simulator.softwareUploads.length, 1);
});

for (const hitless of [true, false]) {
  test(`an upgrade that an earlier run began is followed to its end${hitless ? ", hitless" : ""}`, async (t) => {
    const { client, told, lines, uploads } = await uploadTo(t, {
      status: (count) => ({
        versionID: count < 4 ? older : newer,
        highAvailability: hitless ? "Operational" : "Stand Alone",
        upgradeStatus: count < 5 ? "In Progress" : "None",
      }),
    });
    const after = await client.settled(told);
    assert.deepEqual([after.version, after.upgradeStatus], [newer, "None"]);
    assert.ok(lines.includes("[sbc1] load: waiting for an upgrade to end, 0 s"), lines.join("\n"));
    assert.equal(uploads.length, 0);
  });
}

test("an upgrade of a pair that came to nothing is over when its status says so", async (t) => {
  const { client, told, looks } = await uploadTo(t, {
    status: (count) => ({
      versionID: older,
      highAvailability: "Operational",
      upgradeStatus: count < 3 ? "In Progress" : "None",
    }),
  });
  assert.deepEqual([(await client.settled(told)).version, looks()], [older, 3]);
});

test("an upgrade that an earlier run began, and that shows no end, is a conflict", async (t) => {
  const { client, told } = await uploadTo(t, {
    status: () => ({ versionID: older, upgradeStatus: "In Progress" }),
    settings: { timeouts: { resetSeconds: 1 } },
  });
  const { message } = await failure(client.settled(told), "MEDIANT_CONFLICT");
  assert.match(message, /not sent: the device is busy \(upgradeStatus In Progress\)$/);
});

test("busy: waited for", async (t) => {
  const { simulator, lines, load } = await device(t);
  simulator.faults.conflict({ times: 2 });
  assert.equal((await load(false)).status.version, newer);
  assert.ok(lines.some((line) => line.includes("busy (409)")));
});

test("a device that never comes back", async (t) => {
  const { simulator, load } = await device(t, {}, newer, 300_000, { resetSeconds: 5 });
  simulator.faults.atReset({ seconds: Number.POSITIVE_INFINITY });
  assert.match((await failure(load(false), "MEDIANT_TIMEOUT")).message, /did not come back within 5 s/);
});

test("a device may take five times requestSeconds to check the load", async (t) => {
  const { client, told, uploads } = await uploadTo(t, {
    settings: { timeouts: { requestSeconds: 3 } },
    take: (_, incoming, response) => {
      incoming.resume().on("end", () => setTimeout(() => answer(response, 200), 4_000));
      return true;
    },
  });
  const file = await fileOf(t, 1_000);
  const outcome = await client.putSoftware(file, { hitless: false, version: newer }, told);
  assert.deepEqual([outcome.answered, uploads.length], [true, 0]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "../shared/files";
import { type Ask, type Bench, bench, descriptionOf, untilBack } from "./harness";
import { formFile, HITLESS, rawFile, SOFTWARE, softwareLoad, state, until } from "./uploads";

const OLD = "7.00A.018.005";
const NOW = "7.40A.250.440";
const NEXT = "7.40A.260.101";
const STATUS = "GET /api/v1/status";

const load = (version: string): Ask => formFile(softwareLoad(version), "ssbc.cmp");
const seconds = { resetSeconds: 0.5 };
const PAIR = { highAvailability: true, serialNumber: "10245678" };

test("a load resets the device, which comes back with its version and without what was not saved", async (t) => {
  const device = await bench(t, seconds);
  const { ask, put, simulator } = device;
  await put("EnableSyslog = 1\n");
  await ask("POST /api/v1/actions/saveConfiguration");
  await put("SyslogLogLevel = 3\n");
  simulator.activeCalls = 3;
  const reply = await ask(SOFTWARE, load(NEXT));
  assert.equal(reply.status, 200);
  assert.equal(descriptionOf(reply), "Device will reset now to activate new software load");
  await assert.rejects(ask(STATUS));
  await untilBack(device);
  assert.equal((await state(device)).versionID, NEXT);
  assert.equal(simulator.firmware, NEXT);
  assert.equal(simulator.running.parameter("EnableSyslog"), "1");
  assert.equal(simulator.running.parameter("SyslogLogLevel"), undefined);
  assert.equal(simulator.activeCalls, 0);
  const file = softwareLoad(NEXT);
  assert.deepEqual(simulator.softwareUploads, [{ sha256: sha256(file), size: file.length, hitless: false }]);
});

test("a file without a version is no load, and nothing happens", async (t) => {
  const { ask, simulator } = await bench(t, seconds);
  for (const file of [Buffer.alloc(0), Buffer.from("7.40A.26"), softwareLoad("", 20_000)]) {
    const reply = await ask(SOFTWARE, formFile(file));
    assert.equal(reply.status, 400);
    assert.equal(descriptionOf(reply), "The provided software load is incorrect");
  }
  const late = Buffer.concat([Buffer.alloc(5000), softwareLoad(NEXT)]);
  assert.equal((await ask(SOFTWARE, formFile(late))).status, 400, "not in the first 4 KiB");
  assert.equal((await ask(STATUS)).status, 200);
  assert.equal(simulator.firmware, NOW);
});

test("the dialect changes with the version, in both directions", async (t) => {
  const device = await bench(t, { ...seconds, firmware: OLD });
  const { ask, simulator } = device;
  assert.equal((await ask(SOFTWARE, load(NOW))).status, 400, "7.0 takes the bare file");
  assert.equal((await ask(SOFTWARE, rawFile(softwareLoad(NOW)))).status, 200);
  await untilBack(device);
  assert.deepEqual([(await state(device)).versionID, (await state(device)).upgradeStatus], [NOW, "None"]);
  assert.match(await device.dump(), /^FORMAT Index = /m);
  assert.equal((await ask(SOFTWARE, rawFile(softwareLoad(OLD)))).status, 400, "7.4 takes a form");
  assert.equal((await ask(SOFTWARE, load(OLD))).status, 200);
  await untilBack(device);
  const { versionID, upgradeStatus, highAvailability } = await state(device);
  assert.deepEqual([versionID, upgradeStatus, highAvailability], [OLD, undefined, "Stand Alone"]);
  assert.equal(simulator.softwareUploads.length, 2);
});

test("a load can be taken without effect, or be refused", async (t) => {
  const device = await bench(t, seconds);
  const { ask, simulator } = device;
  simulator.faults.softwareOutcome("refused");
  simulator.faults.softwareOutcome("unchanged");
  assert.equal((await ask(SOFTWARE, load(NEXT))).status, 400);
  assert.equal((await ask(SOFTWARE, load(NEXT))).status, 200);
  await assert.rejects(ask(STATUS), "it resets all the same");
  await untilBack(device);
  assert.equal(simulator.firmware, NOW);
  await ask(SOFTWARE, load(NEXT));
  await untilBack(device);
  assert.equal(simulator.firmware, NEXT);
});

test("an announced reset that never comes leaves the old version", async (t) => {
  const { ask, simulator } = await bench(t, seconds);
  simulator.faults.atReset({ goesDown: false });
  assert.equal((await ask(SOFTWARE, load(NEXT))).status, 200);
  assert.equal((await ask(STATUS)).status, 200);
  assert.equal(simulator.firmware, NOW);
});

test("an answer that is lost does not keep the load from being activated", async (t) => {
  const device = await bench(t, seconds);
  device.simulator.faults.loseAnswer(SOFTWARE, { applied: true });
  await assert.rejects(device.ask(SOFTWARE, load(NEXT)));
  await untilBack(device);
  assert.equal(device.simulator.firmware, NEXT);
});

test("somebody may change the version, or lock the device, by hand", async (t) => {
  const device = await bench(t);
  const { simulator } = device;
  simulator.running.setParameter("EnableSyslog", "1");
  simulator.firmware = "7.20A.256.024";
  simulator.locked = true;
  const { versionID, operationalState, saveNeeded } = await state(device);
  assert.deepEqual([versionID, operationalState, saveNeeded], ["7.20A.256.024", "LOCKED", true]);
  simulator.locked = false;
  assert.equal((await state(device)).operationalState, "UNLOCKED");
});

test("the units of a pair take a hitless load one after the other, and the service goes on", async (t) => {
  const device = await bench(t, { ...PAIR, switchoverSeconds: 1.2 });
  const { ask, put, simulator } = device;
  await put("EnableSyslog = 1\n");
  simulator.activeCalls = 3;
  const reply = await ask(HITLESS, load(NEXT));
  assert.equal(reply.status, 200);
  assert.equal(descriptionOf(reply), "Device will perform switchover to activate new software load");
  const busy = await ask("POST /api/v1/actions/saveConfiguration");
  assert.equal(busy.status, 409);
  assert.equal(descriptionOf(busy), "Device is currently performing HA synchronization");
  const walk = await walkOf(device);
  assert.deepEqual(walk, [
    `In Progress ${NOW} 10245678`,
    `Hitless-beforeSwitchOver ${NOW} 10245678`,
    `Hitless-beforeSwitchBack ${NEXT} 10245679`,
    `Hitless-WaitRdnReconnect ${NEXT} 10245679`,
    `None ${NEXT} 10245679`,
  ]);
  assert.equal(simulator.serialNumber, "10245679");
  assert.equal(simulator.activeCalls, 3);
  assert.equal(simulator.running.parameter("EnableSyslog"), "1");
  assert.equal((await ask("POST /api/v1/actions/saveConfiguration")).status, 200);
  assert.equal(simulator.softwareUploads[0]?.hitless, true);
});

test("a switchover breaks open connections, and nothing else", async (t) => {
  const device = await bench(t, { ...PAIR, switchoverSeconds: 1 });
  const { ask, simulator } = device;
  await ask(HITLESS, load(NEXT));
  simulator.faults.hang(STATUS);
  await assert.rejects(ask(STATUS));
  assert.equal(simulator.firmware, NEXT);
  assert.equal((await ask(STATUS)).status, 200);
});

test("a pair that was given no new version walks all the same, and one that resets walks no longer", async (t) => {
  const device = await bench(t, { ...seconds, ...PAIR, switchoverSeconds: 0.2 });
  const { ask, simulator } = device;
  simulator.faults.softwareOutcome("unchanged");
  await ask(HITLESS, load(NEXT));
  await until(async () => (await attempt(device))?.upgradeStatus === "None");
  assert.deepEqual([simulator.firmware, simulator.serialNumber], [NOW, "10245679"]);
  const slow = await bench(t, { ...seconds, highAvailability: true, switchoverSeconds: 3600 });
  await slow.ask(HITLESS, load(NEXT));
  assert.equal((await state(slow)).upgradeStatus, "In Progress");
  slow.simulator.reset();
  await untilBack(slow);
  const { upgradeStatus, versionID } = await state(slow);
  assert.deepEqual([upgradeStatus, versionID], ["None", NOW]);
});

test("a plain load resets both units of a pair, and the same one is active afterwards", async (t) => {
  const device = await bench(t, { ...seconds, ...PAIR });
  await device.ask(SOFTWARE, load(NEXT));
  await assert.rejects(device.ask(STATUS));
  await untilBack(device);
  const { versionID, serialNumber, highAvailability } = await state(device);
  assert.deepEqual([versionID, serialNumber, highAvailability], [NEXT, "10245678", "Operational"]);
});

test("a unit without a partner refuses a hitless load", async (t) => {
  const alone = await bench(t);
  const bereft = await bench(t, { highAvailability: true });
  bereft.simulator.partnerMissing = true;
  for (const { ask, simulator } of [alone, bereft]) {
    const reply = await ask(HITLESS, load(NEXT));
    assert.equal(reply.status, 409);
    assert.match(String(descriptionOf(reply)), /HA configuration only/);
    assert.equal(simulator.firmware, NOW);
  }
});

test("the status tells a pair from a unit, and from a pair whose partner is gone", async (t) => {
  const word = async (firmware: string, highAvailability: boolean, partnerMissing = false) => {
    const device = await bench(t, { firmware, highAvailability });
    if (highAvailability) device.simulator.partnerMissing = partnerMissing;
    return (await state(device)).highAvailability;
  };
  assert.equal(await word(OLD, true), "Operational");
  assert.equal(await word(OLD, true, true), "Not Operational");
  assert.equal(await word(OLD, false), "Stand Alone");
  assert.equal(await word(NOW, true), "Operational");
  assert.equal(await word(NOW, true, true), "Not Operational");
  assert.equal(await word(NOW, false), "Not Operational");
  const { simulator } = await bench(t);
  assert.throws(() => {
    simulator.partnerMissing = true;
  }, /highAvailability/);
});

/** The status, but for the moment at which the connection breaks. */
const attempt = (device: Bench) => state(device).catch(() => undefined);

/** Each state of an upgrade, once, until it is over. */
async function walkOf(device: Bench): Promise<string[]> {
  const seen: string[] = [];
  await until(async () => {
    const now = await attempt(device);
    if (!now) return false;
    const text = `${now.upgradeStatus} ${now.versionID} ${now.serialNumber}`;
    if (seen.at(-1) !== text) seen.push(text);
    return now.upgradeStatus === "None";
  });
  return seen;
}

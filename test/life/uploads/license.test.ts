import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { licenseProblems } from "../../../src/declare/license";
import { UNKNOWN } from "../../../src/declare/unknown";
import { DeviceClient } from "../../../src/device/client";
import type { DeviceLicenseInputs, DeviceLicenseState } from "../../../src/reconcile/license/device-license";
import { deviceLicense } from "../../../src/reconcile/license/device-license";
import type { PartialState } from "../../../src/reconcile/life/engine-answers";
import { ProviderProcess } from "../../../src/reconcile/life/provider-process";
import type { Simulator } from "../../../src/simulator";
import { sha256 } from "../../shared/files";
import { newLife } from "../../shared/life";
import { onTheWire } from "../../shared/on-the-wire";
import { startFresh } from "../../shared/simulated";
import { countOf, folderOf, SAVE } from "../../shared/uploads";

const process = new ProviderProcess();
const life = newLife(deviceLicense, process);

const FIRST = "10245678";
const SECOND = "10245679";
const OLD_KEY = "canaryOldKey9f1AAAA";
const KEY = "canaryNewKey9f2BBBB";
const SECOND_KEY = "canaryNewKey9f3CCCC";
const HAND_KEY = "canaryHandKey9f4DDDD";
const PUT = "PUT /license";
const DIALECTS = ["7.00A.018.005", "7.40A.250.440"];

let devices = 0;

/** A device, what declares a key for it, and all lines that are told. */
async function open(t: TestContext, options: Parameters<typeof startFresh>[0] = {}) {
  const simulator = await startFresh({
    ...{ serialNumber: FIRST, license: { key: OLD_KEY }, resetSeconds: 0.5 },
    ...options,
  });
  t.after(() => simulator.close());
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  const device = { name: `sbc${++devices}`, url: simulator.url, username: "Admin", password: "Admin" };
  const inputs: DeviceLicenseInputs = { device, key: KEY, __mediantName: "licence" };
  t.after(() => assert.doesNotMatch(lines.join("\n"), /canary/));
  return { simulator, inputs, lines };
}

/** The same device with a licence file in the place of the key. */
async function withFile(t: TestContext, inputs: DeviceLicenseInputs, ...keys: [string, string][]) {
  const text = keys.map(([serialNumber, key]) => `S/N ${serialNumber}\n${key}\n`).join("; next\n");
  const path = await (await folderOf(t))("licence.txt", text);
  const { key: _none, ...rest } = inputs;
  return { ...rest, licenseFile: path, sha256: sha256(text) };
}

/** Creates as an engine does, which stores what comes back as JSON. */
async function create(inputs: DeviceLicenseInputs): Promise<{ id: string; outs: DeviceLicenseState }> {
  const { id, outs } = await life.create(inputs);
  return { id, outs: onTheWire(outs) };
}

async function failureOf(creating: Promise<unknown>): Promise<PartialState<DeviceLicenseState>> {
  const error = await creating.then(
    () => assert.fail("it went well"),
    (reason: unknown) => reason as PartialState<DeviceLicenseState>,
  );
  assert.doesNotMatch(error.message, /canary/);
  return error;
}

/** Waits until the device has begun to reset for a licence. */
async function sentTo(simulator: Simulator): Promise<void> {
  while (countOf(simulator, PUT) === 0) await setTimeout(10);
}

/** A hitless load of the version that the pair runs: the units change roles, and nothing else. */
async function switchOver(simulator: Simulator): Promise<void> {
  const { url, serialNumber, firmware } = simulator;
  const load = new Blob([`\0load ${firmware}\0`], { type: "application/octet-stream" });
  const form = new FormData();
  form.set("file", load, "software.cmp");
  const body = firmware.startsWith("7.0") ? load : form;
  const headers = { authorization: `Basic ${Buffer.from("Admin:Admin").toString("base64")}` };
  const { ok } = await fetch(`${url}/api/v1/files/software/hitless`, { method: "PUT", body, headers });
  assert.ok(ok);
  while (simulator.serialNumber === serialNumber) await setTimeout(10);
}

for (const firmware of DIALECTS) {
  test(`a key is sent once, waited for, seen, and its drift is seen, with firmware ${firmware}`, async (t) => {
    const { simulator, inputs, lines } = await open(t, { firmware });
    const declared = { ...inputs, serialNumber: FIRST };
    const { id, outs } = await create(declared);
    assert.equal(simulator.license.key, KEY);
    assert.equal(countOf(simulator, PUT), 1);
    assert.match(outs.keyDescription ?? "", /^Key features: Board Type/);
    assert.equal(life.diff(id, outs, declared).changes, false);
    await create({ ...declared, __mediantName: "again" });
    assert.equal(countOf(simulator, PUT), 1);
    assert.ok(lines.some((line) => line.endsWith("again: the key is installed already: nothing was sent")));

    simulator.license = { key: HAND_KEY };
    const { props, inputs: found } = await life.read(id, outs);
    assert.equal(found.key, HAND_KEY);
    assert.notEqual(props.keyDescription, outs.keyDescription);
    const drift = lines.filter((line) => line.includes("drift: "));
    assert.match(
      drift.join("\n"),
      /drift: key: \(secret\) changed\n.*drift: keyDescription: \["Control Protocols: .*\] => \["Control Protocols: .*\]$/,
    );
    // The first diff is that of the refresh, in which the drift has just been told.
    life.diff(id, props, declared);
    assert.equal(life.diff(id, props, declared).changes, true);
    assert.ok(lines.some((line) => line.endsWith("licence: key: (secret) changed")));
    const { outs: healed } = await life.update(id, onTheWire(props), declared);
    assert.equal(simulator.license.key, KEY);
    assert.equal(life.diff(id, healed, declared).changes, false);
    assert.deepEqual(onTheWire(healed), outs);
  });
}

test("a key that somebody put back by hand is no drift any more", async (t) => {
  const { simulator, inputs } = await open(t);
  const { id, outs } = await create(inputs);
  simulator.license = { key: HAND_KEY };
  const { props } = await life.read(id, outs);
  simulator.license = { key: KEY };
  const { props: back } = await life.read(id, onTheWire(props));
  assert.deepEqual(onTheWire(back), outs);
});

test("another connection writes nothing, whatever key the device has, and sees that it answers", async (t) => {
  const { simulator, inputs } = await open(t);
  const { id, outs } = await create(inputs);
  simulator.license = { key: HAND_KEY };
  const moved = {
    ...inputs,
    device: { ...inputs.device, timeouts: { requestSeconds: 30, resetSeconds: 1 } },
  };
  assert.equal(life.diff(id, outs, moved).changes, true);
  const { outs: after } = await life.update(id, outs, moved);
  assert.equal(countOf(simulator, PUT), 1);
  assert.deepEqual(onTheWire(after), { ...outs, device: moved.device });
  await simulator.close();
  await failureOf(life.update(id, outs, moved));
});

test("a found key of a licence file stays found while the device shows none", async (t) => {
  const { simulator, inputs } = await open(t);
  const declared = await withFile(t, inputs, [FIRST, KEY]);
  const { id, outs } = await create(declared);
  simulator.license = { key: HAND_KEY };
  const { props } = await life.read(id, outs);
  const shown = t.mock.method(DeviceClient.prototype, "license", () =>
    Promise.resolve({ serialNumber: FIRST, other: {} }),
  );
  const { props: again } = await life.read(id, onTheWire(props));
  shown.mock.restore();
  assert.equal(life.diff(id, onTheWire(again), declared).changes, true);
});

test("a serial number that is not the device's is an error that names both, and nothing is sent", async (t) => {
  const { simulator, inputs } = await open(t);
  const key = await failureOf(life.create({ ...inputs, serialNumber: "277522263687112" }));
  assert.equal(
    key.message,
    `serialNumber is 277522263687112, and that of the device is ${FIRST}: nothing was sent`,
  );
  const file = await failureOf(life.create(await withFile(t, inputs, ["1", KEY], [SECOND, SECOND_KEY])));
  assert.equal(
    file.message,
    `licenseFile has keys for S/N 1, ${SECOND}, and that of the device is ${FIRST}: nothing was sent`,
  );
  assert.equal(simulator.writes.length, 0);
  assert.equal("properties" in key || "properties" in file, false);
});

for (const firmware of DIALECTS) {
  test(`a licence file serves both units of a pair, whichever answers, with firmware ${firmware}`, async (t) => {
    const { simulator, inputs } = await open(t, { firmware, highAvailability: true, switchoverSeconds: 1 });
    const declared = await withFile(t, inputs, ["1", HAND_KEY], [FIRST, KEY], [SECOND, SECOND_KEY]);
    const { id, outs } = await create(declared);
    assert.equal(simulator.license.key, KEY);
    await create({ ...declared, __mediantName: "again" });
    assert.equal(countOf(simulator, PUT), 1);

    // The state knows enough for a refresh where the file is not at hand.
    await rm(declared.licenseFile);
    await switchOver(simulator);
    assert.equal(simulator.license.key, SECOND_KEY);
    const { props } = await life.read(id, outs);
    assert.deepEqual(onTheWire(props), outs);
    assert.equal(life.diff(id, props, declared).changes, false);

    simulator.license = { key: HAND_KEY };
    const { props: drifted } = await life.read(id, outs);
    assert.equal(life.diff(id, onTheWire(drifted), declared).changes, true);
  });
}

test("a key is not sent to a pair: the error says to use licenseFile", async (t) => {
  for (const firmware of DIALECTS) {
    const { simulator, inputs } = await open(t, { firmware, highAvailability: true });
    const { message } = await failureOf(life.create(inputs));
    assert.match(message, /^key cannot be installed on an HA pair, .*: use licenseFile/);
    assert.equal(simulator.writes.length, 0);
  }
});

test("a pair that its status does not show refuses the key for good, and the error says what to do", async (t) => {
  const { simulator, inputs } = await open(t, { highAvailability: true });
  simulator.partnerMissing = true;
  const { message } = await failureOf(life.create(inputs));
  assert.match(message, /^key cannot be installed on an HA pair, .*: use licenseFile/);
  assert.equal(countOf(simulator, PUT), 1);
});

test("a pair that synchronises is waited for", async (t) => {
  const { simulator, inputs } = await open(t, { highAvailability: true });
  simulator.faults.conflict({ ms: 1_500, match: "PUT /api/v1/license" });
  await create(await withFile(t, inputs, [FIRST, KEY], [SECOND, SECOND_KEY]));
  assert.equal(simulator.license.key, KEY);
  assert.ok(countOf(simulator, PUT) > 1);
});

test("a unit of the pair that the file leaves out keeps its key, and a line says so", async (t) => {
  const { simulator, inputs, lines } = await open(t, { highAvailability: true });
  const { outs } = await create(await withFile(t, inputs, [FIRST, KEY]));
  assert.equal(simulator.license.key, KEY);
  assert.ok(
    lines.some((line) => line.endsWith(`S/N ${FIRST}, so that ${SECOND} keeps the key that it has`)),
    lines.join("\n"),
  );
  assert.deepEqual(
    outs.__mediantKeys?.map(({ serialNumber }) => serialNumber),
    [FIRST],
  );
});

test("what is not saved yet is saved before the reset would lose it", async (t) => {
  const { simulator, inputs } = await open(t);
  simulator.running.setParameter("EnableSyslog", "1");
  await create(inputs);
  assert.equal(simulator.flash.parameter("EnableSyslog"), "1");
  assert.equal(countOf(simulator, SAVE), 1);
  const old = await open(t, { firmware: "7.00A.018.005" });
  old.simulator.running.setParameter("EnableSyslog", "1");
  await create(old.inputs);
  assert.equal(old.simulator.flash.parameter("EnableSyslog"), "1");
  assert.ok(old.lines.some((line) => line.includes("does not say whether its configuration is saved")));
});

test("a licence of which the answer was lost is looked up, and sent again only where it is not there", async (t) => {
  const { simulator, inputs } = await open(t);
  simulator.faults.loseAnswer("PUT /api/v1/license", { applied: true });
  await create(inputs);
  assert.equal(countOf(simulator, PUT), 1);
  assert.equal(simulator.license.key, KEY);
  // The device is watched for a reset before it is taken for unchanged.
  const other = { ...inputs, key: SECOND_KEY };
  simulator.faults.loseAnswer("PUT /api/v1/license", { applied: false });
  await create(other);
  assert.equal(countOf(simulator, PUT), 3);
  assert.equal(simulator.license.key, SECOND_KEY);
});

test("a device that does not come back is looked at by the next up, which sends nothing again", async (t) => {
  const { simulator, inputs } = await open(t);
  const hurried = { ...inputs, device: { ...inputs.device, timeouts: { resetSeconds: 2 } } };
  simulator.faults.atReset({ seconds: Number.POSITIVE_INFINITY });
  const { id, properties } = await failureOf(life.create(hurried));
  assert.equal(properties.__mediantPending, true);
  simulator.powerOn();
  const partial = onTheWire(properties);
  assert.equal(life.diff(id, partial, hurried).changes, true);
  const { props } = await life.read(id, partial);
  assert.equal(life.diff(id, props, hurried).changes, true);
  // What must succeed has all the time it needs.
  const { outs } = await life.update(id, partial, inputs);
  assert.equal(countOf(simulator, PUT), 1);
  assert.equal(life.diff(id, outs, inputs).changes, false);
});

test("a device that shows another key afterwards is an error without a key, and the same is not sent again", async (t) => {
  const { simulator, inputs } = await open(t);
  simulator.faults.atReset({ seconds: Number.POSITIVE_INFINITY });
  const creating = failureOf(life.create(inputs));
  await sentTo(simulator);
  await setTimeout(500);
  simulator.license = { key: HAND_KEY };
  simulator.powerOn();
  const { message, id, properties } = await creating;
  assert.equal(
    message,
    `the device (S/N ${FIRST}) took the licence, and shows another key than the declared one`,
  );
  const { props } = await life.read(id, onTheWire(properties));
  assert.equal(props.key, HAND_KEY);
  const again = await failureOf(life.update(id, onTheWire(props), inputs));
  assert.match(again.message, /^this licence was sent before, and the device .* shows another key/);
  const { outs } = await life.update(id, onTheWire(props), { ...inputs, key: SECOND_KEY });
  assert.equal(simulator.license.key, SECOND_KEY);
  assert.equal(outs.__mediantPending, undefined);
  assert.equal(outs.__mediantTried, undefined);
});

test("a key that the device refuses is an error in its words, and leaves nothing", async (t) => {
  const { simulator, inputs } = await open(t);
  const error = await failureOf(life.create({ ...inputs, key: "canary!" }));
  assert.match(error.message, /PUT \/api\/v1\/license: 400/);
  assert.equal("properties" in error, false);
  assert.equal(simulator.license.key, OLD_KEY);
});

test("a file that is gone or changed since the program looked at it is an error", async (t) => {
  const { simulator, inputs } = await open(t);
  const declared = await withFile(t, inputs, [FIRST, KEY]);
  const changed = await failureOf(life.create({ ...declared, sha256: sha256("other") }));
  assert.match(changed.message, /^licenseFile: ".*licence\.txt" changed since the program looked at it$/);
  await rm(declared.licenseFile);
  const gone = await failureOf(life.create(declared));
  assert.match(gone.message, /^licenseFile: ".*licence\.txt" cannot be read \(ENOENT\)$/);
  assert.equal(simulator.requests.length, 0);
});

test("what is wrong with the arguments is told without a key; what is not known yet is nothing wrong", () => {
  const key = "two words";
  const needed = ["exactly one of key and licenseFile is needed"];
  assert.deepEqual(licenseProblems({}), needed);
  assert.deepEqual(licenseProblems({ key: KEY, licenseFile: "x" }), needed);
  assert.deepEqual(licenseProblems({ key: KEY, serialNumber: "1" }), []);
  assert.deepEqual(licenseProblems({ key: UNKNOWN, serialNumber: UNKNOWN }), []);
  assert.deepEqual(licenseProblems({ licenseFile: UNKNOWN }), []);
  assert.match(
    licenseProblems({ licenseFile: "x", serialNumber: "1" })[0] ?? "",
    /^serialNumber is for key only/,
  );
  assert.match(licenseProblems({ key })[0] ?? "", /^key must be a licence key/);
  assert.match(licenseProblems({ key: KEY, serialNumber: "" })[0] ?? "", /^serialNumber must be/);
  assert.doesNotMatch(licenseProblems({ key }).join(), /two words/);
});

test("a preview says that it resets the device; two licences of one device are refused", async (t) => {
  const { inputs, lines } = await open(t);
  assert.deepEqual(life.check(inputs, true).failures, []);
  assert.match(
    lines.join(),
    /licence: installs the licence and resets the device, unless the key is installed already/,
  );
  const { failures } = life.check({ ...inputs, __mediantName: "again" }, true);
  assert.deepEqual(
    failures.map(({ reason }) => reason),
    ["the licence of this device is declared by DeviceLicense licence already"],
  );
});

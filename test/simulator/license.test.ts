import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { describeKey, readLicenseFile } from "../../src/simulator/device/licenses";
import { type Ask, type Bench, basic, bench, descriptionOf, untilBack } from "./harness";
import { formFile, rawFile } from "./uploads";

const OLD = "7.00A.018.005";
const GET = "GET /api/v1/license";
const PUT = "PUT /api/v1/license";
const FIRST = "10245678";
const SECOND = "10245679";
const KEY = "bmV3LWtleS1vZi10aGUtZmlyc3Q=";
const OTHER = "bmV3LWtleS1vZi10aGUtb3RoZXI=";
const seconds = { resetSeconds: 0.5 };

const attributes = (value: unknown): Ask => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

const license = async ({ ask }: Bench) => JSON.parse((await ask(GET)).text);

test("7.0 shows four attributes, with line breaks as the manual prints them", async (t) => {
  const { ask, simulator } = await bench(t, { serialNumber: FIRST, firmware: OLD, license: { key: KEY } });
  const { text } = await ask(GET);
  assert.throws(() => JSON.parse(text));
  assert.match(text, /"keyDescription": "Key features: .*\n.*Security: /);
  const shown = JSON.parse(text.replace(/\n(?! |\})/g, "\\n"));
  assert.deepEqual(Object.keys(shown), ["licenseVersion", "serialNumber", "key", "keyDescription"]);
  assert.deepEqual([shown.licenseVersion, shown.serialNumber, shown.key], [1, FIRST, KEY]);
  assert.equal(simulator.license.key, KEY);
});

test("7.4 shows the other unit of a pair too", async (t) => {
  const alone = await license(await bench(t));
  assert.equal(alone.serialNumberRedundant, undefined);
  const device = await bench(t, { serialNumber: FIRST, highAvailability: true, license: { key: KEY } });
  const pair = await license(device);
  assert.deepEqual([pair.key, pair.serialNumberRedundant], [KEY, SECOND]);
  assert.notEqual(pair.keyRedundant, KEY);
  assert.notEqual(pair.keyDescriptionRedundant, pair.keyDescription);
  device.simulator.partnerMissing = true;
  assert.equal((await license(device)).serialNumberRedundant, undefined);
});

test("a key in JSON is installed by a reset that keeps the configuration in flash", async (t) => {
  const device = await bench(t, { ...seconds, serialNumber: FIRST });
  const { ask, put, simulator } = device;
  await put("EnableSyslog = 1\n");
  await ask("POST /api/v1/actions/saveConfiguration");
  simulator.activeCalls = 2;
  const before = await license(device);
  const reply = await ask(PUT, attributes({ licenseVersion: 1, serialNumber: FIRST, key: KEY }));
  assert.equal(reply.status, 200);
  assert.equal(descriptionOf(reply), "Device will reset now to activate new license");
  await assert.rejects(ask(GET));
  await untilBack(device);
  const after = await license(device);
  assert.deepEqual([after.key, simulator.license.key, simulator.activeCalls], [KEY, KEY, 0]);
  assert.notEqual(after.keyDescription, before.keyDescription);
  assert.equal(simulator.running.parameter("EnableSyslog"), "1");
  assert.equal(
    (await ask(PUT, attributes({ key: OTHER }))).status,
    200,
    "serial and version may be left out",
  );
});

test("a key that the device cannot use is refused, and nothing happens", async (t) => {
  const { ask, simulator } = await bench(t);
  const before = simulator.license.key;
  for (const value of [
    { key: KEY, serialNumber: SECOND },
    { key: KEY, licenseVersion: 2 },
    { key: KEY, keyDescription: "all" },
    { key: "short" },
    { key: "not a key at all" },
    { key: 12345678 },
    {},
    [KEY],
  ])
    assert.equal((await ask(PUT, attributes(value))).status, 400, JSON.stringify(value));
  assert.equal((await ask(GET)).status, 200);
  assert.equal(simulator.license.key, before);
});

test("a pair refuses a key in JSON for ever, in the words of the manual", async (t) => {
  const { ask } = await bench(t, { highAvailability: true });
  for (const time of [1, 2]) {
    const reply = await ask(PUT, attributes({ key: KEY }));
    assert.equal(reply.status, 409, `time ${time}`);
    assert.equal(
      descriptionOf(reply),
      "License key can’t be applied to device in HA configuration. Use license file instead.",
    );
  }
});

const FILE = Buffer.from(
  `; order 1\r\nS/N 999\r\n${OTHER}x\r\n\r\nS/N ${SECOND}\r\n${OTHER}\r\nS/N ${FIRST}\n${KEY}\n`,
);

test("a licence file gives each unit its own key", async (t) => {
  for (const firmware of [OLD, "7.40A.250.440"]) {
    const upload = firmware === OLD ? rawFile(FILE) : formFile(FILE, "license.lic");
    const alone = await bench(t, { ...seconds, serialNumber: FIRST, firmware });
    const reply = await alone.ask(PUT, upload);
    const what = firmware === OLD ? "software load" : "license";
    assert.equal(descriptionOf(reply), `Device will reset now to activate new ${what}`);
    await untilBack(alone);
    assert.equal(alone.simulator.license.key, KEY);
  }
  const pair = await bench(t, { ...seconds, serialNumber: FIRST, highAvailability: true });
  assert.equal((await pair.ask(PUT, formFile(FILE))).status, 200);
  await untilBack(pair);
  const { key, keyRedundant } = await license(pair);
  assert.deepEqual([key, keyRedundant], [KEY, OTHER]);
});

test("a licence file without a key of ours is refused, as is one with a bad key", async (t) => {
  const { ask, simulator } = await bench(t, { highAvailability: true });
  const before = simulator.license.key;
  const files = [
    `S/N 999\n${KEY}\n`,
    "",
    KEY,
    `S/N ${FIRST}\n`,
    `S/N ${FIRST}\n${KEY}\nS/N ${SECOND}\nno key\n`,
  ];
  for (const file of files) assert.equal((await ask(PUT, formFile(Buffer.from(file)))).status, 400, file);
  assert.equal((await ask(PUT, rawFile(FILE))).status, 400, "the form of the dialect");
  assert.equal(simulator.license.key, before, "both keys, or none");
});

test("the key that is installed already resets the device, unless that is not wanted", async (t) => {
  const device = await bench(t, { ...seconds, license: { key: KEY } });
  assert.equal((await device.ask(PUT, attributes({ key: KEY }))).status, 200);
  await assert.rejects(device.ask(GET));
  const calm = await bench(t, { ...seconds, license: { key: KEY }, sameLicenseKeyResets: false });
  assert.equal((await calm.ask(PUT, attributes({ key: KEY }))).status, 200);
  assert.equal((await calm.ask(GET)).status, 200);
  await calm.ask(PUT, attributes({ key: OTHER }));
  await assert.rejects(calm.ask(GET));
});

test("an Administrator may look at the licence, a Security Administrator may change it", async (t) => {
  const { ask } = await bench(t, {
    users: [
      { username: "ops", password: "p", level: "Administrator" },
      { username: "eye", password: "p", level: "Monitor" },
    ],
  });
  const [ops, eye] = [basic("ops", "p"), basic("eye", "p")];
  assert.equal((await ask(GET, { authorization: ops })).status, 200);
  assert.equal((await ask(PUT, { ...attributes({ key: KEY }), authorization: ops })).status, 403);
  assert.equal((await ask(GET, { authorization: eye })).status, 403);
});

test("somebody may change the key by hand", async (t) => {
  const device = await bench(t);
  device.simulator.license.key = KEY;
  assert.equal((await license(device)).key, KEY);
  device.simulator.license = { key: OTHER };
  assert.equal((await license(device)).key, OTHER);
  assert.throws(() => {
    device.simulator.license.key = "no key";
  }, /license key is incorrect/);
});

test("a description tells keys apart and shows none of them", () => {
  const key = fc.base64String({ minLength: 16, maxLength: 40 });
  fc.assert(
    fc.property(key, key, (one, other) => {
      const text = describeKey(one, "Mediant SW");
      assert.ok(!text.includes(one));
      assert.equal(text === describeKey(other, "Mediant SW"), one === other);
    }),
  );
});

test("a key may go over several lines of a file", () => {
  assert.deepEqual(
    readLicenseFile("S/N 1\nabcd\n; half\nefgh\n\nS/N: 2\r\nijkl\r\n"),
    new Map([
      ["1", "abcdefgh"],
      ["2", "ijkl"],
    ]),
  );
});

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { parseLicense } from "../../src/device/answers/license";
import { DeviceClient } from "../../src/device/client";
import { failureOfStatus } from "../../src/device/http/failures";
import { Transport } from "../../src/device/http/transport";
import { type SimulatorOptions, startSimulator } from "../../src/simulator";
import { failure } from "./resetting";
import { answer, connectionTo } from "./server";
import { uploadTo } from "./uploading";

const key = "canaryKey5tovCIKaBBbhPtT53Yj";

async function device(t: TestContext, options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ resetSeconds: 0.5, ...options });
  t.after(() => simulator.close());
  const connection = connectionTo(simulator.url, { username: "Admin", password: "Admin" });
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const client = new DeviceClient(connection, new Transport(connection, { log, random: () => 0 }));
  return { simulator, client, lines, wait: { label: "licence", log } };
}

test("the manual's own example, line breaks and all", () => {
  const text = `{
    "licenseVersion": 1,
    "serialNumber": "277522263687112",
    "key": "jCx6r5tovCIKaBBbhPtT53Yj",
    "keyDescription": "Key features: Board Type: Mediant 800\r\n Security: IPSEC\r\nCoders: G723 "
  }`;
  assert.deepEqual(parseLicense(Buffer.from(text)), {
    licenseVersion: 1,
    serialNumber: "277522263687112",
    key: "jCx6r5tovCIKaBBbhPtT53Yj",
    keyDescription: "Key features: Board Type: Mediant 800\n Security: IPSEC\nCoders: G723",
    other: {},
  });
});

test("what later editions add, and what is no licence", () => {
  const later = {
    licenseVersion: "1",
    SerialNumber: 277522263687112,
    key: "",
    keyRedundant: " b ",
    serialNumberRedundant: "2",
    keyDescriptionRedundant: "c",
    macAddress: "00908f",
  };
  assert.deepEqual(parseLicense(Buffer.from(JSON.stringify(later))), {
    licenseVersion: 1,
    serialNumber: "277522263687112",
    keyRedundant: "b",
    serialNumberRedundant: "2",
    keyDescriptionRedundant: "c",
    other: { key: "", macAddress: "00908f" },
  });
  for (const body of ["", "<html>", "{}", '{"versionID": "7.4"}'])
    assert.equal(parseLicense(Buffer.from(body)), undefined, body);
});

test("the one 409 that is for good", () => {
  const kind = (path: string, description?: string) => failureOfStatus("PUT", path, 409, description).kind;
  const manual = "License key can’t be applied to device in HA configuration. Use license file instead.";
  assert.equal(kind("/api/v1/license", manual), "permanent");
  assert.equal(kind("/api/v1/license", "Not in HA configuration"), "permanent");
  assert.equal(kind("/api/v1/license", "use Licence File"), "permanent");
  assert.equal(kind("/api/v1/license", "Device is currently performing HA synchronization"), "busy");
  assert.equal(kind("/api/v1/license", "License file refused: HA synchronization"), "busy");
  assert.equal(kind("/api/v1/license"), "busy");
  assert.equal(kind("/api/v1/files/software", manual), "busy");
});

for (const firmware of ["7.00A.018.005", "7.40A.250.440"]) {
  test(`a key on ${firmware}`, async (t) => {
    const { simulator, client, lines, wait } = await device(t, { firmware });
    const { serialNumber } = await client.license();
    assert.equal(serialNumber, simulator.serialNumber);
    const outcome = await client.putLicenseKey({ key, serialNumber }, wait);
    assert.deepEqual([outcome.answered, outcome.wentDown], [true, true]);
    const license = await client.license();
    assert.equal(license.key, key);
    assert.match(license.keyDescription ?? "", /Board Type/);
    assert.doesNotMatch(lines.join("\n"), /canary/);
  });

  test(`a file with the keys of a pair on ${firmware}`, async (t) => {
    const { simulator, client, wait } = await device(t, { firmware, highAvailability: true });
    const file = Buffer.from(`S/N 10245678\n${key}\nS/N 10245679\nother${key}\n`);
    assert.equal((await client.putLicenseFile(file, "keys.txt", [key], wait)).wentDown, true);
    assert.equal(simulator.license.key, key);
    if (firmware.startsWith("7.4")) assert.equal((await client.license()).keyRedundant, `other${key}`);
  });
}

test("a key for a unit of a pair fails at once, with what to do", async (t) => {
  const { simulator, client, wait } = await device(t, { highAvailability: true });
  const error = await failure(client.putLicenseKey({ key }, wait), "MEDIANT_CONFLICT");
  assert.match(error.message, /Use license file instead/);
  assert.equal(simulator.writes.length, 1);
});

test("a pair that synchronises is waited for", async (t) => {
  const { simulator, client, wait } = await device(t);
  simulator.faults.conflict({ times: 1 });
  assert.equal((await client.putLicenseKey({ key }, wait)).wentDown, true);
});

test("a key that another unit has is refused, and not shown", async (t) => {
  const { client, wait } = await device(t);
  await failure(client.putLicenseKey({ key, serialNumber: "1" }, wait), "MEDIANT_REFUSED");
  const echo = await uploadTo(t, {
    take: (_, incoming, response) => {
      incoming.resume();
      answer(response, 400, { description: `bad key ${key}` });
      return true;
    },
  });
  for (const put of [
    echo.client.putLicenseKey({ key }, echo.told),
    echo.client.putLicenseFile(Buffer.from(key), "keys.txt", [key], echo.told),
  ]) {
    const error = await failure(put, "MEDIANT_REFUSED");
    assert.match(error.message, /bad key \[secret\]$/);
  }
});

test("what is sent: only what was given", async (t) => {
  const { client, uploads, told } = await uploadTo(t);
  await client.putLicenseKey({ key }, told);
  assert.equal(uploads[0]?.headers["content-type"], "application/json");
  assert.deepEqual(JSON.parse(uploads[0]?.body.toString() ?? ""), { licenseVersion: 1, key });
});

test("an answer that is no licence", async (t) => {
  const { client } = await uploadTo(t, { status: () => ({ nothing: "of it" }) });
  await failure(client.license(), "MEDIANT_BAD_ANSWER");
});

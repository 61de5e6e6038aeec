import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bench, bench, descriptionOf, multipartUpload } from "./harness";

const INCREMENTAL = "PUT /api/v1/files/ini/incremental";
const SYSLOG = multipartUpload("EnableSyslog = 1\n");

const syslog = ({ simulator }: Bench) => simulator.running.parameter("EnableSyslog");

test("writes conflict so many times, reads never", async (t) => {
  const device = await bench(t);
  device.simulator.faults.conflict({ times: 2 });
  assert.equal((await device.ask("GET /api/v1/status")).status, 200);
  const first = await device.ask(INCREMENTAL, SYSLOG);
  assert.equal(first.status, 409);
  assert.equal(descriptionOf(first), "Device is currently performing HA synchronization");
  assert.equal((await device.ask("POST /api/v1/actions/saveConfiguration")).status, 409);
  assert.equal((await device.ask(INCREMENTAL, SYSLOG)).status, 200);
});

test("writes conflict for so long", async (t) => {
  let now = 0;
  const device = await bench(t, { now: () => now });
  device.simulator.faults.conflict({ ms: 20_000 });
  now = 19_999;
  assert.equal((await device.ask(INCREMENTAL, SYSLOG)).status, 409);
  now = 20_000;
  assert.equal((await device.ask(INCREMENTAL, SYSLOG)).status, 200);
});

test("an answer is lost after the write had its effect, or before", async (t) => {
  const device = await bench(t);
  const { faults, requests } = device.simulator;
  faults.loseAnswer(INCREMENTAL, { applied: false });
  await assert.rejects(device.ask(INCREMENTAL, SYSLOG));
  assert.equal(syslog(device), undefined);
  faults.loseAnswer(/PUT .*incremental/, { applied: true, times: 1 });
  await assert.rejects(device.ask(INCREMENTAL, SYSLOG));
  assert.equal(syslog(device), "1");
  assert.deepEqual(
    requests.map(({ status }) => status),
    [undefined, undefined],
  );
  assert.equal((await device.ask(INCREMENTAL, SYSLOG)).status, 200);
});

test("a failure has no effect, and strikes what it was asked to", async (t) => {
  const device = await bench(t);
  device.simulator.faults.fail(503, "/api/v1/status", 2);
  device.simulator.faults.fail(500, INCREMENTAL);
  assert.equal((await device.ask("GET /api/v1")).status, 200);
  for (const expected of [503, 503, 200])
    assert.equal((await device.ask("GET /api/v1/status")).status, expected);
  assert.equal((await device.ask(INCREMENTAL, SYSLOG)).status, 500);
  assert.equal(syslog(device), undefined);
});

test("a hanging request is answered by nothing but the end", async (t) => {
  const device = await bench(t);
  device.simulator.faults.hang(INCREMENTAL);
  const hanging = device.ask(INCREMENTAL, SYSLOG);
  const failed = assert.rejects(hanging);
  while (device.simulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await device.ask(INCREMENTAL, SYSLOG)).status, 200, "it keeps no other write out");
  await device.simulator.close();
  await failed;
});

test("an answer is cut in the middle of its body", async (t) => {
  const device = await bench(t);
  device.simulator.faults.cutMidBody("GET /api/v1/files/ini");
  await assert.rejects(device.dump());
  assert.match(await device.dump(), /\[ \\WebUsers \]/);
});

test("an upload with a certain text is refused, with its line echoed", async (t) => {
  const device = await bench(t);
  device.simulator.faults.refuseUploadContaining("Syslog = 1");
  const reply = await device.put("NTPServerIP = 'x'\nEnableSyslog = 1\n", 400);
  assert.equal(descriptionOf(reply), "Invalid line: EnableSyslog = 1");
  assert.equal(device.simulator.running.parameter("NTPServerIP"), undefined);
  await device.put("NTPServerIP = 'x'\n");
});

test("a parameter, or a column, can be made to stay as it is", async (t) => {
  const device = await bench(t);
  device.simulator.faults.noEffectFor("enablesyslog");
  device.simulator.faults.noEffectFor("SRD.Name");
  const srd = '[ SRD ]\nFORMAT Index = Name, SharingPolicy;\nSRD 0 = "x", 1;\n[ \\SRD ]\n';
  await device.put(`EnableSyslog = 1\n${srd}`);
  assert.equal(syslog(device), undefined);
  assert.equal(device.simulator.running.cell("SRD", 0, "Name"), "DefaultSRD");
  assert.equal(device.simulator.running.cell("SRD", 0, "SharingPolicy"), "1");
  device.simulator.faults.clear();
  await device.put("EnableSyslog = 1\n");
  assert.equal(syslog(device), "1");
});

test("writes that overlap are refused and counted, unless that is allowed", async (t) => {
  for (const restrictOverlap of [true, false]) {
    const device = await bench(t, { latencyMs: 200, restrictOverlap });
    const replies = await Promise.all([1, 2, 3].map(() => device.ask(INCREMENTAL, SYSLOG)));
    const statuses = replies.map(({ status }) => status).sort();
    assert.deepEqual(statuses, restrictOverlap ? [200, 409, 409] : [200, 200, 200]);
    assert.ok(device.simulator.maxConcurrentWrites > 1);
  }
});

test("writes one after another never overlap", async (t) => {
  const device = await bench(t);
  for (let write = 0; write < 20; write++) await device.put("EnableSyslog = 1\n");
  assert.equal(device.simulator.maxConcurrentWrites, 1);
});

test("an upload that is applied late is answered at once, and refused at once where it is wrong", async (t) => {
  const device = await bench(t);
  device.simulator.faults.applyLate(50, INCREMENTAL, 2);
  assert.equal((await device.ask(INCREMENTAL, SYSLOG)).status, 200);
  assert.equal(syslog(device), undefined);
  device.simulator.running.setParameter("SyslogServerPort", "99");
  await until(() => syslog(device) === "1");
  assert.equal(device.simulator.running.parameter("SyslogServerPort"), "99", "what was done between stays");
  const broken = multipartUpload("[ SRD\n");
  assert.equal((await device.ask(INCREMENTAL, broken)).status, 400);
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("an answer is spoilt: its body, its headers, the sign of its end", async (t) => {
  const device = await bench(t);
  const { faults } = device.simulator;
  faults.spoil("GET /api/v1/status", { body: () => "Internal error", headers: { "x-proxy": "1" } });
  const spoilt = await device.ask("GET /api/v1/status");
  assert.deepEqual([spoilt.status, spoilt.text, spoilt.headers["x-proxy"]], [200, "Internal error", "1"]);
  faults.spoil("GET /api/v1/status", { end: "close" });
  const { headers } = await device.ask("GET /api/v1/status");
  assert.deepEqual([headers["content-length"], headers["transfer-encoding"]], [undefined, undefined]);
  assert.notEqual((await device.ask("GET /api/v1/status")).headers["content-length"], undefined);
});

test("something happens beside a request, before it has its effect or after, once", async (t) => {
  const device = await bench(t);
  const { simulator } = device;
  const seen: (string | undefined)[] = [];
  for (const moment of ["before", "after"] as const)
    simulator.faults.beside(INCREMENTAL, moment, () => void seen.push(syslog(device)));
  for (let time = 0; time < 2; time++) assert.equal((await device.ask(INCREMENTAL, SYSLOG)).status, 200);
  assert.deepEqual(seen, [undefined, "1"]);
});

test("an answer comes with another status, or piece by piece; the log has the status that it was made with", async (t) => {
  const device = await bench(t);
  const { faults, requests } = device.simulator;
  faults.spoil(INCREMENTAL, { status: 500 });
  assert.equal((await device.ask(INCREMENTAL, SYSLOG)).status, 500);
  assert.equal(syslog(device), "1");
  faults.spoil("GET /api/v1/status", { pace: { firstMs: 1, everyMs: 1, bytes: 100 } });
  assert.match((await device.ask("GET /api/v1/status")).text, /"versionID"[\s\S]*\}\s*$/);
  faults.loseAnswer(INCREMENTAL, { applied: true });
  await assert.rejects(device.ask(INCREMENTAL, SYSLOG));
  assert.deepEqual(
    requests.map(({ outcome }) => outcome),
    [200, 200, 200],
  );
});

test("it counts its restarts, and cuts connections without one", async (t) => {
  const device = await bench(t);
  const { simulator } = device;
  simulator.faults.hang("GET /api/v1/status");
  const asked = device.ask("GET /api/v1/status");
  while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  simulator.cutConnections();
  await assert.rejects(asked);
  assert.equal((await device.ask("GET /api/v1/status")).status, 200);
  assert.equal(simulator.restarts, 0);
  simulator.reset();
  assert.equal(simulator.restarts, 1);
});

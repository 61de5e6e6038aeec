import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { startSimulator } from "../../src/simulator";
import { bench, descriptionOf, untilBack, upload } from "./harness";

const RESET = "POST /api/v1/actions/reset";

test("a reset without save drops what was not saved, a save keeps it", async (t) => {
  const device = await bench(t);
  const { ask, put, simulator } = device;
  await put("EnableSyslog = 1\n");
  assert.equal((await ask("POST /api/v1/actions/saveConfiguration")).text, "");
  await put("SyslogLogLevel = 3\n");
  const reply = await ask(RESET, { body: JSON.stringify({ saveConfiguration: false }) });
  assert.equal(descriptionOf(reply), "Device will reset now");
  await untilBack(device);
  assert.equal(simulator.running.parameter("EnableSyslog"), "1");
  assert.equal(simulator.running.parameter("SyslogLogLevel"), undefined);
});

test("a reset saves unless told not to, and refuses connections for a while", async (t) => {
  const device = await bench(t, { resetSeconds: 0.3 });
  const { ask, put, simulator } = device;
  await put("EnableSyslog = 1\n");
  assert.equal((await ask(RESET)).status, 200);
  await assert.rejects(ask("GET /api/v1/status"), { code: "ECONNREFUSED" });
  await untilBack(device);
  assert.equal(simulator.flash.parameter("EnableSyslog"), "1");
  assert.equal(JSON.parse((await ask("GET /api/v1/status")).text).resetNeeded, false);
});

test("wrong attributes of a reset are refused, and nothing happens", async (t) => {
  const { ask, put, simulator } = await bench(t);
  await put("EnableSyslog = 1\n");
  for (const body of [
    '{"saveConfiguration": "true"}',
    '{"gracefulTimeout": -1}',
    '{"gracefulTimeout": 1.5}',
    '{"gracefulTimeout": "0"}',
    '{"graceful": 1}',
    "[]",
    "nonsense",
  ])
    assert.equal((await ask(RESET, { body })).status, 400, body);
  assert.equal(simulator.flash.parameter("EnableSyslog"), undefined);
  assert.equal((await ask(RESET, { body: '{"gracefulTimeout": 1, "saveConfiguration": true}' })).status, 200);
});

test("a full ini replaces all, is saved, and resets the device", async (t) => {
  const device = await bench(t);
  const { ask, put, simulator } = device;
  await put("EnableSyslog = 1\nSyslogLogLevel = 3\n");
  await put('[ ConditionTable ]\nFORMAT Index = Name;\nConditionTable 0 = "gone";\n[ \\ConditionTable ]\n');
  const ini = 'SyslogLogLevel = 4\n[ SRD ]\nFORMAT Index = Name;\nSRD 6 = "only";\n[ \\SRD ]\n';
  const reply = await ask("PUT /api/v1/files/ini", upload(simulator, {}, ini));
  assert.equal(descriptionOf(reply), "Device will reset now to activate new configuration");
  await untilBack(device);
  const { running, flash } = simulator;
  assert.equal(running.parameter("EnableSyslog"), undefined);
  assert.equal(running.parameter("SyslogLogLevel"), "4");
  assert.deepEqual(running.indexes("ConditionTable"), []);
  assert.deepEqual(running.indexes("SRD"), ["6"]);
  assert.deepEqual(running.indexes("InterfaceTable"), ["0"], "left out: as it left the factory");
  assert.deepEqual(flash.snapshot(), running.snapshot());
});

test("a full ini without WebUsers brings the factory's user back, and no other", async (t) => {
  const users = [{ username: "ops", password: "p", level: "Security Administrator" as const }];
  const device = await bench(t, { users });
  assert.equal((await device.ask("GET /api/v1/status")).status, 401);
  await device.ask("PUT /api/v1/files/ini", {
    ...upload(device.simulator, {}, "EnableSyslog = 1\n"),
    authorization: `Basic ${Buffer.from("ops:p").toString("base64")}`,
  });
  assert.equal((await untilBack(device)).status, 200, "Admin with password Admin");
  assert.deepEqual(device.simulator.running.indexes("WebUsers"), ["0"]);
});

test("a full ini that cannot be loaded changes nothing, and nothing resets", async (t) => {
  const { ask, simulator } = await bench(t);
  const before = simulator.running.snapshot();
  const reply = await ask("PUT /api/v1/files/ini", upload(simulator, {}, "EnableSyslog = 1\nwhat is this\n"));
  assert.equal(reply.status, 400);
  assert.equal((await ask("GET /api/v1/status")).status, 200);
  assert.deepEqual(simulator.running.snapshot(), before);
});

test("pulling the plug drops what was not saved, and a write in progress with it", async (t) => {
  const device = await bench(t, { latencyMs: 300 });
  const { simulator, ask } = device;
  simulator.running.setParameter("EnableSyslog", "1");
  const write = ask("PUT /api/v1/files/ini/incremental", upload(simulator, {}, "SyslogLogLevel = 3\n"));
  const failed = assert.rejects(write);
  while (simulator.writes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  simulator.reset();
  await failed;
  while (simulator.writes[0]?.finishedAt === undefined)
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(simulator.running.parameter("EnableSyslog"), undefined);
  assert.equal(simulator.running.parameter("SyslogLogLevel"), undefined);
  assert.equal((await untilBack(device)).status, 200);
});

test("close ends open connections, and the dark device too", async () => {
  const simulator = await startSimulator({ resetSeconds: 3600 });
  const socket = connect(simulator.port, "127.0.0.1");
  await once(socket, "connect");
  const ended = once(socket, "close");
  socket.on("error", () => {});
  await simulator.close();
  await ended;
  const dark = await startSimulator({ resetSeconds: 3600 });
  dark.reset();
  await dark.close();
  await dark.close();
});

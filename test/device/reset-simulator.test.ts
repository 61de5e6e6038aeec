import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { DeviceClient } from "../../src/device/client";
import { Transport } from "../../src/device/http/transport";
import { type SimulatorOptions, startSimulator } from "../../src/simulator";
import { connectionTo } from "./server";

async function connect(t: TestContext, options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ resetSeconds: 0.5, ...options });
  t.after(() => simulator.close());
  const connection = connectionTo(simulator.url, {
    ...{ username: "Admin", password: "Admin" },
    tls: simulator.fingerprint256 === undefined ? undefined : { fingerprint256: simulator.fingerprint256 },
  });
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const client = new DeviceClient(connection, new Transport(connection, { log }));
  return { simulator, connection, client, lines, wait: { label: "config", log } };
}

const ini = Buffer.from("SyslogLogLevel = 4\n");
const putIni = "PUT /api/v1/files/ini";

for (const firmware of ["7.00A.018.005", "7.40A.250.440"]) {
  for (const tls of [false, true]) {
    test(`a full ini on ${firmware}, ${tls ? "https" : "http"}`, async (t) => {
      const { simulator, client, lines, wait } = await connect(t, { firmware, tls });
      const outcome = await client.putIni(ini, [], wait);
      assert.equal(outcome.answered, true);
      assert.equal(outcome.wentDown, true);
      assert.equal(outcome.status.version, firmware);
      assert.equal(simulator.flash.parameter("SyslogLogLevel"), "4");
      assert.equal(simulator.writes.length, 1);
      assert.match((await client.ini()).toString("latin1"), /SyslogLogLevel/);
      assert.ok(
        lines.some((line) => line.startsWith("[sbc1] config: waiting for the device to come back, ")),
      );
    });
  }
}

test("a reset keeps what it is told to keep", async (t) => {
  const { simulator, client, wait } = await connect(t);
  await client.putIncrementalIni(ini, []);
  await client.reset({ saveConfiguration: false }, wait);
  assert.equal(simulator.running.parameter("SyslogLogLevel"), undefined);
  await client.putIncrementalIni(ini, []);
  await client.reset({ saveConfiguration: true, gracefulTimeout: 1 }, wait);
  assert.equal(simulator.running.parameter("SyslogLogLevel"), "4");
});

test("the connection cut in place of the 200: applied all the same", async (t) => {
  const { simulator, client, wait } = await connect(t);
  simulator.faults.loseAnswer(putIni, { applied: true });
  const applied = await client.putIni(ini, [], wait);
  assert.deepEqual([applied.answered, applied.wentDown], [false, true]);
  assert.equal(simulator.running.parameter("SyslogLogLevel"), "4");
  assert.equal(simulator.writes.length, 1);
});

test("busy first, then the reset", async (t) => {
  const { simulator, client, wait } = await connect(t);
  simulator.faults.conflict({ times: 1 });
  assert.equal((await client.putIni(ini, [], wait)).wentDown, true);
  assert.equal(simulator.writes.length, 2);
});

test("reads while the device is dark see it afterwards, with one request", async (t) => {
  const { simulator, client, lines, wait } = await connect(t);
  const cache = client.device.cache;
  const read = () => cache.get("ini", () => client.ini());
  assert.doesNotMatch((await read()).toString("latin1"), /SyslogLogLevel *= *4/);
  const done = client.putIni(ini, [], wait);
  while (!lines.some((line) => line.includes("come back"))) await new Promise((go) => setTimeout(go, 5));
  const seen = simulator.requests.length;
  const reads = await Promise.all([read(), read(), read()]);
  assert.equal((await done).wentDown, true);
  for (const text of reads) assert.match(text.toString("latin1"), /SyslogLogLevel *= *4/);
  const sent = simulator.requests.slice(seen).filter(({ path }) => path === "/api/v1/files/ini");
  assert.equal(sent.length, 1);
});

test("a device that somebody else has just reset is waited for", async (t) => {
  const { simulator, client, wait } = await connect(t);
  await client.status();
  simulator.reset();
  assert.equal((await client.awaken(wait)).version, "7.40A.250.440");
  assert.equal((await client.reset({}, wait)).wentDown, true);
});

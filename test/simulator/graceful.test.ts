import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { SimulatorOptions } from "../../src/simulator";
import { type Bench, basic, type Reply, bench as start, untilBack, upload } from "./harness";

const RESET = "POST /api/v1/actions/reset";
const STATUS = "GET /api/v1/status";

/** Stays dark in a reset until it is told to come back: no dark is too short to be seen. */
const bench = (t: TestContext, options: SimulatorOptions = {}): Promise<Bench> =>
  start(t, { resetSeconds: Number.POSITIVE_INFINITY, ...options });

const reset = ({ ask }: Bench, gracefulTimeout: number, saveConfiguration = true) =>
  ask(RESET, { body: JSON.stringify({ gracefulTimeout, saveConfiguration }) });
const statusOf = async ({ ask }: Bench) => JSON.parse((await ask(STATUS)).text);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the device no longer answers. */
async function untilDark({ ask }: Bench): Promise<void> {
  for (;;) {
    try {
      await ask(STATUS);
    } catch {
      return;
    }
    await pause(5);
  }
}

/** Sees the device go down, and lets it come back; its first answer. */
async function restart(device: Bench): Promise<Reply> {
  await untilDark(device);
  device.simulator.powerOn();
  return untilBack(device);
}

test("a reset that waits for calls is answered at once, and comes when they have ended", async (t) => {
  const device = await bench(t);
  const { simulator } = device;
  simulator.activeCalls = 2;
  assert.equal((await reset(device, 1)).status, 200);
  assert.equal((await device.ask(STATUS)).status, 200, "the device works on");
  await device.put("EnableSyslog = 1\n");
  simulator.activeCalls = 1;
  assert.equal(simulator.flash.parameter("EnableSyslog"), undefined, "saved when it goes down");
  assert.equal((await device.ask(STATUS)).status, 200);
  simulator.activeCalls = 0;
  await restart(device);
  assert.equal(simulator.running.parameter("EnableSyslog"), "1");
});

test("a reset with n seconds comes then at the latest, and ends the calls", async (t) => {
  const device = await bench(t);
  device.simulator.activeCalls = 2;
  await device.put("EnableSyslog = 1\n");
  await reset(device, 2, false);
  assert.equal((await device.ask(STATUS)).status, 200);
  await restart(device);
  assert.equal(device.simulator.activeCalls, 0);
  assert.equal(device.simulator.running.parameter("EnableSyslog"), undefined);
});

test("a very long wait is a wait", async (t) => {
  const device = await bench(t);
  device.simulator.activeCalls = 1;
  await reset(device, 2 ** 31);
  await pause(30);
  assert.equal((await device.ask(STATUS)).status, 200);
  assert.equal(device.simulator.activeCalls, 1);
});

test("0 does not wait, and takes the place of a reset that does", async (t) => {
  const device = await bench(t);
  device.simulator.activeCalls = 2;
  await device.put("EnableSyslog = 1\n");
  await reset(device, 1, true);
  await reset(device, 0, false);
  await restart(device);
  assert.equal(device.simulator.running.parameter("EnableSyslog"), undefined);
  device.simulator.activeCalls = 1;
  device.simulator.activeCalls = 0;
  assert.equal((await device.ask(STATUS)).status, 200, "the first is forgotten");
});

test("a plug that is pulled, and a close, end the wait", async (t) => {
  const device = await bench(t);
  device.simulator.activeCalls = 1;
  await reset(device, 1);
  device.simulator.reset();
  await restart(device);
  device.simulator.activeCalls = 1;
  device.simulator.activeCalls = 0;
  assert.equal((await device.ask(STATUS)).status, 200);
  device.simulator.activeCalls = 1;
  await reset(device, 2);
  await device.simulator.close();
  assert.throws(() => {
    device.simulator.activeCalls = -1;
  });
});

test("the up time grows, and starts again", async (t) => {
  let now = 1_000_000;
  const device = await bench(t, { now: () => now });
  const before = (await statusOf(device)).systemUpTime;
  now += 60_000;
  assert.equal((await statusOf(device)).systemUpTime, before + 60);
  await reset(device, 0);
  await untilDark(device);
  now += 30_000;
  await restart(device);
  assert.equal((await statusOf(device)).systemUpTime, 30);
});

test("the connection is cut in place of the 200, and the reset comes", async (t) => {
  const device = await bench(t);
  const { simulator } = device;
  const uploads = [
    { line: "PUT /api/v1/files/ini", file: "EnableSyslog = 1\n", name: "EnableSyslog", value: "1" },
    {
      line: "PUT /api/v1/files/cliScript",
      file: "configure system\nhostname x",
      name: "HostName",
      value: "x",
    },
  ];
  for (const { line, file, name, value } of uploads) {
    simulator.faults.loseAnswer(line, { applied: true });
    await assert.rejects(device.ask(line, upload(simulator, {}, file)));
    await restart(device);
    assert.equal(simulator.running.parameter(name), value);
  }
  simulator.faults.loseAnswer(RESET, { applied: true });
  await assert.rejects(reset(device, 0));
  await restart(device);
});

test("a device that does not go down was not reset", async (t) => {
  const device = await bench(t);
  device.simulator.faults.atReset({ goesDown: false });
  const before = (await statusOf(device)).systemUpTime;
  await device.put("EnableSyslog = 1\n");
  assert.equal((await reset(device, 0)).status, 200);
  await pause(100);
  const status = await statusOf(device);
  assert.ok(status.systemUpTime >= before);
  assert.equal(status.saveNeeded, true);
  await reset(device, 0);
  await untilDark(device);
});

test("a device that does not come back stays dark until the power is on", async (t) => {
  const device = await bench(t, { resetSeconds: 0 });
  device.simulator.faults.atReset({ seconds: Number.POSITIVE_INFINITY });
  const ini = upload(device.simulator, {}, "EnableSyslog = 1\n");
  await device.ask("PUT /api/v1/files/ini", ini);
  await untilDark(device);
  await pause(200);
  await assert.rejects(device.ask(STATUS), { code: "ECONNREFUSED" });
  device.simulator.powerOn();
  await untilBack(device);
  assert.equal(device.simulator.running.parameter("EnableSyslog"), "1");
  device.simulator.powerOn();
  assert.equal((await device.ask(STATUS)).status, 200);
});

test("each reset has its own time in the dark", async (t) => {
  const device = await bench(t, { resetSeconds: 0.05 });
  device.simulator.faults.atReset({ seconds: 3600 });
  device.simulator.reset();
  await pause(150);
  await assert.rejects(device.ask(STATUS), { code: "ECONNREFUSED" });
  device.simulator.powerOn();
  await untilBack(device);
  device.simulator.reset();
  assert.equal((await untilBack(device)).status, 200);
});

test("services start late: everything is answered 401 or 503 for a while, and no account locks", async (t) => {
  let now = 0;
  const device = await bench(t, { now: () => now });
  const { faults } = device.simulator;
  faults.atReset({ early: { status: 401, times: 4 } });
  faults.atReset({ early: { status: 503, ms: 1000 } });
  await reset(device, 0);
  const first = await restart(device);
  assert.equal(first.status, 401);
  assert.match(String(first.headers["www-authenticate"]), /^Basic /);
  for (const expected of [401, 401, 401, 200]) assert.equal((await device.ask(STATUS)).status, expected);
  await reset(device, 0);
  assert.equal((await restart(device)).status, 503);
  const wrong = { authorization: basic("Admin", "wrong") };
  for (let time = 0; time < 3; time++) assert.equal((await device.ask(STATUS, wrong)).status, 503);
  now = 1000;
  assert.equal((await device.ask(STATUS)).status, 200);
});

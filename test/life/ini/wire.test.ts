import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { requestLog } from "../../shared/simulated";
import { bench, countOf, GET_INI, GET_STATUS, PUT_INI, SAVE } from "./bench";

const PUT = "PUT /api/v1/files/ini/incremental";
const SAVING = "POST /api/v1/actions/saveConfiguration";
const INI = "GET /api/v1/files/ini";
const ACCOUNT =
  '[ Account ]\nFORMAT Index = AccountName, Password;\nAccount 0 = "a", "before";\n[ \\Account ]\n';

const base = {
  parameters: { EnableSyslog: "1", SyslogServerPort: "01514" },
  tables: {
    ProxySet: { 1: { ProxyName: "PS" } },
    Account: { 3: { AccountName: "b", Password: "new-secret" } },
  },
};

test("an answer that was lost after the write was applied: one write, success", async (t) => {
  const b = await bench(t, { ini: ACCOUNT });
  b.simulator.faults.loseAnswer(PUT, { applied: true });
  const requests = requestLog(b);
  // A rewritten number and a secret among it: neither comes back as it was sent.
  assert.deepEqual((await b.stack.up({ base }))["base"], { op: "create", reasons: [] });
  assert.equal(countOf(requests(), PUT_INI), 1);
  assert.ok(b.simulator.flash.equals(b.simulator.running));
  assert.deepEqual(await b.stack.preview({ base }, { refresh: true }), { base: false });
});

test("an answer that was lost before the write was applied: two writes, success", async (t) => {
  const b = await bench(t, { ini: ACCOUNT });
  b.simulator.faults.loseAnswer(PUT, { applied: false });
  const requests = requestLog(b);
  assert.deepEqual((await b.stack.up({ base }))["base"]?.reasons, []);
  assert.equal(countOf(requests(), PUT_INI), 2);
  assert.equal(b.simulator.running.cell("Account", 3, "Password"), "new-secret");
});

test("a secret whose answer was lost unapplied is sent again, also where each dump obscures it anew", async (t) => {
  for (const obscuring of ["steady", "anew"] as const) {
    const b = await bench(t, { ini: ACCOUNT, obscuring });
    b.simulator.faults.loseAnswer(PUT, { applied: false });
    const { secret } = await b.stack.up({ secret: { tables: { Account: { 0: { Password: "rotated" } } } } });
    assert.deepEqual(secret?.reasons, []);
    assert.equal(b.simulator.running.cell("Account", 0, "Password"), "rotated");
  }
});

test("an answer that is lost time and again ends in an error whose state the next run finishes", async (t) => {
  const b = await bench(t);
  b.simulator.faults.loseAnswer(PUT, { applied: false, times: 3 });
  const requests = requestLog(b);
  const program = { base: { parameters: { EnableSyslog: "1" } } };
  const first = await b.stack.up(program);
  assert.match(first["base"]?.reasons.join() ?? "", /it is not known if the device did it/);
  assert.equal(countOf(requests(), PUT_INI), 3);
  assert.deepEqual((await b.stack.up(program, { refresh: true }))["base"], { op: "update", reasons: [] });
  assert.ok(b.simulator.flash.equals(b.simulator.running));
});

test("a device that is busy for a while is waited for, in each kind of request", async (t) => {
  const b = await bench(t);
  b.simulator.faults.conflict({ match: PUT });
  b.simulator.faults.conflict({ match: SAVING });
  assert.deepEqual((await b.stack.up({ base }))["base"]?.reasons, []);
  assert.ok(b.simulator.flash.equals(b.simulator.running));
  assert.ok(b.lines.some((line) => /waiting for the device: busy/.test(line)));
});

test("a device that stays busy is an error within the deadline, with nothing sent", async (t) => {
  const b = await bench(t, {}, { timeouts: { conflictSeconds: 0 } });
  b.simulator.faults.conflict({ match: PUT, times: 99 });
  const { base: outcome } = await b.stack.up({ base });
  assert.match(outcome?.reasons.join() ?? "", /409/);
  assert.equal(b.stack.resources.size, 0);
});

test("a 500 on a GET and a connection cut in an answer are asked again", async (t) => {
  const b = await bench(t);
  b.simulator.faults.fail(500, INI);
  assert.deepEqual((await b.stack.up({ base }))["base"]?.reasons, []);
  b.simulator.faults.cutMidBody(INI);
  await b.stack.refresh();
  assert.deepEqual(await b.stack.preview({ base }), { base: false });
});

test("a 500 on a write is looked up and sent again", async (t) => {
  const b = await bench(t);
  b.simulator.faults.fail(500, PUT);
  const requests = requestLog(b);
  assert.deepEqual((await b.stack.up({ base }))["base"]?.reasons, []);
  assert.deepEqual(
    requests()
      .filter((one) => one === PUT_INI || one === GET_INI)
      .slice(0, 5),
    [GET_INI, GET_INI, PUT_INI, GET_INI, PUT_INI],
    "the dump shows no ProxySet, which a second read confirms",
  );
});

test("a refused upload is the device's words, with no state and no save", async (t) => {
  const b = await bench(t);
  b.simulator.faults.refuseUploadContaining("PS");
  const requests = requestLog(b);
  const { base: outcome } = await b.stack.up({ base });
  assert.match(outcome?.reasons.join() ?? "", /400 Bad Request: Invalid line/);
  assert.equal(b.stack.resources.size, 0);
  assert.equal(countOf(requests(), SAVE), 0);
});

test("a save that fails leaves a partial state, and the next update repeats the save alone", async (t) => {
  for (const refresh of [false, true]) {
    const b = await bench(t);
    b.simulator.faults.fail(400, SAVING);
    const program = { base: { parameters: { EnableSyslog: "1" } } };
    const first = await b.stack.up(program);
    assert.match(first["base"]?.reasons.join() ?? "", /saveConfiguration: 400/);
    assert.deepEqual(b.stack.state("base").parameters, { EnableSyslog: "1" }, "the change itself came true");
    assert.ok(!b.simulator.flash.equals(b.simulator.running));
    const requests = requestLog(b);
    b.lines.length = 0;
    // A refresh clears what the engine knows of the failure: diff has to know.
    assert.deepEqual((await b.stack.up(program, { refresh }))["base"], { op: "update", reasons: [] });
    assert.equal(b.lines.filter((line) => /base: an earlier change is not saved yet$/.test(line)).length, 1);
    const sent = requests();
    assert.deepEqual([countOf(sent, PUT_INI), countOf(sent, SAVE)], [0, 1]);
    assert.ok(b.simulator.flash.equals(b.simulator.running));
    assert.equal((await b.stack.up(program))["base"]?.op, "same");
  }
});

test("a save that fails again keeps the state that asks for it", async (t) => {
  const b = await bench(t);
  b.simulator.faults.fail(400, SAVING, 2);
  const program = { base: { parameters: { EnableSyslog: "1" } } };
  await b.stack.up(program);
  await b.stack.up(program);
  assert.deepEqual((await b.stack.up(program, { refresh: true }))["base"], { op: "update", reasons: [] });
  assert.ok(b.simulator.flash.equals(b.simulator.running));
});

test("adoption writes nothing, and saves only where the device says that it is not saved", async (t) => {
  const b = await bench(t);
  const program = { parameters: { EnableSyslog: "1" } };
  await b.stack.up({ first: program });
  const requests = requestLog(b);
  assert.deepEqual((await b.stack.up({ first: program, second: program }))["second"]?.reasons, []);
  assert.deepEqual(requests(), [GET_STATUS, GET_INI]);
  b.simulator.running.setParameter("SyslogServerPort", "99");
  assert.deepEqual(
    (await b.stack.up({ first: program, second: program, third: program }))["third"]?.reasons,
    [],
  );
  assert.deepEqual(requests(), [GET_STATUS, GET_INI, SAVE]);
});

test("save: false leaves flash alone", async (t) => {
  const b = await bench(t);
  const requests = requestLog(b);
  assert.deepEqual(
    (await b.stack.up({ base: { parameters: { EnableSyslog: "1" }, save: false } }))["base"]?.reasons,
    [],
  );
  assert.equal(countOf(requests(), SAVE), 0);
  assert.equal(b.simulator.flash.parameter("EnableSyslog"), undefined);
});

test("a connection change under the same name writes nothing, but asks the device", async (t) => {
  const b = await bench(t, {
    users: [
      { username: "Admin", password: "Admin", level: "Security Administrator" },
      { username: "robot", password: "r-secret", level: "Security Administrator" },
    ],
  });
  const program = { base: { parameters: { EnableSyslog: "1" } } };
  await b.stack.up(program);
  b.device.username = "robot";
  b.device.password = "wrong";
  const requests = requestLog(b);
  assert.match((await b.stack.up(program))["base"]?.reasons.join() ?? "", /401/);
  assert.equal(b.stack.state("base").device.password, "Admin", "the old connection stays");
  b.device.password = "r-secret";
  assert.deepEqual((await b.stack.up(program))["base"], { op: "update", reasons: [] });
  assert.equal(countOf(requests(), PUT_INI), 0);
  assert.equal(b.stack.state("base").device.password, "r-secret");
});

test("another device name replaces", async (t) => {
  const b = await bench(t);
  await b.stack.up({ base: { parameters: { EnableSyslog: "1" } } });
  b.device.name = "renamed";
  assert.equal((await b.stack.up({ base: { parameters: { EnableSyslog: "1" } } }))["base"]?.op, "replace");
  assert.equal(b.stack.resources.get("base")?.id, "renamed/IncrementalIniConfig/base");
});

test("read throws for a device that is away, refuses us or fails, and never calls a resource gone", async (t) => {
  const b = await bench(t);
  await b.stack.up({ base: { parameters: { EnableSyslog: "1" } } });
  b.simulator.faults.fail(403, INI);
  await assert.rejects(b.stack.refresh(), /403/);
  b.simulator.faults.fail(500, INI, 9);
  await assert.rejects(b.stack.refresh(), /500/);
  b.simulator.faults.clear();
  await b.simulator.close();
  await assert.rejects(b.stack.refresh(), /no connection/);
});

test("a row whose job broke off on its second try keeps what the first one did", async (t) => {
  const b = await bench(t);
  const program = {
    base: { parameters: { EnableSyslog: "1" }, tables: { IPGroup: { 1: { Name: "G", SRDName: "none" } } } },
  };
  // Once the first turn has saved, the device refuses to be read.
  const save = b.simulator.flash.assign.bind(b.simulator.flash);
  t.mock.method(b.simulator.flash, "assign", (...args: Parameters<typeof save>) => {
    save(...args);
    b.simulator.faults.fail(403, INI, 9);
  });
  const { base: outcome } = await b.stack.up(program);
  assert.match(outcome?.reasons.join() ?? "", /403/);
  assert.ok(b.stack.resources.has("base"), "a state, or the parameter would be forgotten");
  assert.equal(b.stack.state("base").previous?.["EnableSyslog"], null);
  b.simulator.faults.clear();
  b.simulator.running.addRow("SRD", 5, { Name: "none" });
  assert.deepEqual((await b.stack.up(program, { refresh: true }))["base"], { op: "update", reasons: [] });
});

test("a device that starts is waited for, in the first turn of a run and in a later one", async (t) => {
  const b = await bench(t, { resetSeconds: Number.POSITIVE_INFINITY });
  const program = (name: string) => ({ base: { tables: { ProxySet: { 1: { ProxyName: name } } } } });
  const whileAway = async (run: () => Promise<Record<string, unknown>>) => {
    b.lines.length = 0;
    b.simulator.reset();
    let isOver = false;
    const running = run().finally(() => {
      isOver = true;
    });
    while (!isOver && !b.lines.some((line) => /base: waiting for the device/.test(line)))
      await setTimeout(10);
    b.simulator.powerOn();
    return running;
  };
  assert.deepEqual(await whileAway(() => b.stack.up(program("one"))), {
    base: { op: "create", reasons: [] },
  });
  const life = b.stack.life;
  const { id, outs } = b.stack.resources.get("base") ?? assert.fail();
  await whileAway(async () => ({ ...(await life.update(id, outs, b.inputs("base", program("two").base))) }));
  assert.equal(b.simulator.running.cell("ProxySet", 1, "ProxyName"), "two");
});

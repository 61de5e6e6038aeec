import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ConfirmArgs } from "../../../src/declare/checks";
import type { SimulatorOptions } from "../../../src/simulator";
import { requestText } from "../../shared/simulated";
import { bench, flat, SAVE } from "./bench";

const INI = [
  "SyslogServerIP = 192.0.2.1",
  "[ IPProfile ]",
  "FORMAT Index = ProfileName;",
  'IPProfile 1 = "Only";',
  "[ \\IPProfile ]",
  "[ ProxySet ]",
  "FORMAT Index = ProxyName, EnableProxyKeepAlive;",
  'ProxySet 0 = "Default", 0;',
  'ProxySet 3 = "Trunk", 1;',
  "[ \\ProxySet ]",
  "",
].join("\n");

const confirm: ConfirmArgs = { checks: { newAlarms: "warning" }, holdSeconds: 0.3 };

async function open(t: TestContext, options: SimulatorOptions = {}, settings = {}) {
  const b = await bench(t, { ini: INI, ...options }, settings);
  const { running, flash } = b.simulator;
  return {
    ...b,
    before: flat(running.snapshot()),
    running: () => flat(running.snapshot()),
    flash: () => flat(flash.snapshot()),
    saves: () => b.simulator.writes.filter((request) => requestText(request) === SAVE).length,
    raise: () => b.simulator.alarms.raise({ description: "Trunk is down", severity: "Major" }),
  };
}

const said = (outcome: { reasons: string[] } | undefined) => outcome?.reasons.join("\n") ?? "";

for (const tableMode of ["replace", "merge"] as const) {
  test(`a device that restarts while the removal of a row is watched has the row again, tables ${tableMode}`, async (t) => {
    const { simulator, stack, running } = await open(t, { tableMode });
    const whole = {
      tables: { ProxySet: { 3: { ProxyName: "Trunk" }, 7: { ProxyName: "New" } } },
      confirm,
      onRelease: "restore" as const,
    };
    assert.deepEqual((await stack.up({ trunk: whole })).trunk?.reasons, []);
    const less = {
      tables: { ProxySet: { 3: { ProxyName: "Trunk" } } },
      confirm,
      onRelease: "restore" as const,
    };
    simulator.faults.afterChange(() => simulator.reset(), 400);
    const { trunk } = await stack.up({
      trunk: { ...less, confirm: { ...confirm, holdSeconds: 1.5, everySeconds: 1 } },
    });
    assert.match(said(trunk), /does not hold the change any more/);
    assert.equal(running().get("ProxySet 7 ProxyName"), "New");
    assert.deepEqual((await stack.up({ trunk: less })).trunk?.reasons, []);
    assert.equal(running().get("ProxySet 7 ProxyName"), undefined);
  });

  test(`the last row of a table that went comes back, tables ${tableMode}`, async (t) => {
    const { simulator, stack, running, raise, saves } = await open(t, { tableMode });
    const on = { onRelease: "restore" as const };
    const tables = { SRD: { 5: { Name: "Mine" } } };
    assert.deepEqual((await stack.up({ trunk: { ...on, tables } })).trunk?.reasons, []);
    const whole = running();
    const saved = saves();
    simulator.faults.afterChange(raise);
    const { trunk } = await stack.up({
      trunk: { ...on, parameters: { SyslogServerIP: "192.0.2.1" }, confirm },
    });
    assert.match(said(trunk), /put back: the device is as it was before/);
    assert.deepEqual(running(), whole);
    assert.equal(saves(), saved);
  });
}

test("what a person changes in what we changed stays as they left it", async (t) => {
  const { simulator, stack, running, raise, saves } = await open(t);
  simulator.faults.afterChange(() => {
    setTimeout(() => {
      simulator.running.setCell("ProxySet", 3, "ProxyName", "Theirs");
      simulator.running.setCell("ProxySet", 7, "EnableProxyKeepAlive", "1");
      raise();
    }, 100);
  });
  const tables = {
    ProxySet: { 0: { ProxyName: "Ours" }, 3: { ProxyName: "Ours3" }, 7: { ProxyName: "New" } },
  };
  const { trunk } = await stack.up({ trunk: { tables, confirm } });
  assert.match(
    said(trunk),
    /^changed by somebody else while it was watched.*: ProxySet 3 ProxyName, ProxySet 7$/m,
  );
  assert.equal(running().get("ProxySet 0 ProxyName"), "Default");
  assert.equal(running().get("ProxySet 3 ProxyName"), "Theirs");
  assert.equal(running().get("ProxySet 7 ProxyName"), "New");
  assert.equal(saves(), 0);
});

test("leave: the next run knows what was there before, and does not save what the change brought", async (t) => {
  const { simulator, stack, flash, before, raise } = await open(t);
  simulator.faults.afterChange(raise, 50);
  const program = {
    trunk: {
      parameters: { SyslogServerIP: "192.0.2.5" },
      confirm: { ...confirm, onFailure: "leave" as const },
    },
  };
  assert.match(said((await stack.up(program)).trunk), /new major alarm/);
  const { trunk } = await stack.up(program);
  assert.match(said(trunk), /Trunk is down/);
  assert.deepEqual(flash(), before);
  simulator.alarms.clear("1");
  assert.deepEqual((await stack.up(program)).trunk?.reasons, []);
});

test("after a run that was killed in the watch, no alarm is known to have been there before", async (t) => {
  const { simulator, stack, flash, before, raise, running } = await open(t);
  // As a killed run leaves it.
  simulator.running.setParameter("SyslogServerIP", "192.0.2.5");
  raise();
  const program = { trunk: { parameters: { SyslogServerIP: "192.0.2.5" }, confirm } };
  const { trunk } = await stack.up(program);
  assert.match(said(trunk), /Trunk is down/);
  assert.deepEqual(flash(), before);
  simulator.alarms.clear("1");
  assert.deepEqual((await stack.up(program)).trunk?.reasons, []);
  assert.deepEqual(flash(), running());
});

test("a confirmed change of one resource does not save what another one left", async (t) => {
  const { simulator, stack, flash, before, raise } = await open(t, { firmware: "7.00A.018.005" });
  simulator.faults.afterChange(raise, 50);
  const outcome = await stack.up(
    {
      left: {
        parameters: { SyslogServerIP: "192.0.2.5" },
        confirm: { ...confirm, onFailure: "leave" as const },
      },
      other: {
        tables: { ProxySet: { 3: { ProxyName: "Other" } } },
        confirm: { ...confirm, allowUnsaved: true },
      },
    },
    { parallel: 1 },
  );
  assert.match(said(outcome["left"]), /new major alarm/);
  assert.match(said(outcome["other"]), /a change of left that was not confirmed/);
  assert.equal(simulator.writes.length, 1, "nothing of it was sent");
  assert.deepEqual(flash(), before);
});

test("save: false can be changed again and again", async (t) => {
  const { stack, running, saves } = await open(t);
  for (const name of ["A", "B"]) {
    const tables = { ProxySet: { 3: { ProxyName: name } } };
    assert.deepEqual((await stack.up({ trunk: { tables, confirm, save: false } })).trunk?.reasons, []);
    assert.equal(running().get("ProxySet 3 ProxyName"), name);
  }
  assert.equal(saves(), 0);
});

test("a destroy that makes the device ill is put back", async (t) => {
  const { simulator, stack, running, flash, raise, saves } = await open(t);
  const program = {
    trunk: {
      tables: { ProxySet: { 3: { ProxyName: "X" }, 7: { ProxyName: "N" } } },
      confirm,
      onRelease: "restore" as const,
    },
  };
  assert.deepEqual((await stack.up(program)).trunk?.reasons, []);
  const held = running();
  const saved = saves();
  simulator.faults.afterChange(raise, 50);
  const { trunk } = await stack.destroy();
  assert.match(said(trunk), /put back: the device is as it was before/);
  assert.deepEqual(running(), held);
  assert.deepEqual(flash(), held);
  assert.equal(saves(), saved);
  simulator.alarms.clear("1");
  assert.deepEqual((await stack.destroy()).trunk?.reasons, []);
  assert.equal(running().get("ProxySet 3 ProxyName"), "Trunk");
  assert.equal(running().get("ProxySet 7 ProxyName"), undefined);
});

test("a read that goes on failing at the end of the watch is told, and the next run watches again", async (t) => {
  const { simulator, stack, flash, running } = await open(
    t,
    {},
    { timeouts: { resetSeconds: 3, requestSeconds: 1 } },
  );
  simulator.faults.afterChange(() =>
    setTimeout(() => simulator.faults.fail(503, "GET /api/v1/files/ini", 12), 100),
  );
  const { trunk } = await stack.up({ trunk: { parameters: { SyslogServerIP: "192.0.2.5" }, confirm } });
  assert.match(said(trunk), /does not answer after the change:.*503.*nothing was saved/s);
  simulator.faults.clear();
  assert.deepEqual(
    (await stack.up({ trunk: { parameters: { SyslogServerIP: "192.0.2.5" }, confirm } })).trunk?.reasons,
    [],
  );
  assert.deepEqual(flash(), running());
});

test("a login that fails in the watch is told, with what stays", async (t) => {
  const { simulator, stack, flash, before } = await open(t);
  simulator.faults.afterChange(() => setTimeout(() => simulator.faults.fail(401, undefined, 40), 100));
  const { trunk } = await stack.up({ trunk: { parameters: { SyslogServerIP: "192.0.2.5" }, confirm } });
  assert.match(
    said(trunk),
    /not healthy after the change:.*401.*still different from before: SyslogServerIP/s,
  );
  assert.deepEqual(flash(), before);
});

test("a read that fails once at the end of the watch is waited for", async (t) => {
  const { simulator, stack, flash, running } = await open(t);
  simulator.faults.afterChange(() =>
    setTimeout(() => simulator.faults.cutMidBody("GET /api/v1/files/ini", 3), 100),
  );
  const program = { trunk: { parameters: { SyslogServerIP: "192.0.2.5" }, confirm } };
  assert.deepEqual((await stack.up(program)).trunk?.reasons, []);
  assert.deepEqual(flash(), running());
});

test("leave: what a monitor showed before the change is what the next run compares with", async (t) => {
  const { simulator, stack, flash, before, running } = await open(t);
  const calls = (value: number) =>
    simulator.performanceMonitors.set("ActiveContextCount", 0, 0, { value, min: 0, max: 100, average: 50 });
  calls(80);
  const checks = { monitors: [{ name: "ActiveContextCount", drop: 50 }] };
  const program = {
    trunk: {
      parameters: { SyslogServerIP: "192.0.2.5" },
      confirm: { checks, holdSeconds: 0.2, onFailure: "leave" as const },
    },
  };
  simulator.faults.afterChange(() => calls(10));
  for (let run = 1; run <= 2; run++)
    assert.match(said((await stack.up(program, { refresh: run > 1 })).trunk), /fell by 88 % from 80 to 10/);
  assert.deepEqual(flash(), before);
  calls(75);
  assert.deepEqual((await stack.up(program)).trunk?.reasons, []);
  assert.deepEqual(flash(), running());
});

test("a save that fails after the watch is made up for by the next run, and is no unconfirmed change", async (t) => {
  const { simulator, stack, flash, running } = await open(t);
  simulator.alarms.raise({ description: "Fan is slow", severity: "Minor" });
  simulator.faults.fail(400, "POST /api/v1/actions/saveConfiguration");
  const program = {
    trunk: { parameters: { SyslogServerIP: "192.0.2.5" }, confirm },
    other: { tables: { ProxySet: { 3: { ProxyName: "Other" } } } },
  };
  const outcome = await stack.up(program, { parallel: 1 });
  assert.notEqual(said(outcome["trunk"]), "");
  assert.deepEqual(outcome["other"]?.reasons, []);
  assert.deepEqual((await stack.up(program)).trunk?.reasons, []);
  assert.deepEqual(flash(), running());
});

const ACCOUNTS = [
  "[ Account ]",
  "FORMAT Index = AccountName, Password;",
  'Account 0 = "a", "first";',
  'Account 1 = "b", "theirs";',
  "[ \\Account ]",
  "",
].join("\n");

for (const obscuring of ["steady", "anew"] as const)
  for (const tableMode of ["replace", "merge"] as const)
    test(`a secret that was changed is put back, obscured ${obscuring}, tables ${tableMode}`, async (t) => {
      const { simulator, stack, running, flash, before, raise } = await open(t, {
        ini: ACCOUNTS,
        obscuring,
        tableMode,
      });
      simulator.faults.afterChange(raise, 50);
      const program = { trunk: { tables: { Account: { 0: { Password: "other" } } }, confirm } };
      assert.match(said((await stack.up(program)).trunk), /put back: the device is as it was before/);
      assert.deepEqual(running(), before);
      simulator.alarms.clear("1");
      assert.deepEqual((await stack.up(program)).trunk?.reasons, []);
      assert.equal(running().get("Account 0 Password"), "other");
      assert.deepEqual(flash(), running());
    });

test("a secret that could not be put back is named", async (t) => {
  const { simulator, stack, raise } = await open(t, { ini: ACCOUNTS });
  simulator.faults.afterChange(() => {
    raise();
    simulator.faults.noEffectFor("Account.Password");
  }, 50);
  const program = { trunk: { tables: { Account: { 0: { Password: "other" } } }, confirm } };
  assert.match(said((await stack.up(program)).trunk), /still different from before: Account 0 Password/);
});

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ConfirmArgs } from "../../../src/declare/checks";
import { requestLog } from "../../shared/simulated";
import { bench, countOf, flat, GET_INI, GET_STATUS, PUT_INI, SAVE } from "./bench";

/** Looks at once, and when the time is over. */
const confirm: ConfirmArgs = { checks: { maxSeverity: "minor", newAlarms: "warning" }, holdSeconds: 0.2 };
const INI = [
  "EnableSyslog = 1",
  "SyslogServerIP = 192.0.2.1",
  "[ ProxySet ]",
  "FORMAT Index = ProxyName, EnableProxyKeepAlive;",
  'ProxySet 0 = "Default", 0;',
  'ProxySet 3 = "Trunk", 1;',
  "[ \\ProxySet ]",
  "",
].join("\n");
/** A parameter, a cell of a row that is there, and a row that is not. */
const declared = {
  parameters: { SyslogServerIP: "192.0.2.2" },
  tables: { ProxySet: { 3: { ProxyName: "Other" }, 7: { ProxyName: "New" } } },
};

async function open(t: TestContext, options: Parameters<typeof bench>[1] = {}) {
  const b = await bench(t, { ini: INI, ...options });
  const running = () => flat(b.simulator.running.snapshot());
  const flash = () => flat(b.simulator.flash.snapshot());
  const raise = () =>
    b.simulator.alarms.raise({ description: "Trunk is down", severity: "Major", source: "Board#1" });
  return { ...b, running, flash, before: { running: running(), flash: flash() }, raise };
}

for (const tableMode of ["replace", "merge"] as const) {
  test(`a change that makes the device ill is put back and not saved, tables ${tableMode}`, async (t) => {
    const { simulator, stack, running, flash, before, raise } = await open(t, { tableMode });
    simulator.faults.afterChange(raise, 100);
    const { trunk } = await stack.up({ trunk: { ...declared, confirm } });
    const said = trunk?.reasons.join("\n") ?? "";
    assert.match(said, /^not confirmed: SyslogServerIP, ProxySet 3 ProxyName, ProxySet 7 ProxyName$/m);
    assert.match(said, /new major alarm of Board#1: Trunk is down/);
    assert.match(said, /put back: the device is as it was before, and nothing was saved/);
    assert.deepEqual(running(), before.running);
    assert.deepEqual(flash(), before.flash);
    assert.equal(simulator.writes.filter(({ path }) => path.endsWith("saveConfiguration")).length, 0);

    simulator.alarms.clear("1");
    assert.deepEqual((await stack.preview({ trunk: { ...declared, confirm } })).trunk, true);
    assert.deepEqual((await stack.up({ trunk: { ...declared, confirm } })).trunk?.reasons, []);
    assert.equal(running().get("ProxySet 7 ProxyName"), "New");
    assert.deepEqual(flash(), running(), "saved");
    assert.deepEqual((await stack.preview({ trunk: { ...declared, confirm } })).trunk, false);
  });
}

test("a change after which the device stays well is saved, when it was watched", async (t) => {
  const { simulator, stack, lines, running, flash } = await open(t);
  const requests = requestLog({ simulator });
  assert.deepEqual((await stack.up({ trunk: { ...declared, confirm } })).trunk?.reasons, []);
  const sent = requests();
  const after = sent.slice(sent.indexOf(PUT_INI));
  assert.deepEqual(after.slice(0, 2), [PUT_INI, GET_INI]);
  assert.ok(countOf(after, GET_STATUS) >= 2, "it looks until the time is over");
  assert.deepEqual(after.slice(-2), [GET_INI, SAVE], "and whether the change still stands");
  assert.deepEqual([countOf(sent, PUT_INI), countOf(sent, SAVE)], [1, 1]);
  assert.deepEqual(flash(), running());
  assert.match(lines.join("\n"), /trunk: watched for 0\.2 s: healthy/);
});

test("a device that is ill already is not changed", async (t) => {
  const { simulator, stack, running, before, raise } = await open(t);
  raise();
  const { trunk } = await stack.up({ trunk: { ...declared, confirm } });
  assert.match(
    trunk?.reasons.join("\n") ?? "",
    /not healthy before the change, so it is not changed:\nmajor alarm of Board#1: Trunk is down/,
  );
  assert.deepEqual(running(), before.running);
  assert.deepEqual(simulator.writes, []);
});

test("somebody else's unsaved changes keep a device from being changed, unless that is allowed", async (t) => {
  const { simulator, stack, flash } = await open(t);
  simulator.running.setParameter("EnableSyslog", "5");
  const { trunk } = await stack.up({ trunk: { ...declared, confirm } });
  assert.match(trunk?.reasons.join("\n") ?? "", /changes that are not saved.*confirm\.allowUnsaved/);
  assert.deepEqual(simulator.writes, []);
  const allowed = { ...declared, confirm: { ...confirm, allowUnsaved: true } };
  assert.deepEqual((await stack.up({ trunk: allowed })).trunk?.reasons, []);
  assert.equal(flash().get("ProxySet 7 ProxyName"), "New");
});

test("firmware that does not tell of unsaved changes is changed, and a line says so", async (t) => {
  const { stack, lines } = await open(t, { firmware: "7.00A.018.005" });
  assert.deepEqual((await stack.up({ trunk: { ...declared, confirm } })).trunk?.reasons, []);
  assert.match(lines.join("\n"), /this firmware does not tell whether somebody else's changes are not saved/);
});

test("leave: the change stays, is saved by nobody, and is watched again by the next run", async (t) => {
  const { simulator, stack, running, flash, before, raise } = await open(t);
  simulator.faults.afterChange(raise, 100);
  const program = {
    trunk: { ...declared, confirm: { ...confirm, onFailure: "leave" as const } },
    other: { parameters: { SyslogServerPort: "515" } },
  };
  const outcome = await stack.up(program, { parallel: 1 });
  assert.match(outcome["trunk"]?.reasons.join("\n") ?? "", /stays in the running configuration, not saved/);
  assert.match(outcome["other"]?.reasons.join("\n") ?? "", /a change of trunk that was not confirmed/);
  assert.equal(running().get("ProxySet 7 ProxyName"), "New");
  assert.deepEqual(flash(), before.flash);

  const again = await stack.up({ trunk: program.trunk });
  assert.match(
    again["trunk"]?.reasons.join("\n") ?? "",
    /not healthy.*sent nothing, so there is nothing to put back/s,
  );
  assert.deepEqual(flash(), before.flash);
  simulator.alarms.clear("1");
  assert.deepEqual((await stack.up(program)).trunk?.reasons, []);
  assert.deepEqual(flash(), running());
});

test("reset: the device starts with what was saved, and the next run does the change again", async (t) => {
  const { simulator, stack, lines, running, before, raise } = await open(t);
  simulator.faults.afterChange(raise, 100);
  const program = { trunk: { ...declared, confirm: { ...confirm, onFailure: "reset" as const } } };
  const { trunk } = await stack.up(program);
  assert.match(trunk?.reasons.join("\n") ?? "", /reset without saving: it runs what was saved before/);
  assert.match(lines.join("\n"), /the device is reset without saving: calls end/, "the preview says so");
  assert.deepEqual(running(), before.running);
  assert.equal(stack.resources.size, 0, "it was not created");
  assert.deepEqual((await stack.up(program)).trunk?.reasons, []);
  assert.deepEqual(flat(simulator.flash.snapshot()), running());
});

test("what a run that broke off has left is watched before it is saved", async (t) => {
  const { simulator, stack, running, flash, before, raise } = await open(t);
  const program = { trunk: { ...declared, confirm } };
  await stack.up({ trunk: declared });
  // As if the run had been cut off while it watched: nothing was saved.
  simulator.flash.assign(simulator.flash);
  stack.forget("trunk");
  simulator.running.setParameter("SyslogServerIP", "192.0.2.2");
  assert.notDeepEqual(running(), before.running);
  const saves = () => simulator.writes.filter(({ path }) => path.endsWith("saveConfiguration")).length;
  simulator.running.setParameter("SyslogServerPort", "515");
  const saved = saves();
  raise();
  const { trunk } = await stack.up(program);
  assert.match(trunk?.reasons.join("\n") ?? "", /not healthy after the change/);
  assert.equal(saves(), saved);
  simulator.alarms.clear("1");
  assert.deepEqual((await stack.up(program)).trunk?.reasons, []);
  assert.equal(saves(), saved + 1);
  assert.deepEqual(flash(), running());
});

test("jobs that are confirmed alike share one watch; one without confirm goes out by itself", async (t) => {
  const { simulator, stack } = await open(t);
  const requests = requestLog({ simulator });
  const outcome = await stack.up({
    a: { parameters: { EnableSyslog: "0" }, atDefault: ["EnableSyslog"], confirm },
    b: { parameters: { SyslogServerIP: "192.0.2.4" } },
    c: { parameters: { SyslogServerPort: "515" }, confirm },
  });
  assert.deepEqual(
    Object.values(outcome).flatMap(({ reasons }) => reasons),
    [],
  );
  const sent = requests();
  assert.equal(countOf(sent, PUT_INI), 2);
  assert.equal(countOf(sent, SAVE), 2);
  assert.equal(simulator.maxConcurrentWrites, 1);
});

test("a device that restarts while it is watched has lost the change, and is told so", async (t) => {
  const { simulator, stack, running, before } = await open(t);
  simulator.faults.afterChange(() => simulator.reset(), 100);
  const { trunk } = await stack.up({
    trunk: { ...declared, confirm: { ...confirm, holdSeconds: 1, everySeconds: 1 } },
  });
  assert.match(trunk?.reasons.join("\n") ?? "", /does not hold the change any more: it restarted/);
  assert.deepEqual(running(), before.running);
});

test("a parameter that was at its default stays changed, which is said before and after", async (t) => {
  const { simulator, stack, lines, flash, before, raise } = await open(t);
  simulator.faults.afterChange(raise, 100);
  const { trunk } = await stack.up({ trunk: { parameters: { SyslogServerPort: "515" }, confirm } });
  assert.match(lines.join("\n"), /at their default, which no ini can put back.*: SyslogServerPort/);
  assert.match(
    trunk?.reasons.join("\n") ?? "",
    /put back in part; still different from before: SyslogServerPort/,
  );
  assert.deepEqual(flash(), before.flash);
});

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ConfirmArgs } from "../../../src/declare/checks";
import { countOf, flat } from "../ini/bench";
import { bench, GET, PUT, SAVE } from "./bench";

const confirm: ConfirmArgs = { checks: { newAlarms: "warning" }, holdSeconds: 0.2 };
const INI = ["[ ProxySet ]", "FORMAT Index = ProxyName;", 'ProxySet 3 = "Trunk";', "[ \\ProxySet ]", ""].join(
  "\n",
);
const script = [
  "configure voip",
  "  proxy-set 3",
  '    proxy-name "Other"',
  "    activate",
  "  exit",
  "  proxy-set 7",
  '    proxy-name "New"',
  "    activate",
  "  exit",
  "exit",
  "",
].join("\n");

async function open(t: TestContext) {
  const b = await bench(t, { ini: INI });
  const state = () => ({
    running: flat(b.simulator.running.snapshot()),
    flash: flat(b.simulator.flash.snapshot()),
  });
  const raise = () => b.simulator.alarms.raise({ description: "Trunk is down", severity: "Major" });
  return { ...b, store: state, before: state(), raise };
}

test("a script that makes the device ill is taken back by the ini, and is not saved", async (t) => {
  const { simulator, up, failing, store, before, raise, preview } = await open(t);
  simulator.faults.afterChange(raise, 100);
  const said = await failing(up({ script, confirm }));
  assert.match(said, /new major alarm of Board#1: Trunk is down/);
  assert.match(said, /put back: the device is as it was before, and nothing was saved/);
  assert.deepEqual(store(), before);
  simulator.alarms.clear("1");
  assert.equal(preview({ script, confirm }), true);
  await up({ script, confirm });
  assert.equal(store().flash.get("ProxySet 7 ProxyName"), "New");
  assert.deepEqual(store().flash, store().running);
});

test("a script after which the device stays well is saved, when it was watched", async (t) => {
  const { up, requests, lines } = await open(t);
  await up({ script, confirm });
  const sent = requests();
  assert.deepEqual([countOf(sent, PUT), countOf(sent, SAVE)], [1, 1]);
  assert.deepEqual(sent.slice(-2), [GET, SAVE]);
  assert.match(lines.join("\n"), /script: watched for 0\.2 s: healthy/);
});

test("what the ini does not put back, restoreScript does; without it the error names the lines", async (t) => {
  // A parameter at its default: no ini takes it back, the command line does.
  const syslog = "configure troubleshoot\n  syslog\n    syslog on\n    activate\n  exit\nexit\n";
  const { simulator, up, failing, store, before, raise } = await open(t);
  simulator.faults.afterChange(raise, 100);
  const said = await failing(up({ script: syslog, confirm }));
  assert.match(said, /put back in part; still different from before: .*syslog/i);
  assert.match(said, /no restoreScript/);
  assert.deepEqual(store().flash, before.flash);

  const other = await open(t);
  other.simulator.faults.afterChange(other.raise, 100);
  const restoreScript = syslog.replace("syslog on", "syslog off");
  assert.match(
    await other.failing(other.up({ script: syslog, confirm, restoreScript })),
    /put back: the device is as it was before/,
  );
  assert.deepEqual(other.store(), other.before);
});

test("leave: the next run watches the script again before it saves", async (t) => {
  const { simulator, up, failing, store, before, raise, requests } = await open(t);
  const declared = { script, confirm: { ...confirm, onFailure: "leave" as const } };
  simulator.faults.afterChange(raise, 100);
  assert.match(await failing(up(declared)), /stays in the running configuration, not saved/);
  assert.deepEqual(store().flash, before.flash);
  simulator.alarms.clear("1");
  requests();
  await up(declared);
  assert.deepEqual(store().flash, store().running);
  assert.equal(countOf(requests(), PUT), 0);
});

test("what others change elsewhere while a script is watched is theirs, and takes no confirmation away", async (t) => {
  const { simulator, up, store } = await open(t);
  const theirs = () => simulator.running.setParameter("SyslogServerIP", "192.0.2.77");
  simulator.faults.afterChange(theirs, 100);
  await up({ script, confirm });
  assert.equal(store().flash.get("ProxySet 7 ProxyName"), "New");

  const other = await open(t);
  other.simulator.faults.afterChange(() => {
    other.simulator.running.setParameter("SyslogServerIP", "192.0.2.77");
    other.simulator.running.setCell("ProxySet", 3, "ProxyName", "Theirs");
    other.raise();
  }, 100);
  const said = await other.failing(other.up({ script, confirm }));
  assert.match(said, /put back in part; still different from before: ProxySet 3 ProxyName/);
  assert.match(said, /changed by somebody else while it was watched/);
  const { running } = other.store();
  assert.equal(running.get("ProxySet 3 ProxyName"), "Theirs");
  assert.equal(running.get("ProxySet 7 ProxyName"), undefined);
  assert.equal(running.get("SyslogServerIP"), "192.0.2.77");
});

test("leave: the next run knows which alarms the script brought", async (t) => {
  const { simulator, up, failing, store, before, raise } = await open(t);
  const declared = { script, confirm: { ...confirm, onFailure: "leave" as const } };
  simulator.faults.afterChange(raise, 100);
  for (let run = 1; run <= 2; run++)
    assert.match(await failing(up(declared)), /new major alarm of Board#1: Trunk is down/);
  assert.deepEqual(store().flash, before.flash);
});

test("a device that obscures secrets anew each time still holds the script, and the rest goes back", async (t) => {
  for (const ill of [false, true]) {
    const b = await bench(t, { ini: `${INI}SNMPReadOnlyCommunityString_0 = 'pin'\n`, obscuring: "anew" });
    const before = flat(b.simulator.running.snapshot());
    const raise = () => b.simulator.alarms.raise({ description: "Trunk is down", severity: "Major" });
    if (!ill) {
      await b.up({ script, confirm });
      assert.equal(b.simulator.flash.cell("ProxySet", 7, "ProxyName"), "New");
      continue;
    }
    b.simulator.faults.afterChange(raise, 50);
    assert.match(await b.failing(b.up({ script, confirm })), /put back: the device is as it was before/);
    assert.deepEqual(flat(b.simulator.running.snapshot()), before);
  }
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cliScriptConfig } from "../../../src/reconcile/cli/cli-script-config";
import { newLife } from "../../shared/life";
import { bench, PUT } from "./bench";

/* Scripts in the shapes in which people and vendor pages write them. */

const scriptOf = (name: string) => readFileSync(join(__dirname, "../../fixtures/people", name), "utf8");

for (const name of ["user-agent.cli", "one-line.cli", "firmware.cli", "nat.cli", "router.cli"])
  test(`${name} converges, and then nothing is written and nothing drifts`, async (t) => {
    const b = await bench(t);
    const declared = { script: scriptOf(name), atDefault: [] };
    await b.up(declared);
    assert.equal(b.requests().filter((request) => request === PUT).length, 1);
    b.lines.length = 0;
    await b.refresh();
    assert.deepEqual(b.lines, []);
    assert.doesNotMatch(b.state().output, /Canary/);
    assert.equal(b.preview(declared), false);
    // Another stack finds it there.
    const other = newLife(cliScriptConfig);
    b.requests();
    await other.create({ ...b.inputs(declared), __mediantName: "other" });
    const writes = b.requests().filter((request) => request === PUT).length;
    // A query runs on each apply.
    assert.equal(writes, name === "one-line.cli" ? 1 : 0);
  });

test("a ';' inside a quoted value arrives, and what the device exports itself can be declared", async (t) => {
  const b = await bench(t);
  await b.up({ script: scriptOf("user-agent.cli") });
  assert.equal(b.simulator.running.parameter("AupdHttpUserAgent"), "Acme-<NAME>;<VER>(<MAC>)");
  b.simulator.running.setParameter("AupdHttpUserAgent", "by;hand");
  await b.refresh();
  assert.ok(b.lines.some((line) => /http-user-agent: "Acme-<NAME>;<VER>\(<MAC>\)" => "by;hand"/.test(line)));
  assert.match(b.state().script, /http-user-agent "by;hand"/);
  await b.up({ script: b.state().script });
  await b.up({ script: scriptOf("user-agent.cli") });
  assert.equal(b.simulator.running.parameter("AupdHttpUserAgent"), "Acme-<NAME>;<VER>(<MAC>)");
});

test("a script on one line shows what its row holds", async (t) => {
  const b = await bench(t);
  await b.up({ script: scriptOf("one-line.cli") });
  assert.equal(b.simulator.running.cell("InterfaceTable", 0, "PrefixLength"), "26");
  assert.match(b.state().output, /interface network-if 0[\s\S]*prefix-length 26/);
});

test("what saves or resets is refused for that, line by line, and the rest of it is not blamed", async (t) => {
  const b = await bench(t);
  const reasons = newLife(cliScriptConfig)
    .check(b.inputs({ script: scriptOf("lab.cli") }))
    .failures.map(({ reason }) => reason);
  assert.equal(reasons.length, 2);
  assert.match(reasons[0] ?? "", /script line 8, column 1: `write` saves to flash before/);
  assert.match(reasons[1] ?? "", /script line 9, column 1: `reload` resets the device before/);
});

test("a command that the device does not know is named with its line", async (t) => {
  const b = await bench(t);
  const script = scriptOf("router.cli").replace("  access-list 110 deny", "  acces-list 110 deny");
  const error = await b.failing(b.up({ script }));
  assert.match(error, /script line 3 \(configure data \/ acces-list\).*Invalid command/);
  assert.doesNotMatch(error + b.lines.join("\n"), /Canary/);
});

test("what someone changes in a router by hand is drift, and goes back", async (t) => {
  const b = await bench(t);
  const script = scriptOf("router.cli");
  await b.up({ script });
  const { router } = b.simulator.running;
  const held = router.print();
  const place = "interface gigabitethernet 0/0";
  router.run(["shutdown"], place);
  router.run(["no", "access-list", "110", "deny"], undefined);
  router.run(["ip", "ospf", "message-digest-key", "1", "md5", "Canary-by-hand"], place);
  b.lines.length = 0;
  await b.refresh();
  const told = b.lines.join("\n");
  assert.match(told, /configure data \/ access-list: "110 deny ip any any" => /);
  assert.match(told, /interface GigabitEthernet 0\/0 \/ (?:no )?shutdown/);
  assert.doesNotMatch(told, /Canary/);
  await b.up({ script });
  assert.deepEqual(
    held.filter((line) => !router.print().includes(line)),
    [],
  );
});

test("a misspelt line is told with the command that the device shows in such a place", async (t) => {
  const b = await bench(t);
  const nat = scriptOf("nat.cli");
  await b.up({ script: nat });
  const misspelt = nat.replace("target-ip-address", "taget-ip-address");
  const error = await b.failing(b.up({ script: misspelt }));
  assert.match(error, /taget-ip-address; did you mean target-ip-address\?\)/);
});

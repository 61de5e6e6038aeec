import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { flat } from "../life/ini/bench";
import { temporaryFolder } from "../shared/files";
import { startFresh } from "../shared/simulated";
import { ADMIN, command } from "./command";

const INI = [
  "SyslogServerIP = 192.0.2.1",
  "[ ProxySet ]",
  "FORMAT Index = ProxyName, EnableProxyKeepAlive;",
  'ProxySet 0 = "Default", 0;',
  'ProxySet 3 = "Trunk", 1;',
  "[ \\ProxySet ]",
  "",
].join("\n");

async function open(t: TestContext) {
  const simulator = await startFresh({ ini: INI });
  t.after(() => simulator.close());
  const before = flat(simulator.running.snapshot());
  const file = join(await temporaryFolder(t, "restore-"), "sbc1.ini");
  const answer = await fetch(`${simulator.url}/api/v1/files/ini`, {
    headers: { authorization: `Basic ${Buffer.from("Admin:Admin").toString("base64")}` },
  });
  await writeFile(file, Buffer.from(await answer.arrayBuffer()));
  const run = (...args: string[]) =>
    command(["restore", "--url", simulator.url, "--name", "sbc1", "--from", file, ...args], ADMIN);
  return { simulator, before, file, run };
}

test("restore shows what differs and sends nothing, then brings it back, and saves when told to", async (t) => {
  const { simulator, before, run } = await open(t);
  assert.match((await run()).stdout, /nothing differs from/);
  simulator.running.setParameter("SyslogServerIP", "192.0.2.9");
  simulator.running.setParameter("SyslogServerPort", "515");
  simulator.running.setCell("ProxySet", 3, "ProxyName", "Other");
  simulator.running.addRow("ProxySet", 7, { ProxyName: "New" });
  const plan = await run();
  assert.equal(plan.code, 0, plan.stderr);
  assert.deepEqual(plan.stdout.trim().split("\n").sort(), [
    '[sbc1] ProxySet 3 ProxyName: "Other" => "Trunk"',
    "[sbc1] ProxySet 7: will be removed, it was not there before",
    '[sbc1] SyslogServerIP: "192.0.2.9" => "192.0.2.1"',
    "[sbc1] cannot: SyslogServerPort was at its default, which an incremental ini cannot set: it stays as it is",
  ]);
  assert.equal(simulator.writes.length, 0);

  const applied = await run("--apply");
  assert.equal(applied.code, 0, applied.stderr);
  assert.match(applied.stdout, /applied, not saved/);
  const now = flat(simulator.running.snapshot());
  now.delete("SyslogServerPort");
  assert.deepEqual(now, before);
  assert.equal(simulator.writes.filter(({ path }) => path.endsWith("saveConfiguration")).length, 0);

  simulator.running.setCell("ProxySet", 3, "ProxyName", "Other");
  assert.match((await run("--apply", "--save")).stdout, /applied, saved/);
  assert.equal(simulator.flash.cell("ProxySet", 3, "ProxyName"), "Trunk");
});

test("restore --save saves what an earlier restore applied", async (t) => {
  const { simulator, run } = await open(t);
  simulator.flash.setCell("ProxySet", 3, "ProxyName", "Other");
  assert.match((await run("--apply")).stdout, /nothing to apply|nothing differs/);
  assert.equal(simulator.writes.length, 0);
  assert.match((await run("--apply", "--save")).stdout, /nothing to apply, saved/);
  assert.equal(simulator.flash.cell("ProxySet", 3, "ProxyName"), "Trunk");
});

test("restore refuses a file that is no whole ini of a device, and --save alone", async (t) => {
  const { simulator, file, run } = await open(t);
  const save = await run("--save");
  assert.equal(save.code, 2);
  assert.match(save.stderr, /--save goes with --apply/);
  await writeFile(file, "[ ProxySet ]\nFORMAT Index = ProxyName;\nProxySet 3 = ");
  const cut = await run("--apply");
  assert.equal(cut.code, 2);
  assert.match(cut.stderr, /not the whole ini of a device: /);
  assert.equal(simulator.requests.length, 1, "the read of the test itself");
});

test("restore says what a device does not take", async (t) => {
  const { simulator, run } = await open(t);
  simulator.running.setCell("ProxySet", 3, "ProxyName", "Other");
  simulator.faults.refuseUploadContaining("Trunk");
  const { code, stderr } = await run("--apply", "--save");
  assert.equal(code, 1);
  assert.match(
    stderr,
    /not everything was brought back, and nothing was saved; still different: ProxySet 3 ProxyName/,
  );
});

test("restore refuses a file of backup, in which no secret stands", async (t) => {
  const { simulator, file, run } = await open(t);
  await writeFile(file, `${INI}CLIPrivPass = '[secret]'\n`);
  const refused = await run("--apply");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /a file of `backup`, which leaves secrets out/);
  assert.equal(simulator.writes.length, 0);
});

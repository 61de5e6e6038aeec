import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  type IncrementalIniInputs,
  type IncrementalIniState,
  incrementalIniConfig,
} from "../../src/reconcile/ini/incremental-ini-config";
import { newLifeOnOneDevice } from "../shared/life";
import { requestLog, startFresh } from "../shared/simulated";
import { drive } from "./drive";

const OLD = "7.00A.018.005";
const NOT_MEANT =
  /another device answers, Mediant SW.*: nothing was sent\. If it is meant, set device\.replaceDevice/;
const ROW = { ProxyName: "PS_T" };
const OWN_ROW = { ProxyName: "PS_OWN" };

type Options = Parameters<typeof startFresh>[0];

async function deviceFor(t: TestContext, options: Options = {}) {
  const simulator = await startFresh(options);
  t.after(() => simulator.close());
  const settings = { name: "sbc1", url: simulator.url, username: "Admin", password: "Admin" };
  return { simulator, settings };
}

async function open(t: TestContext, options: Options = {}) {
  const { simulator, settings } = await deviceFor(t, options);
  const inputs: IncrementalIniInputs = {
    device: settings,
    parameters: { SyslogServerIP: "10.1.1.20" },
    tables: { ProxySet: { 3: ROW } },
    onRelease: "restore",
    __mediantName: "base",
  };
  const resource = drive<IncrementalIniInputs, IncrementalIniState>(
    t,
    incrementalIniConfig,
    newLifeOnOneDevice,
  );
  return { simulator, settings, inputs, resource };
}

function nameOf3(simulator: Awaited<ReturnType<typeof startFresh>>): string | undefined {
  return simulator.running.row("ProxySet", 3)?.["ProxyName"];
}

test("a unit that was swapped at its address is written to only when that is said", async (t) => {
  const { simulator, inputs, resource } = await open(t);
  assert.equal(await resource.up(inputs), undefined);
  simulator.serialNumber = "99";
  simulator.running.setParameter("SyslogServerIP", "192.0.2.1");
  const before = simulator.running.snapshot();
  const writes = simulator.writes.length;

  assert.equal((await resource.preview(inputs)).changes, false, "without a refresh nothing is known");
  const { changes, lines } = await resource.preview(inputs, { refresh: true });
  assert.equal(changes, true);
  const said = "another device answers, Mediant SW, S/N 99, at ";
  assert.ok(
    lines.some((line) => line.startsWith(`[sbc1] base: drift: ${said}`)),
    lines.join("\n"),
  );
  assert.ok(
    lines.some((line) => line.startsWith(`[sbc1] base: will be refused: ${said}`)),
    lines.join("\n"),
  );
  for (let run = 1; run <= 2; run++)
    assert.match((await resource.up(inputs, { refresh: true })) ?? "", NOT_MEANT);
  assert.match((await resource.destroy()) ?? "", NOT_MEANT);
  assert.equal(simulator.writes.length, writes);
  assert.deepEqual(simulator.running.snapshot(), before);

  const meant = { ...inputs, device: { ...inputs.device, replaceDevice: true } };
  const preview = await resource.preview(meant, { refresh: true });
  assert.match(preview.lines.join("\n"), /another device replaces the earlier one/);
  assert.equal(await resource.up(meant, { refresh: true }), undefined);
  assert.equal(simulator.running.parameter("SyslogServerIP"), "10.1.1.20");
  assert.equal(await resource.up(inputs), undefined, "replaceDevice can go again");
  assert.equal((await resource.preview(inputs, { refresh: true })).changes, false);
  // What goes back is what this unit had: its own value, and the row that it had already.
  assert.equal(await resource.destroy(), undefined);
  assert.equal(simulator.running.parameter("SyslogServerIP"), "192.0.2.1");
  assert.equal(nameOf3(simulator), "PS_T");
});

test("a unit that was swapped and holds the same configuration is drift all the same", async (t) => {
  const { simulator, inputs, resource } = await open(t);
  assert.equal(await resource.up(inputs), undefined);
  simulator.serialNumber = "99";
  assert.equal((await resource.preview(inputs, { refresh: true })).changes, true);
  simulator.serialNumber = "10245678";
  assert.equal(await resource.up(inputs, { refresh: true }), undefined);
  assert.equal((await resource.preview(inputs, { refresh: true })).changes, false, "it is back");
});

for (const firmware of [OLD, "7.40A.250.440"]) {
  test(`a url that was moved to another unit brings no old values there, firmware ${firmware}`, async (t) => {
    const { simulator, inputs, resource } = await open(t, { firmware });
    simulator.running.setParameter("SyslogServerIP", "192.0.2.1");
    assert.equal(await resource.up(inputs), undefined);
    const other = await deviceFor(t, { firmware });
    other.simulator.serialNumber = "99";
    other.simulator.running.setCell("InterfaceTable", 0, "IPAddress", "10.9.9.9");
    other.simulator.running.addRow("ProxySet", 3, OWN_ROW);
    const before = other.simulator.running.snapshot();

    const moved = { ...inputs, device: other.settings };
    assert.match((await resource.up(moved)) ?? "", NOT_MEANT);
    assert.deepEqual(other.simulator.writes, []);
    assert.deepEqual(other.simulator.running.snapshot(), before);

    const meant = { ...moved, device: { ...other.settings, replaceDevice: true } };
    assert.equal(await resource.up(meant), undefined);
    assert.equal(nameOf3(other.simulator), "PS_T");
    assert.equal(await resource.destroy(), undefined);
    assert.equal(nameOf3(other.simulator), "PS_OWN");
    assert.notEqual(other.simulator.running.parameter("SyslogServerIP"), "192.0.2.1");
    assert.equal(nameOf3(simulator), "PS_T", "the old unit was left alone");
  });
}

test("a new name is another device: the old one is let go, and nothing of it goes to the new one", async (t) => {
  const { simulator, inputs, resource } = await open(t);
  assert.equal(await resource.up(inputs), undefined);
  simulator.serialNumber = "99";
  const renamed = { ...inputs, device: { ...inputs.device, name: "sbc1-new" } };
  assert.deepEqual((await resource.preview(renamed)).replaces, ["device"]);
  assert.equal(await resource.up(renamed), undefined);
  assert.match(resource.lines.join("\n"), /warning: no longer managed: another device answers/);
  assert.equal(nameOf3(simulator), "PS_T");
  assert.deepEqual(resource.state()?.previous?.["ProxySet 3 ProxyName"], "PS_T");
});

test("the other unit of a pair is no other device, also when its partner is lost", async (t) => {
  const { simulator, inputs, resource } = await open(t, { highAvailability: true });
  assert.equal(await resource.up(inputs), undefined);
  simulator.serialNumber = "10245679";
  assert.equal((await resource.preview(inputs, { refresh: true })).changes, false);
  simulator.partnerMissing = true;
  simulator.serialNumber = "10245680";
  assert.equal(await resource.up({ ...inputs, parameters: { SyslogServerIP: "10.1.1.21" } }), undefined);
  assert.equal(
    (await resource.preview({ ...inputs, parameters: { SyslogServerIP: "10.1.1.21" } }, { refresh: true }))
      .changes,
    false,
  );
});

test("a resource that is new on a device whose others know another unit is refused as well", async (t) => {
  const { simulator, inputs, resource } = await open(t);
  assert.equal(await resource.up(inputs), undefined);
  simulator.serialNumber = "99";
  const writes = simulator.writes.length;
  const entry = newLifeOnOneDevice(incrementalIniConfig);
  await entry.diff("sbc1/IncrementalIniConfig/base", resource.state() ?? assert.fail(), inputs);
  const another = { ...inputs, parameters: { EnableSyslog: "1" }, tables: {}, __mediantName: "another" };
  await assert.rejects(entry.create(another), NOT_MEANT);
  assert.equal(simulator.writes.length, writes);
});

test("one status tells which device it is, for all resources of a run", async (t) => {
  const { simulator, inputs, resource } = await open(t);
  const requests = requestLog({ simulator });
  const statuses = () => requests().filter((request) => request === "GET /status");
  assert.equal(await resource.up(inputs), undefined);
  assert.equal(statuses().length, 1, "which the form of the upload needs anyway");
  await resource.preview(inputs, { refresh: true });
  assert.equal(statuses().length, 1);
});

for (const firmware of [OLD, "7.40A.250.440"]) {
  test(`a device to which we gave another address is the same device, firmware ${firmware}`, async (t) => {
    const { simulator, inputs, resource } = await open(t, { firmware });
    const moved = { ...inputs, tables: { InterfaceTable: { 0: { IPAddress: "10.30.0.5" } } } };
    assert.equal(await resource.up(moved), undefined);
    assert.equal(simulator.running.cell("InterfaceTable", 0, "IPAddress"), "10.30.0.5");
    const { changes, lines } = await resource.preview(moved, { refresh: true });
    assert.equal(changes, false, lines.join("\n"));
    const again = { ...moved, tables: { InterfaceTable: { 0: { IPAddress: "10.30.0.6" } } } };
    assert.equal(await resource.up(again, { refresh: true }), undefined);
    assert.equal((await resource.preview(again, { refresh: true })).changes, false);
    assert.equal(await resource.destroy(), undefined);
    assert.equal(simulator.flash.cell("InterfaceTable", 0, "IPAddress"), "192.168.0.2");
  });
}

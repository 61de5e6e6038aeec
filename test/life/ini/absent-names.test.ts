import assert from "node:assert/strict";
import { test } from "node:test";
import { requestLog } from "../../shared/simulated";
import { bench, PUT_INI, SAVE } from "./bench";

test("a declared default is an error that can be pasted, and success once atDefault has it", async (t) => {
  const { stack, simulator } = await bench(t);
  const parameters = { SyslogServerPort: "514", EnableSyslog: "1" };
  const first = await stack.up({ base: { parameters } });
  assert.deepEqual(first["base"]?.reasons, [
    "the device does not show SyslogServerPort: misspelt, or already at its default; " +
      'if the declared value is the default, say so: atDefault: ["SyslogServerPort"]',
  ]);
  assert.equal(simulator.running.parameter("EnableSyslog"), "1");
  assert.deepEqual(stack.state("base").parameters, { EnableSyslog: "1" }, "what the device really holds");

  const second = await stack.up({ base: { parameters, atDefault: ["SyslogServerPort"] } });
  assert.deepEqual(second["base"], { op: "update", reasons: [] });
  assert.deepEqual(
    (await stack.up({ base: { parameters, atDefault: ["SyslogServerPort"] } }))["base"]?.op,
    "same",
  );
});

test("all unconfirmed names stand in one list, each once", async (t) => {
  const { stack } = await bench(t);
  const row = (index: number) => ({ [index]: { ProxyName: `PS_${index}`, ProxyNaem: "x" } });
  const { base } = await stack.up({
    base: { parameters: { EnableSylog: "1" }, tables: { ProxySet: { ...row(1), ...row(2) } } },
  });
  assert.match(
    base?.reasons.join() ?? "",
    /atDefault: \["EnableSylog", "ProxySet\.ProxyNaem"\]\. New on the device/,
  );
});

test("atDefault takes a name, a column, and everything by *", async (t) => {
  const { stack } = await bench(t);
  const declared = {
    parameters: { EnableSylog: "1" },
    tables: { ProxySet: { 1: { ProxyName: "PS_1", NoSuchColumn: "" } } },
  };
  const up = async (name: string, atDefault: string[]) =>
    (await stack.up({ [name]: { ...declared, atDefault } }))[name]?.reasons;
  assert.equal((await up("one", ["EnableSylog"]))?.length, 1);
  assert.equal((await up("two", ["ProxySet.NoSuchColumn"]))?.length, 1);
  assert.deepEqual(await up("three", ["enablesylog", "proxyset.nosuchcolumn"]), []);
  assert.deepEqual(await up("four", ["*"]), []);
});

test("a misspelt table is named as such", async (t) => {
  const { stack } = await bench(t);
  const { base } = await stack.up({ base: { tables: { ProxySte: { 0: { ProxyName: "PS" } } } } });
  assert.match(base?.reasons.join() ?? "", /ProxySte/);
  assert.match(base?.reasons.join() ?? "", /no table|misspelt/);
});

test("a partial state has the thunk, what was there before, and what the device holds; the next update finishes", async (t) => {
  const b = await bench(t, { ini: "SyslogServerIP = 10.0.0.9\n" });
  const { stack, simulator } = b;
  const parameters = { SyslogServerIP: "10.0.0.1", EnableSylog: "1" };
  await stack.up({ base: { parameters } });
  const state = stack.state("base");
  assert.equal(state.__provider, "the thunk");
  assert.equal(state.__mediantName, "base");
  assert.equal(state.__mediantSchema, 1);
  assert.deepEqual(state.parameters, { SyslogServerIP: "10.0.0.1" });
  assert.equal(state.previous?.["SyslogServerIP"], "10.0.0.9");
  assert.ok(simulator.flash.equals(simulator.running), "what came true is saved");

  const requests = requestLog(b);
  const mended = { parameters: { SyslogServerIP: "10.0.0.1", EnableSyslog: "1" } };
  assert.deepEqual((await stack.up({ base: mended }))["base"], { op: "update", reasons: [] });
  assert.deepEqual(
    requests().filter((one) => one === PUT_INI || one === SAVE),
    [PUT_INI, SAVE],
  );
  assert.equal(simulator.writes.at(-2)?.body, "EnableSyslog = 1\r\n", "only what was missing");
  assert.equal(stack.state("base").previous?.["SyslogServerIP"], "10.0.0.9", "never overwritten");
});

test("a partial state that was refreshed still finishes", async (t) => {
  const { stack } = await bench(t);
  const program = { base: { parameters: { EnableSyslog: "1", EnableSylog: "1" } } };
  await stack.up(program);
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: true });
});

test("a hidden parameter is told to be not comparable, and is neither drift nor an error", async (t) => {
  const b = await bench(t, { ini: ";SSHAdminKey is hidden but has non-default value\n" });
  const { stack, simulator, lines } = b;
  const program = { base: { parameters: { SSHAdminKey: "key-1" } } };
  assert.deepEqual((await stack.up(program))["base"]?.reasons, []);
  assert.equal(simulator.running.parameter("SSHAdminKey"), "key-1");
  assert.ok(lines.some((line) => /SSHAdminKey is hidden on the device: not comparable/.test(line)));
  simulator.running.setParameter("SSHAdminKey", "by hand");
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: false });
  const requests = requestLog(b);
  const changed = { base: { parameters: { SSHAdminKey: "key-2" } } };
  assert.deepEqual((await stack.up(changed))["base"]?.reasons, []);
  assert.equal(simulator.running.parameter("SSHAdminKey"), "key-2");
  assert.ok(requests().includes(PUT_INI));
});

test("a hidden parameter that was managed with restore and is let go is left, not an error", async (t) => {
  const { stack } = await bench(t, { ini: ";SSHAdminKey is hidden but has non-default value\n" });
  await stack.up({ base: { parameters: { SSHAdminKey: "key-1" }, onRelease: "restore" } });
  assert.deepEqual((await stack.destroy())["base"]?.reasons, []);
});

test("a name that was absent at its default and appears later is drift, and is healed", async (t) => {
  const { stack, simulator } = await bench(t);
  const program = { base: { parameters: { SyslogServerPort: "514" }, atDefault: ["*"] } };
  await stack.up(program);
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: false });
  simulator.running.setParameter("SyslogServerPort", "6514");
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: true });
  assert.deepEqual((await stack.up(program, { refresh: true }))["base"], { op: "update", reasons: [] });
  assert.equal(simulator.running.parameter("SyslogServerPort"), undefined);
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: false });
});

test("a value that goes to the default needs no atDefault, for the name was seen before", async (t) => {
  const { stack, simulator } = await bench(t, { ini: "SyslogServerPort = 6514\n" });
  const program = { base: { parameters: { SyslogServerPort: "514" } } };
  assert.deepEqual((await stack.up(program))["base"]?.reasons, []);
  assert.equal(simulator.running.parameter("SyslogServerPort"), undefined);
  assert.equal((await stack.up(program, { refresh: true }))["base"]?.op, "same");
});

test("a value that the device has shown as itself is not its default: absent, it was not taken", async (t) => {
  for (const refresh of [false, true]) {
    const { stack, simulator } = await bench(t);
    const parameters = { SyslogServerIP: "10.1.1.1" };
    await stack.up({ base: { parameters } });
    simulator.running.setParameter("SyslogServerIP", undefined);
    simulator.faults.noEffectFor("SyslogServerIP");
    const program = { base: { parameters: { ...parameters, EnableSyslog: "1" } } };
    const { base } = await stack.up(program, { refresh });
    assert.deepEqual(base?.reasons, [
      "SyslogServerIP was not taken by the device: it showed this value before, and shows none now; " +
        'if the value is the default now, say so: atDefault: ["SyslogServerIP"]',
    ]);
    assert.deepEqual(await stack.preview(program, { refresh: true }), { base: true });
    simulator.faults.clear();
    assert.deepEqual((await stack.up(program, { refresh }))["base"]?.reasons, []);
    assert.equal(simulator.flash.parameter("SyslogServerIP"), "10.1.1.1");
  }
});

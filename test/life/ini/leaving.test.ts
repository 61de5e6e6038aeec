import assert from "node:assert/strict";
import { test } from "node:test";
import { requestLog } from "../../shared/simulated";
import { type Bench, bench, type Declared, PUT_INI } from "./bench";

const PROXY_SETS = `
SyslogServerIP = 10.0.0.9
[ ProxySet ]
FORMAT Index = ProxyName, ProxyKeepAliveTime, IsProxyHotSwap;
ProxySet 0 = "PS_theirs", 70, 1;
ProxySet 4 = "PS_managed", 80, 1;
[ \\ProxySet ]
`;

const MODES = ["merge", "replace"] as const;

/** Rows of ProxySet that stand, by index. */
function proxySets({ simulator }: Bench): Record<string, string | undefined> {
  const { running } = simulator;
  return Object.fromEntries(
    running.indexes("ProxySet").map((at) => [at, running.cell("ProxySet", at, "ProxyName")]),
  );
}

const all: Declared = {
  parameters: { SyslogServerIP: "10.0.0.1", EnableSyslog: "1" },
  tables: { ProxySet: { 4: { ProxyName: "PS_ours" }, 7: { ProxyName: "PS_new", ProxyKeepAliveTime: "90" } } },
};

for (const tableMode of MODES) {
  test(`what leaves the declaration stays with retain, and is told (${tableMode})`, async (t) => {
    const b = await bench(t, { ini: PROXY_SETS, tableMode });
    await b.stack.up({ base: all });
    const requests = requestLog(b);
    b.lines.length = 0;
    const { base } = await b.stack.up({ base: { parameters: { EnableSyslog: "1" } } });
    assert.deepEqual(base, { op: "update", reasons: [] });
    assert.ok(!requests().includes(PUT_INI));
    assert.deepEqual(proxySets(b), { 0: "PS_theirs", 4: "PS_ours", 7: "PS_new" });
    assert.equal(b.simulator.running.parameter("SyslogServerIP"), "10.0.0.1");
    const left = [
      "SyslogServerIP",
      "ProxySet 4 ProxyName",
      "ProxySet 7 ProxyKeepAliveTime",
      "ProxySet 7 ProxyName",
    ];
    assert.deepEqual(
      b.lines
        .filter((line) => line.includes("no longer managed"))
        .map((line) => line.replace(/^\[\w+\] /, "")),
      left.map((address) => `base: ${address}: no longer managed, stays on the device`),
      "each is said once",
    );
    assert.deepEqual((await b.stack.destroy())["base"]?.reasons, []);
    assert.equal(b.simulator.running.parameter("EnableSyslog"), "1");
  });

  test(`a parameter and a row that was there get their values back with restore (${tableMode})`, async (t) => {
    const b = await bench(t, { ini: PROXY_SETS, tableMode });
    const restore = { onRelease: "restore" } as const;
    const managed: Declared = {
      ...restore,
      parameters: { SyslogServerIP: "10.0.0.1" },
      tables: { ProxySet: { 4: { ProxyName: "PS_ours" } } },
    };
    await b.stack.up({ base: managed });
    const later = { ...managed, parameters: { SyslogServerIP: "10.0.0.2" } };
    await b.stack.up({ base: later });
    assert.deepEqual((await b.stack.up({ base: restore }))["base"]?.reasons, []);
    assert.equal(
      b.simulator.running.parameter("SyslogServerIP"),
      "10.0.0.9",
      "the value before the first management",
    );
    assert.deepEqual(proxySets(b), { 0: "PS_theirs", 4: "PS_managed" });
    assert.equal(b.simulator.running.cell("ProxySet", 4, "ProxyKeepAliveTime"), "80");
    assert.ok(b.simulator.flash.equals(b.simulator.running));
    assert.deepEqual(b.stack.state("base").previous, {});
    assert.deepEqual(await b.stack.preview({ base: restore }, { refresh: true }), { base: false });
  });
}

test("a row that the declaration brought goes with restore, where the device drops what a table leaves out", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS, tableMode: "replace" });
  await b.stack.up({ base: { ...all, onRelease: "restore", atDefault: ["*"], parameters: {} } });
  const { base } = await b.stack.up({
    base: { onRelease: "restore", tables: { ProxySet: { 4: { ProxyName: "PS_ours" } } } },
  });
  assert.deepEqual(base?.reasons, []);
  assert.deepEqual(proxySets(b), { 0: "PS_theirs", 4: "PS_ours" });
});

test("a row that the device keeps although its table came without it goes by the CLI", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS, tableMode: "merge" });
  const program = {
    base: { onRelease: "restore" as const, tables: { ProxySet: { 4: { ProxyName: "PS_ours" } } } },
  };
  await b.stack.up({ base: { ...program.base, tables: all.tables } });
  assert.deepEqual((await b.stack.up(program))["base"]?.reasons, []);
  assert.deepEqual(proxySets(b), { 0: "PS_theirs", 4: "PS_ours" });
  assert.ok(b.simulator.flash.equals(b.simulator.running), "saved");
  assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
});

test("a row that neither an ini nor the CLI removes is an error that lists it, until it is gone", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS, tableMode: "merge" });
  const program = {
    base: { onRelease: "restore" as const, tables: { ProxySet: { 4: { ProxyName: "PS_ours" } } } },
  };
  await b.stack.up({ base: { ...program.base, tables: all.tables } });
  b.simulator.faults.refuseUploadContaining("no proxy-set 7");
  const first = await b.stack.up(program);
  assert.deepEqual(first["base"]?.reasons, [
    "ProxySet 7 stays on the device although it was to go: remove it by hand",
  ]);
  assert.deepEqual(
    await b.stack.preview(program, { refresh: true }),
    { base: true },
    "a refresh does not forget it",
  );
  b.simulator.running.removeRow("ProxySet", 7);
  assert.deepEqual((await b.stack.up(program, { refresh: true }))["base"], { op: "update", reasons: [] });
  assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
});

test("a whole table that leaves with restore goes, row by row", async (t) => {
  const b = await bench(t, { tableMode: "replace" });
  const restore = { onRelease: "restore" } as const;
  const tables = { SNMPUsers: { 0: { Username: "a" }, 3: { Username: "b" } } };
  await b.stack.up({ base: { ...restore, tables } });
  assert.deepEqual(b.simulator.running.indexes("SNMPUsers"), ["0", "3"]);
  assert.deepEqual((await b.stack.up({ base: restore }))["base"]?.reasons, []);
  assert.deepEqual(b.simulator.running.indexes("SNMPUsers"), []);
});

test("a parameter that was at its default cannot go back to it: it stays, and that is said", async (t) => {
  const b = await bench(t);
  const restore = { onRelease: "restore" } as const;
  await b.stack.up({ base: { ...restore, parameters: { EnableSyslog: "1" } } });
  b.lines.length = 0;
  assert.deepEqual((await b.stack.up({ base: restore }))["base"], { op: "update", reasons: [] });
  assert.equal(b.simulator.running.parameter("EnableSyslog"), "1");
  assert.equal(
    b.lines.filter((line) => /EnableSyslog was at its default before.*stays as it is/.test(line)).length,
    1,
  );
  assert.equal((await b.stack.up({ base: restore }, { refresh: true }))["base"]?.op, "same");
});

test("destroy with restore after a row was added, and after drift", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS, tableMode: "replace" });
  await b.stack.up({ base: { ...all, parameters: { SyslogServerIP: "10.0.0.1" }, onRelease: "restore" } });
  b.simulator.running.setParameter("SyslogServerIP", "10.9.9.9");
  b.simulator.running.setCell("ProxySet", 4, "ProxyName", "by hand");
  await b.stack.refresh();
  assert.deepEqual((await b.stack.destroy())["base"], { op: "delete", reasons: [] });
  assert.deepEqual(proxySets(b), { 0: "PS_theirs", 4: "PS_managed" });
  assert.equal(b.simulator.running.parameter("SyslogServerIP"), "10.0.0.9");
  assert.ok(b.simulator.flash.equals(b.simulator.running));
});

test("a secret goes back too", async (t) => {
  const ini =
    '[ Account ]\nFORMAT Index = AccountName, Password;\nAccount 0 = "a", "before";\n[ \\Account ]\n';
  const b = await bench(t, { ini });
  await b.stack.up({ base: { onRelease: "restore", tables: { Account: { 0: { Password: "ours" } } } } });
  assert.equal(b.simulator.running.cell("Account", 0, "Password"), "ours");
  assert.deepEqual((await b.stack.destroy())["base"]?.reasons, []);
  assert.equal(b.simulator.running.cell("Account", 0, "Password"), "before");
});

test("what moves from one resource to another is handed over: neither restored nor removed", async (t) => {
  for (const order of [
    ["a", "b"],
    ["b", "a"],
  ]) {
    const b = await bench(t, { ini: PROXY_SETS, tableMode: "replace" });
    const onRelease = "restore" as const;
    const row = { 7: { ProxyName: "PS_new" } };
    const keep = { 4: { ProxyName: "PS_ours" } };
    await b.stack.up({
      a: { onRelease, parameters: { SyslogServerIP: "10.0.0.1" }, tables: { ProxySet: { ...keep, ...row } } },
    });
    const program: Record<string, Declared> = {
      a: { onRelease, tables: { ProxySet: keep } },
      b: { onRelease, parameters: { SyslogServerIP: "10.0.0.1" }, tables: { ProxySet: row } },
    };
    const outcomes = await b.stack.up(Object.fromEntries(order.map((name) => [name, program[name] ?? {}])), {
      parallel: 1,
    });
    assert.deepEqual([outcomes["a"]?.reasons, outcomes["b"]?.reasons], [[], []]);
    assert.deepEqual(proxySets(b), { 0: "PS_theirs", 4: "PS_ours", 7: "PS_new" });
    assert.equal(b.simulator.running.parameter("SyslogServerIP"), "10.0.0.1");
    assert.deepEqual(await b.stack.preview(program, { refresh: true }), { a: false, b: false });
  }
});

test("a resource under a new name takes over from the old one, whose delete comes last", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS, tableMode: "replace" });
  const declared: Declared = {
    onRelease: "restore",
    parameters: { SyslogServerIP: "10.0.0.1" },
    tables: all.tables,
  };
  await b.stack.up({ old: declared });
  const outcomes = await b.stack.up({ new: declared });
  assert.deepEqual(outcomes, { new: { op: "create", reasons: [] }, old: { op: "delete", reasons: [] } });
  assert.deepEqual(proxySets(b), { 0: "PS_theirs", 4: "PS_ours", 7: "PS_new" });
  assert.equal(b.simulator.running.parameter("SyslogServerIP"), "10.0.0.1");
});

test("in an owned table a row added by hand is drift, shown and removed", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS, tableMode: "replace" });
  const program = {
    base: { ownTables: ["proxyset"], tables: { ProxySet: { 4: { ProxyName: "PS_ours" } } } },
  };
  assert.deepEqual((await b.stack.up(program))["base"]?.reasons, []);
  assert.deepEqual(proxySets(b), { 4: "PS_ours" });
  assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });

  b.simulator.running.addRow("ProxySet", 9, { ProxyName: "PS_hand" });
  b.lines.length = 0;
  assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: true });
  assert.ok(b.lines.some((line) => /drift: ProxySet 9 ProxyName: \(none\) => "PS_hand"/.test(line)));
  b.lines.length = 0;
  assert.deepEqual((await b.stack.up(program, { refresh: true }))["base"], { op: "update", reasons: [] });
  assert.deepEqual(proxySets(b), { 4: "PS_ours" });
  assert.ok(!b.lines.some((line) => /no longer managed/.test(line)), "it was removed, not left");
  assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
});

for (const incrementalTables of ["whole", "rows"] as const) {
  test(`in an owned table of a device that keeps rows, sent ${incrementalTables}, one added by hand goes by the CLI`, async (t) => {
    const b = await bench(t, { ini: PROXY_SETS, tableMode: "merge" }, { incrementalTables });
    const program = {
      base: { ownTables: ["ProxySet"], tables: { ProxySet: { 4: { ProxyName: "PS_ours" } } } },
    };
    assert.deepEqual((await b.stack.up(program))["base"]?.reasons, []);
    assert.deepEqual(proxySets(b), { 4: "PS_ours" });
    assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
  });
}

test("a stray row's secret is shown in no form, and the row is seen to go", async (t) => {
  const b = await bench(t, { tableMode: "replace" });
  const program = { base: { ownTables: ["Account"], tables: { Account: { 0: { AccountName: "ours" } } } } };
  await b.stack.up(program);
  b.simulator.running.addRow("Account", 5, { AccountName: "stray", Password: "stray-secret" });
  await b.stack.refresh();
  const state = JSON.stringify(b.stack.state("base").tables);
  assert.match(state, /"stray"/);
  assert.doesNotMatch(state + b.lines.join(), /stray-secret|\$1\$/);
  b.simulator.running.removeRow("Account", 5);
  await b.stack.refresh();
  assert.deepEqual(await b.stack.preview(program), { base: false });
});

test("the rows that were in an owned table come back with restore", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS, tableMode: "replace" });
  const before = b.simulator.running.snapshot();
  await b.stack.up({
    base: {
      onRelease: "restore",
      ownTables: ["ProxySet"],
      tables: { ProxySet: { 2: { ProxyName: "PS_ours" } } },
    },
  });
  assert.deepEqual(proxySets(b), { 2: "PS_ours" });
  assert.deepEqual((await b.stack.destroy())["base"]?.reasons, []);
  assert.deepEqual(b.simulator.running.snapshot(), before);
});

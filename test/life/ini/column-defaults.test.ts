import assert from "node:assert/strict";
import { test } from "node:test";
import { requestLog } from "../../shared/simulated";
import { type Bench, bench, countOf, PUT_INI } from "./bench";

/*
 * `$$` in a cell is the default of its column. No dump tells that default: the device shows it after `$$` was sent.
 */

const PROXY_SETS = `
[ ProxySet ]
FORMAT Index = ProxyName, ProxyKeepAliveTime, ProxyRedundancyMode;
ProxySet 0 = "PS_theirs", 70, 1;
ProxySet 4 = "PS_managed", 80, 1;
[ \\ProxySet ]
`;

const AT_DEFAULT = { base: { tables: { ProxySet: { 4: { ProxyKeepAliveTime: "$$" } } } } };
const seconds = ({ simulator }: Bench) => simulator.running.cell("ProxySet", 4, "ProxyKeepAliveTime");

for (const firmware of ["7.00A.018.005", "7.40A.250.440"])
  test(`$$ sets a cell to its default, is sent bare, and then left alone (${firmware})`, async (t) => {
    const b = await bench(t, { ini: PROXY_SETS, firmware });
    const requests = requestLog(b);
    assert.deepEqual((await b.stack.up(AT_DEFAULT))["base"]?.reasons, []);
    assert.equal(seconds(b), "60");
    const sent = b.simulator.writes.find(({ path }) => path.endsWith("/files/ini/incremental"))?.body ?? "";
    assert.match(sent, /^ProxySet 4 = "PS_managed",.* \$\$,/m);
    assert.equal(b.simulator.running.cell("ProxySet", 0, "ProxyKeepAliveTime"), "70", "others stay");
    const told = b.lines.filter((line) =>
      /ProxyKeepAliveTime: the device shows "60" for the default/.test(line),
    );
    assert.equal(told.length, 1);
    assert.deepEqual(await b.stack.preview(AT_DEFAULT, { refresh: true }), { base: false });
    assert.equal((await b.stack.up(AT_DEFAULT, { refresh: true }))["base"]?.op, "same");
    assert.equal(countOf(requests(), PUT_INI), 1);
    assert.deepEqual(b.stack.state("base").tables, AT_DEFAULT.base.tables, "as declared");
  });

test("a device that holds the default already is asked once, and keeps it", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS.replace("80", "60") });
  const requests = requestLog(b);
  assert.deepEqual((await b.stack.up(AT_DEFAULT))["base"]?.reasons, []);
  assert.deepEqual((await b.stack.up(AT_DEFAULT, { refresh: true }))["base"], { op: "same", reasons: [] });
  assert.equal(countOf(requests(), PUT_INI), 1);
});

test("a cell that somebody changes from its default is drift, and goes back", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS });
  await b.stack.up(AT_DEFAULT);
  b.simulator.running.setCell("ProxySet", 4, "ProxyKeepAliveTime", "33");
  assert.deepEqual(await b.stack.preview(AT_DEFAULT, { refresh: true }), { base: true });
  assert.ok(b.lines.some((line) => /drift: ProxySet 4 ProxyKeepAliveTime: "\$\$" => "33"/.test(line)));
  assert.deepEqual((await b.stack.up(AT_DEFAULT, { refresh: true }))["base"], { op: "update", reasons: [] });
  assert.equal(seconds(b), "60");
});

test("a value that stays although another one is known to be the default was not taken", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS });
  await b.stack.up(AT_DEFAULT);
  b.simulator.running.setCell("ProxySet", 4, "ProxyKeepAliveTime", "33");
  b.simulator.faults.noEffectFor("ProxySet.ProxyKeepAliveTime");
  for (let run = 1; run <= 2; run++)
    assert.deepEqual((await b.stack.up(AT_DEFAULT, { refresh: true }))["base"]?.reasons, [
      'ProxySet 4 ProxyKeepAliveTime was not set to its default ($$): it keeps "33", and showed another one before; ' +
        "declare the value itself",
    ]);
});

test("a firmware that takes $$ for a text is an error, and its text stays drift", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS, defaultMark: "text" });
  const program = { base: { tables: { ProxySet: { 4: { ProxyName: "$$" } } } } };
  const reasons = [
    "ProxySet 4 ProxyName: the device took $$ for a text, so this firmware does not know it as the default of a " +
      "column; declare the value itself",
  ];
  assert.deepEqual((await b.stack.up(program))["base"]?.reasons, reasons);
  assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: true });
  assert.deepEqual((await b.stack.up(program, { refresh: true }))["base"]?.reasons, reasons);
});

test("a new row takes $$ as well, also in a column that refers to another table", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS });
  const row = { ProxyName: "PS_new", ProxyKeepAliveTime: "$$", SRDName: "$$" };
  const program = { base: { tables: { ProxySet: { 7: row } } } };
  assert.deepEqual((await b.stack.up(program))["base"]?.reasons, []);
  assert.equal(b.simulator.running.cell("ProxySet", 7, "ProxyKeepAliveTime"), "60");
  assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
});

test("a misspelt column is misspelt with $$ too", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS });
  const { base } = await b.stack.up({ base: { tables: { ProxySet: { 4: { ProxyKeepAliveTimes: "$$" } } } } });
  assert.match(base?.reasons.join() ?? "", /does not show ProxySet\.ProxyKeepAliveTimes/);
});

test("a parameter knows no $$: it is a text", async (t) => {
  const b = await bench(t);
  const program = { base: { parameters: { SIPGatewayName: "$$" } } };
  assert.deepEqual((await b.stack.up(program))["base"]?.reasons, []);
  assert.equal(b.simulator.running.parameter("SIPGatewayName"), "$$");
  b.simulator.running.setParameter("SIPGatewayName", "gw");
  b.simulator.faults.noEffectFor("SIPGatewayName");
  const { base } = await b.stack.up(program, { refresh: true });
  assert.deepEqual(base?.reasons, ['SIPGatewayName was not taken by the device: it keeps "gw"']);
});

test("a cell that was not shown before goes back to its default with restore", async (t) => {
  const ini = PROXY_SETS.replace(/^ProxySet 0.*\n/m, "");
  const b = await bench(t, { ini, columnsAtDefault: "left out" });
  assert.doesNotMatch(b.simulator.running.dump(), /MinActiveServersLB/);
  const restore = { onRelease: "restore" } as const;
  const keep = { ProxyName: "PS_ours" };
  const program = { base: { ...restore, tables: { ProxySet: { 4: { ...keep, MinActiveServersLB: "3" } } } } };
  assert.deepEqual((await b.stack.up(program))["base"]?.reasons, []);
  assert.equal(b.simulator.running.cell("ProxySet", 4, "MinActiveServersLB"), "3");
  b.lines.length = 0;
  const less = { base: { ...restore, tables: { ProxySet: { 4: keep } } } };
  assert.deepEqual((await b.stack.up(less))["base"], { op: "update", reasons: [] });
  assert.equal(b.simulator.running.cell("ProxySet", 4, "MinActiveServersLB"), "1");
  assert.ok(b.lines.some((line) => /ProxySet 4 MinActiveServersLB: "3" => "\$\$"/.test(line)));
  assert.deepEqual(await b.stack.preview(less, { refresh: true }), { base: false });
  const requests = requestLog(b);
  assert.equal((await b.stack.up(less, { refresh: true }))["base"]?.op, "same");
  assert.equal(countOf(requests(), PUT_INI), 0);
  assert.deepEqual((await b.stack.destroy())["base"]?.reasons, []);
  assert.equal(b.simulator.running.cell("ProxySet", 4, "ProxyName"), "PS_managed");
});

test("a column at its default that leaves its row with the row goes, unless somebody changed it", async (t) => {
  for (const changed of [false, true]) {
    const b = await bench(t, { ini: PROXY_SETS });
    const restore = { onRelease: "restore" } as const;
    const row = { ProxyName: "PS_new" };
    await b.stack.up({
      base: { ...restore, tables: { ProxySet: { 7: { ...row, ProxyKeepAliveTime: "$$" } } } },
    });
    if (changed) b.simulator.running.setCell("ProxySet", 7, "ProxyKeepAliveTime", "33");
    await b.stack.up({ base: { ...restore, tables: { ProxySet: { 7: row } } } });
    await b.stack.destroy();
    assert.equal(b.simulator.running.row("ProxySet", 7) !== undefined, changed);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { requestLog } from "../../shared/simulated";
import { bench, countOf, type Declared, PUT_INI } from "./bench";

const PROXY_SETS = `
SyslogServerPort = 1514
[ ProxySet ]
FORMAT Index = ProxyName, ProxyKeepAliveTime;
ProxySet 3 = "PS", 30;
[ \\ProxySet ]
`;

const declared = (port: string, seconds: string): Declared => ({
  parameters: { SyslogServerPort: port },
  tables: { ProxySet: { 3: { ProxyKeepAliveTime: seconds } } },
});

const PROGRAM = { base: declared("01514", "030") };

const LEARNT = [
  'SyslogServerPort: the device shows "1514" for what is declared',
  'ProxySet 3 ProxyKeepAliveTime: the device shows "30" for what is declared',
];

function learnt(lines: readonly string[]): string[] {
  return LEARNT.filter((line) => lines.some((one) => one.endsWith(line)));
}

test("a value that already stands in the device's own form is adopted: sent once, and the form is told", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS });
  const requests = requestLog(b);
  assert.deepEqual(await b.stack.up(PROGRAM), { base: { op: "create", reasons: [] } });
  assert.equal(countOf(requests(), PUT_INI), 1);
  assert.deepEqual(learnt(b.lines), LEARNT);
  assert.deepEqual(await b.stack.preview(PROGRAM, { refresh: true }), { base: false });
  requests();
  assert.equal((await b.stack.up(PROGRAM, { refresh: true }))["base"]?.op, "same");
  assert.equal(countOf(requests(), PUT_INI), 0);
});

test("after a run that was killed behind its upload, the next one converges", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS });
  await b.stack.up({ base: declared("99", "99") });
  const before = b.stack.resources.get("base");
  assert.ok(before);
  await b.stack.up(PROGRAM);
  b.stack.resources.set("base", before);
  assert.deepEqual(await b.stack.up(PROGRAM, { refresh: true }), { base: { op: "update", reasons: [] } });
  assert.deepEqual(await b.stack.preview(PROGRAM, { refresh: true }), { base: false });

  b.stack.forget("base");
  assert.deepEqual(await b.stack.up(PROGRAM), { base: { op: "create", reasons: [] } });
  assert.deepEqual(await b.stack.preview(PROGRAM, { refresh: true }), { base: false });
});

test("a value edited to another form of itself is accepted", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS });
  await b.stack.up(PROGRAM);
  const edited = { base: declared("001514", "0030") };
  assert.deepEqual(await b.stack.up(edited), { base: { op: "update", reasons: [] } });
  assert.deepEqual(b.stack.state("base").parameters, { SyslogServerPort: "001514" });
  assert.deepEqual(await b.stack.preview(edited, { refresh: true }), { base: false });
});

for (const parallel of [1, 8])
  test(`a cell that moves to another resource keeps its form (${parallel} at once)`, async (t) => {
    const b = await bench(t, { ini: PROXY_SETS });
    await b.stack.up(PROGRAM);
    const { tables, parameters } = PROGRAM.base;
    const moved: Record<string, Declared> = {
      base: parameters ? { parameters } : {},
      other: tables ? { tables } : {},
    };
    const outcomes = await b.stack.up(moved, { parallel });
    assert.deepEqual([outcomes["base"]?.reasons, outcomes["other"]?.reasons], [[], []]);
    assert.deepEqual(await b.stack.preview(moved, { refresh: true }), { base: false, other: false });
  });

test("two resources that declare one cell learn its form, whoever comes first", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS });
  await b.stack.up(PROGRAM);
  const both = { base: PROGRAM.base, other: PROGRAM.base };
  assert.deepEqual((await b.stack.up(both))["other"], { op: "create", reasons: [] });
  assert.deepEqual(await b.stack.preview(both, { refresh: true }), { base: false, other: false });
});

test("under another name of the device the form is learnt anew", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS });
  await b.stack.up(PROGRAM);
  b.device.name = `${b.device.name}-renamed`;
  assert.deepEqual(await b.stack.up(PROGRAM), { base: { op: "replace", reasons: [] } });
  assert.deepEqual(await b.stack.preview(PROGRAM, { refresh: true }), { base: false });
});

test("other forms are learnt as well: words for 0 and 1, case, addresses", async (t) => {
  const b = await bench(t, {
    ini: "EnableSyslog = 1\nSIPGatewayName = 'GW.example.com'\nNTPServerIP = 10.0.0.1\n",
  });
  // What the simulator would refuse or take as it is, a device may understand.
  for (const name of ["EnableSyslog", "SIPGatewayName", "NTPServerIP"]) b.simulator.faults.noEffectFor(name);
  const program = {
    base: {
      parameters: { EnableSyslog: "on", SIPGatewayName: "gw.example.com", NTPServerIP: "010.0.0.001" },
    },
  };
  assert.deepEqual((await b.stack.up(program))["base"]?.reasons, []);
  assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
});

test("the default of a column stays what it is", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS });
  b.simulator.faults.noEffectFor("ProxySet.ProxyKeepAliveTime");
  const program = { base: { tables: { ProxySet: { 3: { ProxyKeepAliveTime: "$$" } } } } };
  assert.deepEqual((await b.stack.up(program))["base"]?.reasons, []);
  assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
});

test("a value that is no form of what stands was refused", async (t) => {
  const b = await bench(t, { ini: PROXY_SETS });
  b.simulator.faults.noEffectFor("ProxySet.ProxyKeepAliveTime");
  const { base } = await b.stack.up({ base: declared("+1515", "300") });
  b.simulator.faults.clear();
  assert.deepEqual(base?.reasons, [
    'ProxySet 3 ProxyKeepAliveTime was not taken by the device: it keeps "30"',
  ]);
});

test("a parameter that went to its default in a killed update is not taken for a misspelt one", async (t) => {
  for (const refresh of [false, true]) {
    const b = await bench(t);
    await b.stack.up({ base: { parameters: { SyslogServerPort: "1514" } } });
    const before = b.stack.resources.get("base");
    assert.ok(before);
    const program = { base: { parameters: { SyslogServerPort: "514" } } };
    await b.stack.up(program);
    assert.equal(b.simulator.running.parameter("SyslogServerPort"), undefined, "its default");
    b.stack.resources.set("base", before);
    assert.deepEqual(await b.stack.up(program, { refresh }), { base: { op: "update", reasons: [] } });
    assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
    const edited = { base: { parameters: { SyslogServerPort: "0514" } } };
    assert.deepEqual(await b.stack.up(edited), { base: { op: "update", reasons: [] } });
  }
});

test("a parameter that was only said to be at its default is not known by that", async (t) => {
  const b = await bench(t);
  await b.stack.up({ base: { parameters: { EnableSylog: "0" }, atDefault: ["EnableSylog"] } });
  const { base } = await b.stack.up({ base: { parameters: { EnableSylog: "1" } } });
  assert.match(base?.reasons.join() ?? "", /does not show EnableSylog: misspelt/);
});

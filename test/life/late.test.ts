import assert from "node:assert/strict";
import { test } from "node:test";
import type { Simulator } from "../../src/simulator";
import { requestLog } from "../shared/simulated";
import * as cli from "./cli/bench";
import { bench, countOf, GET_INI, PUT_INI, SAVE } from "./ini/bench";

/*
 * A device that answers first and takes a change then. It is given some seconds, as long as it shows nothing at all of
 * the change: one that shows a part of it has taken what it takes.
 */

const INCREMENTAL = "PUT /api/v1/files/ini/incremental";
const SCRIPT = "PUT /api/v1/files/cliScript/incremental";
const HOUR = 3_600_000;
const NOT_YET = /shows nothing of the change yet: looking again for up to 6 s$/;

/** The device takes a change when it was read so often since it answered. */
function takesAfter(reads: number, simulator: Simulator, path: string, take: () => void): void {
  if (reads === 0) take();
  else simulator.faults.beside(`GET ${path}`, "after", () => takesAfter(reads - 1, simulator, path, take));
}

for (const reads of [1, 2, 3])
  test(`a parameter that shows after ${reads} reads: one upload, one save`, async (t) => {
    const b = await bench(t);
    b.simulator.faults.applyLate(HOUR, INCREMENTAL);
    b.simulator.faults.beside(INCREMENTAL, "after", () =>
      takesAfter(reads, b.simulator, "/api/v1/files/ini", () =>
        b.simulator.running.setParameter("EnableSyslog", "1"),
      ),
    );
    const requests = requestLog(b);
    const program = { base: { parameters: { EnableSyslog: "1" } } };
    assert.deepEqual((await b.stack.up(program))["base"]?.reasons, []);
    const sent = requests();
    assert.deepEqual(
      [GET_INI, PUT_INI, SAVE].map((one) => countOf(sent, one)),
      [2 + reads, 1, 1],
    );
    assert.equal(b.lines.filter((line) => NOT_YET.test(line)).length, 1, b.lines.join("\n"));
    assert.equal(b.simulator.flash.parameter("EnableSyslog"), "1");
    assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
  });

test("a parameter with several values that shows after two reads: it is waited for", async (t) => {
  const b = await bench(t, { ini: "ActivityListToLog = 'pvc', 'dr'\n" });
  b.simulator.faults.applyLate(HOUR, INCREMENTAL);
  const values = ["pvc", "afl"];
  b.simulator.faults.beside(INCREMENTAL, "after", () =>
    takesAfter(2, b.simulator, "/api/v1/files/ini", () =>
      b.simulator.running.setParameter("ActivityListToLog", values),
    ),
  );
  assert.deepEqual(
    (await b.stack.up({ base: { parameters: { ActivityListToLog: values } } }))["base"]?.reasons,
    [],
  );
  assert.deepEqual(b.simulator.flash.parameterList("ActivityListToLog"), values);
});

test("a row that goes late is taken away by the CLI, and not waited for", async (t) => {
  const b = await bench(t);
  b.simulator.running.addRow("ProxySet", 4, { ProxyName: "PS_Theirs" });
  const row = { tables: { ProxySet: { 3: { ProxyName: "PS" } } }, onRelease: "restore" } as const;
  await b.stack.up({ base: row });
  b.simulator.faults.applyLate(HOUR, INCREMENTAL);
  b.simulator.faults.beside(INCREMENTAL, "after", () =>
    takesAfter(2, b.simulator, "/api/v1/files/ini", () => b.simulator.running.removeRow("ProxySet", 3)),
  );
  const requests = requestLog(b);
  assert.deepEqual((await b.stack.up({}))["base"]?.reasons, []);
  const sent = requests();
  assert.deepEqual([countOf(sent, PUT_INI), countOf(sent, "PUT /files/cliScript/incremental")], [1, 1]);
  assert.ok(!b.lines.some((line) => NOT_YET.test(line)), b.lines.join("\n"));
  assert.equal(b.simulator.flash.row("ProxySet", 3), undefined);
});

test("a device that keeps rows which an ini leaves out is not waited for", async (t) => {
  const b = await bench(t, { tableMode: "merge" });
  const row = (index: number) =>
    ({ tables: { ProxySet: { [index]: { ProxyName: `PS${index}` } } }, onRelease: "restore" }) as const;
  await b.stack.up({ a: row(3), b: row(4), c: row(5) });
  const requests = requestLog(b);
  const outcomes = await b.stack.destroy({ parallel: 1 });
  assert.deepEqual(
    Object.values(outcomes).map(({ reasons }) => reasons),
    [[], [], []],
  );
  assert.ok(!b.lines.some((line) => NOT_YET.test(line)), b.lines.join("\n"));
  const sent = requests();
  assert.deepEqual(
    [PUT_INI, "PUT /files/cliScript/incremental"].map((one) => countOf(sent, one)),
    [3, 3],
  );
  assert.deepEqual([...b.simulator.flash.rows("ProxySet")], []);
});

test("a row that an ini leaves standing and the CLI takes away late: one script, and it goes well", async (t) => {
  const b = await bench(t, { tableMode: "merge" });
  const row = { tables: { ProxySet: { 3: { ProxyName: "PS" } } }, onRelease: "restore" } as const;
  await b.stack.up({ base: row });
  b.simulator.faults.applyLate(HOUR, SCRIPT);
  b.simulator.faults.beside(SCRIPT, "after", () =>
    takesAfter(2, b.simulator, "/api/v1/files/ini", () => b.simulator.running.removeRow("ProxySet", 3)),
  );
  const requests = requestLog(b);
  assert.deepEqual((await b.stack.up({}))["base"]?.reasons, []);
  const sent = requests();
  assert.deepEqual([countOf(sent, PUT_INI), countOf(sent, "PUT /files/cliScript/incremental")], [1, 1]);
  assert.equal(b.simulator.flash.row("ProxySet", 3), undefined);
});

test("a value that the device never takes: three more looks, and the failure as always", async (t) => {
  const b = await bench(t);
  b.simulator.faults.applyLate(HOUR, INCREMENTAL);
  const requests = requestLog(b);
  const { base } = await b.stack.up({ base: { parameters: { SyslogServerIP: "10.0.0.2" } } });
  assert.match(base?.reasons.join() ?? "", /SyslogServerIP/);
  assert.equal(countOf(requests(), GET_INI), 5);
});

test("a group in which some are refused and others never taken: the device is waited for once", async (t) => {
  const b = await bench(t);
  const program = Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [
      `r${n}`,
      { parameters: n % 2 === 0 ? { [`AcmeIgnored${n}`]: "1" } : { [`AcmeRefused${n}`]: "refused" } },
    ]),
  );
  b.simulator.faults.refuseUploadContaining("refused");
  for (const n of [0, 2, 4, 6]) b.simulator.faults.noEffectFor(`AcmeIgnored${n}`);
  const requests = requestLog(b);
  const outcomes = await b.stack.up(program);
  for (const { reasons } of Object.values(outcomes)) assert.notDeepEqual(reasons, []);
  const lastPut = requests().join("\n").split(PUT_INI);
  const looks = lastPut.slice(1).map((between) => between.split(GET_INI).length - 1);
  // Once each, and three more looks after the first that was taken.
  assert.equal(looks.filter((count) => count > 1).length, 1, looks.join());
});

test("a device that shows a part of the change has taken what it takes: it is not waited for", async (t) => {
  const b = await bench(t);
  b.simulator.faults.noEffectFor("SyslogServerIP");
  const requests = requestLog(b);
  const parameters = { SyslogServerIP: "10.0.0.2", EnableSyslog: "1" };
  const { base } = await b.stack.up({ base: { parameters } });
  assert.match(base?.reasons.join() ?? "", /SyslogServerIP/);
  assert.equal(countOf(requests(), GET_INI), 2);
});

test("a script whose lines show after two reads: it runs once", async (t) => {
  const b = await cli.bench(t);
  b.simulator.faults.applyLate(HOUR, SCRIPT);
  b.simulator.faults.beside(SCRIPT, "after", () =>
    takesAfter(2, b.simulator, "/api/v1/files/cliScript", () =>
      b.simulator.running.addRow("ProxySet", 3, { ProxyName: "PS" }),
    ),
  );
  await b.up({ script: 'configure voip\n proxy-set 3\n  proxy-name "PS"\n  activate\n exit\nexit\n' });
  const sent = b.requests();
  assert.deepEqual(
    [cli.GET, cli.PUT, cli.SAVE].map((one) => countOf(sent, one)),
    [4, 1, 1],
  );
  assert.equal(b.simulator.flash.cell("ProxySet", 3, "ProxyName"), "PS");
  assert.equal(b.lines.filter((line) => NOT_YET.test(line)).length, 1, b.lines.join("\n"));
});

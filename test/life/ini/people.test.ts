import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { requestLog, requestText } from "../../shared/simulated";
import { afterEachWrite, type Bench, bench, countOf, GET_INI, PUT_INI } from "./bench";

const INI = `
[ ProxySet ]
FORMAT Index = ProxyName, ProxyKeepAliveTime;
ProxySet 0 = "PS_theirs", 70;
ProxySet 5 = "PS_gap", 80;
[ \\ProxySet ]
[ IPGroup ]
FORMAT Index = Name, ProxySetName;
IPGroup 1 = "G1", "PS_theirs";
[ \\IPGroup ]
[ Account ]
FORMAT Index = AccountName, Password;
Account 0 = "trunk", "their-secret";
[ \\Account ]
`;

const NEW_ROW = { tables: { ProxySet: { 6: { ProxyName: "PS_new" } } } };

/** Calls `act` before the device answers the read of that number, as somebody at its web page. */
function beforeRead(t: TestContext, { simulator }: Bench, number: number, act: () => void): void {
  const dump = simulator.running.dump.bind(simulator.running);
  let reads = 0;
  t.mock.method(simulator.running, "dump", () => {
    reads += 1;
    if (reads === number) act();
    return dump();
  });
}

function someone({ simulator: { running } }: Bench): void {
  running.setCell("ProxySet", 0, "ProxyKeepAliveTime", "99");
  running.addRow("ProxySet", 9, { ProxyName: "PS_added" });
}

function assertKept({ simulator: { running } }: Bench): void {
  assert.equal(running.cell("ProxySet", 0, "ProxyKeepAliveTime"), "99");
  assert.equal(running.cell("ProxySet", 9, "ProxyName"), "PS_added");
  assert.equal(running.cell("ProxySet", 6, "ProxyName"), "PS_new");
}

test("the device is read right before each upload, with nothing between", async (t) => {
  const b = await bench(t, { ini: INI });
  const program = { one: NEW_ROW, two: { tables: { ProxySet: { 7: { ProxyName: "PS_7" } } } } };
  assert.deepEqual((await b.stack.up(program, { parallel: 1 }))["two"]?.reasons, []);
  const requests = b.simulator.requests.map(requestText);
  const before = requests.flatMap((request, at) => (request === PUT_INI ? [requests[at - 1]] : []));
  assert.deepEqual(before, [GET_INI, GET_INI]);
});

test("what somebody changes while a busy device is waited for stays", async (t) => {
  const b = await bench(t, { ini: INI });
  b.simulator.faults.conflict({ times: 1, match: PUT_INI.replace("/", "/api/v1/") });
  beforeRead(t, b, 2, () => someone(b));
  assert.deepEqual((await b.stack.up({ base: NEW_ROW }))["base"]?.reasons, []);
  assertKept(b);
});

test("a row that was to go stays if somebody changed it while a busy device was waited for", async (t) => {
  const b = await bench(t, { ini: INI });
  const declared = { ...NEW_ROW, onRelease: "restore" as const };
  await b.stack.up({ base: declared });
  b.simulator.faults.conflict({ times: 1, match: PUT_INI.replace("/", "/api/v1/") });
  beforeRead(t, b, 2, () => b.simulator.running.setCell("ProxySet", 6, "ProxyKeepAliveTime", "44"));
  const { base } = await b.stack.up({ base: { ...declared, tables: {} } });
  assert.match(base?.reasons.join() ?? "", /ProxySet 6 stays on the device/);
  assert.equal(b.simulator.running.cell("ProxySet", 6, "ProxyKeepAliveTime"), "44");
});

test("what somebody else has brought while a busy device was waited for is not sent again", async (t) => {
  const b = await bench(t, { ini: INI });
  b.simulator.faults.conflict({ times: 1, match: PUT_INI.replace("/", "/api/v1/") });
  const requests = requestLog(b);
  beforeRead(t, b, 2, () => b.simulator.running.setParameter("EnableSyslog", "1"));
  assert.deepEqual((await b.stack.up({ base: { parameters: { EnableSyslog: "1" } } }))["base"]?.reasons, []);
  assert.equal(countOf(requests(), PUT_INI), 1);
});

test("what somebody changes between the uploads of a group of which one is refused stays", async (t) => {
  const b = await bench(t, { ini: INI });
  b.simulator.faults.refuseUploadContaining("PS_refused");
  beforeRead(t, b, 2, () => someone(b));
  const outcomes = await b.stack.up({
    base: NEW_ROW,
    refused: { tables: { ProxySet: { 7: { ProxyName: "PS_refused" } } } },
  });
  assert.deepEqual(outcomes["base"]?.reasons, []);
  assert.match(outcomes["refused"]?.reasons.join() ?? "", /400/);
  assertKept(b);
});

test("what somebody changes in rows that are not sent stays, and is told (rows mode)", async (t) => {
  const b = await bench(t, { ini: INI, tableMode: "merge" }, { incrementalTables: "rows" });
  let changed = false;
  afterEachWrite(t, b, () => {
    if (!changed) someone(b);
    changed = true;
  });
  const requests = requestLog(b);
  assert.deepEqual((await b.stack.up({ base: NEW_ROW }))["base"]?.reasons, []);
  assertKept(b);
  assert.equal(countOf(requests(), PUT_INI), 1);
  const what = "] beside our change, by the device or by someone else: ";
  assert.ok(
    b.lines.some((line) => line.endsWith(`${what}ProxySet 0 ProxyKeepAliveTime: "70" => "99"`)),
    b.lines.join("\n"),
  );
  assert.ok(b.lines.some((line) => line.endsWith(`${what}new: ProxySet 9`)));
});

test("what is other than this run has left it is told by its next turn, without a secret", async (t) => {
  const b = await bench(t, { ini: INI });
  await b.stack.up({ base: NEW_ROW });
  const { running } = b.simulator;
  b.lines.length = 0;
  // The next turn of the same process.
  someone(b);
  running.setCell("Account", 0, "Password", "other-secret");
  running.removeRow("ProxySet", 5);
  running.setParameter("EnableSyslog", "1");
  await b.stack.life.create(b.inputs("next", { parameters: { SyslogServerIP: "10.0.0.1" } }));
  const what = /^\[sbc\d+\] not by this run, since it read last: /;
  assert.deepEqual(
    b.lines.filter((line) => what.test(line)).map((line) => line.replace(what, "")),
    [
      'EnableSyslog: (none) => "1"',
      'ProxySet 0 ProxyKeepAliveTime: "70" => "99"',
      "gone: ProxySet 5",
      "new: ProxySet 9",
    ],
  );
  assert.doesNotMatch(b.lines.join(), /secret|\$1\$/);
  b.lines.length = 0;
  await b.stack.life.create(b.inputs("last", { parameters: { EnableSyslog: "1" } }));
  assert.equal(b.lines.filter((line) => what.test(line)).length, 0, "told once");
});

test("what the device changes in other tables and parameters is told, by its address", async (t) => {
  const b = await bench(t, { ini: `SyslogServerIP = 10.0.0.9\n${INI}` });
  const { running } = b.simulator;
  afterEachWrite(t, b, () => {
    running.setCell("IPGroup", 1, "ProxySetName", "");
    running.setParameter("SyslogServerIP", undefined);
    running.setCell("Account", 0, "Password", "");
  });
  assert.deepEqual((await b.stack.up({ base: NEW_ROW }))["base"]?.reasons, []);
  const what = /^\[sbc\d+\] beside our change, by the device or by someone else: /;
  assert.deepEqual(
    b.lines.filter((line) => what.test(line)).map((line) => line.replace(what, "")),
    ['SyslogServerIP: "10.0.0.9" => (none)', 'IPGroup 1 ProxySetName: "PS_theirs" => ""'],
  );
  assert.equal(running.cell("IPGroup", 1, "ProxySetName"), "", "told, not put back");
});

for (const when of ["at every read", "at every write"] as const) {
  test(`a column that counts by itself blocks no table (${when})`, async (t) => {
    const b = await bench(t, { ini: INI });
    const { running } = b.simulator;
    let count = 100;
    const bump = () => running.setCell("ProxySet", 0, "ProxyKeepAliveTime", String(count++));
    if (when === "at every write") afterEachWrite(t, b, bump);
    else {
      const dump = running.dump.bind(running);
      t.mock.method(running, "dump", () => {
        bump();
        return dump();
      });
    }
    const requests = requestLog(b);
    const program = { one: NEW_ROW, two: { tables: { ProxySet: { 7: { ProxyName: "PS_7" } } } } };
    const outcomes = await b.stack.up(program, { parallel: 1 });
    assert.deepEqual([outcomes["one"]?.reasons, outcomes["two"]?.reasons], [[], []]);
    // Only a device that counts at a write looks as if it had damaged the cell, once.
    assert.equal(countOf(requests(), PUT_INI), when === "at every read" ? 2 : 3);
    assert.equal(running.cell("ProxySet", 7, "ProxyName"), "PS_7");
  });
}

test("what cannot be put back is tried twice", async (t) => {
  const b = await bench(t, { ini: INI });
  afterEachWrite(t, b, () => b.simulator.running.setCell("ProxySet", 0, "ProxyName", "damaged"));
  const requests = requestLog(b);
  const { base } = await b.stack.up({ base: NEW_ROW });
  assert.match(base?.reasons.join() ?? "", /could not be put back: ProxySet 0$/);
  assert.equal(countOf(requests(), PUT_INI), 3);
});

/** From now on the device numbers the rows of the table from 0 on, in their order. */
function renumbering(t: TestContext, b: Bench, from = 0): void {
  const { running } = b.simulator;
  afterEachWrite(t, b, () => {
    const rows = running.indexes("ProxySet").map((index) => running.row("ProxySet", index) ?? {});
    running.clearTable("ProxySet");
    for (const [at, row] of rows.entries()) running.addRow("ProxySet", at + from, row);
  });
}

const namesOf = ({ simulator: { running } }: Bench) =>
  running.indexes("ProxySet").map((index) => running.cell("ProxySet", index, "ProxyName"));

test("a device that numbers rows by itself gets no copies, and an error says so", async (t) => {
  const b = await bench(t, { ini: INI });
  renumbering(t, b);
  const requests = requestLog(b);
  const { base } = await b.stack.up({ base: NEW_ROW });
  assert.match(
    base?.reasons.join() ?? "",
    /^the device gave rows other numbers: ProxySet 5 is ProxySet 1 now, ProxySet 6 is ProxySet 2 now\. /,
  );
  assert.deepEqual(namesOf(b), ["PS_theirs", "PS_gap", "PS_new"]);
  assert.equal(countOf(requests(), PUT_INI), 1);
});

test("a declared row that the device gave another number is not sent a second time", async (t) => {
  const b = await bench(t, { ini: INI.replace("ProxySet 5", "ProxySet 1") });
  renumbering(t, b);
  const { base } = await b.stack.up({ base: NEW_ROW });
  assert.match(base?.reasons.join() ?? "", /ProxySet 6 is ProxySet 2 now/);
  assert.deepEqual(namesOf(b), ["PS_theirs", "PS_gap", "PS_new"]);
});

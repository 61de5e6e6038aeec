import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { requestLog } from "../shared/simulated";
import { bench, countOf, type Declared, GET_INI, GET_STATUS, PUT_INI, SAVE } from "./ini/bench";

/** Firmware whose status does not tell whether something is unsaved. */
const SILENT = "7.00A.018.005";
/** Firmware whose status does tell. */
const TELLING = "7.40A.250.440";
const INCREMENTAL = "PUT /api/v1/files/ini/incremental";
const SAVING = "POST /api/v1/actions/saveConfiguration";
const SYSLOG = { parameters: { EnableSyslog: "1" } };
const SAVING_ONCE =
  /^\[sbc\d+\] already as declared, and this firmware does not tell .* this run saves it once$/;

const HOUR = 3_600_000;

function open(t: TestContext, firmware = SILENT) {
  return bench(t, { firmware });
}

for (const firmware of [SILENT, TELLING]) {
  for (const refresh of [false, true]) {
    test(`what a device applied after it was read back is saved by the next up (${firmware}, refresh ${refresh})`, async (t) => {
      const b = await open(t, firmware);
      b.simulator.faults.applyLate(HOUR, INCREMENTAL);
      const first = await b.stack.up({ base: SYSLOG });
      assert.match(first["base"]?.reasons.join() ?? "", /EnableSyslog/);
      b.simulator.running.setParameter("EnableSyslog", "1");
      assert.equal(b.simulator.flash.parameter("EnableSyslog"), undefined);
      const requests = requestLog(b);
      assert.deepEqual((await b.stack.up({ base: SYSLOG }, { refresh }))["base"], {
        op: "update",
        reasons: [],
      });
      const sent = requests();
      assert.deepEqual([countOf(sent, PUT_INI), countOf(sent, SAVE)], [0, 1]);
      assert.equal(b.simulator.flash.parameter("EnableSyslog"), "1");
      assert.deepEqual(await b.stack.preview({ base: SYSLOG }, { refresh: true }), { base: false });
    });
  }
}

test("a row that the device applied late, and the second upload brought, is saved", async (t) => {
  const b = await open(t);
  b.simulator.faults.applyLate(400, INCREMENTAL);
  const row = { tables: { ProxySet: { 3: { ProxyName: "PS" } } } };
  assert.deepEqual((await b.stack.up({ base: row }))["base"]?.reasons, []);
  assert.equal(b.simulator.flash.cell("ProxySet", 3, "ProxyName"), "PS");
});

test("a create whose process was killed before the save: what stands is saved, and that is said", async (t) => {
  const b = await open(t);
  b.simulator.running.setParameter("EnableSyslog", "1");
  const requests = requestLog(b);
  assert.deepEqual((await b.stack.up({ base: SYSLOG }))["base"]?.reasons, []);
  assert.deepEqual(requests(), [GET_STATUS, GET_INI, SAVE]);
  assert.ok(b.simulator.flash.equals(b.simulator.running));
  assert.equal(b.lines.filter((line) => SAVING_ONCE.test(line)).length, 1, b.lines.join("\n"));
});

for (const firmware of [SILENT, TELLING]) {
  for (const refresh of [false, true]) {
    test(`an update whose process was killed before the save is saved by the next up (${firmware}, refresh ${refresh})`, async (t) => {
      const b = await open(t, firmware);
      await b.stack.up({ base: { parameters: { SyslogServerIP: "10.0.0.1", EnableSyslog: "1" } } });
      const program = { base: { parameters: { SyslogServerIP: "10.0.0.2", EnableSyslog: "1" } } };
      b.simulator.running.setParameter("SyslogServerIP", "10.0.0.2");
      b.lines.length = 0;
      assert.deepEqual(await b.stack.preview(program, { refresh }), { base: true });
      assert.deepEqual((await b.stack.up(program, { refresh }))["base"], { op: "update", reasons: [] });
      assert.ok(b.simulator.flash.equals(b.simulator.running));
      const why = /base: the device holds this since the last run, perhaps unsaved: it will be saved$/;
      assert.equal(
        b.lines.some((line) => why.test(line)),
        refresh,
        b.lines.join("\n"),
      );
      assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
    });
  }
}

test("drift that was put back by hand is no change, and the values of before are a secret of the state", async (t) => {
  const b = await open(t, TELLING);
  const program = { base: { tables: { Account: { 0: { AccountName: "a", Password: "our-secret" } } } } };
  await b.stack.up(program);
  b.simulator.running.setCell("Account", 0, "AccountName", "theirs");
  await b.stack.refresh();
  assert.deepEqual(b.stack.state("base").__mediantCameSince, { "Account 0 AccountName": "a" });
  b.simulator.running.setCell("Account", 0, "AccountName", "a");
  await b.stack.refresh();
  assert.equal(b.stack.state("base").__mediantCameSince, undefined);
  assert.deepEqual(await b.stack.preview(program), { base: false });
});

for (const firmware of [SILENT, TELLING]) {
  test(`a run that was killed before it saved, after somebody had saved drift, is finished (${firmware})`, async (t) => {
    const b = await open(t, firmware);
    const program = { base: { parameters: { SyslogServerIP: "10.0.0.1" } } };
    await b.stack.up(program);
    b.simulator.running.setParameter("SyslogServerIP", "10.0.0.2");
    b.simulator.flash.assign(b.simulator.running);
    await b.stack.refresh();
    b.simulator.running.setParameter("SyslogServerIP", "10.0.0.1");
    assert.deepEqual((await b.stack.up(program, { refresh: true }))["base"], { op: "update", reasons: [] });
    assert.equal(b.simulator.flash.parameter("SyslogServerIP"), "10.0.0.1");
    assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
  });
}

for (const refused of [false, true]) {
  test(`with save: false nothing is saved, and later all of it is (${refused ? "after a failed up" : "after an up"})`, async (t) => {
    const b = await open(t);
    if (refused) b.simulator.faults.applyLate(HOUR, INCREMENTAL);
    await b.stack.up({ base: { ...SYSLOG, save: false } });
    b.simulator.running.setParameter("EnableSyslog", "1");
    await b.stack.up({ base: { ...SYSLOG, save: false } });
    assert.equal(b.simulator.flash.parameter("EnableSyslog"), undefined);
    assert.deepEqual(await b.stack.preview({ base: { ...SYSLOG, save: false } }, { refresh: true }), {
      base: false,
    });
    assert.deepEqual((await b.stack.up({ base: SYSLOG }))["base"], { op: "update", reasons: [] });
    assert.equal(b.simulator.flash.parameter("EnableSyslog"), "1");
  });
}

test("a mark of what is unsaved outlives an up that fails before it comes to the save", async (t) => {
  const b = await open(t);
  b.simulator.faults.fail(400, SAVING);
  await b.stack.up({ base: SYSLOG });
  b.simulator.faults.fail(400, "GET /api/v1/files/ini");
  await b.stack.up({ base: SYSLOG });
  assert.equal(b.stack.state("base").__mediantUnsaved, true);
  assert.deepEqual((await b.stack.up({ base: SYSLOG }, { refresh: true }))["base"]?.reasons, []);
  assert.equal(b.simulator.flash.parameter("EnableSyslog"), "1");
});

test("40 resources adopted on firmware that does not tell: one save in all, and one line", async (t) => {
  const b = await open(t);
  const program: Record<string, Declared> = {};
  for (let at = 1; at <= 40; at++) {
    b.simulator.running.addRow("ProxySet", at, { ProxyName: `PS_${at}` });
    program[`r${at}`] = { tables: { ProxySet: { [at]: { ProxyName: `PS_${at}` } } } };
  }
  const requests = requestLog(b);
  const outcomes = await b.stack.up(program);
  assert.ok(Object.values(outcomes).every(({ reasons }) => reasons.length === 0));
  const sent = requests();
  assert.deepEqual([countOf(sent, SAVE), countOf(sent, GET_STATUS), countOf(sent, PUT_INI)], [1, 1, 0]);
  assert.equal(b.lines.filter((line) => SAVING_ONCE.test(line)).length, 1);
  assert.ok(b.simulator.flash.equals(b.simulator.running));
  assert.ok(Object.values(await b.stack.up(program)).every(({ op }) => op === "same"));
  assert.deepEqual(requests(), []);
});

test("an adoption after a change of the same run needs no save of its own", async (t) => {
  const b = await open(t);
  b.simulator.running.setParameter("EnableSyslog", "1");
  const program = { change: { parameters: { SyslogServerIP: "10.0.0.1" } }, adoption: SYSLOG };
  const requests = requestLog(b);
  await b.stack.up(program, { parallel: 1 });
  assert.equal(countOf(requests(), SAVE), 1);
  assert.ok(b.simulator.flash.equals(b.simulator.running));
});

test("ten resources that a silent device holds already are saved once, and that is said once", async (t) => {
  const b = await open(t);
  const names = Array.from({ length: 10 }, (_, at) => `r${at}`);
  b.simulator.running.setParameter("EnableSyslog", "1");
  const declared = Object.fromEntries(names.map((name) => [name, SYSLOG]));
  const outcomes = await b.stack.up(declared);
  assert.deepEqual(
    Object.values(outcomes).flatMap(({ reasons }) => reasons),
    [],
  );
  assert.equal(b.lines.filter((line) => SAVING_ONCE.test(line)).length, 1, b.lines.join("\n"));
});

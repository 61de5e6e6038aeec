import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bench, bench, GET, SAVE, STATUS } from "./bench";

const SILENT = { firmware: "7.00A.018.005" };
const INCREMENTAL = "PUT /api/v1/files/cliScript/incremental";
const HOUR = 3_600_000;

const script = (seconds: number) =>
  `configure voip\n proxy-set 3\n  proxy-name "PS"\n  proxy-keep-alive-time ${seconds}\n  activate\n exit\nexit\n`;

/** As if the device had run the script, and not saved. */
function ran({ simulator }: Pick<Bench, "simulator">, seconds: number): void {
  simulator.running.addRow("ProxySet", 3, { ProxyName: "PS", ProxyKeepAliveTime: String(seconds) });
}

const inFlash = ({ simulator }: Pick<Bench, "simulator">) =>
  simulator.flash.cell("ProxySet", 3, "ProxyKeepAliveTime");

for (const options of [SILENT, {}]) {
  for (const refresh of [false, true]) {
    test(`a script that the device ran late is saved by the next up (${JSON.stringify(options)}, refresh ${refresh})`, async (t) => {
      const b = await bench(t, options);
      b.simulator.faults.applyLate(HOUR, INCREMENTAL);
      await b.failing(b.up({ script: script(71) }));
      assert.equal(b.state().__mediantUnsaved, true);
      ran(b, 71);
      assert.equal(inFlash(b), undefined);
      b.restart();
      if (refresh) await b.refresh();
      b.requests();
      await b.up({ script: script(71) });
      assert.deepEqual(b.requests(), [GET, SAVE]);
      assert.equal(inFlash(b), "71");
      assert.equal(b.preview({ script: script(71) }), false);
    });
  }
}

test("a script whose process was killed before the save is adopted, saved, and that is said once", async (t) => {
  const b = await bench(t, SILENT);
  ran(b, 71);
  await b.up({ script: script(71) });
  assert.deepEqual(b.requests(), [GET, STATUS, SAVE]);
  assert.equal(b.lines.filter((line) => /does not tell .* this run saves it once$/.test(line)).length, 1);
  assert.ok(b.simulator.flash.equals(b.simulator.running));
});

for (const refresh of [false, true]) {
  test(`an update of a script that was killed before the save is saved by the next up (refresh ${refresh})`, async (t) => {
    const b = await bench(t);
    await b.up({ script: script(71) });
    ran(b, 72);
    b.restart();
    if (refresh) await b.refresh();
    assert.equal(b.preview({ script: script(72) }), true);
    await b.up({ script: script(72) });
    assert.equal(inFlash(b), "72");
    b.restart();
    await b.refresh();
    assert.equal(b.preview({ script: script(72) }), false);
  });
}

test("a line that was changed and put back by hand is no change", async (t) => {
  const b = await bench(t);
  await b.up({ script: script(71) });
  ran(b, 72);
  await b.refresh();
  ran(b, 71);
  await b.refresh();
  assert.equal(b.preview({ script: script(71) }), false);
});

for (const options of [SILENT, {}]) {
  test(`a script that was killed before it saved, after somebody had saved drift, is finished (${JSON.stringify(options)})`, async (t) => {
    const b = await bench(t, options);
    await b.up({ script: script(71) });
    ran(b, 72);
    b.simulator.flash.assign(b.simulator.running);
    await b.refresh();
    ran(b, 71);
    await b.refresh();
    assert.equal(b.preview({ script: script(71) }), true);
    await b.up({ script: script(71) });
    assert.equal(inFlash(b), "71");
    await b.refresh();
    assert.equal(b.preview({ script: script(71) }), false);
  });
}

test("with save: false nothing is saved, and later all of it is", async (t) => {
  const b = await bench(t, SILENT);
  await b.up({ script: script(71), save: false });
  assert.equal(inFlash(b), undefined);
  assert.equal(b.preview({ script: script(71), save: false }), false);
  await b.up({ script: script(71) });
  assert.equal(inFlash(b), "71");
});

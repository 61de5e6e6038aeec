import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScriptFault } from "../../../src/simulator";
import { type Bench, bench, byHand, fullBench, PUT, PUT_WHOLE, SAVE } from "./bench";

/*
 * A device that answers 200 and does not do what the script says. Judged by the device's own store and by what was
 * sent; a script counts as done only if the device shows it.
 */

const ROW = 'configure voip\n  proxy-set 3\n    proxy-name "PS_Trunk"\n    activate\n  exit\nexit\n';
const FIELD = "configure voip\n  proxy-set 3\n    proxy-keep-alive-time 77\n    activate\n  exit\nexit\n";
const KEEP_ALIVE = ["ProxySet", "3", "ProxyKeepAliveTime"] as const;
const LINE = "configure voip / proxy-set 3 / proxy-keep-alive-time";

/** The list that an error prints, as a person pastes it. */
function pasted(why: string): string[] {
  const list = /atDefault: (\[.*?\])/.exec(why)?.[1];
  assert.ok(list, why);
  return JSON.parse(list);
}

const NOT_RUN: [string, ScriptFault][] = [
  ["nothing of it", { lines: 0 }],
  ["nothing, and says success and no more", { lines: 0, bare: true }],
  ["nothing, and says Done", { lines: 0, output: "Done" }],
  ["its beginning", { lines: 2 }],
];
for (const [what, fault] of NOT_RUN) {
  for (const script of [ROW, FIELD]) {
    test(`a device that runs ${what} is an error, unsaved, until it obeys (${script === ROW ? "a row" : "a field"})`, async (t) => {
      const b = await bench(t);
      if (script === FIELD) await byHand(b, ROW);
      b.simulator.faults.scriptOutcome(fault, 2);
      for (let run = 0; run < 2; run++) {
        const why = await b.failing(b.up({ script }));
        assert.match(why, script === ROW ? /proxy-set 3: the device does not show the row/ : /atDefault: \[/);
      }
      assert.ok(!b.requests().includes(SAVE));
      await b.up({ script });
      const { flash } = b.simulator;
      if (script === ROW) assert.equal(flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
      else assert.equal(flash.cell(...KEEP_ALIVE), "77");
      await b.refresh();
      assert.equal(b.preview({ script }), false);
    });
  }
}

test("success and no more is enough where the device shows all of it", async (t) => {
  const b = await bench(t);
  b.simulator.faults.scriptOutcome({ bare: true });
  await b.up({ script: ROW });
  assert.equal(b.simulator.flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
});

test("words of refusal beside a status of success are an error that names the line", async (t) => {
  const b = await bench(t);
  b.simulator.faults.scriptOutcome({ output: 'Done. Invalid value: proxy-name "PS_Trunk". Done' });
  const why = await b.failing(b.up({ script: ROW }));
  assert.match(why, /refused script line 3 \(configure voip \/ proxy-set 3 \/ proxy-name\)/);
});

test("one field that is ignored is named, in a new row and in an old one", async (t) => {
  for (const old of [false, true]) {
    const b = await bench(t);
    if (old) await byHand(b, ROW);
    b.simulator.faults.noEffectFor("ProxySet.ProxyKeepAliveTime");
    const script = ROW.replace("    activate", "    proxy-keep-alive-time 77\n    activate");
    const why = await b.failing(b.up({ script }));
    assert.match(why, /does not show configure voip \/ proxy-set 3 \/ proxy-keep-alive-time 77: misspelt/);
    assert.ok(!why.includes("proxy-name"), why);
    assert.equal(b.preview({ script }), true);
    await b.refresh();
    assert.equal(b.preview({ script }), true);
  }
});

test("the list of an error can be pasted; the line holds while it is absent, and is drift when it appears", async (t) => {
  const b = await bench(t);
  const script = ROW.replace("    activate", "    proxy-keep-alive-time 60\n    activate");
  const atDefault = pasted(await b.failing(b.up({ script })));
  assert.deepEqual(atDefault, [`${LINE} 60`]);
  await b.up({ script, atDefault });
  assert.ok(b.requests().includes(SAVE));
  await b.refresh();
  assert.equal(b.preview({ script, atDefault }), false);
  await b.up({ script, atDefault });
  assert.ok(!b.requests().includes(PUT));
  b.simulator.running.setCell(...KEEP_ALIVE, "99");
  b.lines.length = 0;
  await b.refresh();
  assert.ok(
    b.lines.some((line) => line.endsWith(`drift: ${LINE}: "60" => "99"`)),
    b.lines.join("\n"),
  );
  assert.equal(b.preview({ script, atDefault }), true);
  await b.up({ script, atDefault });
  assert.equal(b.simulator.running.cell(...KEEP_ALIVE), "60");
});

test("what is at its default by the line is not taken for another value of it", async (t) => {
  const b = await bench(t);
  await byHand(b, ROW);
  const atDefault = [`${LINE} 60`];
  b.simulator.faults.noEffectFor("ProxySet.ProxyKeepAliveTime");
  assert.match(await b.failing(b.up({ script: FIELD, atDefault })), /does not show .* 77/);
  await b.up({ script: FIELD, atDefault: [LINE] });
});

test("a line that was shown with another value and is not shown any more is at its default", async (t) => {
  const b = await bench(t);
  await byHand(b, ROW);
  await b.up({ script: FIELD });
  const script = FIELD.replace("77", "60");
  await b.up({ script });
  assert.ok(b.lines.some((line) => line.endsWith(`at its default now, so not shown by the device: ${LINE}`)));
  await b.refresh();
  assert.equal(b.preview({ script }), false);
});

test("a no of something that the device never showed is unconfirmed, but for rows and for known names", async (t) => {
  const b = await bench(t);
  await byHand(b, ROW);
  await b.up({ script: "configure voip\n no proxy-set 9\n" });
  const script = FIELD.replace("proxy-keep-alive-time 77", "no proxy-keep-alive-time");
  const why = await b.failing(b.up({ script }));
  assert.deepEqual(pasted(why), [LINE.replace("proxy-keep", "no proxy-keep")]);
  b.simulator.running.setCell(...KEEP_ALIVE, "77");
  await b.up({ script });
  assert.equal(b.simulator.flash.cell(...KEEP_ALIVE), "60");
  await b.refresh();
  assert.equal(b.preview({ script }), false);
});

const USER =
  "configure system\n user Bob\n  password {{pw}}\n  privilege sec-admin\n  activate\n exit\nexit\n";
const withPassword = (pw: string) => ({ script: USER, variables: { pw }, __mediantSecrets: ["pw"] });

test("a password that the device ignores is an error as long as it shows the old one", async (t) => {
  const b = await bench(t);
  await b.up(withPassword("First-password-1"));
  b.simulator.faults.noEffectFor("WebUsers.Password");
  for (const pw of ["Second-password-2", "Second-password-2", "Third-password-3"]) {
    const why = await b.failing(b.up(withPassword(pw)));
    assert.match(why, /user Bob \/ password: not taken by the device/);
    assert.ok(!why.includes(pw) && !why.includes("$1$"), why);
    b.restart();
  }
  await b.up(withPassword("First-password-1"));
  assert.equal(b.preview(withPassword("First-password-1")), false);
  b.simulator.faults.clear();
  await b.up(withPassword("Second-password-2"));
  assert.equal(b.preview(withPassword("Second-password-2")), false);
});

test("a password that was changed by hand and cannot be put back is an error", async (t) => {
  const b = await bench(t);
  await b.up(withPassword("First-password-1"));
  await byHand(b, "configure system\nuser Bob\npassword By-hand-password-4\nactivate\n");
  await b.refresh();
  b.simulator.faults.noEffectFor("WebUsers.Password");
  assert.match(await b.failing(b.up(withPassword("First-password-1"))), /password: not taken/);
});

test("a change of case alone that the device ignores is not taken", async (t) => {
  const b = await bench(t);
  await b.up({ script: ROW });
  b.simulator.faults.noEffectFor("ProxySet.ProxyName");
  for (const name of ["ps_trunk", "ps_trunk", "PS_trunk"])
    assert.match(
      await b.failing(b.up({ script: ROW.replace("PS_Trunk", name) })),
      /proxy-name: the device kept "PS_Trunk"/,
    );
  await b.up({ script: ROW });
  b.simulator.faults.clear();
  await b.up({ script: ROW.replace("PS_Trunk", "ps_trunk") });
  assert.equal(b.simulator.flash.cell("ProxySet", "3", "ProxyName"), "ps_trunk");
});

const PATHS: [string, (b: Bench) => Promise<void>][] = [
  ["on adoption, as after a lost state", async () => {}],
  [
    "when what was declared changes in form only",
    async (b) => {
      await b.up({ script: FIELD });
    },
  ],
  [
    "after a run that broke off before the read-back",
    async (b) => {
      b.simulator.faults.fail(404, "GET /api/v1/files/cliScript");
      b.simulator.faults.loseAnswer("PUT /api/v1/files/cliScript/incremental", { applied: true });
      await b.failing(b.up({ script: FIELD.replace("77", "078") }));
    },
  ],
];
for (const [what, before] of PATHS) {
  test(`a form of the device's own that it holds already is learnt (${what})`, async (t) => {
    const b = await bench(t);
    await byHand(b, FIELD);
    await before(b);
    // A device that writes 077 as 77.
    b.simulator.faults.noEffectFor("ProxySet.ProxyKeepAliveTime");
    const script = FIELD.replace("77", "077");
    await b.up({ script });
    assert.ok(b.lines.some((line) => line.endsWith(`${LINE}: the device shows "77" for what is declared`)));
    await b.refresh();
    assert.equal(b.preview({ script }), false);
  });
}

const WHOLE = `configure system\n  ntp\n    primary-server 192.0.2.9\n  exit\nexit\n${ROW}`;
/** It leaves out the users and the interface. */
const whole = (script = WHOLE) => ({ script, allowLossOfAccess: true });

test("a whole script that is not loaded is an error, and resets the device once and not at each up", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.3 });
  b.simulator.faults.scriptOutcome({ lines: 0 });
  const loads = () => b.requests().filter((request) => request === PUT_WHOLE).length;
  const why = await b.failing(b.up(whole()));
  assert.match(why, /proxy-set 3: the device does not show the row/);
  assert.match(why, /primary-server 192\.0\.2\.9: misspelt/);
  assert.equal(loads(), 1);
  for (const refreshed of [false, true]) {
    if (refreshed) await b.refresh();
    assert.equal(b.preview(whole()), true);
    assert.match(await b.failing(b.up(whole())), /was not loaded again/);
    b.restart();
  }
  assert.equal(loads(), 0);
  const script = WHOLE.replace("192.0.2.9", "192.0.2.10");
  await b.up(whole(script));
  assert.equal(loads(), 1);
  assert.equal(b.simulator.flash.parameter("NTPServerIP"), "192.0.2.10");
  await b.refresh();
  assert.equal(b.preview(whole(script)), false);
});

test("another whole script is loaded, also one that differs only in what was not brought before", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.3 });
  const loads = () => b.requests().filter((request) => request === PUT_WHOLE).length;
  b.simulator.faults.noEffectFor("ProxySet.ProxyKeepAliveTime");
  const first = WHOLE.replace("    activate", "    proxy-keep-alive-time 77\n    activate");
  b.simulator.faults.scriptOutcome({ lines: 5 });
  assert.match(await b.failing(b.up(whole(first))), /proxy-set 3: the device does not show the row/);
  assert.equal(loads(), 1);
  b.restart();
  assert.match(await b.failing(b.up(whole(first))), /was not loaded again/);
  assert.equal(loads(), 0);
  await b.up(whole(first.replace("    proxy-keep-alive-time 77\n", "")));
  assert.equal(loads(), 1);
  assert.equal(b.simulator.flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
});

test("a line that never came to the device and leaves the script is not told as one that was taken away", async (t) => {
  const b = await bench(t);
  await byHand(b, ROW);
  b.simulator.faults.noEffectFor("ProxySet.ProxyKeepAliveTime");
  const script = ROW.replace("    activate", "    proxy-keep-alive-time 77\n    activate");
  await b.failing(b.up({ script }));
  b.lines.length = 0;
  b.preview({ script });
  b.preview({ script: ROW });
  assert.deepEqual(
    b.lines.map((line) => line.replace(/^.*script: /, "")),
    [`${LINE}: (none) => "77"`, `${LINE}: no longer managed, and not on the device`],
  );
});

test("a row that never came is told as new", async (t) => {
  const b = await bench(t);
  b.simulator.faults.scriptOutcome({ lines: 0 });
  await b.failing(b.up({ script: ROW }));
  b.lines.length = 0;
  b.preview({ script: ROW });
  assert.match(b.lines[0] ?? "", /configure voip \/ proxy-set 3: \(none\) => "present"$/);
});

test("what a whole script leaves at its default is said with atDefault, without another reset", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.3 });
  const script = WHOLE.replace("    activate", "    proxy-keep-alive-time 60\n    activate");
  const loads = () => b.requests().filter((request) => request === PUT_WHOLE).length;
  const atDefault = pasted(await b.failing(b.up(whole(script))));
  assert.equal(loads(), 1);
  await b.up({ ...whole(script), atDefault });
  assert.equal(loads(), 0);
  await b.refresh();
  assert.equal(b.preview({ ...whole(script), atDefault }), false);
  await b.up({ ...whole(script), atDefault });
  assert.equal(loads(), 0);
});

test("a row that a whole script leaves out and that stays is an error, and is not loaded for again", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.3 });
  await b.up(whole());
  const script = WHOLE.slice(0, WHOLE.indexOf("configure voip"));
  const loads = () => b.requests().filter((request) => request === PUT_WHOLE).length;
  b.simulator.faults.scriptOutcome({ lines: 0 });
  loads();
  assert.match(
    await b.failing(b.up(whole(script))),
    /proxy-set 3: the script leaves it out, and the device still has it/,
  );
  assert.equal(loads(), 1);
  b.restart();
  assert.match(await b.failing(b.up(whole(script))), /was not loaded again/);
  assert.equal(loads(), 0);
  await byHand(b, "configure voip\nno proxy-set 3\n");
  await b.up(whole(script));
  assert.equal(loads(), 0);
  assert.equal(b.preview(whole(script)), false);
});

test("a whole script of which only the beginning is loaded is an error", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.3 });
  b.simulator.faults.scriptOutcome({ lines: 6 });
  assert.match(await b.failing(b.up(whole())), /proxy-set 3: the device does not show the row/);
});

test("one export that shows less resets no device", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.3 });
  await b.up(whole());
  b.requests();
  b.simulator.faults.spoil("GET /api/v1/files/cliScript", {
    body: (whole) => String(whole).replace(/^.*primary-server.*\r\n/m, ""),
  });
  b.restart();
  await b.up(whole(`# a note\n${WHOLE}`));
  assert.ok(!b.requests().includes(PUT_WHOLE));
});

test("what leaves a script is told as what stays, and what goes with its row as what goes", async (t) => {
  const b = await bench(t);
  await b.up({ script: `${ROW}configure voip\n no proxy-set 7\n` });
  await b.refresh();
  b.lines.length = 0;
  b.preview({ script: ROW.replace('    proxy-name "PS_Trunk"\n', "") });
  assert.deepEqual(
    b.lines.map((line) => line.replace(/^.*script: /, "")),
    [
      "configure voip / proxy-set 3 / proxy-name: no longer managed, stays on the device: a script takes nothing back by leaving it out",
      "configure voip / proxy-set 7: no longer taken away, no longer managed",
    ],
  );
  b.lines.length = 0;
  b.preview({ script: "configure voip\n no proxy-set 3\n no proxy-set 7\n" });
  assert.ok(
    b.lines.some((line) => line.endsWith('proxy-set 3 / proxy-name: "PS_Trunk" => (none)')),
    b.lines.join("\n"),
  );
  assert.ok(!b.lines.some((line) => line.includes("stays on the device")), b.lines.join("\n"));
});

test("a device that starts twice is judged after the second start", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.3 });
  const { simulator } = b;
  const isBack = () => {
    const put = simulator.requests.findLastIndex(({ method }) => method === "PUT");
    return put >= 0 && simulator.requests.slice(put).filter(({ status }) => status === 200).length > 1;
  };
  const watching = setInterval(() => {
    if (!isBack()) return;
    clearInterval(watching);
    // What it shows in between is not what was loaded.
    simulator.running.removeRow("ProxySet", "3");
    setTimeout(() => simulator.reset(), 300);
  }, 10);
  t.after(() => clearInterval(watching));
  await b.up(whole());
  assert.equal(simulator.running.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
  assert.ok(b.lines.some((line) => line.includes("restarts once more")));
});

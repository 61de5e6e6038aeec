import assert from "node:assert/strict";
import { test } from "node:test";
import { UNKNOWN } from "../../../src/declare/unknown";
import { cliScriptConfig } from "../../../src/reconcile/cli/cli-script-config";
import { fullCliScriptConfig } from "../../../src/reconcile/cli/full-cli-script-config";
import { ProviderProcess } from "../../../src/reconcile/life/provider-process";
import { newLife } from "../../shared/life";
import { bench, byHand, GET, PUT, SAVE, STATUS } from "./bench";

const TRUNK = `configure voip
  proxy-set 3
    proxy-name "PS_Trunk"   # the carrier
    proxy-keep-alive-time 77
    activate
  exit
exit
`.replace("   # the carrier", "");

test("a script is run, read back and saved; then the preview is empty and the next up sends nothing", async (t) => {
  const b = await bench(t);
  await b.up({ script: TRUNK });
  assert.equal(b.simulator.flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
  assert.deepEqual(
    b.requests().filter((request) => request !== STATUS),
    [GET, PUT, GET, SAVE],
  );
  assert.equal(b.state().script, TRUNK);
  await b.refresh();
  assert.equal(b.state().script, TRUNK);
  assert.equal(b.preview({ script: TRUNK }), false);
  b.requests();
  await b.up({ script: TRUNK });
  assert.deepEqual(b.requests(), []);
});

test("comments, indentation and a missing exit are no change", async (t) => {
  const b = await bench(t);
  await b.up({ script: TRUNK });
  const flat =
    'configure voip\r\n# note\r\nproxy-set 3\r\nproxy-name PS_Trunk\r\nPROXY-KEEP-ALIVE-TIME "77"\r\nactivate';
  assert.equal(b.preview({ script: flat }), false);
  assert.equal(b.preview({ script: TRUNK.replace("77", "78") }), true);
  assert.ok(
    b.lines.some((line) =>
      line.endsWith('script: configure voip / proxy-set 3 / proxy-keep-alive-time: "77" => "78"'),
    ),
    b.lines.join("\n"),
  );
});

test("what the device holds already is adopted: nothing is written, and saved only where that is needed", async (t) => {
  const b = await bench(t);
  await byHand(b, TRUNK);
  b.requests();
  await b.up({ script: TRUNK });
  assert.deepEqual(b.requests(), [GET, STATUS, SAVE]);
  assert.ok(b.simulator.flash.row("ProxySet", "3"));
});

test("a line changed and a row deleted on the device are seen as that line and that row, and healed", async (t) => {
  const b = await bench(t);
  const script = `${TRUNK}configure voip\n  proxy-set 4\n    proxy-name "B"\n    activate\n  exit\nexit\n`;
  await b.up({ script });
  await byHand(b, "configure voip\nproxy-set 3\nproxy-name Other\nactivate\nexit\nno proxy-set 4\n");
  await b.refresh();
  assert.equal(
    b.state().script,
    script.replace('"PS_Trunk"', '"Other"').replace(/proxy-set 4[\s\S]*?exit/, "no proxy-set 4"),
  );
  const drift = b.lines.filter((line) => line.includes("drift: "));
  assert.deepEqual(
    drift.map((line) => line.replace(/^.*drift: /, "")),
    [
      'configure voip / proxy-set 3 / proxy-name: "PS_Trunk" => "Other"',
      'configure voip / proxy-set 4: "present" => (none)',
    ],
  );
  assert.equal(b.preview({ script }), true);
  await b.up({ script });
  assert.equal(b.simulator.running.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
  assert.ok(b.simulator.running.row("ProxySet", "4"));
  await b.refresh();
  assert.equal(b.state().script, script);
  assert.equal(b.preview({ script }), false);
});

test("drift that is put right by hand is gone after the next refresh", async (t) => {
  const b = await bench(t);
  await b.up({ script: TRUNK });
  await byHand(b, "configure voip\nno proxy-set 3\n");
  await b.refresh();
  assert.match(b.state().script, /no proxy-set 3/);
  await byHand(b, TRUNK);
  await b.refresh();
  assert.equal(b.state().script, TRUNK);
});

test("a line at its default has to be said to be, and is no drift", async (t) => {
  const b = await bench(t);
  const script = TRUNK.replace("77", "60");
  assert.match(
    await b.failing(b.up({ script })),
    /atDefault: \["configure voip \/ proxy-set 3 \/ proxy-keep-alive-time 60"\]$/,
  );
  for (const atDefault of [["configure voip / proxy-set 3 / proxy-keep-alive-time"], ["*"]]) {
    await b.up({ script, atDefault });
    await b.refresh();
    assert.equal(b.preview({ script, atDefault }), false);
    await b.up({ script, atDefault, triggers: [atDefault] });
  }
});

test("no X holds while X is absent, and is drift when it comes back", async (t) => {
  const b = await bench(t);
  await byHand(b, TRUNK);
  const script = "configure voip\n no proxy-set 3\n";
  await b.up({ script });
  assert.equal(b.simulator.running.row("ProxySet", "3"), undefined);
  b.requests();
  await b.refresh();
  assert.equal(b.preview({ script }), false);
  await byHand(b, TRUNK);
  await b.refresh();
  assert.match(b.state().script, /proxy-set 3\n +proxy-name "?PS_Trunk/);
  assert.equal(b.preview({ script }), true);
  await b.up({ script });
  assert.equal(b.simulator.running.row("ProxySet", "3"), undefined);
});

test("queries run on each apply and print to output; a query alone changes and saves nothing", async (t) => {
  const b = await bench(t);
  const script = "show system uptime\n";
  await b.up({ script });
  assert.match(b.state().output, /^Uptime: /);
  assert.deepEqual(
    b.requests().filter((request) => request !== STATUS),
    [GET, PUT],
  );
  assert.equal(b.preview({ script }), false);
  await b.up({ script: `${TRUNK}show voip calls active\n` });
  assert.match(b.state().output, /Total Active Calls: 0/);
});

test("triggers run a script that holds already", async (t) => {
  const b = await bench(t);
  await b.up({ script: TRUNK, triggers: [1] });
  b.requests();
  await b.up({ script: TRUNK, triggers: [1] });
  assert.deepEqual(b.requests(), []);
  await b.up({ script: TRUNK, triggers: [2] });
  assert.ok(b.requests().includes(PUT));
});

for (const cliAnswer of ["manual", "description-output", "status", "text"] as const) {
  test(`a refused line is named, and what ran before it stays in the state (${cliAnswer})`, async (t) => {
    const b = await bench(t, { cliAnswer });
    const script = TRUNK.replace("    activate", "    proxy-colour blue\n    activate").replace(
      "configure voip",
      "configure system\n  ntp\n    primary-server 192.0.2.9\n  exit\nexit\nconfigure voip",
    );
    const why = await b.failing(b.up({ script }));
    assert.match(why, /script line 10 \(configure voip \/ proxy-set 3 \/ proxy-colour\)/);
    assert.equal(b.simulator.running.parameter("NTPServerIP"), "192.0.2.9");
    assert.match(b.state().script, /primary-server 192\.0\.2\.9/);
    assert.match(b.state().script, /no proxy-set 3/);
    const right = script.replace("    proxy-colour blue\n", "");
    await b.up({ script: right });
    assert.equal(b.simulator.flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
    assert.equal(b.simulator.flash.parameter("NTPServerIP"), "192.0.2.9");
    await b.refresh();
    assert.equal(b.preview({ script: right }), false);
  });
}

test("a value that the device does not take is an error that names the line", async (t) => {
  const b = await bench(t);
  await byHand(b, TRUNK);
  b.simulator.faults.noEffectFor("ProxySet.ProxyName");
  const script = TRUNK.replace("PS_Trunk", "Other");
  const why = await b.failing(b.up({ script }));
  assert.match(why, /^configure voip \/ proxy-set 3 \/ proxy-name: the device kept "PS_Trunk"/);
  assert.equal(b.state().script, TRUNK);
  b.simulator.faults.clear();
  await b.up({ script });
  assert.equal(b.simulator.running.cell("ProxySet", "3", "ProxyName"), "Other");
});

for (const applied of [true, false]) {
  test(`an answer that is lost ${applied ? "after" : "before"} the script ran is looked up before it is sent again`, async (t) => {
    const b = await bench(t);
    b.simulator.faults.loseAnswer("PUT /api/v1/files/cliScript/incremental", { applied });
    await b.up({ script: TRUNK });
    const puts = b.requests().filter((request) => request === PUT).length;
    assert.equal(puts, applied ? 1 : 2);
    assert.equal(b.simulator.flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
    await b.refresh();
    assert.equal(b.preview({ script: TRUNK }), false);
  });
}

test("a script that ran and could not be read back is in the state, unsaved, and finished by the next up", async (t) => {
  const b = await bench(t);
  const { running, faults } = b.simulator;
  const addRow = running.addRow.bind(running);
  t.mock.method(running, "addRow", (...args: Parameters<typeof addRow>) => {
    addRow(...args);
    faults.fail(404, "GET /api/v1/files/cliScript");
  });
  assert.match(await b.failing(b.up({ script: TRUNK })), /404/);
  assert.equal(b.state().__mediantUnsaved, true);
  assert.match(b.state().script, /no proxy-set 3/);
  t.mock.restoreAll();
  faults.clear();
  await b.up({ script: TRUNK });
  assert.equal(b.simulator.flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
  assert.equal(b.preview({ script: TRUNK }), false);
});

test("a save that failed is made up for by the next up", async (t) => {
  const b = await bench(t);
  b.simulator.faults.fail(400, "POST /api/v1/actions/saveConfiguration");
  await b.failing(b.up({ script: TRUNK }));
  assert.equal(b.state().__mediantUnsaved, true);
  await b.up({ script: TRUNK });
  assert.equal(b.simulator.flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
  assert.equal(b.preview({ script: TRUNK }), false);
});

test("delete runs deleteScript, or forgets with a warning", async (t) => {
  const b = await bench(t);
  await b.up({ script: TRUNK, deleteScript: "configure voip\n no proxy-set 3\n" });
  await b.remove();
  assert.equal(b.simulator.flash.row("ProxySet", "3"), undefined);
  await b.up({ script: TRUNK });
  await b.remove();
  assert.ok(b.simulator.flash.row("ProxySet", "3"));
  assert.ok(b.lines.some((line) => line.includes("warning: no longer managed")));
});

test("check refuses what cannot be sent, with the place, and sends nothing", async (t) => {
  const b = await bench(t);
  const reasons = (declared: Parameters<typeof b.inputs>[0]) =>
    newLife(cliScriptConfig)
      .check(b.inputs(declared))
      .failures.map(({ reason }) => reason)
      .join("\n");
  assert.match(
    reasons({ script: "copy firmware from http://x\n" }),
    /script: script line 1, column 1: `copy`/,
  );
  assert.match(reasons({ script: "proxy-set 3\n" }), /script line 1, column 1: this line stands outside/);
  assert.match(reasons({ script: "configure voip\n x {{y}}\n" }), /variables has no value for \{\{y\}\}/);
  assert.match(
    reasons({ script: "configure voip\n x {{y}}\n", variables: { y: "a\nno proxy-set 1" } }),
    /variables\.y has a line end/,
  );
  assert.match(
    reasons({ script: "configure voip\n x {{y}}\n", variables: { y: 'a"b' } }),
    /variables\.y has a quote/,
  );
  assert.match(
    reasons({ script: "", deleteScript: "reload now\n" }),
    /deleteScript: script line 1.*DeviceReset/,
  );
  assert.equal(reasons({ script: "configure voip\n x {{y}}\n", variables: { y: UNKNOWN } }), "");
  assert.deepEqual(b.requests(), []);
});

test("two scripts of one run that set one line differently are refused, and so is one beside a whole script", async (t) => {
  const b = await bench(t);
  const process = new ProviderProcess();
  const incremental = newLife(cliScriptConfig, process);
  const full = newLife(fullCliScriptConfig, process);
  const declare = (name: string, script: string, whole = false) => {
    const inputs = { ...b.inputs({ script }), __mediantName: name };
    const { failures } = whole ? full.check(inputs) : incremental.check(inputs);
    return failures.map(({ reason }) => reason).join("\n");
  };
  const name = (text: string) => `configure voip\n proxy-set 3\n  proxy-name ${text}\n`;
  assert.equal(declare("a", name("A")), "");
  assert.equal(declare("same", name("A")), "");
  assert.match(
    declare("b", name("B")),
    /proxy-set 3 \/ proxy-name is declared with another value by CliScriptConfig a/,
  );
  declare("b", name("A"));
  assert.equal(declare("whole", name("A"), true), "");
  assert.match(
    declare("part", "configure voip\n proxy-set 4\n  proxy-name C\n"),
    /FullCliScriptConfig whole declares the whole configuration/,
  );
});

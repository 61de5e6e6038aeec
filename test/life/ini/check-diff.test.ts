import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { UNKNOWN } from "../../../src/declare/unknown";
import type {
  IncrementalIniInputs,
  IncrementalIniState,
} from "../../../src/reconcile/ini/incremental-ini-config";
import { newProcess } from "./stack";

const DEVICE = { name: "sbc1", url: "https://sbc1.example.com", username: "u", password: "p" };

function inputs(more: Partial<IncrementalIniInputs> = {}): IncrementalIniInputs {
  return { device: DEVICE, __mediantName: "base", ...more };
}

function state(more: Partial<IncrementalIniInputs> = {}): IncrementalIniState {
  return { ...inputs(more), __mediantSchema: 1, previous: {}, __mediantForms: {} };
}

/** Puts the unknown sentinel where the types of known values do not let it. */
const unknown = <T>(): T => UNKNOWN as T;

function captured(t: TestContext): string[] {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  return lines;
}

const TABLES = { ProxySet: { 3: { ProxyName: "PS_T", ProxyKeepAliveTime: "60" } } };

test("the unknown sentinel passes check in every place, and is a change in diff", (t) => {
  captured(t);
  const places: [string, Partial<IncrementalIniInputs>][] = [
    ["all parameters", { parameters: unknown() }],
    ["a parameter", { parameters: { EnableSyslog: UNKNOWN } }],
    ["an element of a list", { parameters: { Languages: ["en-US", UNKNOWN] } }],
    ["all tables", { tables: unknown() }],
    ["a table", { tables: { ProxySet: unknown() } }],
    ["a row", { tables: { ProxySet: { 3: unknown() } } }],
    ["a cell", { tables: { ProxySet: { 3: { ProxyName: UNKNOWN } } } }],
    ["secretNames", { secretNames: unknown() }],
    ["an element of secretNames", { secretNames: [UNKNOWN] }],
    ["atDefault", { atDefault: unknown() }],
    ["ownTables", { ownTables: unknown() }],
    ["an element of ownTables", { ownTables: [UNKNOWN] }],
    ["onRelease", { onRelease: unknown() }],
    ["save", { save: unknown() }],
    ["allowLossOfAccess", { allowLossOfAccess: unknown() }],
    ["order", { __mediantOrder: unknown() }],
    ["the device", { device: unknown() }],
    ["its name", { device: { ...DEVICE, name: UNKNOWN } }],
    ["its url", { device: { ...DEVICE, url: UNKNOWN } }],
    ["its password", { device: { ...DEVICE, password: UNKNOWN } }],
    ["its tls", { device: { ...DEVICE, tls: unknown() } }],
    ["its timeouts", { device: { ...DEVICE, timeouts: { requestSeconds: unknown() } } }],
  ];
  for (const [place, more] of places) {
    const life = newProcess();
    const checked = life.check(inputs(more));
    assert.deepEqual(checked.failures, [], place);
    assert.deepEqual(checked.inputs, inputs(more), `${place} comes through untouched`);
    if (place === "order") continue;
    // Also where the state has nothing in that place.
    assert.equal(life.diff("id", state(), inputs(more)).changes, true, `${place}, nothing before`);
    const before = state({ tables: TABLES, parameters: { EnableSyslog: "1" } });
    const after = inputs({ tables: TABLES, parameters: { EnableSyslog: "1" }, ...more });
    assert.equal(life.diff("id", before, after).changes, true, `${place}, something before`);
  }
});

test("what is not known yet is not told as removed", (t) => {
  const before = state({ tables: TABLES, parameters: { EnableSyslog: "1" } });
  for (const more of [
    { parameters: unknown<IncrementalIniInputs["parameters"]>(), tables: TABLES },
    { parameters: { EnableSyslog: "1" }, tables: unknown<IncrementalIniInputs["tables"]>() },
    { parameters: { EnableSyslog: "1" }, tables: { proxyset: unknown<(typeof TABLES)["ProxySet"]>() } },
    { parameters: { EnableSyslog: "1" }, tables: { ProxySet: { 3: unknown<Record<string, string>>() } } },
  ]) {
    const lines = captured(t);
    newProcess().diff("id", before, inputs(more));
    assert.deepEqual(lines, []);
    t.mock.restoreAll();
  }
  const lines = captured(t);
  newProcess().diff("id", before, inputs({ parameters: { EnableSyslog: UNKNOWN }, tables: TABLES }));
  assert.deepEqual(lines, ['[sbc1] base: EnableSyslog: "1" => (known after apply)']);
});

test("an unknown device name is no replacement, another name is", () => {
  const life = newProcess();
  const named = (name: string) => life.diff("id", state(), inputs({ device: { ...DEVICE, name } }));
  assert.deepEqual(named(UNKNOWN), { changes: true, replaces: [], deleteBeforeReplace: true });
  assert.deepEqual(named("sbc2"), { changes: true, replaces: ["device"], deleteBeforeReplace: true });
  assert.deepEqual(named("sbc1"), { changes: false, replaces: [], deleteBeforeReplace: true });
});

test("devices that are not known yet contradict nobody", () => {
  const life = newProcess();
  for (const device of [
    { ...DEVICE, url: UNKNOWN },
    { profile: UNKNOWN },
    unknown<IncrementalIniInputs["device"]>(),
  ]) {
    assert.deepEqual(
      life.check(inputs({ device, __mediantName: "a", parameters: { A: "1" }, save: false })).failures,
      [],
    );
    assert.deepEqual(life.check(inputs({ device, __mediantName: "b", parameters: { A: "2" } })).failures, []);
  }
});

test("diff compares by meaning: case of names, order of keys, the thunk and our own properties aside", (t) => {
  const lines = captured(t);
  const before = {
    ...state({
      parameters: { EnableSyslog: "1", SyslogServerPort: "99" },
      tables: TABLES,
      __provider: "old",
    }),
  };
  const after = inputs({
    parameters: { syslogserverport: "99", ENABLESYSLOG: "1" },
    tables: { PROXYSET: { 3: { proxykeepalivetime: "60", proxyname: "PS_T" } } },
    __provider: "new",
    __mediantOrder: ["ProxySet"],
  });
  assert.equal(newProcess().diff("id", before, after).changes, false);
  assert.deepEqual(lines, []);
});

test("00 and 0 are different dial strings", () => {
  const row = (prefix: string) => ({ tables: { PREFIX: { 0: { DestinationPrefix: prefix } } } });
  assert.equal(newProcess().diff("id", state(row("00")), inputs(row("0"))).changes, true);
});

test("a changed setting is a change", () => {
  const life = newProcess();
  const settings: Partial<IncrementalIniInputs>[] = [
    { atDefault: ["X"] },
    { ownTables: ["ProxySet"] },
    { onRelease: "restore" },
    { save: false },
    { secretNames: ["X"] },
    { allowLossOfAccess: true },
    { device: { ...DEVICE, password: "other" } },
  ];
  for (const more of settings)
    assert.equal(life.diff("id", state(), inputs(more)).changes, true, JSON.stringify(more));
});

test("check refuses what no device could be sent, and a malformed device, without a value in the reason", () => {
  const reasons = (more: Partial<IncrementalIniInputs>) => {
    const { failures } = newProcess().check(inputs(more));
    assert.ok(failures.length > 0);
    for (const { property } of failures)
      assert.equal(property, "", "no input's name: the engine prints its value");
    return failures.map(({ reason }) => reason).join("\n");
  };
  assert.match(reasons({ parameters: { Password: "canary'quote" } }), /Password must not contain '/);
  assert.match(
    reasons({ tables: { Account: { 0: { Password: 'canary"quote' } } } }),
    /Password must not contain "/,
  );
  assert.match(reasons({ parameters: { Password: "canary\nEnableSyslog = 1" } }), /line end/);
  assert.match(reasons({ parameters: { "No Name": "canary" } }), /name/);
  assert.match(reasons({ tables: { ProxySet: { first: { ProxyName: "canary" } } } }), /no index/);
  assert.match(reasons({ device: { ...DEVICE, url: "http://sbc1.example.com" } }), /allowHttp/);
  assert.match(reasons({ device: { username: "u" } }), /needs url, or a profile/);
  const all = reasons({
    parameters: { Password: "canary'quote" },
    tables: { Account: { 0: { Password: 'canary"' } } },
  });
  assert.doesNotMatch(all, /canary/);
});

test("two resources of a run that contradict each other are refused, with both names and no value", () => {
  const declare = (...both: Partial<IncrementalIniInputs>[]) => {
    const life = newProcess();
    const reasons = both.map((more, at) =>
      life.check(inputs({ __mediantName: `r${at}`, ...more })).failures.map(({ reason }) => reason),
    );
    assert.deepEqual(reasons[0], []);
    return reasons[1];
  };
  const cell = (value: string) => ({ tables: { Account: { 0: { Password: value } } } });
  assert.deepEqual(declare(cell("canary-a"), cell("canary-b")), [
    "Account 0 Password is declared with another value by IncrementalIniConfig r0",
  ]);
  assert.deepEqual(declare({ parameters: { A: "1" } }, { parameters: { a: "2" } }), [
    "a is declared with another value by IncrementalIniConfig r0",
  ]);
  assert.deepEqual(declare(cell("same"), { tables: { account: { 0: { password: "same" } } } }), []);
  assert.deepEqual(declare({ ownTables: ["account"] }, cell("x")), [
    "table Account is owned by IncrementalIniConfig r0 (ownTables)",
  ]);
  assert.deepEqual(declare(cell("x"), { ownTables: ["Account"] }), [
    "table Account cannot be owned (ownTables): IncrementalIniConfig r0 declares rows in it",
  ]);
  assert.deepEqual(declare({ save: false }, {}), [
    "save is true here and false in IncrementalIniConfig r0: saving takes the whole device, so they must agree",
  ]);
  const other = { ...DEVICE, url: "https://sbc2.example.com", name: "sbc2" };
  assert.deepEqual(declare({ ...cell("a"), save: false }, { ...cell("b"), device: other }), []);
  assert.deepEqual(
    declare(cell("a"), { ...cell("b"), device: { ...DEVICE, url: "HTTPS://SBC1.example.com/" } })?.length,
    1,
  );
});

test("a resource that is checked again contradicts only what it says now", () => {
  const life = newProcess();
  life.check(inputs({ __mediantName: "a", parameters: { A: "1" } }));
  assert.deepEqual(life.check(inputs({ __mediantName: "a", parameters: { A: "2" } })).failures, []);
  assert.deepEqual(life.check(inputs({ __mediantName: "b", parameters: { A: "2" } })).failures, []);
});

test("one line a changed cell, added, changed and removed, and no other", (t) => {
  const lines = captured(t);
  const before = state({ parameters: { EnableSyslog: "1", Same: "x", Gone: "y" }, tables: TABLES });
  const after = inputs({
    parameters: { EnableSyslog: "0", Same: "x", Languages: ["en-US", "fr"] },
    tables: { ProxySet: { 3: { ProxyName: "PS_X", ProxyKeepAliveTime: "60" } } },
  });
  newProcess().diff("id", before, after);
  assert.deepEqual(lines.sort(), [
    '[sbc1] base: EnableSyslog: "1" => "0"',
    "[sbc1] base: Gone: no longer managed, stays on the device",
    '[sbc1] base: Languages: (none) => ["en-US","fr"]',
    '[sbc1] base: ProxySet 3 ProxyName: "PS_T" => "PS_X"',
  ]);
});

test("secrets are told without a value: listed ones, ones that were listed before, and obscured ones", (t) => {
  const lines = captured(t);
  const before = state({
    parameters: { WasSecret: "canary-1", Own: "canary-2", Plain: "$1$Y2FuYXJ5" },
    tables: { Account: { 0: { Password: "canary-3" } } },
    secretNames: ["WasSecret"],
  });
  const after = inputs({
    parameters: { WasSecret: "canary-4", Own: "canary-5", Plain: "canary-6" },
    tables: { Account: { 0: { Password: "canary-7" }, 1: { Password: "canary-8" } } },
    secretNames: ["Own"],
  });
  newProcess().diff("id", before, after);
  assert.equal(lines.length, 5);
  assert.doesNotMatch(lines.join(), /canary|\$1\$/);
  assert.ok(lines.includes("[sbc1] base: Account 0 Password: (secret) changed"));
  assert.ok(lines.includes("[sbc1] base: Account 1 Password: (secret) added"));
});

test("where secretNames is not known yet no value is told", (t) => {
  const lines = captured(t);
  for (const secretNames of [unknown<string[]>(), ["A", UNKNOWN]]) {
    newProcess().diff(
      "id",
      state({ parameters: { A: "canary" } }),
      inputs({ parameters: { A: "canary-2" }, secretNames }),
    );
  }
  assert.equal(lines.length, 2);
  assert.doesNotMatch(lines.join(), /canary/);
});

test("after fifty changes comes a count", (t) => {
  const lines = captured(t);
  const rows = (count: number) => ({
    tables: {
      ProxySet: Object.fromEntries(Array.from({ length: count }, (_, at) => [at, { ProxyName: `PS_${at}` }])),
    },
  });
  const life = newProcess();
  life.diff("a", state(), inputs(rows(50)));
  assert.equal(lines.length, 50);
  lines.length = 0;
  life.diff("b", state(), inputs(rows(53)));
  assert.equal(lines.length, 51);
  assert.match(lines.at(-1) ?? "", /… and 3 more changes$/);
});

test("one change is told once, however often diff is asked", (t) => {
  const lines = captured(t);
  const life = newProcess();
  for (let at = 0; at < 3; at++) life.diff("id", state(), inputs({ parameters: { A: "1" } }));
  assert.equal(lines.length, 1);
  life.diff("id", state(), inputs({ parameters: { A: "2" } }));
  life.diff("other", state(), inputs({ parameters: { A: "2" } }));
  assert.equal(lines.length, 3);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Configuration } from "../../src/ini/configuration";
import { NameMap } from "../../src/ini/names";
import { observe } from "../../src/ini/observe";
import { renderIni } from "../../src/ini/render";
import { secretTest } from "../../src/ini/secrets";
import type { DeviceForm, Fragment } from "../../src/reconcile/ini/fragment";
import { isEmptyPlan, planIni } from "../../src/reconcile/ini/plan/plan";
import type { PlanRules } from "../../src/reconcile/ini/plan/rules";
import { TableOverlay } from "../../src/reconcile/ini/plan/table-overlay";

const DUMP = observe(`
EnableSyslog = 1
[ ProxySet ]
FORMAT Index = ProxyName, ProxyKeepAliveTime;
ProxySet 0 = "PS_0", 60;
ProxySet 12 = "PS_12", 60;
[ \\ProxySet ]
[ IPGroup ]
FORMAT Index = Name, ProxySetName;
IPGroup 0 = "G0", "PS_0";
[ \\IPGroup ]
`);

const RULES: PlanRules = { incrementalTables: "whole", username: "Admin", encoding: "utf-8" };

function fragment(declared: Partial<Configuration>, more: Partial<Fragment> = {}): Fragment {
  return {
    label: "base",
    declared: { parameters: {}, tables: {}, ...declared },
    restored: new NameMap(),
    removedRows: new NameMap(),
    unsetParameters: [],
    ownTables: [],
    mayBeAtDefault: () => false,
    forms: new NameMap(),
    order: [],
    isSecret: secretTest(),
    allowLossOfAccess: false,
    ...more,
  };
}

const text = (fragments: Fragment[], rules: Partial<PlanRules> = {}): string[] =>
  renderIni(planIni(DUMP, fragments, { ...RULES, ...rules }).text)
    .split("\r\n")
    .filter((line) => line !== "");

test("what holds plans nothing", () => {
  const held = fragment({
    parameters: { enablesyslog: "1" },
    tables: { proxyset: { 12: { PROXYNAME: "PS_12" } } },
  });
  const plan = planIni(DUMP, [held], RULES);
  assert.ok(isEmptyPlan(plan));
  assert.deepEqual(renderIni(plan.text), "");
  assert.deepEqual([...plan.removed, ...plan.written, ...plan.refused, ...plan.notes], []);
  const parameter = fragment({ parameters: { EnableSyslog: "0" } });
  const table = fragment({ tables: { ProxySet: { 12: { ProxyName: "PS" } } } });
  for (const one of [parameter, table]) assert.ok(!isEmptyPlan(planIni(DUMP, [one], RULES)));
});

test("all fragments share one text: each table once and whole, rows by index", () => {
  const one = fragment({ tables: { ProxySet: { 5: { ProxyName: "PS_5" } } } });
  const two = fragment({
    parameters: { EnableSyslog: "0" },
    tables: { proxyset: { 12: { proxykeepalivetime: "90" } } },
  });
  assert.deepEqual(text([one, two]), [
    "EnableSyslog = 0",
    "[ ProxySet ]",
    "FORMAT Index = ProxyName, ProxyKeepAliveTime;",
    'ProxySet 0 = "PS_0", 60;',
    'ProxySet 5 = "PS_5", ;',
    'ProxySet 12 = "PS_12", 90;',
    "[ \\ProxySet ]",
  ]);
});

test("rows of one length stand by their numbers, in the device's own spelling of the table", () => {
  const tables = { PROXYSET: { 10: { ProxyName: "a" }, 11: { ProxyName: "b" }, 13: { ProxyName: "c" } } };
  const rows = text([fragment({ tables })]).filter((line) => !line.startsWith("FORMAT"));
  assert.deepEqual(
    rows.map((line) => line.split(" ", 2).join(" ")),
    ["[ ProxySet", "ProxySet 0", "ProxySet 10", "ProxySet 11", "ProxySet 12", "ProxySet 13", "[ \\ProxySet"],
  );
  const [plan] = planIni(DUMP, [fragment({ tables: { NewTable: { 0: { A: "1" } } } })], RULES).text.tables;
  assert.deepEqual(plan, { name: "NewTable", columns: ["A"], rows: [{ index: "0", cells: ["1"] }] });
});

test("in rows mode only the rows that differ go out", () => {
  const one = fragment({
    tables: { ProxySet: { 0: { ProxyName: "PS_0" }, 12: { ProxyKeepAliveTime: "90" } } },
  });
  assert.deepEqual(
    text([one], { incrementalTables: "rows" }).filter((line) => line.startsWith("ProxySet")),
    ['ProxySet 12 = "PS_12", 90;'],
  );
});

test("in rows mode no row goes by being left out", () => {
  const removing = fragment({}, { removedRows: new NameMap<true>([["ProxySet 12", true]]) });
  assert.deepEqual(text([removing], { incrementalTables: "rows" }), []);
});

test("a value that several declare goes out once, and not if the device shows it in a form that one of them knows", () => {
  const as = (device: string) => new NameMap<DeviceForm>([["EnableSyslog", { declared: "01", device }]]);
  const one = fragment({ parameters: { EnableSyslog: "01" } });
  assert.deepEqual(text([one, fragment({ parameters: { enablesyslog: "01" } })]), ["EnableSyslog = 01"]);
  assert.deepEqual(text([one, { ...one, forms: as("1") }]), []);
  assert.deepEqual(
    text([
      { ...one, forms: as("1") },
      { ...one, forms: as("2") },
    ]),
    [],
  );
});

test("tables go out in the text's order, else as a table's references need it", () => {
  const declared = { tables: { IPGroup: { 1: { Name: "G" } }, ProxySet: { 1: { ProxyName: "P" } } } };
  const names = (more: Partial<Fragment>) =>
    text([fragment(declared, more)]).filter((line) => /^\[ \w/.test(line));
  assert.deepEqual(names({}), ["[ ProxySet ]", "[ IPGroup ]"]);
  assert.deepEqual(names({ order: ["IPGroup", "ProxySet"] }), ["[ IPGroup ]", "[ ProxySet ]"]);
});

test("a fragment that contradicts another of its group is turned away whole, without a value", () => {
  const first = fragment({ tables: { ProxySet: { 0: { ProxyName: "PS_a" } } } });
  const second = fragment({
    parameters: { EnableSyslog: "0" },
    tables: { proxyset: { 0: { proxyname: "PS_b" } } },
  });
  const plan = planIni(DUMP, [first, second], RULES);
  assert.deepEqual(
    [...plan.refused.values()],
    [["proxyset 0 proxyname is declared with another value by another resource"]],
  );
  assert.deepEqual([...plan.written.keys()], ["ProxySet 0 ProxyName"]);
});

test("a third fragment must not contradict the first either, nor the second", () => {
  const first = fragment({ parameters: { EnableSyslog: "0" } });
  const second = fragment({ tables: { ProxySet: { 0: { ProxyName: "PS_a" } } } });
  for (const third of [
    fragment({ parameters: { enablesyslog: "2" } }),
    fragment({ tables: { proxyset: { 0: { proxyname: "PS_b" } } } }),
  ])
    assert.deepEqual([...planIni(DUMP, [first, second, third], RULES).refused.keys()], [third]);
});

test("what no ini can write is turned away in words, and a list stands for a parameter alone", () => {
  const quote = fragment({
    parameters: { EnableSyslog: "it's" },
    tables: { ProxySet: { 0: { ProxyName: '"' } } },
  });
  assert.deepEqual(
    [...planIni(DUMP, [quote], RULES).refused.values()],
    [
      [
        "EnableSyslog must not contain ': the device knows no escape for it",
        'ProxySet 0 ProxyName must not contain ": the device knows no escape for it',
      ],
    ],
  );
  const line = fragment({ tables: { ProxySet: { 0: { ProxyName: "a\nb" } } } });
  const [[reason = ""] = []] = [...planIni(DUMP, [line], RULES).refused.values()];
  assert.match(reason, /^ProxySet 0 ProxyName /);
  assert.doesNotMatch(reason, /a\nb/);
  assert.deepEqual(text([fragment({ parameters: { EnableSyslog: ["1", "2"] } })]), [
    "EnableSyslog = '1', '2'",
  ]);
});

test("what the encoding of the dump lacks is turned away, and only that", () => {
  const polish = fragment({ tables: { ProxySet: { 0: { ProxyName: "Łódź" } } } });
  const german = fragment({ tables: { ProxySet: { 12: { ProxyName: "Köln" } } } });
  const plan = planIni(DUMP, [polish, german], { ...RULES, encoding: "latin1" });
  assert.deepEqual(
    [...plan.refused],
    [
      [
        polish,
        [
          "ProxySet 0 ProxyName has a character that the encoding of the device's configuration (latin1) lacks",
        ],
      ],
    ],
  );
  assert.deepEqual([...plan.written.keys()], ["ProxySet 12 ProxyName"]);
  assert.equal(planIni(DUMP, [polish], RULES).refused.size, 0);
});

test("a row does not get another name while a table goes out that refers to the old one", () => {
  const referring = (table: string) =>
    `[ ${table} ]\nFORMAT Index = Name, ProxySetName;\n${table} 0 = "${table}", "PS_0";\n[ \\${table} ]\n`;
  const dump = observe(
    `[ ProxySet ]\nFORMAT Index = ProxyName;\nProxySet 0 = "PS_0";\n[ \\ProxySet ]\n` +
      referring("IPGroup") +
      referring("Account"),
  );
  const ProxySet = { 0: { ProxyName: "PS_new" } };
  const alone = planIni(dump, [fragment({ tables: { ProxySet } })], RULES);
  assert.equal(alone.refused.size, 0);
  assert.match(
    alone.notes.join(),
    /IPGroup 0 ProxySetName, Account 0 ProxySetName, not declared, refer to it/,
  );
  const beside = fragment({ tables: { ProxySet, IPGroup: { 0: { Name: "G" } } } });
  const [[problem = ""] = []] = planIni(dump, [beside], RULES).refused.values();
  assert.match(problem, /^ProxySet 0 is renamed from "PS_0" to "PS_new", but .*their table goes out as well/);
});

test("a row goes where its table comes without it, but not a row that another fragment declares or brings back", () => {
  const gone = new NameMap<true>([["ProxySet 12", true]]);
  const removing = fragment({}, { removedRows: gone });
  assert.deepEqual(
    text([removing]).filter((line) => line.startsWith("ProxySet")),
    ['ProxySet 0 = "PS_0", 60;'],
  );
  const declaring = fragment({ tables: { ProxySet: { 12: { ProxyName: "PS_12" } } } });
  assert.deepEqual(text([removing, declaring]), []);
  const restoring = fragment({}, { restored: new NameMap([["ProxySet 12 ProxyName", "PS_12"]]) });
  assert.deepEqual(text([removing, restoring]), []);
});

test("the rows that go are those that the device has: the removed ones, and those of an owned table", () => {
  const removedRows = new NameMap<true>([
    ["ProxySet 12", true],
    ["ProxySet 13", true],
    ["Nothing 0", true],
  ]);
  const removed = (more: Partial<Fragment>, declared: Partial<Configuration> = {}) =>
    [...planIni(DUMP, [fragment(declared, more)], RULES).removed.keys()].sort();
  assert.deepEqual(removed({ removedRows }), ["ProxySet 12"]);
  assert.deepEqual(removed({ ownTables: ["ProxySet", "Nothing"] }), ["ProxySet 0", "ProxySet 12"]);
  const declared = { tables: { proxyset: { 12: { ProxyName: "PS" } } } };
  assert.deepEqual(removed({ ownTables: ["ProxySet"], removedRows }, declared), ["ProxySet 0"]);
});

test("a default goes back only to a column that the device shows, any other value also to one that it does not", () => {
  const back = (address: string, value: string) =>
    text([fragment({}, { restored: new NameMap([[address, value]]) })]);
  assert.ok(back("ProxySet 12 ProxyName", "$$").includes("ProxySet 12 = $$, 60;"));
  assert.deepEqual(back("ProxySet 12 Hidden", "$$"), []);
  assert.ok(back("ProxySet 12 Hidden", "x").includes('ProxySet 12 = "PS_12", 60, "x";'));
  assert.deepEqual(back("SyslogServerIP", "10.0.0.1"), ["SyslogServerIP = 10.0.0.1"]);
});

test("a value that goes back gives way to a declared one", () => {
  const restoring = fragment({}, { restored: new NameMap([["EnableSyslog", "0"]]) });
  assert.deepEqual(text([restoring]), ["EnableSyslog = 0"]);
  assert.deepEqual(text([restoring, fragment({ parameters: { ENABLESYSLOG: "1" } })]), []);
});

test("a declaration of the row of our own user is refused by what the dump calls it, whatever it changes it to", () => {
  const users = observe(
    '[ WebUsers ]\nFORMAT Index = Username, Password;\nWebUsers 2 = "Admin", "x";\n[ \\WebUsers ]\n',
  );
  const rename = fragment({ tables: { webusers: { 2: { username: "root" } } } });
  assert.equal(planIni(users, [rename], RULES).refused.size, 1);
  assert.equal(planIni(users, [{ ...rename, allowLossOfAccess: true }], RULES).refused.size, 0);
  assert.equal(planIni(users, [rename], { ...RULES, username: "robot" }).refused.size, 0);
  const removing = fragment({}, { removedRows: new NameMap<true>([["WebUsers 2", true]]) });
  assert.deepEqual(
    [...planIni(users, [removing], RULES).refused.values()],
    [
      [
        "WebUsers 2 is the user that this connection logs in with: set allowLossOfAccess to change or remove it",
      ],
    ],
  );
  assert.equal(planIni(users, [removing], { ...RULES, username: "robot" }).refused.size, 0);
  // As it is, though the device shows the password in a form of its own.
  const same = fragment({ tables: { WebUsers: { 2: { Password: "secret" } } } });
  const forms = new NameMap<DeviceForm>([["WebUsers 2 Password", { declared: "secret", device: "x" }]]);
  assert.equal(planIni(users, [same], RULES).refused.size, 1);
  assert.equal(planIni(users, [{ ...same, forms }], RULES).refused.size, 0);
});

const BROKEN = observe(
  '[ ProxySet ]\nFORMAT Index = ProxyName;\nProxySet 0 = "PS_0";\nProxySet one = ;\n?\n[ \\ProxySet ]\n' +
    "[ Secrets ]\n; ** NOTE: Table Secrets contains hidden elements and will not be exposed **\n[ \\Secrets ]\n",
);

test("a table with lines that cannot be read is not sent back whole, and only that", () => {
  const changing = fragment({ tables: { ProxySet: { 0: { ProxyName: "PS" } } } });
  const removing = fragment({}, { removedRows: new NameMap<true>([["ProxySet 0", true]]) });
  for (const one of [changing, removing])
    assert.deepEqual(
      [...planIni(BROKEN, [one], RULES).refused.values()],
      [["table ProxySet cannot be sent back whole: line 4, 5 of the device's dump could not be read"]],
    );
  assert.equal(planIni(BROKEN, [changing], { ...RULES, incrementalTables: "rows" }).refused.size, 0);
  const held = fragment({ tables: { ProxySet: { 0: { ProxyName: "PS_0" } } } });
  const other = fragment({ tables: { IPGroup: { 0: { Name: "G" } } } });
  assert.equal(planIni(BROKEN, [held, other], RULES).refused.size, 0);
});

test("a table that the device withholds is neither declared nor owned nor laid over", () => {
  const hidden =
    "table secrets has hidden elements on the device and cannot be declared: an upload would lose them";
  for (const one of [
    fragment({ tables: { secrets: {} } }),
    fragment({}, { ownTables: ["secrets"] }),
    fragment({}, { restored: new NameMap([["secrets 0 Key", "x"]]) }),
  ])
    assert.deepEqual([...planIni(BROKEN, [one], RULES).refused.values()], [[hidden]]);
  const overlay = new TableOverlay(BROKEN, RULES);
  overlay.set("Secrets", "0", "Key", "x");
  assert.equal(overlay.table("Secrets"), undefined);
  assert.equal(overlay.table("Nothing"), undefined);
});

test("of rows a note tells only if they are new and not whole, each up to ten of them", () => {
  const notes = (rows: Record<string, Record<string, string>>) =>
    planIni(DUMP, [fragment({ tables: { ProxySet: rows } })], RULES).notes;
  assert.deepEqual(
    notes({ 0: { ProxyKeepAliveTime: "1" }, 1: { ProxyName: "PS_1", ProxyKeepAliveTime: "1" } }),
    [],
  );
  const fresh = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [20 + at, { More: "x" }]));
  const left = "(ProxyName, ProxyKeepAliveTime left to the device)";
  assert.deepEqual(notes(fresh(10)), [`ProxySet: new rows 20, 21, 22, 23, 24, 25, 26, 27, 28, 29 ${left}`]);
  assert.deepEqual(notes(fresh(11)), [`ProxySet: new rows 20 to 30, 11 in all ${left}`]);
});

test("new rows are told in one line a table, however many they are", () => {
  const rows = Object.fromEntries(
    Array.from({ length: 2000 }, (_, at) => [at + 20, { ProxyName: `PS_${at}` }]),
  );
  const few = { 1: { Name: "G1" }, 2: { Name: "G2" }, 3: { ProxySetName: "PS_0" } };
  const { notes } = planIni(DUMP, [fragment({ tables: { ProxySet: rows, IPGroup: few } })], RULES);
  assert.deepEqual(notes.sort(), [
    "IPGroup: new rows 1, 2 (ProxySetName left to the device); row 3 (Name left to the device)",
    "ProxySet: new rows 20 to 2019, 2000 in all (ProxyKeepAliveTime left to the device)",
  ]);
});

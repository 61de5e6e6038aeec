import assert from "node:assert/strict";
import { test } from "node:test";
import type { Configuration } from "../../src/ini/configuration";
import { NameMap } from "../../src/ini/names";
import { observe } from "../../src/ini/observe";
import { renderIni } from "../../src/ini/render";
import { secretTest } from "../../src/ini/secrets";
import type { Fragment } from "../../src/reconcile/ini/fragment";
import { isEmptyPlan, planIni } from "../../src/reconcile/ini/plan/plan";
import type { PlanRules } from "../../src/reconcile/ini/plan/rules";

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

test("in rows mode only the rows that differ go out", () => {
  const one = fragment({
    tables: { ProxySet: { 0: { ProxyName: "PS_0" }, 12: { ProxyKeepAliveTime: "90" } } },
  });
  assert.deepEqual(
    text([one], { incrementalTables: "rows" }).filter((line) => line.startsWith("ProxySet")),
    ['ProxySet 12 = "PS_12", 90;'],
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

test("a row goes where its table comes without it, but not a row that another fragment declares or brings back", () => {
  const gone = new NameMap<true>([["ProxySet 12", true]]);
  const removing = fragment({}, { removedRows: gone });
  assert.ok(!text([removing]).some((line) => line.startsWith("ProxySet 12")));
  const declaring = fragment({ tables: { ProxySet: { 12: { ProxyName: "PS_12" } } } });
  assert.deepEqual(text([removing, declaring]), []);
  const restoring = fragment({}, { restored: new NameMap([["ProxySet 12 ProxyName", "PS_12"]]) });
  assert.deepEqual(text([removing, restoring]), []);
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

import assert from "node:assert/strict";
import { test } from "node:test";
import { lineMatcher } from "../../src/cli/at-default";
import { canonicalScript } from "../../src/cli/canonical";
import { besideLines, hiddenLines, scriptChanges } from "../../src/cli/changes";
import { readDeclared } from "../../src/cli/declared";
import { lossOfCliAccess } from "../../src/cli/loss-of-access";
import { parseScript } from "../../src/cli/parse";
import { commandOfTable, rowsOfIni, rowsOfScript } from "../../src/cli/row-claims";

const script = (text: string) => canonicalScript(parseScript(text));
const TRUNK = 'configure voip\n proxy-set 3\n  proxy-name "Trunk"\n  activate\n exit\nexit\n';

test("what leads from one script to another is told a setting at a time", () => {
  const changes = scriptChanges(
    readDeclared(TRUNK),
    readDeclared(`${TRUNK.replace("Trunk", "Other")}configure voip\n no proxy-set 4\nexit\nshow version\n`),
  );
  assert.deepEqual(
    changes.map(({ address, before, after, stays }) => [address, before, after, stays]),
    [
      ["configure voip / proxy-set 3 / proxy-name", "Trunk", "Other", false],
      ["configure voip / proxy-set 4", undefined, "no", false],
      ["queries", undefined, "show version", false],
    ],
  );
  const left = scriptChanges(readDeclared(TRUNK), readDeclared("configure voip\nexit\n"));
  assert.ok(left.every(({ stays, after }) => stays && after === undefined));
  const taken = scriptChanges(readDeclared(TRUNK), readDeclared("configure voip\n no proxy-set 3\nexit\n"));
  assert.ok(taken.every(({ stays }) => !stays));
  const other = scriptChanges(readDeclared(TRUNK), readDeclared("configure voip\n no proxy-set 4\nexit\n"));
  assert.deepEqual(
    other.map(({ address, stays }) => [address, stays]),
    [
      ["configure voip / proxy-set 4", false],
      ["configure voip / proxy-set 3", true],
      ["configure voip / proxy-set 3 / proxy-name", true],
    ],
  );
});

test("a row is there or not, however often a script enters it; a field that is given twice has two values", () => {
  const changes = (before: string, after: string) =>
    scriptChanges(
      readDeclared(`configure voip\n${before}exit\n`),
      readDeclared(`configure voip\n${after}exit\n`),
    );
  const row = (index: number, name: string) => ` proxy-set ${index}\n  ${name} A\n exit\n`;
  assert.deepEqual(
    changes(
      row(1, "name") + row(2, "name") + row(1, "mode"),
      ` proxy-set 1\n  name A\n  mode A\n exit\n${row(2, "name")}`,
    ),
    [],
  );
  const told = changes(" x B\n", ` x A\n x A\n${row(1, "name")}`);
  assert.deepEqual(
    told.map(({ address, before, after }) => [address, before, after]),
    [
      ["configure voip / x", "B", ["A", "A"]],
      ["configure voip / proxy-set 1", undefined, "present"],
      ["configure voip / proxy-set 1 / name", undefined, "A"],
    ],
  );
});

test("a change is secret if either value is; of queries, what they ask and in which row", () => {
  const banner = (value: string, secretVariables: string[]) =>
    readDeclared("configure system\n banner {{a}}\nexit\n", { variables: { a: value }, secretVariables });
  for (const [before, after, secret] of [
    [["a"], [], true],
    [[], ["a"], true],
    [[], [], false],
  ] as const) {
    const changes = scriptChanges(banner("one", [...before]), banner("two", [...after]));
    assert.deepEqual(
      changes.map((change) => change.secret),
      [secret],
    );
  }
  const asking = readDeclared("configure network\n interface network-if 0\n  display\n exit\nexit\n");
  const [queries] = scriptChanges(readDeclared(""), asking).slice(-1);
  assert.deepEqual(queries, {
    address: "queries",
    before: undefined,
    after: "configure network / interface network-if 0 / display",
    secret: false,
    stays: false,
  });
});

test("what a device has beside a script is listed without its secrets", () => {
  const exported = script(
    `${TRUNK}configure system\n user "Admin"\n  password S3cret\n  activate\n exit\nexit\n`,
  );
  const declared = readDeclared(TRUNK);
  const beside = besideLines(exported, declared);
  assert.deepEqual(
    beside.map(({ name }) => name),
    ["configure", "user", "password"],
  );
  assert.deepEqual(
    hiddenLines(beside, declared).map(({ args }) => args),
    [["system"], ["Admin"], ["[secret, changed on the device]"]],
  );
});

test("atDefault names a line with or without its value, in any case and layout", () => {
  const line = script(TRUNK).lines.at(-1);
  assert.ok(line);
  for (const entry of [
    "*",
    "configure voip / proxy-set 3 / proxy-name",
    'Configure VoIP /  proxy-set 3 / set proxy-name "Trunk"',
  ])
    assert.equal(lineMatcher([entry])(line), true, entry);
  assert.equal(lineMatcher(["configure voip / proxy-set 4 / proxy-name"])(line), false);
  assert.equal(lineMatcher([])(line), false);
  assert.equal(lineMatcher(["configure voip / proxy-set 3"])(line), false);
});

test("a whole script that leaves out our interface or our user is refused", () => {
  const system = '\nconfigure system\n user "Admin"\n  privilege sec-admin\n  activate\n exit\nexit\n';
  const live = `configure network\n interface network-if 0\n  ip-address 192.0.2.1\n  prefix-length 24\n  activate\n exit\nexit${system}`;
  const access = { addresses: ["192.0.2.1"], username: "Admin" };
  const problems = (declared: string) => lossOfCliAccess(script(live), script(declared), access);
  assert.deepEqual(problems(live), []);
  assert.match(
    problems(live.replace("length 24", "length 25")).join(),
    /leaves out or changes its prefix-length/,
  );
  assert.match(problems(TRUNK).join("\n"), /how we reach the device[\s\S]*leaves out the users/);
  assert.match(problems(live.replace("192.0.2.1", "192.0.2.9")).join(), /changes its ip-address$/);
  assert.match(
    problems(live.replace("ip-address 192.0.2.1\n  prefix-length 24", "vlan 1")).join(),
    /its ip-address, prefix-length$/,
  );
  const typed = (type: string) => live.replace("  activate", `  application-type ${type}\n  activate`);
  assert.match(
    lossOfCliAccess(script(typed("oamp")), script(typed("media")), access).join(),
    /its application-type$/,
  );
  const more = live.replace("network\n", "network\n interface network-if 1\n  ip-address 192.0.2.7\n exit\n");
  assert.deepEqual(lossOfCliAccess(script(more), script(live), access), [], "another interface may go");
  const another = system.replace("exit\nexit", "exit\n user Other\n  privilege admin\n exit\nexit");
  assert.deepEqual(problems(live.replace(system, another)), []);
  assert.match(
    problems(live.replace('"Admin"', '"Other"')).join(),
    /leaves out the user that this connection/,
  );
});

test("a row meets itself in both languages, by the words of its fields", () => {
  const ini = rowsOfIni({
    tables: { ProxySet: { 3: { ProxyName: "Trunk" } }, NoSuchTable: { 0: { A: "1" } } },
  });
  const cli = rowsOfScript(script(TRUNK).lines);
  const keys = [...ini.keys()];
  assert.deepEqual(keys, ["configure voip proxy-set 3"]);
  const [mine, theirs] = [ini.get(keys[0] ?? ""), cli.get(keys[0] ?? "")];
  assert.deepEqual([mine?.address, mine?.removed], ["ProxySet 3", false]);
  assert.deepEqual(mine?.fields.get("name proxy"), { address: "ProxySet 3 ProxyName", value: "Trunk" });
  assert.deepEqual([...(mine?.fields.keys() ?? [])], [...(theirs?.fields.keys() ?? [])]);
  assert.equal(mine?.command, theirs?.command);
  assert.equal(commandOfTable("ProxySet"), mine?.command);
  assert.equal(commandOfTable("NoSuchTable"), undefined);
  const removed = rowsOfScript(script("configure voip\n no proxy-set 03\nexit\n").lines);
  assert.equal(removed.get("configure voip proxy-set 3")?.removed, true);
});

test("a script claims the rows in which it sets something and those that it takes away", () => {
  const claims = rowsOfScript(
    script(
      "configure voip\n proxy-set 03\n  proxy-name A\n  no proxy-mode\n  proxy-ip 0\n   proxy-address x\n  exit\n" +
        "  no proxy-ip 1\n exit\n sip-definition settings\n  ttl 5\n exit\n no ip-group 5\nexit\n",
    ).lines,
  );
  assert.deepEqual(
    [...claims].map(([key, { address, command, removed, fields }]) => [
      key,
      address,
      command,
      removed,
      [...fields],
    ]),
    [
      [
        "configure voip proxy-set 3",
        "configure voip / proxy-set 03",
        "configure voip proxy-set",
        false,
        [
          ["name proxy", { address: "configure voip / proxy-set 03 / proxy-name", value: "A" }],
          ["mode proxy", { address: "configure voip / proxy-set 03 / proxy-mode", value: "no" }],
        ],
      ],
      [
        "configure voip proxy-set 3 proxy-ip 0",
        "configure voip / proxy-set 03 / proxy-ip 0",
        "configure voip proxy-set proxy-ip",
        false,
        [
          [
            "address proxy",
            { address: "configure voip / proxy-set 03 / proxy-ip 0 / proxy-address", value: "x" },
          ],
        ],
      ],
      [
        "configure voip proxy-set 3 proxy-ip 1",
        "configure voip / proxy-set 03 / no proxy-ip 1",
        "configure voip proxy-set proxy-ip",
        true,
        [],
      ],
      [
        "configure voip sip-definition settings",
        "configure voip / sip-definition settings",
        "configure voip sip-definition settings",
        false,
        [["ttl", { address: "configure voip / sip-definition settings / ttl", value: "5" }]],
      ],
      ["configure voip ip-group 5", "configure voip / no ip-group 5", "configure voip ip-group", true, []],
    ],
  );
});

test("a row without fields is claimed, a sub-mode without settings is not", () => {
  const claims = rowsOfScript(
    script("configure voip\n proxy-set 9\n exit\n media settings\n exit\nexit\n").lines,
  );
  assert.deepEqual([...claims.keys()], ["configure voip proxy-set 9"]);
});

test("a row that is taken away has no fields any more, and is there again if it is entered again", () => {
  const row = " proxy-set 3\n  proxy-name A\n exit\n";
  const claim = (text: string) =>
    rowsOfScript(script(`configure voip\n${text}exit\n`).lines).get("configure voip proxy-set 3");
  const gone = claim(`${row} no proxy-set 3\n`);
  assert.deepEqual([gone?.removed, gone?.fields.size], [true, 0]);
  const back = claim(`${row} no proxy-set 3\n${row}`);
  assert.deepEqual([back?.removed, back?.fields.size], [false, 1]);
});

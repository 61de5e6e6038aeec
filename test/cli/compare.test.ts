import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { type CanonicalScript, type CliLine, headerText } from "../../src/cli/canonical";
import { type CliChange, compareScripts, lineKey, type ShownLines } from "../../src/cli/compare";
import { judgeScript, steadyLines } from "../../src/cli/judge";
import { replaceDrifted } from "../../src/cli/replace";
import { indentedScripts, linesOf, read, style, write } from "./scripts";

const declared = `configure voip
  # the carrier
  proxy-set 3
    proxy-name "PS_A"
    password plain
    retries 01
    timeout 30
    activate
  exit
  no proxy-set 7
exit
`;
const exported = (change: (text: string) => string = (text) => text) =>
  read(
    change(`## VoIP Configuration
configure voip
 proxy-set 3
  proxy-name "PS_A"
  password "$1$c2VjcmV0"
  retries 1
  colour red
  activate
 exit
 proxy-set 4
  proxy-name "by hand"
  activate
 exit
exit
`),
    { tolerant: true },
  );
const told = (changes: readonly CliChange[]) =>
  changes.map(({ address, before, after }) => `${address}: ${before} => ${after}`);

const shown = (): ShownLines =>
  judgeScript(read(declared), { before: undefined, after: exported() }, undefined, () => true).shown;

test("before the first apply everything that the device does not show is a change, nothing else", () => {
  const { changes } = compareScripts(read(declared), exported());
  assert.deepEqual(told(changes), [
    "configure voip / proxy-set 3 / password: $1$c2VjcmV0 => plain",
    "configure voip / proxy-set 3 / retries: 1 => 01",
    "configure voip / proxy-set 3 / timeout: undefined => 30",
  ]);
  assert.deepEqual(
    changes.map(({ secret }) => secret),
    [true, false, false],
  );
});

test("after an apply, the device's own forms hold, and what is at its default while it is not shown", () => {
  assert.deepEqual(compareScripts(read(declared), exported(), shown()).changes, []);
  const seen = exported((text) => text.replace("colour red", "timeout 31"));
  assert.deepEqual(told(compareScripts(read(declared), seen, shown()).changes), [
    "configure voip / proxy-set 3 / timeout: 31 => 30",
  ]);
});

const drifts: [string, (text: string) => string, string[], RegExp][] = [
  [
    "a value",
    (text) => text.replace("PS_A", "PS_B"),
    ["configure voip / proxy-set 3 / proxy-name: PS_B => PS_A"],
    /\n {4}proxy-name "PS_B"\n/,
  ],
  [
    "a secret",
    (text) => text.replace("c2VjcmV0", "b3RoZXIx"),
    ["configure voip / proxy-set 3 / password: $1$b3RoZXIx => plain"],
    /\n {4}password \$1\$b3RoZXIx\n/,
  ],
  [
    "a value that the device had rewritten",
    (text) => text.replace("retries 1", "retries 2"),
    ["configure voip / proxy-set 3 / retries: 2 => 01"],
    /\n {4}retries 2\n/,
  ],
  [
    "a line that is gone",
    (text) => text.replace('proxy-name "PS_A"', ""),
    ["configure voip / proxy-set 3 / proxy-name: undefined => PS_A"],
    /\n {4}no proxy-name\n/,
  ],
  [
    "a line that was never shown and is there with another value",
    (text) => text.replace("colour red", "timeout 31"),
    ["configure voip / proxy-set 3 / timeout: 31 => 30"],
    /\n {4}timeout 31\n/,
  ],
  [
    "a row that is gone",
    (text) => text.replace("proxy-set 3", "proxy-set 5"),
    ["configure voip / proxy-set 3: undefined => present"],
    /# the carrier\n {2}no proxy-set 3\n {2}no proxy-set 7\nexit\n$/,
  ],
  [
    "a row that came back",
    (text) => text.replace("proxy-set 4", "proxy-set 7"),
    ["configure voip / proxy-set 7: present => undefined"],
    /\n {2}proxy-set 7\n {3}proxy-name "by hand"\n {3}activate\n {2}exit\nexit\n$/,
  ],
];

for (const [what, change, expected, text] of drifts)
  test(`drift: ${what}`, () => {
    const now = exported(change);
    const { changes } = compareScripts(read(declared), now, shown());
    assert.deepEqual(told(changes), expected);
    const replaced = replaceDrifted(declared, changes);
    assert.match(replaced, text);
    assert.match(replaced, /# the carrier\n/);
    assert.deepEqual(compareScripts(read(replaced), now, shown()).changes, []);
  });

test("lists of one name compare by line; of a setting that is given twice the first value is unconfirmed", () => {
  const list = read("configure data\n access-list 1 permit ip any\n access-list 2 deny ip any\nexit\n");
  assert.deepEqual(told(compareScripts(list, list).changes), []);
  const fewer = read("configure data\n access-list 2 deny ip any\n access-list 3 permit ip any\nexit\n");
  assert.deepEqual(told(compareScripts(list, fewer).changes), [
    "configure data / access-list: undefined => 1 permit ip any",
  ]);
  const text = "configure data\n access-list 1 permit ip any\n access-list 2 deny ip any\nexit\n";
  const replaced = replaceDrifted(text, compareScripts(list, fewer).changes);
  assert.equal(replaced, text.replace("access-list 1", "no access-list 1"));
  const twice = read("configure system\n hostname a\n hostname b\nexit\n");
  const last = read("configure system\n hostname b\nexit\n");
  const { unconfirmed } = judgeScript(twice, { before: last, after: last });
  assert.deepEqual(told(unconfirmed), ["configure system / hostname: undefined => a"]);
});

test("what a later line takes back is not compared", () => {
  const script = read(
    "configure voip\n proxy-set 1\n  proxy-name A\n exit\n no proxy-set 1\n no ip-group 1\n ip-group 1\n  name B\n exit\nexit\n",
  );
  const none = read("configure voip\nexit\n");
  assert.deepEqual(told(compareScripts(script, none).changes), [
    "configure voip / ip-group 1: undefined => present",
  ]);
  const both = read("configure voip\n proxy-set 1\n exit\n ip-group 1\n  name B\n exit\nexit\n");
  assert.deepEqual(told(compareScripts(script, both).changes), [
    "configure voip / proxy-set 1: present => undefined",
  ]);
});

test("a row that is not there and a value that stayed are refused; a form of the device's own is not", () => {
  const script = read(
    "configure voip\n proxy-set 3\n  proxy-name B\n  retries 02\n  password x\n exit\n ip-group 1\n exit\nexit\n",
  );
  const before = read(
    'configure voip\n proxy-set 3\n  proxy-name A\n  retries 2\n  password "$1$eA=="\n exit\nexit\n',
  );
  const { shown: record, refused } = judgeScript(script, { before, after: before });
  assert.deepEqual(told(refused), [
    "configure voip / proxy-set 3 / proxy-name: A => B",
    "configure voip / ip-group 1: undefined => present",
  ]);
  assert.deepEqual(Object.values(record), ["retries 2", "password $1$eA=="]);
});

test("what was kept of earlier applies stays, but for lines that are no longer declared", () => {
  const all = () => true;
  const script = read("configure system\n a 01\n b 2\nexit\n");
  const device = read("configure system\n a 1\nexit\n");
  const looked = { before: device, after: device };
  const { shown: previous } = judgeScript(
    read("configure system\n a 01\n b 2\n c 3\nexit\n"),
    looked,
    undefined,
    all,
  );
  assert.equal(Object.keys(previous).length, 3);
  const { shown: record, refused, unconfirmed } = judgeScript(script, looked, { shown: previous });
  assert.deepEqual([refused, unconfirmed], [[], []]);
  assert.deepEqual(record, { "configure system / a 01": "a 1", "configure system / b 2": null });
  const both = read("configure system\n a 1\n b 2\nexit\n");
  const later = judgeScript(script, { before: device, after: both }, { shown: record }).shown;
  assert.deepEqual(told(compareScripts(script, device, later).changes), [
    "configure system / b: undefined => 2",
  ]);
});

test("a secret that looks different each time cannot be compared, one that is gone can", () => {
  const script = read("configure system\n password x\nexit\n");
  const look = (form: string) => read(`configure system\n password ${form}\nexit\n`);
  const steady = steadyLines(
    judgeScript(script, { before: undefined, after: look("$1$YQ==") }).shown,
    judgeScript(script, { before: undefined, after: look("$1$Yg==") }).shown,
  );
  assert.deepEqual(steady, { "configure system / password x": "*" });
  const same = { "configure system / password x": "password $1$YQ==" };
  assert.deepEqual(steadyLines(same, same), same);
  const now = compareScripts(script, look("$1$Yw=="), steady);
  assert.deepEqual(now.changes, []);
  const gone = compareScripts(script, read("configure system\nexit\n"), steady);
  assert.deepEqual(told(gone.changes), ["configure system / password: undefined => x"]);
});

test("no address shows a value that is a secret, and each change of one says so", () => {
  const none = read("configure system\nexit\n");
  for (const line of [
    "password canary",
    "user Bob password canary",
    "shared-secret canary",
    "token $1$canary",
  ]) {
    const { changes } = compareScripts(read(`configure system\n ${line}\nexit\n`), none);
    assert.deepEqual(
      changes.map(({ secret }) => secret),
      [true],
      line,
    );
    const { changes: back } = compareScripts(
      read(`configure system\n no ${line}\nexit\n`),
      read(`configure system\n ${line}\nexit\n`),
    );
    for (const { address } of [...changes, ...back]) assert.ok(!address.includes("canary"), address);
    assert.equal(back.length, 1);
  }
  const [plain] = compareScripts(read("configure system\n hostname a\nexit\n"), none).changes;
  assert.equal(plain?.secret, false);
});

test("changes come in the order of the script; of a sub-mode that is not there, its settings do", () => {
  const script = read("configure system\n ntp\n  primary-server a\n exit\n hostname b\n no user Bob\nexit\n");
  const device = read("configure system\n user Bob\n exit\nexit\n");
  const { changes } = compareScripts(script, device);
  assert.deepEqual(
    changes.map(({ address, kind }) => [address, kind]),
    [
      ["configure system / ntp / primary-server", "missing"],
      ["configure system / hostname", "missing"],
      ["configure system / user Bob", "present"],
    ],
  );
});

test("values are exact text: one word without quotes, several as they are written, none as an empty text", () => {
  const script = read('configure system\n a "x y"\n b "x y" z\n c\nexit\n');
  const { changes } = compareScripts(script, read("configure system\nexit\n"));
  assert.deepEqual(
    changes.map(({ after }) => after),
    ["x y", '"x y" z', ""],
  );
});

test("each place that says a line is named, for a setting, a list, a row and a `no`", () => {
  const places = (...lines: string[]) => {
    const script = read(`configure data\n${lines.join("\n")}\nexit\n`);
    const { changes, unseen } = compareScripts(script, read("configure data\nexit\n"));
    return [...changes, ...unseen].map(({ at }) => at);
  };
  assert.deepEqual(places("a 1", "a 1", "a 1"), [[1, 2, 3]]);
  assert.deepEqual(places("a 1", "a 2", "a 1"), [[1, 3], [2]]);
  assert.deepEqual(places("no a", "no a", "no a"), [[1, 2, 3]]);
  assert.deepEqual(places(" interface VLAN 1", "  x 1", " b 2", " interface VLAN 1"), [[1, 4], [3]]);
});

test("a `no` of what the device does not show is unseen, unless it lists such rows or says `no` itself", () => {
  const unseen = (line: string, mode = "voip", device = "") => {
    const exported = read(`configure ${mode}\n${device}exit\n`);
    const { changes, unseen: all } = compareScripts(read(`configure ${mode}\n ${line}\nexit\n`), exported);
    assert.deepEqual(changes, []);
    return all.map(({ kind }) => kind);
  };
  assert.deepEqual(unseen("no hostname"), ["missing"]);
  assert.deepEqual(unseen("no hostname a"), ["missing"]);
  assert.deepEqual(unseen("no hostname", "voip", " no hostname\n"), []);
  assert.deepEqual(unseen("no proxy-set 7"), []);
  assert.deepEqual(unseen("no interface network-if 7", "network"), []);
  assert.deepEqual(unseen("no user Bob", "system"), []);
  assert.deepEqual(unseen("no user Bob"), ["missing"], "users are of another mode");
  assert.deepEqual(unseen("no proxy-set", "voip", " proxy-set 1\n  x 1\n"), ["missing"], "no row is meant");
  assert.deepEqual(unseen("no tomorrow 7", "voip", " proxy-set 1\n  x 1\n"), ["missing"]);
  assert.deepEqual(unseen("no tomorrow 7", "voip", " proxy-set 1\n  x 1\n tomorrow 3\n  x 1\n"), []);
  const elsewhere = compareScripts(read("configure voip\n no tomorrow 7\nexit\n"), read(""));
  assert.equal(elsewhere.unseen.length, 1, "not even the mode is shown");
});

test("the default that `no` gives back, in the form that the device showed then, is no change", () => {
  const script = read("configure system\n no hostname\nexit\n");
  const changed = (hostname: string) => {
    const device = read(`configure system\n hostname ${hostname}\nexit\n`);
    return told(
      compareScripts(script, device, { "configure system / no hostname": "hostname mediant" }).changes,
    );
  };
  assert.deepEqual(changed("mediant"), []);
  assert.deepEqual(changed("other"), ["configure system / hostname: other => undefined"]);
});

test("a change is secret if only what the device has is a secret", () => {
  const script = read("configure system\n account Bob\nexit\n");
  const device = read("configure system\n account Bob password canary\nexit\n");
  assert.deepEqual(
    compareScripts(script, device).changes.map(({ secret }) => secret),
    [true],
  );
});

/** The lines that a device has when the script is over. The generated `no` takes away by name alone. */
function lasting(lines: readonly CliLine[]): CliLine[] {
  const setting = (line: CliLine) => [...line.mode, line.name].join(" / ");
  const last = new Map<string, CliLine>();
  for (const line of lines) {
    if (!line.negated) last.set(lineKey(line), last.get(lineKey(line)) ?? line);
    else for (const [key, held] of last) if (setting(held) === setting(line)) last.delete(key);
  }
  return [...last.values()];
}

test("one drift by hand is one change, and replacing it leaves none", () => {
  fc.assert(
    fc.property(indentedScripts, style([1, 2]), fc.nat(), fc.boolean(), (meant, how, which, drop) => {
      const text = write(meant, how);
      const script = read(text);
      // One line a name: lists are the subject of a test of their own.
      const names = linesOf(meant).map((line) => [...line.mode, line.name].join("/"));
      const single = lasting(script.lines).filter(
        (line) =>
          line.opens === undefined &&
          names.filter((name) => name === [...line.mode, line.name].join("/")).length === 1,
      );
      const device: CliLine[] = lasting(script.lines);
      assert.deepEqual(compareScripts(script, { lines: device, queries: [] }).changes, []);
      const target = single[which % Math.max(single.length, 1)];
      if (target === undefined) return;
      const by = { ...target, args: [`${target.args[0] ?? ""}x`] };
      const now: CanonicalScript = {
        lines: device.flatMap((line) => (line === target ? (drop ? [] : [by]) : [line])),
        queries: [],
      };
      const { changes } = compareScripts(script, now);
      assert.deepEqual(
        changes.map(({ address, kind }) => [address, kind]),
        [[[...target.mode, target.name].join(" / "), drop ? "missing" : "value"]],
      );
      const replaced = replaceDrifted(text, changes);
      assert.deepEqual(compareScripts(read(replaced), now).changes, []);
      const differing = text.split(/[\r\n]+/).filter((line, i) => replaced.split(/[\r\n]+/)[i] !== line);
      assert.equal(differing.length, 1, "one line of the text differs");
    }),
    { numRuns: 200 },
  );
});

test("one row removed by hand is one change, and replacing it leaves none", () => {
  fc.assert(
    fc.property(indentedScripts, style([1, 2]), fc.nat(), (meant, how, which) => {
      const text = write(meant, how);
      const script = read(text);
      const device = lasting(script.lines);
      const rows = device.filter((line) => line.opens === "row");
      const target = rows[which % Math.max(rows.length, 1)];
      if (target === undefined) return;
      const path = [...target.mode, headerText(target.name, target.args)];
      const inside = (line: CliLine) => path.every((mode, i) => line.mode[i] === mode);
      const now = { lines: device.filter((line) => line !== target && !inside(line)), queries: [] };
      const { changes } = compareScripts(script, now);
      assert.deepEqual(
        changes.map(({ address, kind }) => [address, kind]),
        [[path.join(" / "), "missing row"]],
      );
      assert.deepEqual(compareScripts(read(replaceDrifted(text, changes)), now).changes, []);
    }),
    { numRuns: 200 },
  );
});

test("an export is looked through once, however many scripts are compared with it", () => {
  const exported = read("configure system\n ntp\n  primary-server 192.0.2.1\n exit\nexit\n");
  let looks = 0;
  const lines = new Proxy(exported.lines, {
    get(target, key, receiver) {
      if (key === "forEach") looks += 1;
      return Reflect.get(target, key, receiver);
    },
  });
  const device = { lines, queries: [] };
  for (const server of ["192.0.2.1", "192.0.2.2", "192.0.2.3"])
    compareScripts(read(`configure system\n ntp\n  primary-server ${server}\n exit\nexit\n`), device);
  assert.equal(looks, 1);
});

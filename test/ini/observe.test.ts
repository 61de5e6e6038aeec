import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { addressOf, cellAddress, rowAddress, splitAddress } from "../../src/ini/address";
import { type Configuration, readConfiguration } from "../../src/ini/configuration";
import { liveConfiguration, liveValue, observe, sameLive } from "../../src/ini/observe";
import { parseIni } from "../../src/ini/parse";
import { isObscured } from "../../src/secrets/values";
import { listItems, readIni, scalarText } from "../../src/simulator/config/grammar";

const fixture = (name: string) => readFileSync(join(__dirname, "../fixtures/ini", name), "utf8");

test("an address comes apart into what it was made of", () => {
  for (const address of ["P", rowAddress("T", "3"), cellAddress("T", "3", "C")])
    assert.equal(addressOf(splitAddress(address)), address);
  assert.deepEqual(splitAddress("P"), { kind: "parameter", name: "P" });
  assert.deepEqual(splitAddress(rowAddress("T", "3")), { kind: "row", table: "T", index: "3" });
  assert.deepEqual(splitAddress(cellAddress("T", "3", "C")), {
    kind: "cell",
    table: "T",
    index: "3",
    column: "C",
  });
});

test("a dump is found by address, without case", () => {
  const observed = observe(`P = 'a', 'b'\n[ T ]\nFORMAT Index = C;\nT 3 = "x";\n[ \\T ]\n`);
  assert.deepEqual(liveValue(observed, "p"), ["a", "b"]);
  assert.equal(liveValue(observed, "t 3 c"), "x");
  assert.equal(liveValue(observed, "T 3"), undefined);
  assert.equal(liveValue(observed, "T 4 C"), undefined);
  assert.equal(liveValue(observed, "U 3 C"), undefined);
  assert.equal(observed.longHeaders, false);
});

test("the last of two values is the one that counts, and a table's parts are one table", () => {
  const observed = observe(
    "P = 1\nP = 2\n[ T ]\nFORMAT Index = A;\nT 0 = 1;\nT 0 = 2;\n[ \\T ]\n[ t ]\nFORMAT Index = B, a;\nt 1 = 3, 4;\n[ \\t ]\n",
  );
  assert.deepEqual(liveConfiguration(observed), {
    parameters: { P: "2" },
    tables: { T: { "0": { A: "2" }, "1": { B: "3", a: "4" } } },
  });
  assert.deepEqual(observed.tables.get("T")?.columns, ["A", "B"]);
});

test("a row in two blocks of a table has the columns of both", () => {
  const observed = observe(
    `[ T ]\nFORMAT Index = A;\nT 0 = "a";\n[ \\T ]\n[ T ]\nFORMAT Index = B;\nT 0 = "b";\n[ \\T ]\n`,
  );
  assert.deepEqual([liveValue(observed, "T 0 A"), liveValue(observed, "T 0 B")], ["a", "b"]);
});

test("a device breaks no line and puts no comment behind one: what stands there is part of the line", () => {
  const observed = observe(
    "[ T ]\nFORMAT Index = A;\nT 0 = a; ; b;\n[ \\T ]\n[ U ]\nFORMAT Index = A, B; ; both\n[ \\U ]\n" +
      "[ V ]\nFORMAT Index = A,\nB;\nV 0 = 1, 2;\n[ \\V ]\n",
  );
  assert.equal(observed.tables.get("T")?.rows.get("0")?.get("A")?.raw, "a; ; b");
  assert.deepEqual(observed.tables.get("U")?.unreadable, [6]);
  assert.deepEqual(observed.tables.get("V")?.unreadable, [9, 10]);
});

test("short headers are short though a table is empty or hidden", () => {
  const text = "[ T ]\n[ \\T ]\n[ U ]\n; contains hidden elements\n[ \\U ]\nV 0 = 1;\n";
  assert.equal(observe(text).longHeaders, false);
});

test("a column that stands twice is one column, of a table that must not be sent back", () => {
  const table = observe("[ T ]\nFORMAT Index = A, a, B;\nT 0 = 1, 2, 3;\n[ \\T ]\n").tables.get("T");
  assert.deepEqual(table?.columns, ["A", "B"]);
  assert.deepEqual(table?.unreadable, [2]);
});

test("read-only columns are no part of what could be sent back", () => {
  const observed = observe(fixture("full-7.00A.ini"));
  assert.equal(observed.longHeaders, true);
  assert.deepEqual(observed.tables.get("PhysicalPortsTable")?.columns.includes("GroupStatus"), false);
  assert.equal(liveValue(observed, "PhysicalPortsTable 0 GroupStatus"), undefined);
  assert.equal(liveValue(observed, "PREFIX 5 RouteName"), "Sirens; test = dry");
  assert.equal(liveValue(observed, "PREFIX 5 ConnectivityStatus"), undefined);
});

test("a read-only column between others moves none of their values", () => {
  const observed = observe(
    '[ EtherGroupTable ]\nFORMAT Index = Group, GroupStatus, Mode;\nEtherGroupTable 0 = "g", "Up", 3;\n',
  );
  assert.deepEqual(liveConfiguration(observed).tables, {
    EtherGroupTable: { "0": { Group: "g", Mode: "3" } },
  });
});

test("hidden parameters and tables are known, and not as if they were empty", () => {
  const observed = observe(fixture("full-7.00A.ini"));
  assert.deepEqual(
    [...observed.hiddenParameters.keys()],
    ["SSHAdminKey", "HTTPSCertFileName", "HTTPSPkeyFileName"],
  );
  const hidden = [...observed.tables.values()].filter((table) => table.hidden).map(({ name }) => name);
  assert.deepEqual(hidden, ["DspTemplates", "RoutingRuleGroups"]);
  assert.equal("DspTemplates" in liveConfiguration(observed).tables, false);
});

test("a table of which something could not be read says so, the others stand", () => {
  const observed = observe(
    "[ Good ]\nFORMAT Index = A;\nGood 0 = 1;\n[ \\Good ]\n[ Bad ]\nFORMAT Index A;\nBad 0 = 1;\n[ \\Bad ]\nP = 1\n",
  );
  assert.deepEqual(observed.tables.get("Good")?.unreadable, []);
  assert.deepEqual(observed.tables.get("Bad")?.unreadable, [6, 7]);
  assert.equal(liveValue(observed, "P"), "1");
});

test("a quote inside a quoted cell, which devices print, is kept as it stands", () => {
  const observed = observe(`[ T ]\nFORMAT Index = A, B;\nT 0 = "say "hi" twice", 5;\n[ \\T ]\n`);
  const cell = observed.tables.get("T")?.rows.get("0")?.get("A");
  assert.equal(cell?.text, 'say "hi" twice');
  assert.equal(cell?.raw, '"say "hi" twice"');
  assert.deepEqual(observed.tables.get("T")?.unreadable, []);
});

test("an empty secret has two forms; everything else is compared as exact text", () => {
  assert.ok(sameLive("", "$1$gQ=="));
  assert.ok(sameLive("$1$gQ==", ""));
  assert.ok(!sameLive("", "$1$gQ"));
  assert.ok(!sameLive("0", "00"));
  assert.ok(!sameLive("A", "a"));
  assert.ok(!sameLive("a", ["a"]));
  assert.ok(sameLive(["a", ""], ["a", ""]));
  assert.ok(!sameLive(["a", ""], ["", "a"]));
});

for (const name of ["full-7.40.ini", "full-7.00A.ini", "partial.ini"]) {
  test(`the fixture ${name} is read whole, as a second reader reads it, whatever its line ends`, () => {
    const text = fixture(name);
    for (const eol of ["\n", "\r\n"]) {
      const document = parseIni(text.replace(/\r?\n/g, eol));
      assert.deepEqual(document.problems, []);
      const { configuration } = readConfiguration({ document });
      assert.deepEqual(configuration, secondReading(text));
      assert.deepEqual(liveConfiguration(observe(text)), configuration);
    }
  });
}

/** What the simulator's reader, which shares no code with ours, finds in a text. */
function secondReading(text: string): Configuration {
  const configuration: Configuration = { parameters: {}, tables: {} };
  for (const entry of readIni(`${text}\n`).entries) {
    if (entry.kind === "parameter") {
      const items = listItems(entry.raw) ?? [];
      configuration.parameters[entry.name] = items.length > 1 ? items : scalarText(entry.raw);
      continue;
    }
    if (entry.columns === undefined) continue; // a hidden table: nothing but its tags and comments
    const rows = entry.rows.map(({ index, cells }) => {
      const named = cells.map(({ text: cell }, at) => [entry.columns?.[at] ?? "", cell] as const);
      return [index, Object.fromEntries(named.filter(([column]) => !STATUS_COLUMNS.has(column)))];
    });
    configuration.tables[entry.name] = Object.fromEntries(rows);
  }
  return configuration;
}

const STATUS_COLUMNS = new Set(["GroupStatus", "ConnectivityStatus"]);

test("back-references of manipulations are no secrets, passwords of the same dump are", () => {
  const { MessageManipulations, WebUsers } = liveConfiguration(observe(fixture("full-7.40.ini"))).tables;
  assert.equal(MessageManipulations?.["1"]?.["ActionValue"], "$1$2");
  assert.equal(isObscured(MessageManipulations?.["1"]?.["ActionValue"] ?? ""), false);
  assert.equal(isObscured(MessageManipulations?.["2"]?.["ActionValue"] ?? ""), false);
  assert.equal(isObscured(WebUsers?.["2"]?.["Password"] ?? ""), true);
});

test("a table with more rows that cannot be read than a call takes arguments", () => {
  const count = 150_000;
  const { tables } = observe(`[ T ]\nFORMAT Index = A;\n${"T x = 1;\n".repeat(count)}[ \\T ]\n`);
  assert.equal(tables.get("T")?.unreadable.length, count);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { compareConfigurations, noLongerDeclared } from "../../src/ini/compare";
import { type ConfigurationSource, readConfiguration } from "../../src/ini/configuration";
import { ConfigurationLookup, declaredBy } from "../../src/ini/declared";
import { IniError } from "../../src/ini/errors";
import { parseIni } from "../../src/ini/parse";

const HEAD = "[ ProxySet ]\nFORMAT Index = ProxyName, Retries;\n";

function read(ini: string, more: Omit<ConfigurationSource, "document"> = {}) {
  return readConfiguration({ document: parseIni(ini), ...more });
}

function refused(source: () => unknown): IniError {
  try {
    source();
  } catch (error) {
    assert.ok(error instanceof IniError, String(error));
    return error;
  }
  throw new Error("it was not refused");
}

test("text and arguments become one plain configuration", () => {
  const { configuration, order, notes } = read(
    `EnableSyslog = 1\nLanguages = 'en', ''\n${HEAD}ProxySet 03 = "PS, one", 5;\n[ \\ProxySet ]\n`,
    {
      parameters: {
        enablesyslog: true,
        Timeout: 1.5,
        Off: false,
        Names: ["a", 2, true],
        One: ["a"],
        None: [],
      },
      tables: { proxyset: { "3": { ProxySet_Retries: 5 }, "7": { ProxyName: "x" } }, Account: {} },
    },
  );
  assert.deepEqual(configuration, {
    parameters: {
      EnableSyslog: "1",
      Languages: ["en", ""],
      Timeout: "1.5",
      Off: "0",
      Names: ["a", "2", "1"],
      One: "a",
      None: "",
    },
    tables: {
      ProxySet: { "3": { ProxyName: "PS, one", Retries: "5" }, "7": { ProxyName: "x" } },
      Account: {},
    },
  });
  assert.deepEqual(order, ["ProxySet"]);
  assert.deepEqual(notes, []);
});

test("what is said twice in one way is said once", () => {
  const text = `P = 'a'\np = a\n${HEAD}ProxySet 0 = "x", 1;\nProxySet 00 = x, 1;\n[ \\ProxySet ]\n`;
  assert.deepEqual(read(text, { parameters: { P: "a" } }).configuration, {
    parameters: { P: "a" },
    tables: { ProxySet: { "0": { ProxyName: "x", Retries: "1" } } },
  });
});

test("one row of a table may come in parts", () => {
  const text = `${HEAD}ProxySet 0 = "x", 1;\n[ \\ProxySet ]\n[ proxyset ]\nFORMAT Index = Weight;\nproxyset 0 = 9;\n`;
  assert.deepEqual(read(text).configuration.tables, {
    ProxySet: { "0": { ProxyName: "x", Retries: "1", Weight: "9" } },
  });
});

test("a column keeps the spelling in which its table had it first", () => {
  const { configuration } = read(`${HEAD}ProxySet 0 = "a", 1;\n`, {
    tables: { ProxySet: { "1": { PROXYNAME: "b" }, "2": { weight: 1 }, "3": { Weight: 2, retries: 3 } } },
  });
  assert.deepEqual(configuration.tables["ProxySet"], {
    "0": { ProxyName: "a", Retries: "1" },
    "1": { ProxyName: "b" },
    "2": { weight: "1" },
    "3": { weight: "2", Retries: "3" },
  });
});

const twice: [string, string, Omit<ConfigurationSource, "document">, string, number?, number?][] = [
  [
    "text and text",
    "P = hunter2\nQ = 1\np = hunter3\n",
    {},
    "ini line 3, column 1: p is declared twice with different values, at ini line 1, column 1 and at ini line 3, column 1",
    3,
    1,
  ],
  [
    "a cell, text and text",
    `${HEAD}ProxySet 0 = "a", 1;\nProxySet 0 = "a", 2;\n`,
    {},
    "ini line 4, column 19: ProxySet 0 Retries is declared twice with different values, at ini line 3, column 19 and at ini line 4, column 19",
    4,
    19,
  ],
  [
    "text and argument",
    "P = hunter2\n",
    { parameters: { p: "hunter3" } },
    "p is declared twice with different values, at ini line 1, column 1 and at parameters.p",
  ],
  [
    "a cell, text and argument",
    `${HEAD}ProxySet 0 = "a", 1;\n`,
    { tables: { ProxySet: { "0": { Retries: 2 } } } },
    "ProxySet 0 Retries is declared twice with different values, at ini line 3, column 19 and at tables.ProxySet.0.Retries",
  ],
  [
    "argument and argument",
    "",
    { tables: { ProxySet: { "0": { Retries: 2, ProxySet_Retries: 3 } } } },
    "ProxySet 0 Retries is declared twice with different values, at tables.ProxySet.0.Retries and at tables.ProxySet.0.ProxySet_Retries",
  ],
  [
    "a cell, a column in two spellings",
    "",
    { tables: { ProxySet: { "0": { Retries: 2, retries: 3 } } } },
    "ProxySet 0 Retries is declared twice with different values, at tables.ProxySet.0.Retries and at tables.ProxySet.0.retries",
  ],
  [
    "a text and a list",
    "P = 'a', 'b'\n",
    { parameters: { P: "a, b" } },
    "P is declared twice with different values, at ini line 1, column 1 and at parameters.P",
  ],
];

for (const [what, text, more, message, line, column] of twice) {
  test(`a name given twice names both places: ${what}`, () => {
    const error = refused(() => read(text, more));
    assert.equal(error.message, message);
    assert.equal(error.line, line);
    assert.equal(error.column, column);
  });
}

test("a value at fault is not also called a second one", () => {
  const error = refused(() =>
    read(`P = 1\nQ = 'a', 'b'\n${HEAD}ProxySet 0 = "a", 1;\n`, {
      parameters: { P: Number.NaN, Q: ["a", null] },
      tables: { ProxySet: { "0": { ProxyName: null } } },
    }),
  );
  assert.equal(
    error.message,
    "parameters.P is a number that has no plain decimal form\n" +
      "parameters.Q[1] must be a text, a number, true or false\n" +
      "tables.ProxySet.0.ProxyName must be a text, a number, true or false",
  );
});

test("problems of one line stand in the order of its columns", () => {
  const error = refused(() => read(`${HEAD}ProxySet 0 = "a", 1;\nProxySet 0 = "b", 'x';\n`));
  assert.deepEqual(
    error.problems.map(({ place }) => [place?.line, place?.column]),
    [
      [4, 14],
      [4, 19],
      [4, 19],
    ],
  );
});

test("00 and 0 are two values: a dial string is a text", () => {
  assert.match(refused(() => read("P = 00\n", { parameters: { P: 0 } })).message, /twice/);
});

const wrong: [string, Omit<ConfigurationSource, "document">, RegExp][] = [
  ["an object for a parameter", { parameters: { P: {} } }, /^parameters\.P must be a text, a number/],
  ["nothing for a parameter", { parameters: { P: undefined } }, /^parameters\.P must be/],
  ["null in a list", { parameters: { P: ["a", null] } }, /^parameters\.P\[1\] must be/],
  ["no number", { parameters: { P: Number.NaN } }, /no plain decimal form/],
  ["a number too large to be written", { parameters: { P: 1e21 } }, /no plain decimal form/],
  ["a number too small to be written", { parameters: { P: 1e-7 } }, /no plain decimal form/],
  ["a line end", { parameters: { P: "hunter2\nQ = 1" } }, /^parameters\.P must not contain a line end/],
  ["a carriage return", { tables: { T: { 0: { C: "hunter2\r" } } } }, /^tables\.T\.0\.C must not contain/],
  ["a line end of Unicode", { parameters: { P: "hunter2\u2028" } }, /must not contain a line end/],
  ["half a character", { parameters: { P: "hunter2\udc00" } }, /half a character/],
  ["a name with a line end", { parameters: { "P\nQ": 1 } }, /a parameter's name begins/],
  ["a name with an equals sign", { parameters: { "P=1": 1 } }, /a parameter's name begins/],
  ["a name with a dot", { parameters: { "T.C": 1 } }, /a parameter's name begins/],
  ["the word that begins another kind of line", { parameters: { Format: 1 } }, /a parameter's name/],
  ["the same for a table", { tables: { FORMAT: {} } }, /a table's name/],
  ["a table's name with a bracket", { tables: { "T ]": {} } }, /a table's name begins/],
  ["a column's name with a comma", { tables: { T: { 0: { "A, B": 1 } } } }, /a column's name begins/],
  ["a column that is only the prefix", { tables: { T: { 0: { T_: 1 } } } }, /a column's name begins/],
  ["rows that are none", { tables: { T: [] } }, /^tables\.T must be an object of rows/],
  ["a row that is none", { tables: { T: { 0: "x" } } }, /^tables\.T\.0 must be an object of values/],
  ["a row without columns", { tables: { T: { 0: {} } } }, /^tables\.T\.0 declares no column/],
  ["an index that is none", { tables: { T: { "-1": { C: 1 } } } }, /^tables\.T\.-1 is no index/],
  ["an index with a line end", { tables: { T: { "0\n": { C: 1 } } } }, /is no index/],
  ["a list in a cell", { tables: { T: { 0: { C: ["a"] } } } }, /^tables\.T\.0\.C must be a text/],
  ["a read-only column", { tables: { DeviceTable: { 0: { Status: 1 } } } }, /is read-only/],
  [
    "a read-only column by its long name",
    { tables: { devicetable: { 0: { DeviceTable_STATUS: 1 } } } },
    /is read-only/,
  ],
];

for (const [what, source, message] of wrong) {
  test(`refused, with the argument and without the value: ${what}`, () => {
    const error = refused(() => readConfiguration(source));
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /hunter2/);
    assert.equal(error.problems.length, 1);
  });
}

test("keys that objects have of themselves are names like any other, or none", () => {
  const source = {
    parameters: { constructor: "a", toString: "b" },
    tables: { constructor: { "0": { valueOf: "c" } } },
  };
  const { configuration } = readConfiguration(source as unknown as ConfigurationSource);
  assert.deepEqual(configuration, source);
  for (const hostile of [
    '{"parameters": {"__proto__": "x"}}',
    '{"tables": {"__proto__": {"0": {"C": "x"}}}}',
  ]) {
    assert.match(refused(() => readConfiguration(JSON.parse(hostile))).message, /name begins with a letter/);
  }
  const inRow = JSON.parse('{"tables": {"T": {"0": {"__proto__": "x"}}}}');
  assert.match(refused(() => readConfiguration(inRow)).message, /a column's name/);
  assert.equal(({} as Record<string, unknown>)["C"], undefined);
});

test("all problems are told, those of the text first and in its order", () => {
  const error = refused(() =>
    read("P = 1\nP = 2\n???\n", { parameters: { Q: Number.NaN }, tables: { T: { x: {} } } }),
  );
  assert.deepEqual(
    error.problems.map(({ place }) => place?.line),
    [2, 3, undefined, undefined],
  );
  assert.equal(error.message.split("\n").length, 4);
  assert.equal(error.line, 2);
  assert.equal(error.code, "MEDIANT_INI");
  assert.equal(error.stack, `IniError: ${error.message}`);
});

test("of very many problems the message lists fifty and counts the rest", () => {
  const error = refused(() => read("?\n".repeat(80)));
  assert.equal(error.problems.length, 80);
  const lines = error.message.split("\n");
  assert.equal(lines.length, 51);
  assert.equal(lines[50], "and 30 more problems");
});

test("what the device withholds or alone sets is noted and not declared", () => {
  const { configuration, notes } = read(
    ";Cert is hidden but has non-default value\n[ Y ]\n; *** TABLE Y *** contains hidden elements\n[ \\Y ]\n" +
      '[ EtherGroupTable ]\nFORMAT Index = Group, GroupStatus;\nEtherGroupTable 0 = "g", "Up";\n' +
      '[ DeviceTable ]\nFORMAT Index = Status;\nDeviceTable 0 = "x";\n',
  );
  assert.deepEqual(configuration, {
    parameters: {},
    tables: { EtherGroupTable: { "0": { Group: "g" } }, DeviceTable: {} },
  });
  assert.deepEqual(notes, [
    "table Y is hidden in the text: it is not declared",
    "EtherGroupTable.GroupStatus is left out: the device alone sets it",
    "DeviceTable.Status is left out: the device alone sets it",
    "Cert is hidden in the text: it is not declared",
  ]);
});

test("everything declared, by address and without case", () => {
  const { values, rows } = declaredBy({ parameters: { P: "1" }, tables: { T: { "3": { C: "x" } } } });
  assert.deepEqual(
    [...values],
    [
      ["P", "1"],
      ["T 3 C", "x"],
    ],
  );
  assert.deepEqual([...values.keys()], ["P", "T 3 C"]);
  assert.deepEqual([...rows], [["T 3", { table: "T", index: "3" }]]);
  assert.deepEqual([...rows.keys()], ["T 3"]);
  assert.deepEqual(
    ["p", "t 3 c", "T 3", "T 3 D", "T 4 C", "U 3 C", "Q", "constructor"].map((address) =>
      values.get(address),
    ),
    ["1", "x", ...Array(6).fill(undefined)],
  );
  assert.deepEqual(
    ["p", "T 3", "T 4 C"].map((address) => values.has(address)),
    [true, false, false],
  );
  assert.deepEqual(rows.get("t 3"), { table: "t", index: "3" });
  assert.deepEqual(
    ["t 3", "T 4", "U 3", "P", "T 3 C", "T constructor"].map((address) => rows.has(address)),
    [true, false, false, false, false, false],
  );
  assert.deepEqual(rows.at({ table: "T", index: "3" }), { table: "T", index: "3" });
  const lookup = new ConfigurationLookup({ parameters: { P: "1" }, tables: { T: {} } });
  assert.deepEqual([lookup.parameter("toString"), lookup.table("toString")], [undefined, undefined]);
});

test("a comparison lists what leads from one to the other, a cell at a time", () => {
  const from = {
    parameters: {
      Same: "1",
      Changed: "00",
      List: ["a", "b"],
      Half: ["a", "b"],
      Text: "ab",
      Words: ["a", "b"],
      Gone: "x",
    },
    tables: { T: { "0": { A: "1", B: "2" }, "5": { A: "9" } }, Empty: {} },
  };
  const to = {
    parameters: {
      LIST: ["b", "a"],
      Half: ["a", "c"],
      Text: ["a", "b"],
      Words: "ab",
      same: "1",
      Changed: "0",
      New: "",
    },
    tables: { t: { "7": { A: "3" }, "0": { b: "2", a: "1" } } },
  };
  assert.deepEqual(compareConfigurations(from, to), [
    { address: "LIST", before: ["a", "b"], after: ["b", "a"] },
    { address: "Half", before: ["a", "b"], after: ["a", "c"] },
    { address: "Text", before: "ab", after: ["a", "b"] },
    { address: "Words", before: ["a", "b"], after: "ab" },
    { address: "Changed", before: "00", after: "0" },
    { address: "New", before: undefined, after: "" },
    { address: "t 7 A", before: undefined, after: "3" },
    { address: "Gone", before: "x", after: undefined },
    { address: "T 5 A", before: "9", after: undefined },
  ]);
  assert.deepEqual(compareConfigurations(from, from), []);
  assert.deepEqual(noLongerDeclared(from, to), [
    { address: "Gone", value: "x" },
    { address: "T 5 A", value: "9" },
  ]);
});

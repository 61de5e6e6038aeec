import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfiguration } from "../../src/ini/configuration";
import { decodeIni, encodeIni } from "../../src/ini/encoding";
import { IniError } from "../../src/ini/errors";
import { parseIni } from "../../src/ini/parse";
import {
  cellText,
  parameterText,
  renderConfiguration,
  renderIni,
  unwritableValues,
} from "../../src/ini/render";

const TABLE = {
  name: "ProxySet",
  columns: ["ProxyName", "Retries"],
  rows: [
    { index: "0", cells: ['"a; b"', "5"] },
    { index: "7", cells: ['""', ""] },
  ],
};

test("the text that the manual describes, in both header styles, each line ended", () => {
  const content = { parameters: [{ name: "EnableSyslog", value: "1" }], tables: [TABLE] };
  assert.equal(
    renderIni(content),
    "EnableSyslog = 1\r\n\r\n[ ProxySet ]\r\n\r\nFORMAT Index = ProxyName, Retries;\r\n" +
      'ProxySet 0 = "a; b", 5;\r\nProxySet 7 = "", ;\r\n\r\n[ \\ProxySet ]\r\n',
  );
  assert.match(
    renderIni(content, { longHeaders: true }),
    /^FORMAT ProxySet_Index = ProxySet_ProxyName, ProxySet_Retries;\r$/m,
  );
});

const parameters: [string, string | string[], string][] = [
  ["a number", "-5", "-5"],
  ["a decimal number", "1.5", "1.5"],
  ["a dial string", "00", "00"],
  ["an address", "10.0.0.1", "10.0.0.1"],
  ["a hexadecimal number", "0xFF", "0xFF"],
  ["nothing", "", "''"],
  ["a blank", " ", "' '"],
  ["words", "a b", "'a b'"],
  ["double quotes", 'a "b"', "'a \"b\"'"],
  ["a comment sign", "; x", "'; x'"],
  ["a number in another script", "\u0665", "'\u0665'"],
  ["a list", ["a", "", "5"], "'a', '', '5'"],
];

for (const [what, value, expected] of parameters) {
  test(`a parameter's value: ${what}`, () => assert.equal(parameterText("P", value), expected));
}

test("a cell's value stands in double quotes", () => {
  assert.equal(cellText("T 0 C", "it's; a, b"), '"it\'s; a, b"');
  assert.equal(cellText("T 0 C", "10"), "10");
});

const breaking = ["a\nb", "a\rb", "a\0b", "a\u2028b", "a\u0085b", "a\ud800b"];

for (const text of breaking) {
  test(`no line can carry ${JSON.stringify(text)}`, () => {
    for (const render of [
      () => parameterText("P", text),
      () => parameterText("P", ["x", text]),
      () => cellText("P", text),
    ])
      assert.throws(
        render,
        (error) => error instanceof IniError && /^P must not contain/.test(error.message),
      );
  });
}

test("a value with the quote around it is refused, since the manual knows no escape", () => {
  assert.throws(() => parameterText("P", "hun'ter2"), {
    message: "P must not contain ': the device knows no escape for it",
  });
  assert.throws(() => cellText("T 0 C", 'hun"ter2'), {
    message: 'T 0 C must not contain ": the device knows no escape for it',
  });
  assert.deepEqual(
    unwritableValues({
      parameters: { A: "'it's'", B: 'a "b"', C: ["x", "y\nz"], D: ["x", "it's"] },
      tables: { T: { "0": { D: "it's", E: 'a "b"' } } },
    }),
    [
      "parameters.A must not contain ': the device knows no escape for it",
      "parameters.C must not contain a line end or another control character",
      "parameters.D must not contain ': the device knows no escape for it",
      'tables.T.0.E must not contain ": the device knows no escape for it',
    ],
  );
});

test("a configuration goes out in the text's order, an empty table without FORMAT", () => {
  const text = renderConfiguration({ parameters: {}, tables: { B: {}, A: { "0": { C: "1" } } } }, [
    "A",
    "constructor",
  ]);
  assert.equal(
    text,
    "[ A ]\r\n\r\nFORMAT Index = C;\r\nA 0 = 1;\r\n\r\n[ \\A ]\r\n\r\n[ B ]\r\n\r\n\r\n[ \\B ]\r\n",
  );
});

test("rows that declare different columns: the cells between stand bare and empty", () => {
  const configuration = {
    parameters: {},
    tables: {
      T: { "0": { A: "", constructor: "x" }, "1": { B: "2" } } as Record<string, Record<string, string>>,
    },
  };
  const text = renderConfiguration(configuration);
  assert.match(text, /^FORMAT Index = A, constructor, B;\r\nT 0 = "", "x", ;\r\nT 1 = , , 2;\r$/m);
  assert.deepEqual(readConfiguration({ document: parseIni(text) }).configuration.tables, {
    T: { "0": { A: "", constructor: "x", B: "" }, "1": { A: "", constructor: "", B: "2" } },
  });
});

test("a device's bytes are UTF-8 where they can be, else ISO-8859-1, and come back as they were", () => {
  const every = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
  const cases: [Buffer, string][] = [
    [Buffer.from("P = 'Zürich'\r\n", "utf8"), "utf-8"],
    [Buffer.from("\uFEFFP = 1\r\n", "utf8"), "utf-8"],
    [Buffer.from("P = 'Zürich'\r\n", "latin1"), "latin1"],
    [every, "latin1"],
    [Buffer.alloc(0), "utf-8"],
  ];
  for (const [bytes, expected] of cases) {
    const { text, encoding } = decodeIni(bytes);
    assert.equal(encoding, expected);
    assert.deepEqual(encodeIni(text, encoding), bytes);
  }
  assert.equal(decodeIni(Buffer.from("Zürich", "latin1")).text, "Zürich");
});

test("a character that the encoding has no form for is said, not replaced", () => {
  assert.equal(encodeIni("€", "latin1"), undefined);
  assert.equal(encodeIni("\ud800", "utf-8"), undefined);
  assert.deepEqual(encodeIni("€", "utf-8"), Buffer.from("€"));
});

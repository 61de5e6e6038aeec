import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAnswer } from "../../src/device/answers/lenient-json";

test("JSON in order", () => {
  const read = parseAnswer(Buffer.from('{"description": "done", "n": [1, {"a": null}], "__proto__": 1}'));
  assert.equal(read.description, "done");
  assert.deepEqual(read.fields["n"], [1, { a: null }]);
  assert.deepEqual(read.bare, []);
});

test("no body, and text that is no JSON", () => {
  assert.deepEqual(parseAnswer(Buffer.alloc(0)), { fields: {}, bare: [] });
  assert.equal(parseAnswer(" Board is\r\n busy\n").description, "Board is\r\n busy");
  assert.equal(parseAnswer("<html><h1>Bad</h1>\n<p>Request</p></html>").description, "Bad Request");
  assert.equal(parseAnswer("<html></html>").description, undefined);
  assert.deepEqual(parseAnswer("[1, 2]").fields, { items: [1, 2] });
  assert.equal(
    parseAnswer(Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xe9, 0x22, 0x7d])).fields["a"],
    "é",
  );
});

const sloppy: [string, string, unknown][] = [
  [
    "trailing commas (section 4)",
    '{"items": [{"id": "a"}, {"id": "b"},],}',
    { items: [{ id: "a" }, { id: "b" }] },
  ],
  [
    "a missing comma (section 6)",
    '{"id":"ini"\n"url":"/api/v1/files/ini"}',
    { id: "ini", url: "/api/v1/files/ini" },
  ],
  [
    "a missing quote (section 5.1)",
    '{\n"description": "Device will reset now\n}',
    { description: "Device will reset now" },
  ],
  ["line breaks in a string (section 10)", '{"key": "a\nb\r\nc",}', { key: "a\nb\r\nc" }],
  ["words without quotes", "{on: true, n: -1.5, x: yes, z: null}", { on: true, n: -1.5, x: "yes", z: null }],
  ["escapes", '{"a": "\\u00e9\\n\\"\\/",}', { a: 'é\n"/' }],
  ["an end that is missing", '{"a": {"b": [1, 2', { a: { b: [1, 2] } }],
  ["the wrong bracket", '{"a": [1, 2}, "b": 3}', { a: [1, 2] }],
  ["a value that is missing", '{"a":, "b": 1}', { a: "", b: 1 }],
];

for (const [what, text, fields] of sloppy) {
  test(what, () => assert.deepEqual(parseAnswer(text).fields, fields));
}

test("two strings without names (section 6.2.2)", () => {
  const read = parseAnswer('{\n"Incremental CLI script file was loaded",\n"Uptime: 1 days, 0 hours"\n}');
  assert.equal(read.description, "Incremental CLI script file was loaded");
  assert.deepEqual(read.bare, ["Incremental CLI script file was loaded", "Uptime: 1 days, 0 hours"]);
});

test("JSON is read as JSON.parse reads it, also with a comma too many", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
      const text = JSON.stringify(fields);
      assert.deepEqual(parseAnswer(text).fields, JSON.parse(text));
      // The comma sends it through the lenient reader.
      assert.deepEqual(parseAnswer(`${text.slice(0, -1)},}`).fields, JSON.parse(text));
    }),
  );
});

test("no body makes it throw", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => typeof parseAnswer(Buffer.from(bytes)).fields === "object"),
  );
  const pieces = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    '"',
    ":",
    ",",
    "\\",
    "a",
    "\n",
    "\\u12",
    "null",
    "{}",
    "<",
  );
  fc.assert(
    fc.property(fc.array(pieces), (parts) => typeof parseAnswer(`{${parts.join("")}`).fields === "object"),
    { numRuns: 2000 },
  );
  for (const part of ["[", "{", '{"a":', '\\"\n', '"\n', ",", "["]) parseAnswer(`{,${part.repeat(200_000)}`);
});

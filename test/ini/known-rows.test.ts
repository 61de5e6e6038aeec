import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { KnownRows } from "../../src/ini/dump/known-rows";
import { observe } from "../../src/ini/observe";
import { parseIni } from "../../src/ini/parse";
import { lineSoup } from "./arbitraries";

/** What is shown, without the places. */
const seen = ({ parameters, hiddenParameters, tables }: ReturnType<typeof observe>) => ({
  parameters: [...parameters],
  hiddenParameters: [...hiddenParameters],
  tables: [...tables].map(([name, { rows, ...table }]) => [
    name,
    table,
    [...rows].map(([index, cells]) => [index, [...cells].map(([column, { text }]) => [column, text])]),
  ]),
});

test("a dump means the same whatever dumps were read before it", () => {
  const table = (...rows: string[]) =>
    `[ X ]\nFORMAT Index = A, B;\n${rows.map((row) => `${row}\n`).join("")}[ \\X ]\n`;
  const rows = fc.array(
    fc.constantFrom('X 0 = "a", 1;', 'X 1 = "b", 2;', 'X 0 = "c", 3;', "X 2 = ;", "Y 0 = 1;"),
  );
  const dump = fc.oneof(
    rows.map((lines) => table(...lines)),
    lineSoup,
  );
  fc.assert(
    fc.property(fc.array(dump, { minLength: 2, maxLength: 4 }), (dumps) => {
      const known = new KnownRows();
      for (const text of dumps) assert.deepEqual(seen(observe(text, known)), seen(observe(text)));
    }),
    { numRuns: 200 },
  );
});

test("what could not be read in one dump is no better known in the next", () => {
  for (const text of [
    "[ X ]\nFORMAT Index = A, a;\nX 0 = 1, 2;\n[ \\X ]\n",
    '[ X ]\nFORMAT Index = A, B;\nX 0 = 1, "2;\n[ \\X ]\n',
  ]) {
    const known = new KnownRows();
    for (const _ of [1, 2]) assert.equal(observe(text, known).tables.get("X")?.unreadable.length, 1, text);
  }
});

test("the columns of a table are read once for all dumps with the same FORMAT line", () => {
  const text = "[ DeviceTable ]\nFORMAT Index = A, Status;\nDeviceTable 0 = 1, 2;\n[ \\DeviceTable ]\n";
  const known = new KnownRows();
  const written = () => parseIni(text, { dump: true, known }).tables[0]?.columns;
  assert.equal(written(), written());
  const writable = () => observe(text, known).tables.get("DeviceTable")?.columns;
  assert.equal(writable(), writable());
});

test("a row that is shown again in the same place of the same table is the very row of before", () => {
  const known = new KnownRows();
  const text = "[ X ]\nFORMAT Index = A;\nX 0 = 1;\n[ \\X ]\n";
  const row = (dump: string) => observe(dump, known).tables.get("X")?.rows.get("0");
  const first = row(text);
  assert.equal(row(text), first);
  assert.notEqual(row(text.replace("= A", "= B")), first);
  // One dump without it, and it is forgotten.
  observe("P = 1\n", known);
  assert.notEqual(row(text), first);
});

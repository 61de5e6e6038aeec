import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { behaviourOf } from "../../src/simulator/behaviour";
import { IniRefusal, readIni } from "../../src/simulator/config/grammar";
import type { FieldModel } from "../../src/simulator/config/model";
import { isForeign, obscure, reveal } from "../../src/simulator/config/secrets";
import type { ConfigStore, Row } from "../../src/simulator/config/store";
import { Device } from "../../src/simulator/device/device";
import { bench } from "./harness";

type TableMode = "merge" | "replace";

const device = (tableMode: TableMode, salted = false): Device =>
  new Device({
    firmware: "7.40A.250.440",
    ini: undefined,
    users: undefined,
    eol: "\r\n",
    noise: false,
    behaviour: behaviourOf({ tableMode, partialColumns: "keep", obscuring: salted ? "anew" : "steady" }),
    ignores: () => false,
    now: () => 0,
  });

const { model } = device("merge");
const PARAMETERS = model.parameters().filter(({ hidden }) => !hidden);
/** Tables without references: in any order, nothing in them is dropped. */
const TABLES = model
  .tables()
  .filter(({ columns }) => columns.values().every(({ references }) => !references));

const text = fc.string({ unit: "grapheme", maxLength: 12 }).filter((value) => !/["\p{Cc}]/u.test(value));
const item = text.filter((value) => !value.includes("'"));

function valueFor(field: FieldModel): fc.Arbitrary<string> {
  if (field.type === "address") return fc.ipV4();
  if (field.type !== "integer")
    return field.type === "list" ? item : text.filter((value) => !isForeign(value));
  return fc.integer({ min: field.minimum, max: field.maximum }).map(String);
}

const parameter = fc
  .constantFrom(...PARAMETERS)
  .chain((field) =>
    fc.tuple(
      fc.constant(field.name),
      field.type === "list" ? fc.array(item, { minLength: 1, maxLength: 4 }) : valueFor(field),
    ),
  );

const row = fc.constantFrom(...TABLES).chain((table) =>
  fc.record({
    table: fc.constant(table.name),
    // Beside the factory's rows, to which others refer.
    index: fc.integer({ min: 10, max: 30 }),
    cells: fc.record(
      Object.fromEntries(table.columns.values().map((field) => [field.name, valueFor(field)])),
    ) as fc.Arbitrary<Row>,
  }),
);

const configuration = fc.record({
  parameters: fc.array(parameter, { maxLength: 8 }),
  rows: fc.array(row, { maxLength: 8 }),
});

type Configuration = typeof configuration extends fc.Arbitrary<infer T> ? T : never;

function fill(store: ConfigStore, { parameters, rows }: Configuration): void {
  for (const [name, value] of parameters) store.setParameter(name, value);
  for (const { table, index, cells } of rows) store.addRow(table, index, cells);
}

const RUNS = { numRuns: 200 };

test("a device that is given its own dump holds the same", () => {
  fc.assert(
    fc.property(configuration, fc.boolean(), (made, salted) => {
      const source = device("merge", salted);
      fill(source.running, made);
      const dump = source.running.dump();
      const expected = source.running.snapshot();
      const fresh = device("merge");
      fresh.loadFullIni(dump);
      assert.deepEqual(fresh.running.snapshot(), expected);
      for (const mode of ["merge", "replace"] as const) {
        const same = device(mode);
        fill(same.running, made);
        same.loadIncrementalIni(dump);
        assert.deepEqual(same.running.snapshot(), expected);
      }
    }),
    RUNS,
  );
});

test("what a partial file does not name stays, in merge mode rows of its tables too", () => {
  fc.assert(
    fc.property(configuration, fc.array(row, { minLength: 1, maxLength: 4 }), (made, changes) => {
      for (const mode of ["merge", "replace"] as const) {
        const target = device(mode);
        fill(target.running, made);
        const before = target.running.snapshot();
        const other = device(mode);
        for (const { name } of other.model.tables()) other.running.clearTable(name);
        fill(other.running, { parameters: [], rows: changes });
        target.loadIncrementalIni(other.running.dump());
        const after = target.running.snapshot();
        const changed = other.running.snapshot().tables;
        for (const [name, rows] of Object.entries(changed)) {
          const kept = mode === "merge" ? before.tables[name] : {};
          assert.deepEqual(after.tables[name], { ...kept, ...rows });
        }
        const unnamed = (tables: Record<string, unknown>) =>
          Object.entries(tables).filter(([name]) => !(name in changed));
        assert.deepEqual(unnamed(after.tables), unnamed(before.tables));
        assert.deepEqual(after.parameters, before.parameters);
      }
    }),
    RUNS,
  );
});

test("an upload over HTTP gives what the store then holds, and the dump shows", async (t) => {
  const { put, dump, simulator } = await bench(t);
  await fc.assert(
    fc.asyncProperty(configuration, async (made) => {
      const source = device("merge");
      fill(source.running, made);
      await put(source.running.dump());
      const wanted = source.running.snapshot();
      const held = simulator.running.snapshot();
      for (const [name, value] of Object.entries(wanted.parameters))
        assert.deepEqual(held.parameters[name], value);
      for (const [name, rows] of Object.entries(wanted.tables)) assert.deepEqual(held.tables[name], rows);
      const reread = device("merge");
      reread.loadFullIni(await dump());
      assert.deepEqual(reread.running.snapshot(), held);
    }),
    { numRuns: 50 },
  );
});

test("no text makes the reader fail but with its own refusal", () => {
  const fragment = fc.constantFrom(
    "[",
    "]",
    "\\",
    "\n",
    "\r\n",
    " ",
    "=",
    ";",
    ",",
    '"',
    "'",
    "FORMAT ",
    "Index",
    "SRD",
    "SRD 0",
    "1",
    "x",
  );
  const soup = fc.array(fc.oneof(fragment, fc.string({ maxLength: 3 })), { maxLength: 40 });
  fc.assert(
    fc.property(soup, (parts) => {
      const target = device("replace");
      const before = target.running.snapshot();
      try {
        target.loadIncrementalIni(parts.join(""));
      } catch (error) {
        assert.ok(error instanceof IniRefusal, String(error));
        assert.deepEqual(target.running.snapshot(), before);
      }
    }),
    RUNS,
  );
});

test("a long line is read in one go", () => {
  const blanks = " ".repeat(200_000);
  assert.throws(() => readIni(`[${blanks}x${blanks}\n`), IniRefusal);
  assert.throws(() => readIni(`x${blanks}y\n`), IniRefusal);
  const cell = "a;,=".repeat(50_000);
  const ini = readIni(`[ T ]\nFORMAT Index = A;\nT 0 = ${blanks}"${cell}"${blanks};\n[ \\T ]\n`);
  const [table] = ini.entries;
  assert.equal(table?.kind === "table" && table.rows[0]?.cells[0]?.text, cell);
});

test("an obscured secret can be revealed, and looks like one", () => {
  const secret = fc
    .string({ unit: "grapheme" })
    .filter((value) => !value.includes("\0") && !isForeign(value));
  fc.assert(
    fc.property(secret, fc.boolean(), (plain, salted) => {
      const form = obscure(plain, salted);
      assert.match(form, /^\$1\$[A-Za-z0-9+/]+={0,2}$/);
      assert.equal((form.length - 3) % 4, 0);
      assert.equal(reveal(form), plain);
      assert.equal(isForeign(form), false);
    }),
    RUNS,
  );
  assert.equal(obscure("", false), "$1$gQ==");
  assert.equal(obscure("", true), "$1$gQ==");
});

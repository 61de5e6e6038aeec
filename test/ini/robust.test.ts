import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { readConfiguration } from "../../src/ini/configuration";
import { decodeIni, encodeIni } from "../../src/ini/encoding";
import { IniError } from "../../src/ini/errors";
import { liveConfiguration, observe } from "../../src/ini/observe";
import { parseIni } from "../../src/ini/parse";
import { renderConfiguration } from "../../src/ini/render";
import { lineSoup } from "./arbitraries";

const DUMPS = ["full-7.40.ini", "full-7.00A.ini", "partial.ini"].map((name) =>
  readFileSync(join(__dirname, "../fixtures/ini", name), "utf8"),
);

/** What must hold for any text at all. */
function survives(text: string): void {
  const document = parseIni(text);
  const lines = text.split(/\r\n|\n|\r/);
  for (const { message, place } of document.problems) {
    assert.ok(place !== undefined && place.line >= 1 && place.line <= lines.length, message);
    assert.ok(place.column >= 1 && place.column <= (lines[place.line - 1]?.length ?? 0) + 1, message);
    assert.doesNotMatch(message, /\p{Cc}/u);
  }
  for (const table of document.tables)
    for (const row of table.rows) assert.equal(row.cells.length, table.columns.length);
  const live = liveConfiguration(observe(text));
  try {
    const { configuration } = readConfiguration({ document });
    assert.deepEqual(document.problems, []);
    // What was accepted can be written, and says the same again.
    const again = readConfiguration({ document: parseIni(renderConfiguration(configuration)) });
    for (const rows of Object.values(configuration.tables)) {
      const columns = new Set(Object.values(rows).flatMap((cells) => Object.keys(cells)));
      for (const cells of Object.values(rows)) for (const column of columns) cells[column] ??= "";
    }
    assert.deepEqual(again.configuration, configuration);
    for (const [name, value] of Object.entries(configuration.parameters))
      assert.deepEqual(live.parameters[name], value);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assert.ok(error instanceof IniError, String(error));
    assert.ok(error.problems.length > 0);
  }
}

test("any text at all is read, or refused with the parser's own error", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), survives), { numRuns: 1000 });
});

test("lines of the device in any order, whole and in pieces", () => {
  fc.assert(fc.property(lineSoup, survives), { numRuns: 1000 });
});

test("dumps in which something was cut out, doubled or written over", () => {
  const piece = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."\r\n'\",;=[]\\ X0_"), maxLength: 4 }),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  const mutation = fc.tuple(fc.nat(20_000), fc.nat(200), piece);
  fc.assert(
    fc.property(
      fc.constantFrom(...DUMPS),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (dump, mutations) => {
        let text = dump;
        for (const [at, length, put] of mutations) {
          const from = at % text.length;
          text = text.slice(0, from) + put + text.slice(from + (length % 3 === 0 ? length : length % 3));
        }
        survives(text);
      },
    ),
    { numRuns: 60 },
  );
});

test("a damaged dump never loses a row without saying that its table is unreadable", () => {
  const rows = Array.from({ length: 6 }, (_, at) => `X ${at} = "a, ${at}", ${at}, "it's; b";`);
  const dump = `P = 1\n[ X ]\n\nFORMAT Index = A, B, C;\n${rows.join("\n")}\n\n[ \\X ]\nQ = 2\n`;
  const whole = liveConfiguration(observe(dump)).tables["X"];
  const piece = fc.string({ unit: fc.constantFrom(..."\n'\",;=[]\\ X0ab"), maxLength: 3 });
  let damaged = 0;
  fc.assert(
    fc.property(fc.nat(dump.length), fc.nat(3), piece, (from, length, put) => {
      const text = dump.slice(0, from) + put + dump.slice(from + length);
      const table = observe(text).tables.get("X");
      if (table === undefined || table.unreadable.length > 0) {
        damaged++;
        return;
      }
      // A change may make another valid row or comment one out, but what stands in order must all be there.
      for (const line of text.split("\n")) {
        const index = /^X (\d+) = "a, \d", \d, "it's; b";$/.exec(line)?.[1];
        if (index !== undefined && table.columns.join() === "A,B,C")
          assert.ok(table.rows.has(String(Number(index))), text);
      }
    }),
    { numRuns: 1500 },
  );
  assert.ok(whole !== undefined && damaged > 50);
});

test("any bytes at all come back as they were", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      const { text, encoding } = decodeIni(bytes);
      assert.deepEqual(encodeIni(text, encoding), Buffer.from(bytes));
    }),
  );
});

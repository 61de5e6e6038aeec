import assert from "node:assert/strict";
import { test } from "node:test";
import { isLastLineEnded, lineCount } from "../../src/text/last-line";

const NOISE = "GET /FileBackup.html";

const cases: [string, boolean][] = [
  ["a\n", true],
  ["a\r\n", true],
  ["a\rb\r", true],
  // Between CR and LF more may follow.
  ["a\r\nb\r", false],
  ["a", false],
  ["a\nb", false],
  ["", false],
  // Noise is none of the document's own lines, and no document by itself.
  [`a\n${NOISE}`, true],
  [`a\r${NOISE}`, true],
  [NOISE, false],
  [`a\nx ${NOISE}`, false],
  [`a\n${NOISE} x`, false],
];

for (const [text, ended] of cases)
  test(`${JSON.stringify(text)} is ${ended ? "" : "not "}ended`, () =>
    assert.equal(isLastLineEnded(text), ended));

test("lines are counted by any line end", () => {
  assert.deepEqual(["", "a", "a\nb", "a\r\nb\rc\n"].map(lineCount), [1, 1, 2, 4]);
});

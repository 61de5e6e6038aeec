import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { QUESTIONS } from "../../src/probe/questions";
import { behaviourOf, CHOICES } from "../../src/simulator/behaviour";

const PAGE = readFileSync(join(__dirname, "..", "..", "docs", "evidence.md"), "utf8");

/** The rows of the table of switches: name, question, default, other readings, strength. */
const rows = PAGE.slice(PAGE.indexOf("## Switches"), PAGE.indexOf("## Guesses"))
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const quoted = (cell: string | undefined): string[] =>
  [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "");

test("the page lists the switches of the simulator, and no others", () => {
  const names = rows.map(([name]) => quoted(name)[0]).sort();
  assert.deepEqual(names, [...Object.keys(CHOICES), "largestBodyBytes"].sort());
});

test("each switch has the default and the readings that the page says, and a strength", () => {
  const settled: Record<string, unknown> = behaviourOf({});
  for (const [cell, , standard, others, strength] of rows) {
    const name = quoted(cell)[0] ?? "";
    assert.match(strength ?? "", /^(?:A|B|C|open)\b/, name);
    if (name === "largestBodyBytes") continue;
    const { [name]: choices = [] }: Record<string, readonly string[]> = CHOICES;
    assert.deepEqual([...quoted(standard), ...quoted(others)].sort(), [...choices].sort(), name);
    assert.equal(quoted(standard)[0], settled[name], name);
  }
});

test("a switch is asked by the probe, or the page says why not", () => {
  const asked = new Set(QUESTIONS.map(({ id }) => id));
  for (const [cell, , , , strength] of rows) {
    const name = quoted(cell)[0] ?? "";
    assert.equal(!/Not asked/.test(strength ?? ""), asked.has(name), name);
  }
  for (const id of asked)
    assert.ok(
      rows.some(([cell]) => quoted(cell)[0] === id),
      id,
    );
});

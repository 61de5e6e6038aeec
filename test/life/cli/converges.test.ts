import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { bench, byHand } from "./bench";

/*
 * Scripts of lines that the device has, and what its own configuration must say after them, told without any of our
 * readers. Values are no defaults, so that the device shows each.
 */

interface Meant {
  /** What opens the row. */
  path: string;
  line: string;
  cell: [table: string, index: string, column: string];
  value: string;
}

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.]{2,10}$/);
const phrase = fc.tuple(word, word).map((words) => words.join(" "));
const index = fc.integer({ min: 1, max: 6 });

const rowField = fc.oneof(
  fc.record({
    table: fc.constant("ProxySet"),
    command: fc.constant("proxy-set"),
    column: fc.constant("ProxyName"),
    name: fc.constant("proxy-name"),
    value: fc.oneof(word, phrase),
  }),
  fc.record({
    table: fc.constant("ProxySet"),
    command: fc.constant("proxy-set"),
    column: fc.constant("ProxyKeepAliveTime"),
    name: fc.constant("proxy-keep-alive-time"),
    value: fc.integer({ min: 61, max: 999 }).map(String),
  }),
  fc.record({
    table: fc.constant("CpMediaRealm"),
    command: fc.constant("realm"),
    column: fc.constant("MediaRealmName"),
    name: fc.constant("name"),
    value: word,
  }),
);
const rowLine = fc.tuple(rowField, index).map(
  ([{ table, command, column, name, value }, at]): Meant => ({
    path: `${command} ${at}`,
    line: `${name} "${value}"`,
    cell: [table, String(at), column],
    value,
  }),
);
const lines = fc.uniqueArray(rowLine, {
  minLength: 1,
  maxLength: 8,
  selector: ({ cell }) => cell.join(" "),
});

function scriptOf(meant: readonly Meant[], indent: number, ends: boolean): string {
  const pad = (level: number) => " ".repeat(level * indent);
  const paths = [...new Set(meant.map(({ path }) => path))];
  const rows = paths.flatMap((path) => [
    pad(1) + path,
    ...meant.filter((one) => one.path === path).map(({ line }) => pad(2) + line),
    ...(ends || indent === 0 ? [`${pad(2)}activate`, `${pad(1)}exit`] : []),
  ]);
  return ["configure voip", ...rows, ...(ends ? ["exit"] : [])].join("\n");
}

test("whatever script is applied, the device's own store holds it and the next preview is empty", async (t) => {
  const b = await bench(t);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(lines, fc.nat(3), fc.boolean(), async (meant, indent, ends) => {
      await byHand(
        b,
        `configure voip\n${[1, 2, 3, 4, 5, 6].map((n) => `no proxy-set ${n}\nno realm ${n}\n`).join("")}`,
      );
      const declared = { script: scriptOf(meant, indent, ends), triggers: [++run] };
      await b.up(declared);
      for (const { cell, value } of meant) {
        assert.equal(b.simulator.running.cell(...cell), value);
        assert.equal(b.simulator.flash.cell(...cell), value);
      }
      await b.refresh();
      assert.equal(b.state().script, declared.script);
      assert.equal(b.preview(declared), false);
    }),
    { numRuns: 40 },
  );
});

test("whichever line is changed by hand, that line and no other is the drift", async (t) => {
  const b = await bench(t);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(lines, fc.nat(), async (meant, pick) => {
      const victim = meant[pick % meant.length];
      assert.ok(victim);
      const declared = { script: scriptOf(meant, 1, true), triggers: [++run] };
      await b.up(declared);
      const changed = victim.line.replace(
        / ".*/,
        victim.cell[2] === "ProxyKeepAliveTime" ? " 1000" : " By-Hand",
      );
      await byHand(b, `configure voip\n${victim.path}\n${changed}\nactivate\n`);
      b.lines.length = 0;
      await b.refresh();
      const drift = b.lines.filter((line) => line.includes("drift: "));
      assert.equal(drift.length, 1, drift.join("\n"));
      const name = victim.line.split(" ")[0];
      assert.ok(drift[0]?.includes(`configure voip / ${victim.path} / ${name}: `), drift[0]);
      assert.equal(b.preview(declared), true);
    }),
    { numRuns: 25 },
  );
});

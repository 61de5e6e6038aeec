import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { canonicalScript } from "../../src/cli/canonical";
import { parseScript } from "../../src/cli/parse";
import { readIni } from "../../src/files/diff/ini";
import { mergeFiles } from "../../src/files/merge/merge";
import { compareConfigurations } from "../../src/ini/compare";
import type { Configuration } from "../../src/ini/configuration";
import { indentedScripts, style, write } from "../cli/scripts";
import { configuration, textWithout } from "../ini/arbitraries";
import { commentsOf, type Hand, hand, writeIni, writtenIni } from "./written";

const PROXY = (...rows: string[]) =>
  [
    "; of all sites",
    "P = 1",
    "Q = 2",
    "[ ProxySet ]",
    "FORMAT Index = ProxyName, Redundancy;",
    ...rows,
    "[ \\ProxySet ]",
    "",
  ].join("\n");
const [A, B] = ['ProxySet 0 = "A", 1;', 'ProxySet 1 = "B", 1;'];
const BASE = PROXY(A, B);
const ini = (ours: string, theirs: string, base = BASE) => mergeFiles({ base, ours, theirs }, "ini");
const clean = (text: string) => ({ text, conflicts: 0 });

describe("a merge of an ini file", () => {
  it("of two people's rows of one table is clean, in the order of the indexes", () => {
    const ours = PROXY(A, B, "; mine", 'ProxySet 3 = "D", 1;');
    const theirs = PROXY(A, B, "; theirs", 'ProxySet 2 = "C", 1;', 'ProxySet 4 = "E", 1;');
    const both = PROXY(
      A,
      B,
      "; theirs",
      'ProxySet 2 = "C", 1;',
      "; mine",
      'ProxySet 3 = "D", 1;',
      'ProxySet 4 = "E", 1;',
    );
    assert.deepEqual(ini(ours, theirs), clean(both));
    assert.deepEqual(ini(theirs, ours), clean(both));
  });

  it("of two cells of one row, of two parameters, of a row that went and one that changed is clean", () => {
    const ours = PROXY('ProxySet 0 = "X", 1;', B).replace("P = 1", "P = 5");
    const theirs = PROXY('ProxySet 0 = "A", 0;')
      .replace("Q = 2", "Q = 6")
      .replace("all sites", "all our sites");
    const both = PROXY('ProxySet 0 = "X", 0;')
      .replace("P = 1", "P = 5")
      .replace("Q = 2", "Q = 6")
      .replace("all sites", "all our sites");
    assert.deepEqual(ini(ours, theirs), clean(both));
  });

  it("of one cell is a conflict with both values, and the other cells of both in either", () => {
    const ours = PROXY('ProxySet 0 = "X", 1;', B);
    const theirs = PROXY('ProxySet 0 = "Y", 0;', 'ProxySet 1 = "Z", 1;');
    assert.deepEqual(ini(ours, theirs), {
      conflicts: 1,
      text: PROXY(
        "<<<<<<< ours",
        'ProxySet 0 = "X", 0;',
        "=======",
        'ProxySet 0 = "Y", 0;',
        ">>>>>>> theirs",
        'ProxySet 1 = "Z", 1;',
      ),
    });
  });

  it("of a value that one changed and the other took away is a conflict", () => {
    const { text, conflicts } = ini(PROXY(B), PROXY('ProxySet 0 = "Y", 1;', B).replace("P = 1\n", ""));
    assert.equal(conflicts, 1);
    assert.match(text, /<<<<<<< ours\n=======\nProxySet 0 = "Y", 1;\n>>>>>>> theirs\n/);
    assert.doesNotMatch(text, /^P = /m);
    assert.equal(ini("P = 5\n", "", "P = 1\n").conflicts, 1);
    assert.deepEqual(ini("P = 1\n", "", "P = 1\n"), clean(""));
  });

  it("of a new column and a new row leaves the row without a value for the column", () => {
    const ours = PROXY(A, B, 'ProxySet 2 = "C", 1;');
    const theirs = BASE.replace("Redundancy", "Redundancy, Mode").replaceAll(", 1;", ", 1, 7;");
    const { text, conflicts } = ini(ours, theirs);
    assert.equal(conflicts, 0);
    assert.deepEqual(readIni(text).tables["ProxySet"], {
      0: { ProxyName: "A", Redundancy: "1", Mode: "7" },
      1: { ProxyName: "B", Redundancy: "1", Mode: "7" },
      2: { ProxyName: "C", Redundancy: "1" },
    });
  });

  it("brings a new table to where theirs has it, and keeps the layout of ours", () => {
    const table = "\n; new\n[ X ]\nFORMAT Index = A;\nX 0 = 1;\n[ \\X ]\n";
    const ours = BASE.replace("P = 1", "P=1   ").replaceAll("\n", "\r\n");
    assert.deepEqual(ini(ours, BASE + table), clean(ours + table.replaceAll("\n", "\r\n")));
  });

  it("gives a side that alone changed, and what both changed alike", () => {
    fc.assert(
      fc.property(writtenIni, writtenIni, (one, two) => {
        for (const [base, ours, theirs] of [
          [one, one, two],
          [one, two, one],
          [one, two, two],
        ] as const) {
          const { text, conflicts } = ini(ours, theirs, base);
          assert.equal(conflicts, 0);
          assert.deepEqual(compareConfigurations(readIni(text), readIni(two)), []);
        }
        assert.deepEqual(commentsOf(ini(two, one, one).text), commentsOf(two));
      }),
      { numRuns: 100 },
    );
  });

  it("has each side's changes, or says that it has a conflict", () => {
    fc.assert(
      fc.property(configuration, edits, edits, hand, (base, mine, theirs, how) => {
        const [one, two] = [changed(base, mine), changed(base, theirs)];
        const sides = [base, one, two].map((each) => writeIni(each, plain(how)));
        const { text, conflicts } = ini(sides[1] ?? "", sides[2] ?? "", sides[0]);
        const wanted = mergedValues(base, one, two);
        if (wanted === undefined) assert.ok(conflicts > 0, "a conflict is told");
        else if (conflicts === 0) assert.deepEqual(valuesOf(readIni(text)), wanted);
        else assert.match(text, /^<{7} ours$/m);
      }),
      { numRuns: 300 },
    );
  });
});

/** Comments are numbered in their files: they would tell nothing here. */
const plain = (how: Hand): Hand => ({ ...how, comments: false });

/** Changes by number, whatever the configuration has. */
type Edit = ["set" | "remove" | "add", number, number, string];
const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.tuple(
    fc.constantFrom("set" as const, "set" as const, "remove" as const, "add" as const),
    fc.nat(9),
    fc.nat(9),
    textWithout('"').map((text) => text.replaceAll("'", "")),
  ),
  { maxLength: 4 },
);

function changed(base: Configuration, all: readonly Edit[]): Configuration {
  const { parameters, tables } = structuredClone(base);
  for (const [what, first, second, text] of all) {
    const names = Object.keys(parameters);
    const places = Object.entries(tables).flatMap(([, rows]) =>
      Object.keys(rows).map((index) => ({ rows, index })),
    );
    const place = places[first % (places.length || 1)];
    if (second < 3 || place === undefined) {
      const name = names[first % (names.length || 1)];
      if (what === "add") parameters[`Added${first}`] = text;
      else if (name !== undefined && what === "set") parameters[name] = text;
      else if (name !== undefined) delete parameters[name];
      continue;
    }
    const { rows, index } = place;
    const row = rows[index] ?? {};
    const columns = Object.keys(row);
    if (what === "set") row[columns[second % columns.length] ?? ""] = text;
    else if (what === "remove") delete rows[index];
    else rows[String(30 + second)] = Object.fromEntries(columns.map((column) => [column, text]));
  }
  return { parameters, tables };
}

function valuesOf({ parameters, tables }: Configuration): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(parameters))
    values.set(name.toLowerCase(), JSON.stringify(value));
  for (const [table, rows] of Object.entries(tables))
    for (const [index, cells] of Object.entries(rows))
      for (const [column, text] of Object.entries(cells))
        values.set(`${table} ${index} ${column}`.toLowerCase(), JSON.stringify(text));
  return new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The values of both; undefined if they changed one in two ways. */
function mergedValues(
  base: Configuration,
  ours: Configuration,
  theirs: Configuration,
): Map<string, string> | undefined {
  const [o, a, b] = [valuesOf(base), valuesOf(ours), valuesOf(theirs)];
  const merged = new Map<string, string>();
  for (const key of [...new Set([...a.keys(), ...b.keys(), ...o.keys()])].sort()) {
    const [was, mine, yours] = [o.get(key), a.get(key), b.get(key)];
    if (mine !== yours && was !== mine && was !== yours) return undefined;
    const value = was === mine ? yours : mine;
    if (value !== undefined) merged.set(key, value);
  }
  return merged;
}

const SCRIPT = (...lines: string[]) => `configure voip\n${lines.map((line) => ` ${line}\n`).join("")}exit\n`;
const SET = (index: number, ...fields: string[]) => [
  `proxy-set ${index}`,
  ...fields.map((field) => ` ${field}`),
  " activate",
  "exit",
];
const cli = (ours: string, theirs: string, base: string) => mergeFiles({ base, ours, theirs }, "cli");

describe("a merge of a script", () => {
  const base = SCRIPT("! of all sites", ...SET(0, 'proxy-name "A"', "timeout 5"));

  it("of two people's rows, and of two settings of one row, is clean", () => {
    const ours = SCRIPT(
      "! of all sites",
      ...SET(0, 'proxy-name "X"', "timeout 5"),
      "! mine",
      ...SET(3, "timeout 1"),
    );
    const theirs = SCRIPT("! of all sites", ...SET(0, 'proxy-name "A"', "timeout 6"), ...SET(2, "timeout 1"));
    const both = SCRIPT(
      "! of all sites",
      ...SET(0, 'proxy-name "X"', "timeout 6"),
      ...SET(2, "timeout 1"),
      "! mine",
      ...SET(3, "timeout 1"),
    );
    assert.deepEqual(cli(ours, theirs, base), clean(both));
  });

  it("of one setting is a conflict with both values", () => {
    const ours = base.replace("timeout 5", "timeout 7");
    assert.deepEqual(cli(ours, base.replace("timeout 5", "timeout 6"), base), {
      conflicts: 1,
      text: ours.replace(
        "  timeout 7\n",
        "<<<<<<< ours\n  timeout 7\n=======\n  timeout 6\n>>>>>>> theirs\n",
      ),
    });
  });

  it("of lines of a list is clean: all of them count", () => {
    const list = (...values: string[]) =>
      `configure data\n${values.map((value) => ` host ${value}\n`).join("")}exit\n`;
    assert.deepEqual(
      cli(list("a", "b", "c"), list("a", "b", "d"), list("a", "b")),
      clean(list("a", "b", "c", "d")),
    );
    assert.deepEqual(cli(list("a", "b", "c"), list("b"), list("a", "b")), clean(list("b", "c")));
  });

  it("of a row that one changed and the other took away is a conflict", () => {
    const { text, conflicts } = cli(SCRIPT("! of all sites"), base.replace("timeout 5", "timeout 6"), base);
    assert.equal(conflicts, 1);
    assert.match(
      text,
      /<<<<<<< ours\n=======\n proxy-set 0\n {2}proxy-name "A"\n {2}timeout 6\n {2}activate\n exit\n>>>>>>> theirs/,
    );
    assert.deepEqual(cli(SCRIPT("! of all sites"), base, base), clean(SCRIPT("! of all sites")));
  });

  it("gives a side that alone changed, and what both changed alike", () => {
    const written = fc.tuple(indentedScripts, indentedScripts, style([1, 2]));
    fc.assert(
      fc.property(written, ([first, second, how]) => {
        const [one, two] = [write(first, how), write(second, how)];
        const meaning = (text: string) => canonicalScript(parseScript(text));
        assert.deepEqual(meaning(cli(two, one, one).text), meaning(two));
        assert.deepEqual(meaning(cli(two, two, one).text), meaning(two));
        assert.equal(cli(one, two, one).conflicts, 0);
      }),
      { numRuns: 60 },
    );
  });
});

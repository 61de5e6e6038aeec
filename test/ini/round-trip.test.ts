import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { compareConfigurations } from "../../src/ini/compare";
import { type Configuration, readConfiguration } from "../../src/ini/configuration";
import { declaredBy } from "../../src/ini/declared";
import { decodeIni, encodeIni } from "../../src/ini/encoding";
import { IniError } from "../../src/ini/errors";
import { type Observed, observe } from "../../src/ini/observe";
import { parseIni } from "../../src/ini/parse";
import { isReadOnlyColumn } from "../../src/ini/read-only-columns";
import { renderConfiguration, renderIni } from "../../src/ini/render";
import { orderTables } from "../../src/ini/table-order";
import { listItems, readIni } from "../../src/simulator/config/grammar";
import { configuration, textWithout } from "./arbitraries";

const RUNS = { numRuns: 500 };

function parsed(text: string): Configuration {
  return readConfiguration({ document: parseIni(text) }).configuration;
}

test("what is rendered and parsed again is what it was", () => {
  fc.assert(
    fc.property(configuration, (canonical) => {
      assert.deepEqual(parsed(renderConfiguration(canonical)), canonical);
    }),
    RUNS,
  );
});

test("comments behind lines and a FORMAT line broken behind its commas change nothing", () => {
  const comment = fc.constantFrom("", ";", "; a note", ';"a", 5;', "  ; X 0 = 1;");
  fc.assert(
    fc.property(
      configuration,
      fc.infiniteStream(comment),
      fc.infiniteStream(fc.boolean()),
      (canonical, notes, breaks) => {
        const decorated = renderConfiguration(canonical)
          .split("\r\n")
          .map((line) => {
            if (!/^FORMAT |^\S+ [0-9]+ = /.test(line)) return line;
            const isFormat = line.startsWith("FORMAT ");
            const broken = (comma: string) => (breaks.next().value ? ",\r\n" : comma);
            return (isFormat ? line.replace(/, /g, broken) : line) + (notes.next().value ?? "");
          });
        // A parameter may have a value that looks like a row.
        assert.deepEqual(parsed(decorated.join("\r\n")), canonical);
      },
    ),
    RUNS,
  );
});

test("the canonical form of a canonical configuration is itself", () => {
  fc.assert(
    fc.property(configuration, (canonical) => {
      assert.deepEqual(readConfiguration(canonical).configuration, canonical);
      const text = renderConfiguration(canonical);
      assert.equal(
        renderConfiguration(parsed(text), readConfiguration({ document: parseIni(text) }).order),
        text,
      );
    }),
    RUNS,
  );
});

test("a second reader, who shares no code with ours, finds the same in what is rendered", () => {
  fc.assert(
    fc.property(configuration, (canonical) => {
      const found: Configuration = { parameters: {}, tables: {} };
      for (const entry of readIni(renderConfiguration(canonical)).entries) {
        if (entry.kind === "parameter") {
          const items = listItems(entry.raw) ?? [];
          found.parameters[entry.name] = items.length === 1 ? (items[0] ?? "") : items;
        } else {
          const rows = entry.rows.map(({ index, cells }) => [
            index,
            Object.fromEntries(cells.map(({ text }, at) => [entry.columns?.[at], text])),
          ]);
          found.tables[entry.name] = Object.fromEntries(rows);
        }
      }
      assert.deepEqual(found, canonical);
    }),
    RUNS,
  );
});

test("rows that declare different columns come back with the rest empty, and nothing else changed", () => {
  const row = fc.dictionary(fc.constantFrom("A", "B", "constructor"), textWithout('"'), {
    minKeys: 1,
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
      const columns = [...new Set(rows.flatMap((one) => Object.keys(one)))];
      const empty = Object.fromEntries(columns.map((column) => [column, ""]));
      const tables = { T: Object.fromEntries(rows.entries()) };
      assert.deepEqual(parsed(renderConfiguration({ parameters: {}, tables })).tables, {
        T: Object.fromEntries(rows.map((one, at) => [at, { ...empty, ...one }])),
      });
    }),
  );
});

test("whatever a value holds, it stays in its line and its cell, or is refused", () => {
  const any = fc.oneof(
    fc.string({ unit: "binary", maxLength: 10 }),
    fc.string({ unit: fc.constantFrom(..."\r\n'\",;=[]\\ X0\u0085\u2028\ud800"), maxLength: 10 }),
  );
  let refused = 0;
  let taken = 0;
  fc.assert(
    fc.property(any, fc.boolean(), (hostile, inTable) => {
      const canonical: Configuration = inTable
        ? {
            parameters: { P: "1" },
            tables: { T: { "0": { A: "a", B: hostile, C: "c" }, "1": { A: "d", B: "", C: "" } } },
          }
        : { parameters: { P: "1", Q: ["x", hostile], R: hostile, S: "2" }, tables: {} };
      let text: string;
      try {
        text = renderConfiguration(canonical);
      } catch (error) {
        assert.ok(error instanceof IniError);
        if (hostile.length > 3) assert.ok(!error.message.includes(hostile));
        refused++;
        return;
      }
      assert.deepEqual(parsed(text), canonical);
      assert.equal(text.match(/\r?\n|\r/g)?.length, inTable ? 9 : 4);
      taken++;
    }),
    { numRuns: 2000 },
  );
  assert.ok(refused > 100 && taken > 100, `${refused} refused, ${taken} taken`);
});

/** The same configuration with its names in another case and everything in another order. */
function disguised({ parameters, tables }: Configuration): Configuration {
  const turned = <T>(record: Record<string, T>, change: (one: T) => T = (one) => one): Record<string, T> =>
    Object.fromEntries(
      Object.entries(record)
        .reverse()
        .map(([key, one]) => [
          key === key.toUpperCase() ? key.toLowerCase() : key.toUpperCase(),
          change(one),
        ]),
    );
  return {
    parameters: turned(parameters),
    tables: turned(tables, (rows) => turned(rows, (cells) => turned(cells))),
  };
}

test("a comparison sees neither order nor case of names, and nothing between equals", () => {
  fc.assert(
    fc.property(configuration, (canonical) => {
      assert.deepEqual(compareConfigurations(canonical, canonical), []);
      assert.deepEqual(compareConfigurations(canonical, disguised(canonical)), []);
      assert.deepEqual(compareConfigurations(disguised(canonical), canonical), []);
    }),
    RUNS,
  );
});

test("a comparison sees each value that is added, changed or removed, and no other", () => {
  const nothing: Configuration = { parameters: {}, tables: {} };
  fc.assert(
    fc.property(configuration, fc.nat(), (canonical, pick) => {
      const all = [...declaredBy(canonical).values];
      assert.deepEqual(
        compareConfigurations(nothing, canonical).map(({ address, after }) => [address, after]),
        all,
      );
      assert.deepEqual(
        compareConfigurations(canonical, nothing).map(({ address, before }) => [address, before]),
        all,
      );
      const [address = "", value] = all[pick % Math.max(all.length, 1)] ?? [];
      if (typeof value !== "string") return;
      const [first = "", index, column = ""] = address.split(" ");
      const changed = structuredClone(canonical);
      const row = changed.tables[first]?.[index ?? ""];
      if (index === undefined) changed.parameters[first] = `${value}!`;
      else if (row !== undefined) row[column] = `${value}!`;
      assert.deepEqual(compareConfigurations(canonical, changed), [
        { address, before: value, after: `${value}!` },
      ]);
    }),
    RUNS,
  );
});

/** The tables of a dump as they would be sent back: each cell as it stood. */
function sentBack(observed: Observed): string {
  const tables = [...observed.tables.values()]
    .filter(({ hidden }) => !hidden)
    .map(({ name, columns, rows }) => ({
      name,
      columns,
      rows: [...rows].map(([index, cells]) => ({
        index,
        cells: columns.map((one) => cells.get(one)?.raw ?? ""),
      })),
    }));
  return renderIni({ parameters: [], tables }, { longHeaders: observed.longHeaders });
}

test("cells that are not ours go back byte for byte, in the encoding in which they came", () => {
  const quoted = textWithout('"').map((text) => `"${text}"`);
  const odd = fc.constantFrom('"a "b" c"', '"it\'s"', '"a\\"', '"$1$gQ=="', '"$1$2"', '""');
  const bare = fc.stringMatching(/^[A-Za-z0-9.:+*#/_-]{0,6}$/);
  const dump = fc.array(fc.tuple(fc.oneof(quoted, odd), bare, fc.oneof(quoted, bare)), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(dump, fc.boolean(), fc.boolean(), (rows, long, latin1) => {
      const prefix = long ? "T_" : "";
      const lines = rows.map((cells, at) => `T ${at * 3} = ${cells.join(", ")};`);
      const text = `[ T ]\n\nFORMAT ${prefix}Index = ${prefix}A, ${prefix}B, ${prefix}C;\n${lines.join("\n")}\n\n[ \\T ]\n`;
      const bytes = Buffer.from(text, latin1 && /^[\u0000-\u00ff]*$/.test(text) ? "latin1" : "utf8");
      const { text: decoded, encoding } = decodeIni(bytes);
      const back = encodeIni(sentBack(observe(decoded)), encoding);
      assert.equal(back?.toString("latin1").replaceAll("\r\n", "\n"), bytes.toString("latin1"));
    }),
    RUNS,
  );
});

for (const name of ["full-7.40.ini", "full-7.00A.ini"]) {
  test(`the rows of the fixture ${name} go back as they stood`, () => {
    const text = readFileSync(join(__dirname, "../fixtures/ini", name), "utf8");
    const observed = observe(text);
    const altered = [...observed.tables.values()].filter(({ name: table }) =>
      ["GroupStatus", "ConnectivityStatus"].some((column) => isReadOnlyColumn(table, column)),
    );
    const lines = new Set(text.split(/\r?\n/));
    const back = sentBack(observed).split("\r\n");
    const rows = back.filter((line) => /^(FORMAT|\w+ \d+ =)/.test(line));
    assert.ok(rows.length > 40);
    for (const line of rows) {
      const isAltered = altered.some(
        (table) => line.includes(`${table.name}_`) || line.startsWith(`${table.name} `),
      );
      assert.equal(lines.has(line), !isAltered, line);
    }
  });
}

test("tables are ordered without loss, each text's own order kept where none contradicts it", () => {
  const table = fc.constantFrom<string[]>("SRD", "ProxySet", "IPGroup", "Zeta", "Alpha", "WebUsers", "Beta");
  const some = fc.uniqueArray(table);
  fc.assert(
    fc.property(some, some, some, (tables, order, dump) => {
      const ordered = orderTables(tables, [order], dump);
      assert.deepEqual([...ordered].sort(), [...tables].sort());
      const own = order.filter((name) => tables.includes(name));
      assert.deepEqual(
        ordered.filter((name) => own.includes(name)),
        own,
      );
    }),
  );
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeIni } from "../../src/ini/encoding";
import { judgeIni } from "../../src/ini/whole";
import { type SimulatorOptions, startSimulator } from "../../src/simulator";

const fixture = (name: string) =>
  decodeIni(readFileSync(join(__dirname, "..", "fixtures", "ini", name))).text;

const faultOf = (text: string) => judgeIni(text).fault;

function inventoryOf(text: string) {
  const verdict = judgeIni(text);
  assert.ok("inventory" in verdict, verdict.fault);
  return verdict.inventory;
}

const DUMP = [
  ";** Ini File **",
  "",
  "[SYSTEM Params]",
  "EnableSyslog = 1",
  "[ ProxySet ]",
  "FORMAT Index = ProxyName, KeepAlive;",
  'ProxySet 0 = "a", 61;',
  'ProxySet 1 = "b", 62;',
  "[ \\ProxySet ]",
  "",
];
const dump = (...changed: [number, string][]) => {
  const lines = [...DUMP];
  for (const [at, line] of changed) lines[at] = line;
  return lines.join("\r\n");
};

describe("a whole ini file of a device", () => {
  it("is what devices print", () => {
    for (const name of ["full-7.00A.ini", "full-7.40.ini"]) assert.equal(faultOf(fixture(name)), undefined);
    assert.deepEqual(
      [...inventoryOf(dump())],
      ["enablesyslog", "table proxyset", "proxyset 0", "proxyset 1"],
    );
  });

  it("may begin with a byte order mark, have blanks around its lines and names in any case", () => {
    for (const mark of ["\uFEFF", "\u00EF\u00BB\u00BF"])
      assert.ok(inventoryOf(`${mark}EnableSyslog = 1\r\n`).has("enablesyslog"));
    assert.equal(
      faultOf(
        dump()
          .replaceAll(/^(?=.)/gm, " ")
          .replaceAll("\r\n", " \t\r\n"),
      ),
      undefined,
    );
    assert.equal(faultOf(dump([7, 'PROXYSET 01 = "b", 62;'])), undefined);
  });

  it("is what the simulator prints, in every dialect", async () => {
    const ini = `${fixture("full-7.40.ini")}\n[ ProxySet ]\nFORMAT Index = ProxyName;\nProxySet 77 = "it's; \\ [x] = 'y'";\n[ \\ProxySet ]\n`;
    const dialects: SimulatorOptions[] = [
      {},
      { firmware: "7.00A.018.005" },
      { noise: true, eol: "\n" },
      { firmware: "7.00A.018.005", noise: true, obscuring: "anew", highAvailability: true },
    ];
    for (const options of dialects) {
      for (const start of [undefined, ini, fixture("full-7.00A.ini")]) {
        const simulator = await startSimulator({
          ...options,
          ...(start === undefined ? {} : { ini: start }),
        });
        const authorization = `Basic ${Buffer.from("Admin:Admin").toString("base64")}`;
        const answer = await fetch(`${simulator.url}/api/v1/files/ini`, { headers: { authorization } });
        assert.equal(faultOf(await answer.text()), undefined);
        await simulator.close();
      }
    }
  });

  it("may end its tables in the malformed forms that are seen", () => {
    for (const end of ["[\\ProxySet]", "[ \\ \\ProxySet ]", "[\\ProxySet ]", "[ \\proxyset ]"])
      assert.equal(faultOf(dump([8, end])), undefined);
  });

  it("may have the request line of old firmware behind its end", () => {
    for (const end of ["", "\r\n"]) assert.equal(faultOf(`${dump()}GET /topAreaStaus.json${end}`), undefined);
  });

  it("may hide a table, named by a banner or by its own section", () => {
    const hidden = "; This table contains hidden elements and will not be exposed";
    for (const lines of [
      ["; *** TABLE Certs ***", hidden],
      ["[ Certs ]", hidden, "[ \\Certs ]"],
      ["; *** TABLE Certs ***", "[ \\Certs ]"],
    ]) {
      const verdict = judgeIni(`${lines.join("\r\n")}\r\n`);
      assert.ok("inventory" in verdict && verdict.inventory.has("table certs"), lines[0]);
    }
  });

  it("may have a strange line in a table, which is then never sent back", () => {
    assert.equal(faultOf(dump([7, "some words"])), undefined);
    assert.equal(faultOf(dump([7, 'ProxySet 1 = "b", 62;   ; a, comment'])), undefined);
    assert.equal(faultOf(dump([7, 'ProxySet 1 = "b, 62;'])), undefined);
  });

  it("may have a FORMAT line that tells no number of columns, and then no row is too short", () => {
    for (const format of [
      "FORMAT Index = ProxyName, KeepAlive, Weight",
      "FORMAT ProxyName, KeepAlive, Weight;",
    ])
      for (const row of ['ProxySet 1 = "b";', 'ProxySet 1 = "b"', 'ProxySet 1 = "b'])
        assert.equal(faultOf(dump([5, format], [7, row])), undefined, row);
  });
});

describe("what is not a whole ini file", () => {
  const cases: Record<string, [string, RegExp]> = {
    "one line of prose": ["Internal error, try again later\n", /^line 1: it ends in text/],
    "only the header": [";** Ini File **\r\n\r\n;Board: 69\r\n", /shows no parameter and no table/],
    "only a heading": ["[SYSTEM Params]\r\n", /shows no parameter and no table/],
    "a table that ends in the middle": [
      dump().slice(0, dump().indexOf("ProxySet 1")),
      /table ProxySet \(line 6\) has no end tag/,
    ],
    "a table that has no end before the next one": [
      dump([8, "[ IPGroup ]"]),
      /^line 9: table ProxySet \(line 6\) has no end tag/,
    ],
    "a table that has no end before a parameter": [
      dump([8, "Name = 1"]),
      /^line 9: table ProxySet \(line 6\) has no end tag/,
    ],
    "a section line that is cut": [dump([8, "[ \\ProxySe"]), /^line 9: a section begins and has no '\]'/],
    "a word about hidden elements": ["; contains hidden elements\r\n", /shows no parameter and no table/],
    "a table that ends as another one": [
      dump([8, "[ \\IPGroup ]"]),
      /line 9: another table ends where table ProxySet is open/,
    ],
    "a row of another table": [
      dump([7, 'IPGroup 1 = "b", 62;']),
      /line 8: a row of another table stands in table ProxySet/,
    ],
    "a row without a table": [
      'ProxySet 1 = "b", 62;\r\n[ \\ProxySet ]\r\n',
      /line 1: a row stands in no table/,
    ],
    "a short row": [dump([7, 'ProxySet 1 = "b";']), /line 8: row ProxySet 1 has 1 values for 2 columns/],
    "a short row with a comma in its value": [
      dump([7, 'ProxySet 1 = "b, c";']),
      /line 8: row ProxySet 1 has 1 values for 2 columns/,
    ],
    "a row without its end": [
      dump([7, 'ProxySet 1 = "b", 6']),
      /line 8: row ProxySet 1 does not end with ';'/,
    ],
    "words behind the last table": [`${dump()}Internal error\r\n`, /line 10: it ends in text/],
    "a last line without an end": [`${dump()}EnableSyslog = 1`, /^line 10: the last line has no line end/],
    "an end tag without a table": ["[ \\ProxySet ]\r\n", /line 1: a table ends that has no beginning/],
    "an end tag of another section": [
      "[ IPGroup ]\r\n[ \\ProxySet ]\r\n",
      /line 2: a table ends that has no beginning/,
    ],
    "a FORMAT line without a table": ["FORMAT Index = A;\r\n", /line 1: a FORMAT line stands in no table/],
    "a table whose name is no name": ["[ a b ]\r\nFORMAT Index = A;\r\n", /FORMAT line stands in no table/],
    "a hidden table of a strange name that has no end": [
      "[ a b ]\r\n; contains hidden elements\r\n",
      /table that \(line 2\) has no end tag/,
    ],
    "a cut in the end of the last line": [dump().slice(0, -1), /the last line has no line end/],
  };
  for (const [what, [text, fault]] of Object.entries(cases)) {
    it(`is ${what}`, () => assert.match(faultOf(text) ?? "whole", fault));
  }

  it("is a dump that is cut anywhere but between two of its parts", () => {
    for (const name of ["full-7.00A.ini", "full-7.40.ini"]) {
      const text = fixture(name);
      fc.assert(
        fc.property(fc.nat({ max: text.length - 1 }), (at) => {
          if (faultOf(text.slice(0, at)) !== undefined) return;
          // All that is there is whole: the next line does not belong to a table that is open.
          const begun = [...text.slice(0, at).matchAll(/^FORMAT /gm)].length;
          const ended = [...text.slice(0, at).matchAll(/^\[ \\\w+ \]/gm)].length;
          assert.ok(ended >= begun && /[\r\n]$/.test(text.slice(0, at)));
        }),
        { numRuns: 500 },
      );
    }
  });

  it("never shows a value in its words", () => {
    const secret = "Granite-Orchard-17";
    for (const text of [`${secret}\n`, dump([7, `${secret} 1 = x`]), dump([7, `[ \\${secret} !]`])])
      assert.equal(String(faultOf(text)).includes(secret), false);
  });
});

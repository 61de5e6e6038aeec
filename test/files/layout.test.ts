import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { canonicalScript } from "../../src/cli/canonical";
import { parseScript } from "../../src/cli/parse";
import { formatFile } from "../../src/files/format";
import { kindOf } from "../../src/files/kind";
import { compareConfigurations } from "../../src/ini/compare";
import { readConfiguration } from "../../src/ini/configuration";
import { decodeIni } from "../../src/ini/encoding";
import { parseIni } from "../../src/ini/parse";
import { flatScripts, indentedScripts, style, write } from "../cli/scripts";
import { commentsOf, writtenIni } from "./written";

const FIXTURES = join(__dirname, "..", "fixtures");
const EXAMPLES = join(__dirname, "..", "..", "examples");
const samples = [join(FIXTURES, "ini"), join(FIXTURES, "people"), join(EXAMPLES, "gitops", "config")].flatMap(
  (folder) => readdirSync(folder).map((name) => join(folder, name)),
);

const sayings = (text: string) => readConfiguration({ document: parseIni(text) });

function holds(text: string, kind: "ini" | "cli"): void {
  const once = formatFile(text, kind);
  assert.equal(formatFile(once, kind), once, "twice is once");
  if (kind === "ini") {
    const [before, after] = [sayings(text), sayings(once)];
    assert.deepEqual(compareConfigurations(before.configuration, after.configuration), []);
    assert.deepEqual(after.order, before.order);
  } else assert.deepEqual(canonicalScript(parseScript(once)), canonicalScript(parseScript(text)));
  assert.deepEqual(commentsOf(once), commentsOf(text));
}

describe("the canonical layout", () => {
  for (const file of samples) {
    it(`of ${file.slice(join(__dirname, "..", "..").length + 1)} says the same, and again gives the same`, () => {
      const { text } = decodeIni(readFileSync(file));
      holds(text, kindOf(file, text));
    });
  }

  it("of any ini file says the same, and again gives the same", () => {
    fc.assert(
      fc.property(writtenIni, (text) => holds(text, "ini")),
      { numRuns: 500 },
    );
  });

  it("of any script says the same, and again gives the same", () => {
    const written = fc.oneof(fc.tuple(indentedScripts, style([1, 2, 4])), fc.tuple(flatScripts, style([0])));
    fc.assert(
      fc.property(written, ([script, how]) => holds(write(script, how), "cli")),
      { numRuns: 150 },
    );
  });

  it("of an ini file is what people agree on", () => {
    const text = [
      "\uFEFF; of the lab",
      "P=5",
      "  Q = text  ",
      "R = \"a\", 'b',3",
      "",
      "",
      "; above the table",
      "[ProxySet]",
      "FORMAT Index = ProxyName,",
      "; between",
      "ProxyKeepAliveTime;",
      "proxyset 03 = PS_T, 60;;why",
      'ProxySet 4 = "00", $$',
      "[SIP Params]",
      "S = ''",
      "[ \\\\SIP Params ]",
      "[X]",
      "[\\X]",
      "GET /topAreaStaus.json",
    ].join("\r\n");
    assert.deepEqual(formatFile(text, "ini").split("\r\n"), [
      "; of the lab",
      "P = 5",
      "Q = 'text'",
      "R = 'a', 'b', 3",
      "",
      "; above the table",
      "[ ProxySet ]",
      "FORMAT Index = ProxyName, ProxyKeepAliveTime;",
      "; between",
      'ProxySet 3 = "PS_T", 60; ;why',
      'ProxySet 4 = "00", $$;',
      "[ \\ProxySet ]",
      "",
      "[SIP Params]",
      "S = ''",
      "",
      "[ X ]",
      "[ \\X ]",
      "",
    ]);
  });

  it("of a script is what people agree on", () => {
    const text = [
      "# of the lab",
      "conf net",
      "nat-translation 0",
      'src-interface-name   "WAN"',
      "! port",
      "src-start-port 5061",
      "activate",
      "exit",
      "",
      "",
      "nat-translation 1",
      "target-ip-address 192.0.2.1",
      "  ; no more",
      "exit",
      "exit",
      "show version",
    ].join("\n");
    assert.deepEqual(formatFile(text, "cli").split("\n"), [
      "# of the lab",
      "configure network",
      "  nat-translation 0",
      '    src-interface-name "WAN"',
      "    ! port",
      "    src-start-port 5061",
      "    activate",
      "  exit",
      "",
      "  nat-translation 1",
      "    target-ip-address 192.0.2.1",
      "    ; no more",
      "  exit",
      "exit",
      "show version",
      "",
    ]);
  });

  it("is refused for what cannot be read, with the line and the column", () => {
    assert.throws(() => formatFile("P = 1\nX 0 = 1;\n", "ini"), /ini line 2, column 1: /);
    assert.throws(() => formatFile("description X\n", "cli"), /script line 1, column 1: /);
  });
});

describe("the language of a file", () => {
  it("is told by its name, else by what stands in it", () => {
    assert.equal(kindOf("a.INI", "configure voip"), "ini");
    assert.equal(kindOf("a.cli", ""), "cli");
    assert.equal(kindOf("a", "# why\n\nconfigure voip\n exit\n"), "cli");
    assert.equal(kindOf("a", "; why\nConfigVersion = 1\n"), "ini");
    assert.equal(kindOf("a", ""), "ini");
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { adopt } from "../../src/generate/adopt";
import { mismatches } from "../../src/generate/check";
import { generateProgram } from "../../src/generate/generate";
import { compareConfigurations } from "../../src/ini/compare";
import { readConfiguration } from "../../src/ini/configuration";
import { NameMap } from "../../src/ini/names";
import { liveConfiguration, observe } from "../../src/ini/observe";
import { parseIni } from "../../src/ini/parse";
import { renderConfiguration } from "../../src/ini/render";
import { replacePlaceholders } from "../../src/ini/variables";
import { sameText } from "../../src/secrets/values";
import { configuration, lineSoup } from "../ini/arbitraries";

const NOTHING = /shows nothing that could be declared/;

function generate(dump: string) {
  const device = { name: "sbc1", url: "https://sbc1.example.com" };
  return generateProgram({ device, username: "Admin", version: "1.2.3", dump });
}

/** What a program declares, its variables filled in, and how it writes the empty secret made the device's. */
function declaredBy(dump: string) {
  const { files } = generate(dump);
  const variables = JSON.parse(files.find(({ path }) => path === "secrets.json")?.text ?? "{}");
  const text = files
    .filter(({ path }) => path.endsWith(".ini"))
    .map((file) => file.text)
    .join("\n");
  const { configuration } = readConfiguration({ document: parseIni(text) });
  const filled = JSON.stringify(configuration, (_, value) =>
    typeof value === "string" ? replacePlaceholders(value, { ...variables, openBraces: "{{" }) : value,
  );
  return JSON.parse(filled) as typeof configuration;
}

test("a program declares what the device shows, and nothing else", () => {
  fc.assert(
    fc.property(configuration, fc.boolean(), (source, longHeaders) => {
      const dump = renderConfiguration(source, [], { longHeaders });
      const shown = liveConfiguration(observe(dump));
      let declared: ReturnType<typeof declaredBy>;
      try {
        declared = declaredBy(dump);
      } catch (error) {
        assert.match(String(error), NOTHING);
        declared = { parameters: {}, tables: {} };
      }
      const changes = compareConfigurations(shown, declared).filter(
        ({ before, after }) =>
          !(typeof before === "string" && typeof after === "string" && sameText(before, after)),
      );
      assert.deepEqual(changes, []);
    }),
  );
});

test("any text at all gives a program that says what was read of it, or none", () => {
  fc.assert(
    fc.property(lineSoup, (dump) => {
      try {
        generate(dump);
      } catch (error) {
        assert.match(String(error), NOTHING);
      }
    }),
    { numRuns: 2000 },
  );
});

test("the second opinion sees what is missing, different or too much", () => {
  const { observed } = adopt("A = 1\nB = 2\n", "A = 1\nB = 2\n", "Admin");
  const differing = (text: string) => mismatches(observed, [text], {}, new NameMap());
  assert.deepEqual(differing("A = 1\nB = 2\n"), []);
  assert.deepEqual(differing("A = 1\n"), ["B"]);
  assert.deepEqual(differing("A = 1\nB = 02\n"), ["B"]);
  assert.deepEqual(differing("A = 1\nB = 2\nC = 3\n"), ["C"]);
  assert.deepEqual(mismatches(observed, ["A = 1\n"], {}, new NameMap([["B", true]])), []);
});

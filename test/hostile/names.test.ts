import assert from "node:assert/strict";
import { test } from "node:test";
import { compareScripts } from "../../src/cli/compare";
import { readDeclared } from "../../src/cli/declared";
import { checkSettings } from "../../src/declare/device";
import { parseAlarmPage } from "../../src/device/answers/alarms";
import { parseAnswer } from "../../src/device/answers/lenient-json";
import { parseStatus } from "../../src/device/answers/status";
import { parseSections } from "../../src/device/connect/credentials-text";
import { readConfiguration } from "../../src/ini/configuration";
import { declaredBy } from "../../src/ini/declared";
import { liveConfiguration, observe } from "../../src/ini/observe";
import { parseIni } from "../../src/ini/parse";
import { renderConfiguration } from "../../src/ini/render";
import { placeholders, replacePlaceholders } from "../../src/ini/variables";
import { parseProfile } from "../../src/probe/profile";
import { behaviourOf } from "../../src/simulator/behaviour";
import { INHERITED } from "./mutate";
import { inherited } from "./parsers";

/** Names that begin a line of the device; `__proto__` can be none. */
const POSSIBLE = INHERITED.filter((name) => /^[A-Za-z]/.test(name));
const IMPOSSIBLE = INHERITED.filter((name) => !POSSIBLE.includes(name));

const before = inherited();
const untouched = () => assert.deepEqual(inherited(), before);

test("parameters, tables and columns may be called as what every object has", () => {
  for (const name of POSSIBLE) {
    const text = `${name} = '7'\r\n\r\n[ ${name} ]\r\n\r\nFORMAT Index = ${name};\r\n${name} 0 = "a";\r\n\r\n[ \\${name} ]\r\n`;
    const { configuration } = readConfiguration({ document: parseIni(text) });
    const cells = Object.fromEntries([[name, "a"]]);
    assert.deepEqual(configuration, {
      parameters: Object.fromEntries([[name, "7"]]),
      tables: Object.fromEntries([[name, { "0": cells }]]),
    });
    assert.deepEqual(liveConfiguration(observe(text)), configuration);
    const again = readConfiguration({ document: parseIni(renderConfiguration(configuration)) });
    assert.deepEqual(again.configuration, configuration);
    assert.equal(declaredBy(configuration).values.get(`${name} 0 ${name}`), "a");
  }
  untouched();
});

test("what nobody declared is not there, whatever every object has", () => {
  const { values, rows } = declaredBy({ parameters: {}, tables: { X: { "0": {} } } });
  for (const name of INHERITED) {
    for (const address of [name, `X 0 ${name}`, `X ${name} A`, `${name} 0 A`])
      assert.equal(values.get(address), undefined, address);
    for (const address of [`${name} 0`, `X ${name}`]) assert.equal(rows.get(address), undefined, address);
  }
});

test("a dump or arguments with an impossible name are refused, or passed over", () => {
  for (const name of IMPOSSIBLE) {
    const observed = observe(`${name} = 1\n[ ${name} ]\nFORMAT Index = ${name};\n${name} 0 = 1;\n`);
    assert.deepEqual(liveConfiguration(observed), { parameters: {}, tables: {} });
    const own = (value: unknown) => Object.fromEntries([[name, value]]);
    for (const source of [
      { parameters: own("x") },
      { tables: own({ "0": { A: "x" } }) },
      { tables: { X: own({ A: "x" }) } },
      { tables: { X: { "0": own("x") } } },
    ])
      assert.throws(() => readConfiguration(source), { name: "IniError" });
  }
  untouched();
});

test("members of an answer with such names are members like others", () => {
  for (const name of INHERITED) {
    for (const end of ["}", ",}"]) {
      const { fields } = parseAnswer(`{"${name}": {"polluted": true}, "id": "1"${end}`);
      assert.deepEqual(Object.keys(fields), [name, "id"]);
      assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
    }
    const status = parseStatus(`{"${name}": 1, "versionID": "7.40A.250.440"}`);
    assert.equal(status?.version, "7.40A.250.440");
    assert.deepEqual(Object.keys(status?.other ?? {}), [name]);
    const page = parseAlarmPage(`{"alarms": [{"id": "${name}", "${name}": 1}]}`);
    assert.deepEqual(page?.alarms, [{ id: name, description: "" }]);
  }
  untouched();
});

test("settings of a device and sections of credentials do not inherit", () => {
  for (const name of INHERITED) {
    const settings = JSON.parse(`{"url": "https://192.0.2.1", "${name}": "x", "tls": {"${name}": "x"}}`);
    assert.deepEqual(
      checkSettings(settings, "device").filter((problem) => !problem.includes("is not an argument")),
      [],
    );
    assert.equal(checkSettings(settings, "device").length, 2);
    const sections = parseSections(`[${name}x]\nurl = https://192.0.2.1\n`, "file");
    assert.deepEqual([...sections.keys()], [`${name}x`]);
    assert.equal(sections.get(name), undefined);
  }
  untouched();
});

test("variables are the user's own, never inherited ones", () => {
  for (const name of INHERITED) {
    assert.deepEqual(placeholders(`{{${name}}}`), [name]);
    assert.equal(replacePlaceholders(`{{${name}}}`, {}), `{{${name}}}`);
    const script = `configure voip\n a {{${name}}}\nexit\n`;
    assert.throws(() => readDeclared(script), /variables has no value for/);
    const variables = Object.fromEntries([[name, "7"]]);
    assert.match(readDeclared(script, { variables }).text, /a 7/);
  }
});

test("lines of a script with such names are compared like others", () => {
  for (const name of POSSIBLE) {
    const script = (value: string) => readDeclared(`configure voip\n ${name} ${value}\nexit\n`);
    assert.deepEqual(compareScripts(script("1"), script("1")).changes, []);
    assert.equal(compareScripts(script("1"), script("2")).changes.length, 1);
  }
});

test("a profile with such an answer is read, and the answer left out", () => {
  for (const name of INHERITED) {
    const text = `{"profile": 1, "firmware": "7.40A", "table": "X", "incrementalTables": "rows", "answers": {"${name}": "x"}, "obscured": [], "notes": []}`;
    assert.deepEqual(behaviourOf({}, parseProfile(text)), behaviourOf({}));
  }
  untouched();
});

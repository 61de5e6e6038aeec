import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { kindOf } from "../../src/files/kind";
import { type Given, lint } from "../../src/files/lint/lint";

const FIXTURES = join(__dirname, "..", "fixtures");
const fixture = (...path: string[]) => readFileSync(join(FIXTURES, ...path), "utf8");
const given = (text: string, name = "a.ini"): Given => ({ name, text, kind: kindOf(name, text) });

interface Against {
  dumps?: string[];
  beside?: string[];
  name?: string;
  secrets?: string[];
}

/** `line:column level rule`, each with its message. */
function found(
  text: string,
  { dumps = [], beside = [], name = "a.ini", secrets = [] }: Against = {},
): string[] {
  const [first] = lint(
    [given(text, name), ...beside.map((other, at) => given(other, `${at}.ini`))],
    dumps.map((dump) => given(dump, name)),
    secrets,
  );
  return (first?.findings ?? []).map(
    ({ line, column, level, rule, message }) => `${line}:${column} ${level} ${rule}: ${message}`,
  );
}

const table = (name: string, columns: string, ...rows: string[]) =>
  [
    `[ ${name} ]`,
    `FORMAT Index = ${columns};`,
    ...rows.map((row) => `${name} ${row};`),
    `[ \\${name} ]`,
  ].join("\n");

describe("what lint finds in an ini file", () => {
  it("is what cannot be read, and a semicolon outside of quotes, at its place", () => {
    assert.deepEqual(
      found("P = 1 ; why\nnonsense\n[ X ]\nFORMAT Index = A, B;\nX 0 = a;b, 1;\nX 1 = 5;\n").map(
        (line) => line.split(": ")[0],
      ),
      [
        "1:5 error unquoted-semicolon",
        "2:1 error syntax",
        "5:7 error unquoted-semicolon",
        "6:1 error syntax",
      ],
    );
  });

  it("is what is given twice, with the first place and the columns that differ", () => {
    const text = [
      "P = 1",
      "p = 2",
      "Q = 1",
      "Q = 1",
      table("X", "A, B", "0 = 1, 2", "00 = 1, 3", "1 = 5, 5", "1 = 5, 5"),
    ].join("\n");
    assert.deepEqual(found(text), [
      "2:1 error duplicate-parameter: p is in line 1 already: this one gives other values",
      "4:1 warning duplicate-parameter: Q is in line 3 already: this one gives the same again",
      "8:1 error duplicate-row: X 0 is in line 7 already: this one gives other values of B",
      "10:1 warning duplicate-row: X 1 is in line 9 already: this one gives the same again",
    ]);
    const blocks = "[ X ]\nFORMAT Index = A;\nX 0 = 1;\nFORMAT Index = B;\nX 0 = 2;\n[ \\X ]\n";
    assert.deepEqual(found(blocks), [], "a row in two blocks is one row");
  });

  it("is a name that no dump shows, with the name that is spelt alike", () => {
    const dumps = [
      "EnableSyslog = 1\n;SecretOne is hidden but has non-default value\n",
      table("ProxySet", "ProxyName, Redundancy", '0 = "A", 1'),
    ];
    const text = [
      "EnableSyslg = 1",
      "secretone = 1",
      "Elsewhere = 1",
      table("ProxySet", "ProxyNam", '0 = "A"'),
      table("ProxySets", "ProxyName", '0 = "A"'),
      table("Classification", "Anything", "0 = 1"),
    ].join("\n");
    assert.deepEqual(found(text, { dumps }), [
      "1:1 warning unknown-parameter: no dump shows the parameter EnableSyslg: misspelt, or at its default there; did you mean EnableSyslog?",
      "3:1 note unknown-parameter: no dump shows the parameter Elsewhere: misspelt, or at its default there",
      "4:1 error unknown-column: the table ProxySet has no column ProxyNam in any dump; did you mean ProxyName?",
      "8:1 warning unknown-table: no dump shows the table ProxySets: misspelt, or empty there; did you mean ProxySet?",
      "12:1 note unknown-table: no dump shows the table Classification: misspelt, or empty there",
    ]);
    assert.deepEqual(found(text), [], "without a dump no name is unknown");
  });

  it("is a row that refers to one further down, or to none", () => {
    const groups = table("IPGroup", "Name, ProxySetName", '0 = "G", "PS_A"', '1 = "H", "PS_X"');
    const sets = table("ProxySet", "ProxyName", '0 = "PS_A"');
    assert.deepEqual(found(`${groups}\n${sets}`), [
      '3:18 error table-order: IPGroup 0 refers to "PS_A" (ProxySetName), which line 8 makes: put ProxySet above IPGroup',
      '4:18 warning missing-reference: IPGroup 1 refers to "PS_X" (ProxySetName), and no row of ProxySet has this name; did you mean "PS_A"?',
    ]);
    assert.deepEqual(found(groups), [], "what is not in the file may be on the device");
    assert.deepEqual(found(groups, { beside: [sets, table("ProxySet", "ProxyName", '1 = "PS_X"')] }), []);
    const far = table(
      "IPGroup",
      "Name, ProxySetName",
      '0 = "G", "PS_A"',
      '1 = "H", "Elsewhere"',
      '2 = "I", "{{set}}"',
    );
    assert.deepEqual(found(far, { dumps: [sets] }).slice(-1), [
      '4:18 error missing-reference: IPGroup 1 refers to "Elsewhere" (ProxySetName), and no row of ProxySet has this name',
    ]);
  });

  it("is a secret in the clear, without its value, and none that a variable or nothing stands for", () => {
    const text = [
      "IniFileURL = 'https://ops:Sturdy-Harbour-88@192.0.2.1/a.ini'",
      "CmpFileURL = 'https://ops:{{pw}}@192.0.2.1/a.cmp'",
      "RoutePlan = 'Granite-Orchard-17'",
      table(
        "Account",
        "Username, Password",
        '0 = "a", "Velvet-Compass-42"',
        '1 = "b", "{{pw}}"',
        '2 = "c", ""',
        '3 = "d", "$1$gQ=="',
        '4 = "e", "$1$AAAAAAAA"',
        '5 = "f", "[secret]"',
      ),
    ].join("\n");
    const lines = found(text, { secrets: ["RoutePlan"] });
    assert.deepEqual(
      lines.map((line) => line.split(": ")[0]),
      [
        "1:1 error plain-secret",
        "3:1 error plain-secret",
        "6:18 error plain-secret",
        "10:18 warning plain-secret",
      ],
    );
    assert.doesNotMatch(lines.join("\n"), /Harbour|Orchard|Compass|AAAA/);
  });

  it("is nothing of references, order and syntax in what devices give", () => {
    for (const folder of ["ini", "people"])
      for (const name of readdirSync(join(FIXTURES, folder))) {
        const text = fixture(folder, name);
        const lines = found(text, { name, dumps: [text] });
        assert.deepEqual(
          lines.filter((line) => !/ (plain-secret|refused-command): /.test(line)),
          [],
          name,
        );
      }
  });
});

describe("what lint finds in a script", () => {
  const cli = (text: string, dumps: string[] = []) => found(text, { name: "a.cli", dumps: dumps });

  it("is what cannot be read, and what cannot run", () => {
    const text = 'configure voip\n proxy-set 0\n  proxy-name A;B\n  x "a"b\n  exit\n exit\nwrite\nstray 1\n';
    assert.deepEqual(
      cli(text).map((line) => line.split(": ")[0]),
      ["3:15 error unquoted-semicolon", "4:7 error syntax", "7:1 error refused-command"],
    );
    assert.deepEqual(
      cli("configure voip\n exit\nstray 1\n").map((line) => line.split(": ")[0]),
      ["3:1 error syntax"],
    );
  });

  it("is a row that is entered at two places", () => {
    const row = (at: number) => ` proxy-set ${at}\n  proxy-name A\n  exit\n`;
    assert.deepEqual(cli(`configure voip\n${row(0)}${row(1)}${row(0)}exit\n`), [
      "8:2 warning duplicate-row: configure voip / proxy-set 0 is entered in line 2 already: put its lines together",
    ]);
  });

  it("is a command that an exported script spells otherwise", () => {
    const script = (name: string) => `configure voip\n proxy-set 3\n  ${name} A\n  exit\nexit\n`;
    assert.deepEqual(cli(script("proxy-nam"), [script("proxy-name").replace("3", "0")]), [
      "3:3 warning unknown-command: no exported script has `proxy-nam` in `proxy-set`; did you mean proxy-name?",
    ]);
  });

  it("is a secret in the clear, without its value", () => {
    const text =
      'configure voip\n sip-definition account 0\n  user-name a\n  password Sturdy-Harbour-88\n  exit\n sip-definition account 1\n  password {{pw}}\n  exit\n sip-definition account 2\n  password "$1$AAAAAAAA"\n  exit\nexit\n';
    const lines = cli(text);
    assert.deepEqual(
      lines.map((line) => line.split(": ")[0]),
      ["4:3 error plain-secret", "10:3 warning plain-secret"],
    );
    assert.doesNotMatch(lines.join("\n"), /Harbour|AAAA/);
  });
});

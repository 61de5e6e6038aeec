import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { FileDiff } from "../../src/files/diff/change";
import { diffExport, diffScripts, readScript } from "../../src/files/diff/cli";
import { diffDump, diffIni, readIni } from "../../src/files/diff/ini";
import { meaningOf } from "../../src/files/diff/meaning";
import { formatFile } from "../../src/files/format";
import { kindOf } from "../../src/files/kind";
import { decodeIni } from "../../src/ini/encoding";
import { observe } from "../../src/ini/observe";
import { secretTest } from "../../src/ini/secrets";
import { describeChange } from "../../src/text/describe";
import { indentedScripts, style, write } from "../cli/scripts";
import { writtenIni } from "./written";

const FIXTURES = join(__dirname, "..", "fixtures");
const NOTHING: FileDiff = { changes: [], uncompared: [] };
const isSecret = secretTest();

const ini = (before: string, after: string) =>
  diffIni(readIni(before), readIni(after), { against: "file", whole: true, isSecret });
const dump = (device: string, file: string, whole = false) =>
  diffDump(observe(device), readIni(file), { whole, isSecret });
const cli = (before: string, after: string) => diffScripts(readScript(before), readScript(after));
const lines = ({ changes }: FileDiff) => changes.map((change) => describeChange(change, change));

describe("the diff of a file with its layout", () => {
  for (const folder of ["ini", "people"])
    for (const name of readdirSync(join(FIXTURES, folder)))
      it(`is empty: ${name}`, () => {
        const { text } = decodeIni(readFileSync(join(FIXTURES, folder, name)));
        const kind = kindOf(name, text);
        const formatted = formatFile(text, kind);
        assert.deepEqual(kind === "ini" ? ini(text, formatted) : cli(text, formatted), NOTHING);
        assert.equal(meaningOf(formatted, kind), meaningOf(text, kind));
      });

  it("is empty for any ini file and any script", () => {
    fc.assert(
      fc.property(writtenIni, (text) => assert.deepEqual(ini(text, formatFile(text, "ini")), NOTHING)),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(indentedScripts, style([1, 4]), (script, how) => {
        const text = write(script, how);
        assert.deepEqual(cli(text, formatFile(text, "cli")), NOTHING);
      }),
      { numRuns: 50 },
    );
  });
});

const PROXY = (rows: string, columns = "ProxyName, Redundancy") =>
  `[ ProxySet ]\nFORMAT Index = ${columns};\n${rows}\n[ \\ProxySet ]\n`;

describe("the diff of two files", () => {
  it("is by parameter and cell, whatever the order and the columns", () => {
    const before = `P = 1\nQ = 'a'\n${PROXY('ProxySet 0 = "A", 1;\nProxySet 1 = "B", 1;')}`;
    const after = `${PROXY('ProxySet 1 = 1, "B";\nProxySet 2 = 0, "C";', "Redundancy, ProxyName")}q = b\n`;
    assert.deepEqual(lines(ini(before, after)), [
      'q: "a" => "b"',
      'ProxySet 2 Redundancy: (none) => "0"',
      'ProxySet 2 ProxyName: (none) => "C"',
      'P: "1" => (none)',
      'ProxySet 0 ProxyName: "A" => (none)',
      'ProxySet 0 Redundancy: "1" => (none)',
    ]);
  });

  it("shows no secret, and says what one side hides", () => {
    const account = (password: string) =>
      `[ Account ]\nFORMAT Index = Username, Password;\nAccount 0 = "a", "${password}";\n[ \\Account ]\n`;
    const changed = ini(account("Sturdy-Harbour-88"), account("Granite-Orchard-17"));
    assert.deepEqual(lines(changed), ["Account 0 Password: (secret) changed"]);
    for (const hidden of ["[secret]", "$1$AAAAAAAA"])
      assert.deepEqual(ini(account(hidden), account("Granite-Orchard-17")), {
        changes: [],
        uncompared: ["Account 0 Password"],
      });
    assert.deepEqual(lines(ini(account("{{a}}"), account("{{b}}"))), [
      "Account 0 Password: (secret) changed",
    ]);
  });

  it("is by line of a script", () => {
    const script = (name: string, more = "") =>
      `configure voip\n proxy-set 0\n  proxy-name ${name}\n  password ${name}-pass\n  exit\n${more}exit\n`;
    assert.deepEqual(lines(cli(script("A"), script("B", " proxy-set 1\n  exit\n"))), [
      'configure voip / proxy-set 0 / proxy-name: "A" => "B"',
      "configure voip / proxy-set 0 / password: (secret) changed",
      'configure voip / proxy-set 1: (none) => "present"',
    ]);
  });
});

describe("the diff with a device", () => {
  it("is what the file would change; with all, what it leaves out too", () => {
    const device = `P = 1\nQ = 2\n${PROXY('ProxySet 0 = "A", 1;\nProxySet 1 = "B", 1;')}`;
    const file = `P = 1\nR = {{r}}\n${PROXY('ProxySet 0 = "X";', "ProxyName")}`;
    assert.deepEqual(lines(dump(device, file)), ['R: (none) => "{{r}}"', 'ProxySet 0 ProxyName: "A" => "X"']);
    assert.deepEqual(lines(dump(device, file, true)).length, 6);
  });

  it("leaves out what the device hides and what a placeholder stands for", () => {
    const device = [
      ";Hidden is hidden but has non-default value",
      "P = 1",
      "[ X ]\n; *** TABLE X ***\n; This table contains hidden elements and will not be exposed.\n[ \\X ]",
      '[ Account ]\nFORMAT Index = Password;\nAccount 0 = "$1$AAAAAAAA";\n[ \\Account ]\n',
    ].join("\n");
    const file = [
      "Hidden = 1",
      "P = {{p}}",
      "[ X ]\nFORMAT Index = A;\nX 0 = 1;\n[ \\X ]",
      '[ Account ]\nFORMAT Index = Password;\nAccount 0 = "Velvet-Compass-42";\n[ \\Account ]\n',
    ].join("\n");
    const { changes, uncompared } = dump(device, file);
    assert.deepEqual(changes, []);
    assert.deepEqual(uncompared.sort(), ["Account 0 Password", "Hidden", "P", "X 0 A"]);
  });

  it("of a script is by line, without secrets", () => {
    const device =
      'configure voip\n proxy-set 0\n  proxy-name "A"\n  password "$1$AAAAAAAA"\n  activate\n exit\n proxy-set 1\n  proxy-name "B"\n  activate\n exit\nexit\n';
    const file = "configure voip\n proxy-set 0\n  proxy-name C\n  password Velvet-Compass-42\n  exit\nexit\n";
    const some = diffExport(device, readScript(file), false);
    assert.deepEqual(lines(some), ['configure voip / proxy-set 0 / proxy-name: "A" => "C"']);
    assert.deepEqual(some.uncompared, ["configure voip / proxy-set 0 / password"]);
    assert.deepEqual(lines(diffExport(device, readScript(file), true)).slice(1), [
      'configure voip / proxy-set 1: "present" => (none)',
      'configure voip / proxy-set 1 / proxy-name: "B" => (none)',
    ]);
  });
});

describe("what a file says, for git to compare", () => {
  it("is a value a line, in an order of its own, without secrets and comments", () => {
    const text = [
      "; why",
      "Q = 2",
      "P = 'a', 'b'",
      "IniFileURL = 'https://ops:Sturdy-Harbour-88@192.0.2.1/a.ini'",
      "[ Account ]",
      "FORMAT Index = Username, Password;",
      'Account 10 = "x\u202ey", "Granite-Orchard-17";',
      'Account 9 = "a", "";',
      "[ \\Account ]",
      "nonsense",
    ].join("\n");
    assert.deepEqual(meaningOf(text, "ini").split("\n"), [
      'Account 9 Password = ""',
      'Account 9 Username = "a"',
      'Account 10 Password = "[secret]"',
      'Account 10 Username = "x\\u202ey"',
      'IniFileURL = "https://[secret]@192.0.2.1/a.ini"',
      'P = "a", "b"',
      'Q = "2"',
      "(cannot be read: neither a parameter ('Name = value'), a table nor a comment (';' first))",
      "",
    ]);
    const script =
      "configure voip\n! why\nproxy-set 0\npassword Granite-Orchard-17\nno proxy-name\nexit\nexit\n";
    assert.deepEqual(meaningOf(script, "cli").split("\n"), [
      "configure voip",
      "configure voip / proxy-set 0",
      'configure voip / proxy-set 0 / password = "[secret]"',
      "no configure voip / proxy-set 0 / proxy-name",
      "",
    ]);
  });
});

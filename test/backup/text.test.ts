import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { steadyScript } from "../../src/backup/cli";
import { steadyIni } from "../../src/backup/ini";
import { steadyLicense, steadyStatus } from "../../src/backup/metadata";
import type { Configuration, Value } from "../../src/ini/configuration";
import { declaredBy } from "../../src/ini/declared";
import { liveConfiguration, observe } from "../../src/ini/observe";
import { secretTest } from "../../src/ini/secrets";
import { isObscured, REDACTED, sameText } from "../../src/secrets/values";
import { byName } from "../../src/text/order";

const fixture = (name: string) => readFileSync(join(__dirname, "..", "fixtures", "ini", name), "utf8");
const FULL = ["full-7.00A.ini", "full-7.40.ini"] as const;

describe("names", () => {
  it("stand as people list them", () => {
    const names = ["Name_10", "name_9", "B", "a", "row 2", "row 10", "row 02"];
    assert.deepEqual(names.sort(byName), ["a", "B", "name_9", "Name_10", "row 02", "row 2", "row 10"]);
  });

  it("have one order, whatever the order they come in", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[aAbB_0-9]{1,6}$/), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(names, fc.infiniteStream(fc.nat()), (list, ranks) => {
        const shuffled = list
          .map((name) => ({ name, rank: ranks.next().value }))
          .sort((a, b) => a.rank - b.rank);
        assert.deepEqual(shuffled.map(({ name }) => name).sort(byName), [...list].sort(byName));
      }),
    );
  });
});

describe("the ini file of a backup", () => {
  const isSecret = secretTest();
  const hidden = (address: string, text: string) =>
    sameText(text, "") ? "" : isSecret(address) || isObscured(text) ? REDACTED : text;
  const withoutSecrets = (configuration: Configuration) =>
    Object.fromEntries(
      [...declaredBy(configuration).values].map(([address, value]): [string, Value] => [
        address,
        typeof value === "string" ? hidden(address, value) : value.map((text) => hidden(address, text)),
      ]),
    );
  const read = (text: string) => {
    const observed = observe(text);
    return {
      values: withoutSecrets(liveConfiguration(observed)),
      hidden: [...observed.hiddenParameters.keys()].sort(),
      tables: [...observed.tables].map(([name, table]) => `${name} ${table.hidden}`).sort(),
    };
  };

  for (const name of FULL) {
    it(`holds all that ${name} says, but for secrets`, () => {
      const { text, notes } = steadyIni(fixture(name));
      assert.deepEqual(read(text), read(fixture(name)));
      assert.deepEqual(notes, []);
      assert.doesNotMatch(text, /\$1\$[A-Za-z0-9+/=]{4}|\r/);
      assert.ok(text.includes(REDACTED));
      assert.equal(steadyIni(text).text, text);
    });
  }

  it("is the same in whatever order and form the device writes it", () => {
    const parameters = ["B_10 = 1", "B_9 = 'x'", "a = 1, 2", ";Hidden is hidden but has non-default value"];
    const rows = ['T 0 = 1, "a";', 'T 2 = 2, "";', 'T 10 = 3, "$1$Zm9v";'];
    const table = (order: readonly string[]) =>
      ["[ T ]", "FORMAT Index = Number, Password;", ...order, "[ \\T ]"].join("\n");
    const other = '[ SRD ]\nFORMAT Index = Name;\nSRD 0 = "s";\n[ \\SRD ]';
    const shuffle = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
    fc.assert(
      fc.property(
        shuffle(parameters),
        shuffle(rows),
        fc.boolean(),
        fc.constantFrom("\n", "\r\n"),
        (names, order, first, eol) => {
          const tables = first ? [other, table(order)] : [table(order), other];
          const dump = [...names, ...tables, "GET /topAreaStaus.json", ""].join("\n").replaceAll("\n", eol);
          assert.equal(
            steadyIni(dump).text,
            [
              "a = '1', '2'\nB_9 = 'x'\nB_10 = 1\n;Hidden is hidden but has non-default value\n",
              '[ SRD ]\n\nFORMAT Index = Name;\nSRD 0 = "s";\n\n[ \\SRD ]\n',
              '[ T ]\n\nFORMAT Index = Number, Password;\nT 0 = 1, "[secret]";\nT 2 = 2, "";\nT 10 = 3, "[secret]";\n\n[ \\T ]\n',
            ].join("\n"),
          );
        },
      ),
    );
  });

  it("keeps of the header what changes with the device alone", () => {
    const header = (serial: string, time: string) =>
      [
        ";** Ini File **",
        ";Board: Mediant SW",
        `;Serial Number: ${serial}`,
        ";Software Version: 7.40A.005.314",
        ";Board IP Address: 192.0.2.1",
        `;Time & Date: ${time}`,
        `;Device Up Time: ${time}`,
        ";;;Key features:;Board Type: Mediant SW ;SBC=100 ;",
        ";Product Key: QmFja3VwS2V5",
        ";      1 : FALC56      : 4",
        "",
        "EnableSyslog = 1",
        ";Board: in a comment further down",
        "",
      ].join("\r\n");
    const { text } = steadyIni(header("10245678", "1.1.2026"));
    assert.equal(text, steadyIni(header("10245679", "2.2.2026")).text);
    assert.deepEqual(text.split("\n"), [
      ";Board: Mediant SW",
      ";Software Version: 7.40A.005.314",
      ";;;Key features:;Board Type: Mediant SW ;SBC=100 ;",
      ";      1 : FALC56      : 4",
      "",
      "EnableSyslog = 1",
      "",
    ]);
  });

  it("tells secrets from values that look like them, and from none", () => {
    const { text } = steadyIni(
      "Password = 'plain'\nSNMPTrap = '$1$Zm9v'\nX = '$1$2'\nAuthPassword = '$1$gQ=='\n",
    );
    assert.equal(text, "AuthPassword = ''\nPassword = '[secret]'\nSNMPTrap = '[secret]'\nX = '$1$2'\n");
  });

  it("hides the credentials of an address, and nothing else of it", () => {
    const { text } = steadyIni(
      "IniFileURL = 'https://ops:c@n:ary@192.0.2.1/a?b=c:d@e'\nX = 'sip:100:200@example.com'\n[ T ]\nFORMAT Index = Url;\n" +
        'T 0 = "ftp://:canary@host";\n[ \\T ]\n',
    );
    assert.match(text, /^IniFileURL = 'https:\/\/\[secret\]@192\.0\.2\.1\/a\?b=c:d@e'$/m);
    assert.match(text, /^X = 'sip:100:200@example\.com'$/m);
    assert.match(text, /^T 0 = "ftp:\/\/\[secret\]@host";$/m);
    assert.doesNotMatch(text, /canary|n:ary/);
  });

  it("names the lines that it had to leave out", () => {
    const dump = "A = 1\nthis is no line\n[ T ]\nFORMAT Index = X;\nT 0 = 1, 2;\nT 1 = 3;\n[ \\T ]\n";
    const { text, notes } = steadyIni(dump);
    assert.deepEqual(notes, ["the ini file has lines that cannot be read and are left out: 2, 5"]);
    assert.match(text, /^T 1 = 3;$/m);
  });
});

describe("the CLI script of a backup", () => {
  const script = (...lines: string[]) => `${lines.join("\r\n")}\r\n`;

  it("is the same in whatever order the device writes modes, rows and settings", () => {
    const rows = [
      ["  proxy-set 10", "    proxy-name b", "    activate", "  exit"],
      ["  proxy-set 2", '    proxy-name "a b"', "    proxy-ip 1", "      weight 1", "    exit", "  exit"],
      ["  sip-definition settings", "    x 1", "    password secret-1", "  exit"],
    ];
    const modes = (order: string[][]) => [
      ["configure voip", ...order.flat(), "exit"],
      ["configure system", "  user Admin", "    password $1$Zm9v obscured", "  exit", "exit"],
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: 3 }), fc.boolean(), (order, first) => {
        const [voip = [], system = []] = modes(order);
        const whole = script(
          "# Running Configuration",
          ...(first ? [...voip, ...system] : [...system, ...voip]),
          "GET /x.json",
        );
        const { text, notes } = steadyScript(whole);
        assert.deepEqual(notes, []);
        assert.equal(
          text,
          [
            ...["configure system", "  user Admin", '    password "[secret]"', "  exit", "exit"],
            ...[
              "configure voip",
              "  proxy-set 2",
              '    proxy-name "a b"',
              "    proxy-ip 1",
              "      weight 1",
              "    exit",
              "  exit",
            ],
            ...["  proxy-set 10", "    proxy-name b", "  exit"],
            ...["  sip-definition settings", '    password "[secret]"', "    x 1", "  exit", "exit", ""],
          ].join("\n"),
        );
      }),
    );
  });

  it("keeps a list of one setting in its order, and what a mode says when it is entered again", () => {
    const { text } = steadyScript(
      script(
        "configure system",
        "  b 2",
        "  a z",
        "  a y",
        "exit",
        "configure network",
        "exit",
        "configure system",
        "  c 3",
        "exit",
      ),
    );
    assert.equal(text, "configure network\nexit\nconfigure system\n  a z\n  a y\n  b 2\n  c 3\nexit\n");
  });

  it("hides what is secret by its name, its look, or the word behind it; not a back-reference", () => {
    const { text } = steadyScript(
      script(
        "configure system",
        "  key 3xYp== obscured",
        "  pin-code 1234",
        "  user Bob password x privilege y",
        "  value $1$2",
        "  x $1$Zm9v",
        '  password ""',
        "exit",
      ),
    );
    const lines = text.split("\n").map((line) => line.trim());
    assert.deepEqual(lines.slice(1, -2), [
      'key "[secret]"',
      'password ""',
      'pin-code "[secret]"',
      'user Bob password "[secret]" privilege y',
      "value $1$2",
      'x "[secret]"',
    ]);
  });

  it("hides a private key that stands behind a command, and the credentials of an address", () => {
    const key = ["-----BEGIN RSA PRIVATE KEY-----", "MIICcanary", "-----END RSA PRIVATE KEY-----"];
    const { text } = steadyScript(
      script(
        ...["configure network", " tls 0", "  private-key import", ...key, " exit", "exit"],
        ...[
          "configure system",
          " automatic-update",
          "  voice-configuration https://a:canary@b/c",
          " exit",
          "exit",
        ],
      ),
    );
    assert.doesNotMatch(text, /canary|BEGIN|END/i);
    assert.match(text, /^ {2}tls 0\n {4}private-key "\[secret\]"\n {2}exit$/m);
    assert.match(text, /voice-configuration "?https:\/\/\[secret\]@b\/c"?$/m);
  });

  it("names the lines that it had to leave out", () => {
    const { notes } = steadyScript(script("what is this", "configure system", "  a 1", "exit"));
    assert.deepEqual(notes, ["the CLI script has lines that are no configuration and are left out: 1"]);
  });
});

describe("status and licence of a backup", () => {
  it("have nothing that changes by itself", () => {
    const status = { productType: "Mediant SW", version: "7.40A.005.314", other: {} };
    const more = {
      localTimeStamp: "2026-01-01T00:00:00.000Z",
      systemUpTime: 5,
      saveNeeded: true,
      serialNumber: "1",
    };
    assert.equal(steadyStatus({ ...status, ...more, other: { load: 7 } }), steadyStatus(status));
    assert.deepEqual(JSON.parse(steadyStatus(status)), {
      productType: "Mediant SW",
      version: "7.40A.005.314",
    });
  });

  it("are the same after a switchover, without keys", () => {
    const one = {
      serialNumber: "10245678",
      key: "jCx6r5tovCIKaBBb",
      keyDescription: "Key jCx6r5tovCIKaBBb\nSBC=10",
    };
    const two = { serialNumber: "10245679", key: "zzz6r5tovCIKaBBb", keyDescription: "SBC=10" };
    const pair = (a: typeof one, b: typeof one) => ({
      ...{ licenseVersion: 1, ...a, other: {} },
      ...{
        serialNumberRedundant: b.serialNumber,
        keyRedundant: b.key,
        keyDescriptionRedundant: b.keyDescription,
      },
    });
    assert.equal(steadyLicense(pair(one, two)), steadyLicense(pair(two, one)));
    assert.deepEqual(JSON.parse(steadyLicense(pair(two, one))), {
      licenseVersion: 1,
      units: [
        { serialNumber: "10245678", key: REDACTED, keyDescription: [`Key ${REDACTED}`, "SBC=10"] },
        { serialNumber: "10245679", key: REDACTED, keyDescription: ["SBC=10"] },
      ],
    });
    assert.deepEqual(JSON.parse(steadyLicense({ licenseVersion: 1, other: {} })), {
      licenseVersion: 1,
      units: [],
    });
  });
});

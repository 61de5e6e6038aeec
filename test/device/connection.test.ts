import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { deviceLabel, resolveConnection } from "../../src/device/connect/connection";
import { isDeviceError } from "../../src/device/errors";
import { certificate } from "./server";

const folder = mkdtempSync(join(tmpdir(), "mediant-"));
after(() => rmSync(folder, { recursive: true }));

function credentials(text: string, mode = 0o600): NodeJS.ProcessEnv {
  const file = join(folder, "credentials");
  writeFileSync(file, text);
  chmodSync(file, mode);
  return { MEDIANT_CREDENTIALS: file };
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(isDeviceError(error));
    assert.equal(error.code, "MEDIANT_CONNECTION");
    assert.doesNotMatch(error.message, /hunter22/);
    return error.message;
  }
  return assert.fail("nothing was refused");
}

test("settings alone, with the defaults filled in", () => {
  const connection = resolveConnection(
    { url: "https://SBC1.example.com:443/", username: "u", password: "p" },
    {},
  );
  assert.deepEqual(
    { ...connection },
    {
      name: "sbc1.example.com",
      origin: "https://sbc1.example.com",
      username: "u",
      tls: {
        ca: undefined,
        fingerprint256: undefined,
        servername: undefined,
        insecureSkipVerify: false,
        pin: undefined,
      },
      upload: "auto",
      incrementalTables: "whole",
      keepBefore: undefined,
      timeouts: { requestSeconds: 60, conflictSeconds: 300, resetSeconds: 900 },
    },
  );
  assert.equal(connection.password, "p");
});

test("settings go before the profile, the profile before the environment", async () => {
  const { cert } = await certificate({ type: 2, value: "sbc1" });
  writeFileSync(join(folder, "ca.pem"), cert);
  const pin = "0f".repeat(32);
  const env = credentials(
    `; ours\n[other]\nurl = https://other\n\n[sbc1.example.com]\r\nurl=https://10.0.0.1\nusername = Admin\npassword = "a;b#c\\"d"\nca = ca.pem\nfingerprint256 = ${pin}\n`,
  );
  env["MEDIANT_USERNAME"] = "FromEnvironment";
  const connection = resolveConnection({ profile: "sbc1.example.com" }, env);
  assert.equal(connection.name, "sbc1.example.com");
  assert.equal(connection.origin, "https://10.0.0.1");
  assert.equal(connection.username, "Admin");
  assert.equal(connection.password, 'a;b#c"d');
  assert.equal(connection.tls.ca, cert);
  assert.equal(connection.tls.fingerprint256, pin.toUpperCase());
  const explicit = resolveConnection({ profile: "other", username: "me", password: "mine" }, env);
  assert.deepEqual([explicit.username, explicit.password], ["me", "mine"]);
  const fromEnvironment = resolveConnection({ profile: "other" }, { ...env, MEDIANT_PASSWORD: "pw" });
  assert.deepEqual([fromEnvironment.username, fromEnvironment.password], ["FromEnvironment", "pw"]);
});

test("values as users write them", () => {
  const values: [string, string][] = [
    ["true", "true"],
    ["null", "null"],
    ["12345", "12345"],
    ["a=b", "a=b"],
    ["corp\\user", "corp\\user"],
    ['"  blanks "', "  blanks "],
    ['"back\\\\slash"', "back\\slash"],
    ["$1$abc", "$1$abc"],
  ];
  for (const [written, meant] of values) {
    const env = credentials(`[a]\nurl = https://a\nusername = u\npassword = ${written}\n`);
    assert.equal(resolveConnection({ profile: "a" }, env).password, meant);
  }
});

test("a file that others can read is refused", { skip: process.platform === "win32" }, () => {
  const env = credentials("[a]\npassword = hunter22\n", 0o640);
  assert.match(
    refusal(() => resolveConnection({ profile: "a" }, env)),
    /others can read it; run chmod 600/,
  );
});

const unreadable: [string, string, RegExp][] = [
  ["no section", "[x]\n[y.z]\npassword = hunter22\n", /no section \[a\]; it has x, y\.z$/],
  ["no section at all", "", /no section \[a\]; it has none$/],
  [
    "an unknown key",
    "[a]\npasword = hunter22\n",
    /section \[a\]: pasword is not a key; did you mean password\?$/,
  ],
  ["a comment sign in a value", "[a]\npassword = hunter22#1\n", /line 2: put a value with ; #/],
  ["a quoted value that is not closed well", '[a]\npassword = "hunter22\\q"\n', /line 2: inside/],
  ["single quotes", "[a]\npassword = 'hunter22'\n", /line 2: put a value/],
  ["a line of no kind", "[a]\nhunter22\n", /line 2: is neither/],
  ["a value before the sections", "password = hunter22\n[a]\n", /password stands before the first section$/],
  ["no url", "[a]\nusername = u\n", /section \[a\]: url is missing/],
  ["a plain url", "[a]\nurl = http://sbc1\n", /section \[a\]: url http:\/\/ would show/],
  ["a bad pin", "[a]\nurl = https://a\nfingerprint256 = 12\n", /section \[a\]: fingerprint256 must be 64/],
  ["a missing ca", "[a]\nurl = https://a\nca = none.pem\n", /ca .*none\.pem: there is no such file$/],
  [
    "a ca that is none",
    "[a]\nurl = https://a\nca = credentials\n",
    /section \[a\]: ca must name a file of certificates/,
  ],
  ["a bad user name", "[a]\nurl = https://a\nusername = a:b\n", /section \[a\]: username must have no colon/],
  [
    "no user name",
    "[a]\nurl = https://a\npassword = hunter22\n",
    /no username: set device\.username, \$MEDIANT_USERNAME, or username in section \[a\] of/,
  ],
  [
    "no password",
    "[a]\nurl = https://a\nusername = u\n",
    /no password: set device\.password, \$MEDIANT_PASSWORD, or password in section \[a\] of/,
  ],
];

for (const [what, text, expected] of unreadable) {
  test(`the credentials file with ${what}`, () => {
    assert.match(
      refusal(() => resolveConnection({ profile: "a" }, credentials(text))),
      expected,
    );
  });
}

test("a missing credentials file is named, also at its usual place", () => {
  const file = join(folder, "none");
  assert.match(
    refusal(() => resolveConnection({ profile: "a" }, { MEDIANT_CREDENTIALS: file })),
    /none: there is no such file/,
  );
  const usual = refusal(() => resolveConnection({ profile: "a" }, { HOME: folder }));
  assert.ok(usual.includes(join(folder, ".config", "pulumi-mediant", "credentials")));
});

test("bad settings are named", () => {
  const message = refusal(() => resolveConnection({ url: "https://u:hunter22@a", upload: "x" as "raw" }, {}));
  assert.match(message, /device\.upload: .*; device\.url: /);
});

test("a connection prints without its password", () => {
  const connection = resolveConnection({ url: "https://a", username: "u", password: "hunter22" }, {});
  const printed = [
    inspect(connection, { depth: 9, showHidden: true }),
    JSON.stringify({ connection }),
    `${connection}`,
  ];
  assert.doesNotMatch(printed.join(), /hunter22/);
  assert.match(printed.join(), /https:\/\/a/);
});

test("the label is the name, else the profile, else the host", () => {
  assert.equal(deviceLabel({ name: "n", profile: "p", url: "https://h" }), "n");
  assert.equal(deviceLabel({ profile: "p", url: "https://h" }), "p");
  assert.equal(deviceLabel({ url: "https://h:8443" }), "h:8443");
  assert.equal(deviceLabel({ url: "https://h:443/" }), "h");
  assert.equal(deviceLabel({ url: "?" }), "device");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkSettings } from "../../src/declare/device";
import { certificate } from "../device/server";

const fingerprint = "ab:".repeat(31).concat("AB");

test("settings that are in order have no message", async () => {
  const { cert } = await certificate({ type: 2, value: "sbc1" });
  const settings = {
    ...{
      name: "sbc 1",
      url: "https://sbc1.example.com:8443/",
      profile: "sbc1",
      username: "Admin",
      password: "p:w=;#",
    },
    tls: {
      ca: `${cert}\n${cert}`,
      fingerprint256: fingerprint,
      servername: "sbc1",
      insecureSkipVerify: false,
    },
    ...{ allowHttp: false, upload: "raw", incrementalTables: "rows" },
    timeouts: { requestSeconds: 1.5, conflictSeconds: 0, resetSeconds: 900 },
  };
  assert.deepEqual(checkSettings(settings, "device"), []);
  assert.deepEqual(checkSettings({ url: "http://127.0.0.1:8080" }, "device"), []);
  assert.deepEqual(checkSettings({ url: "http://[::1]:8080", name: undefined }, "device"), []);
  assert.deepEqual(checkSettings({ url: "http://sbc1", allowHttp: true }, "device"), []);
});

const refused: [string, unknown, RegExp][] = [
  ["nothing", {}, /^device: needs url, or a profile/],
  ["no object", "https://sbc1", /^device: must be an object/],
  ["null", null, /^device: must be an object/],
  [
    "an unknown key",
    { url: "https://a", pasword: "x" },
    /^device\.pasword: is not an argument; did you mean password\?/,
  ],
  ["a key of Object", { url: "https://a", constructor: 1 }, /^device\.constructor: is not an argument/],
  ["an unknown key inside", { url: "https://a", tls: { CA: "" } }, /^device\.tls\.CA: .* did you mean ca\?/],
  ["no url", { url: "sbc1" }, /^device\.url: must be a url/],
  ["another scheme", { url: "ftp://sbc1" }, /^device\.url: must begin with https/],
  ["plain http", { url: "http://sbc1" }, /^device\.url: http:\/\/ would show the password/],
  [
    "a name that only begins like loopback",
    { url: "http://127.0.0.1.example.com" },
    /would show the password/,
  ],
  ["a user in the url", { url: "https://Admin:hunter22@sbc1" }, /^device\.url: must hold no user name/],
  ["a path", { url: "https://sbc1/api/v1" }, /^device\.url: must end after the host/],
  ["a query", { url: "https://sbc1/?a=1" }, /^device\.url: must end after the host/],
  [
    "a short fingerprint",
    { url: "https://a", tls: { fingerprint256: "abcd" } },
    /^device\.tls\.fingerprint256: must be 64/,
  ],
  ["a path for ca", { url: "https://a", tls: { ca: "/etc/ca.pem" } }, /^device\.tls\.ca: .*not a path/],
  [
    "a broken ca",
    { url: "https://a", tls: { ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" } },
    /^device\.tls\.ca: must be PEM/,
  ],
  [
    "a colon in the user name",
    { url: "https://a", username: "a:b" },
    /^device\.username: must have no colon/,
  ],
  ["an empty password", { url: "https://a", password: "" }, /^device\.password: must be a text/],
  ["a slash in the name", { url: "https://a", name: "a/b" }, /^device\.name: must have no slash/],
  [
    "a negative time",
    { url: "https://a", timeouts: { requestSeconds: -1 } },
    /^device\.timeouts\.requestSeconds: must be/,
  ],
  [
    "no number",
    { url: "https://a", timeouts: { resetSeconds: Number.NaN } },
    /^device\.timeouts\.resetSeconds: must be/,
  ],
  [
    "another form",
    { url: "https://a", upload: "chunked" },
    /^device\.upload: must be "auto", "raw" or "multipart"/,
  ],
];

for (const [what, settings, expected] of refused) {
  test(`refused: ${what}`, () => {
    const messages = checkSettings(settings, "device");
    assert.equal(messages.length, 1, messages.join("\n"));
    assert.match(messages[0] ?? "", expected);
    assert.doesNotMatch(messages[0] ?? "", /hunter22/);
  });
}

test("each argument says what it must be", () => {
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
  const word = "must be a text of one line";
  const digits = "must be 64 hex digits, with or without colons";
  const seconds = (least: number) => `must be a number of seconds from ${least} to 86400`;
  const rules: [string, unknown[], string][] = [
    ["name", [7, "", "a\nb"], word],
    [
      "name",
      [" a", "a ", "a[b", "a]b", "a/b", "/", "x".repeat(101)],
      "must have no slash or bracket, no blank at either end, and at most 100 characters",
    ],
    ["url", [7], "must be a text such as https://sbc1.example.com"],
    ["profile", [7, "", "a\tb"], "must name a section of the credentials file"],
    ["username", [7, "", "a\0b"], word],
    ["username", ["a:b"], "must have no colon, which HTTP Basic cannot carry"],
    ["password", [7, "", "a\rb"], word],
    ["tls", [7, [], null], "must be an object"],
    ["tls.ca", [7], "must be PEM text"],
    [
      "tls.ca",
      ["", "/etc/ca.pem", broken],
      "must be PEM text of certificates (-----BEGIN CERTIFICATE-----), not a path",
    ],
    ["tls.fingerprint256", [7, "", "g".repeat(64), "a".repeat(63)], digits],
    ["tls.servername", [7, ""], "must be a host name"],
    ["tls.insecureSkipVerify", ["yes", 1], "must be true or false"],
    ["allowHttp", ["yes"], "must be true or false"],
    ["upload", ["chunked", 7], 'must be "auto", "raw" or "multipart"'],
    ["incrementalTables", ["all", true], 'must be "whole" or "rows"'],
    ["replaceDevice", ["yes"], "must be true or false"],
    ["keepBefore", [7, ""], "must be the path of a folder"],
    ["timeouts.requestSeconds", ["60", 0.5, 86_401], seconds(1)],
    ["timeouts.conflictSeconds", [-1, 86_401], seconds(0)],
    ["timeouts.resetSeconds", [0, 86_401, Number.NaN], seconds(1)],
  ];
  const settings = (place: string, value: unknown) => {
    const [first = "", second] = place.split(".");
    return { url: "https://a", profile: "p", [first]: second === undefined ? value : { [second]: value } };
  };
  for (const [place, values, message] of rules)
    for (const value of values)
      assert.deepEqual(checkSettings(settings(place, value), "device"), [`device.${place}: ${message}`]);
  const right: [string, unknown[]][] = [
    ["name", ["a", "a b", "x".repeat(100)]],
    ["tls.fingerprint256", [` ${fingerprint}\n`, "a".repeat(64)]],
    ["upload", ["auto", "raw", "multipart"]],
    ["incrementalTables", ["whole", "rows"]],
    ["timeouts.requestSeconds", [1, 86_400]],
    ["timeouts.conflictSeconds", [0, 86_400]],
  ];
  for (const [place, values] of right)
    for (const value of values) assert.deepEqual(checkSettings(settings(place, value), "device"), [], place);
});

test("no part of an address may hold credentials, and only the machine itself takes plain http", () => {
  for (const url of ["https://Admin@sbc1", "https://:pw@sbc1", "https://Admin:pw@sbc1"])
    assert.deepEqual(checkSettings({ url }, "device"), [
      "device.url: must hold no user name or password; use username and password",
    ]);
  for (const url of ["https://sbc1/api", "https://sbc1/?a", "https://sbc1/#a"])
    assert.deepEqual(checkSettings({ url }, "device"), [
      "device.url: must end after the host and port; the API prefix is added",
    ]);
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9:8080", "[::1]"])
    assert.deepEqual(checkSettings({ url: `http://${host}` }, "device"), []);
  for (const host of ["localhost.example.com", "1.127.0.0", "[::2]"])
    assert.equal(checkSettings({ url: `http://${host}` }, "device").length, 1);
});

test("of several certificates each must be one", async () => {
  const { cert } = await certificate({ type: 2, value: "sbc1" });
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
  assert.equal(checkSettings({ url: "https://a", tls: { ca: `${cert}\n${broken}` } }, "device").length, 1);
});

test("a value that is not known yet passes anywhere, and counts as given", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const passes = (value: unknown) => value === unknown;
  assert.deepEqual(checkSettings(unknown, "device", passes), []);
  assert.deepEqual(
    checkSettings({ url: unknown, tls: unknown, timeouts: { resetSeconds: unknown } }, "device", passes),
    [],
  );
  assert.deepEqual(checkSettings({ url: "http://sbc1", allowHttp: unknown }, "device", passes), []);
  assert.equal(checkSettings({ profile: "a", upload: unknown }, "device").length, 1);
});

test("no message shows a value, and no input makes it throw", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[Q-T]{12}$/),
      fc.constantFrom("password", "url", "ca", "name"),
      (secret, key) => {
        const settings =
          key === "ca" ? { url: "https://a", tls: { ca: secret } } : { [key]: `/${secret}\n`, username: ":" };
        const messages = checkSettings(settings, "device");
        assert.ok(messages.length > 0);
        assert.ok(!messages.join().includes(secret));
      },
    ),
  );
  fc.assert(fc.property(fc.anything(), (value) => Array.isArray(checkSettings(value, "device"))));
});

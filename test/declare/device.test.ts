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

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startSimulator } from "../../src/simulator";
import { ADMIN, command, scratch } from "./command";

const NEVER_ASKED = "https://192.0.2.1";

/** Each is refused before anything is sent. */
const wrongUsage: [string, string[], RegExp][] = [
  ["no device", [], /^pulumi-mediant: say which device: --url, or --profile/],
  ["a url that is none", ["--url", "sbc1"], /^pulumi-mediant: --url: must be a url such as/],
  [
    "plain http to another machine",
    ["--url", "http://192.0.2.1"],
    /password to the network.*say --allow-http/,
  ],
  [
    "a password in the url",
    ["--url", "https://a:canary-word@192.0.2.1"],
    /^pulumi-mediant: --url: must hold no user name or password/,
  ],
  [
    "a fingerprint that is none",
    ["--url", NEVER_ASKED, "--fingerprint", "12"],
    /--fingerprint: must be 64 hex digits/,
  ],
  [
    "an authority that is not there",
    ["--url", NEVER_ASKED, "--ca", "/nonexistent.pem"],
    /--ca \/nonexistent.pem: there is no/,
  ],
  [
    "an authority that is none",
    ["--url", NEVER_ASKED, "--ca", __filename],
    /--ca: must be PEM text of certificates/,
  ],
  [
    "an option that there is not",
    ["--url", NEVER_ASKED, "--pasword", "canary-word"],
    /unknown option '--pasword'/,
  ],
  ["a profile that is not there", ["--profile", "sbc9"], /credentials file .*: there is no such file/],
];

for (const [what, args, expected] of wrongUsage) {
  test(`${what} is wrong usage, said in one line`, async (t) => {
    const out = scratch(t);
    const env = { ...ADMIN, MEDIANT_CREDENTIALS: join(out, "credentials") };
    const { code, stdout, stderr } = await command(["generate", "--out", join(out, "program"), ...args], env);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    const own = stderr.split("\n").filter((line) => line.startsWith("pulumi-mediant: "));
    assert.equal(own.length, 1, stderr);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /^\s+at |canary-word|device\.url/m);
  });
}

test("without credentials and without a terminal, the ways to give them are named, and nothing is asked", async (t) => {
  const simulator = await startSimulator();
  t.after(() => simulator.close());
  const args = ["generate", "--url", simulator.url, "--out", join(scratch(t), "program")];
  const nobody = await command(args);
  assert.equal(nobody.code, 2);
  assert.match(nobody.stderr, /no username: give --username .*\$MEDIANT_PASSWORD.*--profile.*terminal/);
  const nameless = await command([...args, "--username", "Admin"]);
  assert.equal(nameless.code, 2);
  assert.match(nameless.stderr, /no password: /);
  assert.equal(simulator.requests.length, 0);
});

test("a profile brings all that is needed", async (t) => {
  const simulator = await startSimulator({ tls: true });
  t.after(() => simulator.close());
  const folder = scratch(t);
  const credentials = join(folder, "credentials");
  const section = `[lab]\nurl = ${simulator.url}\nusername = Admin\npassword = Admin\nfingerprint256 = ${simulator.fingerprint256}\n`;
  writeFileSync(credentials, section, { mode: 0o600 });
  const env = { MEDIANT_CREDENTIALS: credentials };
  const ended = await command(["generate", "--profile", "lab", "--out", join(folder, "program")], env);
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stderr, /^\[lab\] /m);
});

test("a wrong password fails, is tried once, and is not shown", async (t) => {
  const simulator = await startSimulator();
  t.after(() => simulator.close());
  const env = { MEDIANT_USERNAME: "Admin", MEDIANT_PASSWORD: "canary-word" };
  const args = ["generate", "--url", simulator.url, "--out", join(scratch(t), "program")];
  const { code, stdout, stderr } = await command(args, env);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^pulumi-mediant: \[127\.0\.0\.1:\d+\] GET .*401.*$/m);
  assert.doesNotMatch(stderr, /canary-word|^\s+at /m);
  assert.deepEqual(
    simulator.requests.map(({ status }) => status),
    [401],
  );
});

test("an unknown certificate fails with the option that pins it, and that option is enough", async (t) => {
  const simulator = await startSimulator({ tls: true });
  t.after(() => simulator.close());
  const out = join(scratch(t), "program");
  const args = ["generate", "--url", simulator.url, "--out", out];
  const untrusted = await command(args, ADMIN);
  assert.equal(untrusted.code, 1);
  assert.ok(untrusted.stderr.includes(simulator.fingerprint256 ?? "none"), untrusted.stderr);
  assert.match(untrusted.stderr, /set --ca to a file .* use --fingerprint ([0-9A-F]{2}:){31}[0-9A-F]{2}$/m);
  assert.equal(simulator.requests.length, 0);
  const pinned = await command([...args, "--fingerprint", simulator.fingerprint256 ?? ""], ADMIN);
  assert.equal(pinned.code, 0, pinned.stderr);
});

test("help is no failure, and tells examples, credentials and exit codes", async () => {
  const help = await command(["generate", "--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /Examples:\n\s+\$ npx pulumi-mediant generate --url/);
  assert.match(help.stdout, /never an argument/);
  assert.match(help.stdout, /Exit codes: 0 done, 1 failed, 2 wrong usage/);
  assert.equal((await command([])).code, 2);
  assert.equal((await command(["generat"])).code, 2);
});

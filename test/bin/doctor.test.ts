import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { generate } from "selfsigned";
import { CHECK_IDS } from "../../src/doctor/check";
import type { Report } from "../../src/doctor/report";
import type { Simulator, SimulatorOptions } from "../../src/simulator";
import { bench } from "../simulator/harness";
import { command, type Ended, scratch } from "./command";

const PASSWORD = "Sturdy-Harbour-88";
const USERS = [
  { username: "Admin", password: "Admin", level: "Security Administrator" },
  { username: "ops", password: PASSWORD, level: "Security Administrator" },
  { username: "desk", password: PASSWORD, level: "Monitor" },
  { username: "shift", password: PASSWORD, level: "Administrator" },
] as const;
const AS_OPS = { MEDIANT_USERNAME: "ops", MEDIANT_PASSWORD: PASSWORD };

const device = (t: TestContext, options: SimulatorOptions = {}) =>
  bench(t, { users: [...USERS], ...options });

/** Runs it in both forms of output and takes the report; nothing may show the password, in either. */
async function examine(
  args: readonly string[],
  env: Record<string, string> = AS_OPS,
): Promise<Ended & Report> {
  const ended = await command(["doctor", ...args, "--json"], env);
  assert.equal(ended.stdout.includes(PASSWORD) || ended.stderr.includes(PASSWORD), false);
  const report: Report = JSON.parse(ended.stdout);
  assert.deepEqual(
    report.checks.map(({ id }) => id),
    [...CHECK_IDS],
  );
  assert.equal(ended.code, report.result === "failed" ? 1 : 0, ended.stderr);
  return { ...ended, ...report };
}

function check(report: Report, id: (typeof CHECK_IDS)[number]) {
  const found = report.checks.find((one) => one.id === id);
  assert.ok(found);
  return found;
}

/** Everything that came was a GET; which, in order. */
function asked(simulator: Simulator): string[] {
  assert.deepEqual(simulator.writes, []);
  assert.ok(simulator.requests.every(({ method }) => method === "GET"));
  return simulator.requests.map(({ path }) => path);
}

const results = (report: Report) => new Set(report.checks.map(({ result }) => result));

describe("doctor, of a device in order", () => {
  it("says so, in few GETs", async (t) => {
    const { simulator } = await device(t, { tls: true });
    const report = await examine(["--url", simulator.url, "--fingerprint", simulator.fingerprint256 ?? ""]);
    assert.deepEqual([report.result, report.code, report.stderr], ["ok", 0, ""]);
    assert.deepEqual([...results(report)], ["ok"]);
    assert.deepEqual([report.device, report.url], [new URL(simulator.url).host, simulator.url]);
    assert.equal(asked(simulator).length, 5);
  });

  it("tells the 7.4 dialect", async (t) => {
    const { simulator } = await device(t);
    const report = await examine(["--url", simulator.url]);
    assert.match(check(report, "firmware").message, /7\.40A\.250\.440, release 7\.4: .*multipart/);
  });

  it("tells the 7.0 dialect, and what its firmware does not tell", async (t) => {
    const { simulator } = await device(t, { firmware: "7.00A.018.005" });
    const report = await examine(["--url", simulator.url]);
    assert.equal(report.result, "ok");
    assert.match(check(report, "firmware").message, /7\.00A\.018\.005, release 7\.0: .*raw/);
    assert.equal(check(report, "api").message, "v1, stable");
    assert.equal(check(report, "saveNeeded").result, "skipped");
    asked(simulator);
  });

  it("prints the same to people: columns, and a summary", async (t) => {
    const { simulator } = await device(t);
    const { stdout, code } = await command(["doctor", "--url", simulator.url, "--name", "sbc1"], AS_OPS);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^sbc1 {2}http:\/\/127\.0\.0\.1:\d+\n\nok {7}address {11}127\.0\.0\.1 answers on port \d+\n/,
    );
    assert.match(stdout, /\n\n13 ok\n$/);
    assert.match(stdout, /^[\x20-\x7e\n]*$/);
  });
});

describe("doctor names what is wrong:", () => {
  it("a wrong password, after one try", async (t) => {
    const { simulator } = await device(t);
    const report = await examine(["--url", simulator.url], { ...AS_OPS, MEDIANT_PASSWORD: `${PASSWORD}x` });
    const { result, message, remedy } = check(report, "credentials");
    assert.equal(result, "failed");
    assert.match(message, /refuses ops or the password \(401\)/);
    assert.match(remedy ?? "", /lock the account/);
    assert.equal(check(report, "privileges").result, "skipped");
    assert.deepEqual(asked(simulator), ["/api/v1/status"]);
  });

  it("a user whom the device lets in and then not, with nothing sent after that", async (t) => {
    const { simulator } = await device(t);
    simulator.faults.fail(401, "GET /api/v1/files/ini");
    const report = await examine(["--url", simulator.url]);
    assert.match(
      check(report, "credentials").message,
      /then refused them for GET \/api\/v1\/files\/ini \(401\)/,
    );
    assert.equal(check(report, "privileges").result, "skipped");
    assert.equal(asked(simulator).at(-1), "/api/v1/files/ini");
  });

  it("a user without the privilege, and which is needed", async (t) => {
    const { simulator } = await device(t);
    const report = await examine(["--url", simulator.url, "--username", "desk"]);
    const { result, message, remedy } = check(report, "privileges");
    assert.equal(result, "failed");
    assert.match(message, /^desk lacks .*reading the configuration \(GET \/api\/v1\/files\/ini: 403\)/);
    assert.match(remedy ?? "", /Security Administrator, or Administrator at the least/);
    assert.equal(check(report, "credentials").result, "ok");
    assert.equal(check(report, "firmware").result, "ok");
    asked(simulator);
  });

  it("an Administrator, who cannot change the licence", async (t) => {
    const { simulator } = await device(t);
    const report = await examine(["--url", simulator.url, "--username", "shift"]);
    assert.equal(report.result, "ok");
    assert.match(
      check(report, "privileges").message,
      /^shift is Administrator, .*but a change of the licence$/,
    );
  });

  it("http where https is served, with nothing sent", async (t) => {
    const { simulator } = await device(t, { tls: true });
    const report = await examine(["--url", simulator.url.replace("https:", "http:")]);
    const { result, message, remedy } = check(report, "tls");
    assert.equal(result, "failed");
    assert.match(message, /serves https, but the url says http/);
    assert.equal(remedy, `use --url ${simulator.url}`);
    assert.deepEqual(asked(simulator), []);
  });

  it("https where http is served", async (t) => {
    const { simulator } = await device(t);
    const report = await examine(["--url", simulator.url.replace("http:", "https:")]);
    assert.match(check(report, "tls").message, /speaks plain http, but the url says https/);
    assert.equal(check(report, "tls").result, "failed");
    assert.deepEqual(asked(simulator), []);
  });

  it("a self-signed certificate, with the fingerprint to pin and where to write it, and nothing sent", async (t) => {
    const { simulator } = await device(t, { tls: true });
    const report = await examine(["--url", simulator.url]);
    const { result, message, remedy } = check(report, "tls");
    const fingerprint = simulator.fingerprint256 ?? "";
    assert.equal(result, "failed");
    assert.match(message, /^the certificate is self-signed/);
    assert.ok(message.endsWith(`its SHA-256 fingerprint is ${fingerprint}`));
    assert.ok(remedy?.includes(`--fingerprint ${fingerprint} (fingerprint256 in the credentials file`));
    assert.deepEqual(asked(simulator), []);
  });

  it("a certificate that is not the pinned one", async (t) => {
    const { simulator } = await device(t, { tls: true });
    const report = await examine(["--url", simulator.url, "--fingerprint", "AB".repeat(32)]);
    assert.match(check(report, "tls").message, /not the pinned one: .*fingerprint is ([0-9A-F]{2}:){31}/);
    assert.deepEqual(asked(simulator), []);
  });

  it("a trusted authority, but another name", async (t) => {
    const altNames = [{ type: 2 as const, value: "sbc1.example.com" }];
    const made = await generate([{ name: "commonName", value: "sbc1" }], {
      keyType: "ec",
      extensions: [{ name: "subjectAltName", altNames }],
    });
    const { simulator } = await device(t, { tls: { key: made.private, cert: made.cert } });
    const ca = join(scratch(t), "ca.pem");
    writeFileSync(ca, made.cert);
    const trusted = ["--url", simulator.url, "--ca", ca];
    const report = await examine(trusted);
    assert.match(check(report, "tls").message, /is for sbc1\.example\.com, and not .*127\.0\.0\.1/);
    const named = await examine([...trusted, "--servername", "sbc1.example.com"]);
    assert.match(check(named, "tls").message, /^the certificate is trusted, until \d{4}-\d\d-\d\d$/);
    assert.equal(named.result, "ok");
  });

  it("any certificate accepted, which is a warning", async (t) => {
    const { simulator } = await device(t, { tls: true });
    const report = await examine(["--url", simulator.url, "--insecure-skip-verify"]);
    assert.deepEqual([report.result, check(report, "tls").result], ["warning", "warning"]);
    assert.ok(check(report, "tls").message.includes(simulator.fingerprint256 ?? "-"));
    assert.equal(check(report, "credentials").result, "ok");
  });

  it("a clock that is years off", async (t) => {
    const { simulator } = await device(t, { now: () => Date.parse("2010-01-17T17:29:15Z") });
    const report = await examine(["--url", simulator.url]);
    const { result, message, remedy } = check(report, "clock");
    assert.equal(result, "failed");
    assert.match(message, /2010-01-17T17:29:15\.000Z, \d+ years behind/);
    assert.match(remedy ?? "", /NTP/);
  });

  it("unsaved changes, and what waits for a reset", async (t) => {
    const { simulator, put } = await device(t);
    await put("SIPGatewayName = 'gw2.example.com'\n");
    const writes = simulator.writes.length;
    const report = await examine(["--url", simulator.url]);
    assert.deepEqual([report.result, report.code], ["warning", 0]);
    assert.match(check(report, "saveNeeded").message, /unsaved changes/);
    assert.equal(simulator.writes.length, writes);
  });

  it("a pair of which one unit is missing", async (t) => {
    const ini = `[ InterfaceTable ]
FORMAT Index = ApplicationTypes, IPAddress, PrefixLength, InterfaceName;
InterfaceTable 0 = 6, 192.0.2.1, 24, "O+M+C";
InterfaceTable 1 = 99, 198.51.100.1, 24, "HA";
[ \\InterfaceTable ]
`;
    for (const firmware of ["7.00A.018.005", "7.40A.250.440"]) {
      const { simulator } = await device(t, { highAvailability: true, firmware, ini });
      const both = await examine(["--url", simulator.url]);
      assert.match(check(both, "highAvailability").message, /^the pair is in operation$/);
      simulator.partnerMissing = true;
      const one = await examine(["--url", simulator.url]);
      assert.deepEqual([one.result, check(one, "highAvailability").result], ["warning", "warning"]);
    }
  });

  it("a device that is not there", async (t) => {
    const { simulator } = await device(t);
    await simulator.close();
    const report = await examine(["--url", simulator.url]);
    assert.match(check(report, "address").message, /does not answer on port \d+ \(ECONNREFUSED\)/);
    assert.deepEqual([...results(report)], ["failed", "skipped"]);
  });

  it("a device that is starting, without waiting for it", async (t) => {
    const { simulator } = await device(t);
    simulator.faults.fail(503, "GET /api/v1/status");
    const report = await examine(["--url", simulator.url]);
    assert.match(check(report, "credentials").message, /could not be asked: GET \/api\/v1\/status: 503/);
    assert.deepEqual(asked(simulator), ["/api/v1/status"]);
  });

  it("what is no device at all", async (t) => {
    const { simulator } = await device(t);
    const report = await examine(["--url", simulator.url.replace("127.0.0.1", "nowhere.invalid")]);
    assert.match(check(report, "address").message, /^the name nowhere\.invalid has no address \(E\w+\)$/);
  });
});

describe("doctor without a login", () => {
  it("shows the fingerprint of the certificate, and sends nothing", async (t) => {
    const { simulator } = await device(t, { tls: true });
    const report = await examine(["--url", simulator.url], {});
    assert.ok(check(report, "tls").message.endsWith(`fingerprint is ${simulator.fingerprint256}`));
    assert.equal(check(report, "credentials").result, "skipped");
    assert.deepEqual(asked(simulator), []);
  });

  it("fails, with the ways to give one, if the certificate is trusted", async (t) => {
    const { simulator } = await device(t, { tls: true });
    const pinned = ["--url", simulator.url, "--fingerprint", simulator.fingerprint256 ?? ""];
    const report = await examine(pinned, { MEDIANT_USERNAME: "ops" });
    assert.deepEqual([check(report, "tls").result, check(report, "api").result], ["ok", "skipped"]);
    const { message, remedy } = check(report, "credentials");
    assert.equal(message, "no password");
    assert.match(remedy ?? "", /^give --username .*\$MEDIANT_PASSWORD, .*--profile, /);
    assert.deepEqual(asked(simulator), []);
  });
});

describe("doctor called wrongly", () => {
  it("ends with 2 where no device is named", async () => {
    for (const args of [[], ["--url", "sbc1"]]) {
      const { code, stdout, stderr } = await command(["doctor", ...args]);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, /^pulumi-mediant: [^\n]+\n$/);
    }
  });

  it("documents itself", async () => {
    const { code, stdout } = await command(["doctor", "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /--json[\s\S]*Only GETs[\s\S]*Examples:[\s\S]*Exit codes:/);
  });
});

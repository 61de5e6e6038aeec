import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { DeviceStatus } from "../../src/device/answers/status";
import { DeviceError } from "../../src/device/errors";
import type { CertificateFacts, Handshake } from "../../src/device/http/certificate";
import { apiCheck, credentialsCheck, privilegesCheck } from "../../src/doctor/access";
import { CHECK_IDS, type Check, type CheckResult, withSkipped } from "../../src/doctor/check";
import { configurationFacts } from "../../src/doctor/configuration";
import { type AddressFacts, addressCheck, type TlsFacts, tlsCheck } from "../../src/doctor/network";
import { profileCheck } from "../../src/doctor/profile";
import { reportOf, reportText } from "../../src/doctor/report";
import { stateChecks } from "../../src/doctor/state";
import type { FirmwareProfile } from "../../src/probe/profile";

const NOW = new Date("2026-06-01T12:00:00Z");
const FINGERPRINT = Array.from({ length: 32 }, () => "AB").join(":");

const expected = (check: Check | undefined, result: CheckResult, words: RegExp, remedy?: RegExp) => {
  assert.equal(check?.result, result, check?.message);
  assert.match(check?.message ?? "", words);
  if (remedy !== undefined) assert.match(check?.remedy ?? "", remedy);
  assert.equal(check?.remedy === undefined, result === "ok" || result === "skipped");
};

describe("the address", () => {
  const facts: AddressFacts = { scheme: "https", host: "sbc1", port: 443, addresses: ["192.0.2.1"] };

  it("has what nobody else can tell: who it is, and what to try", () => {
    expected(addressCheck(facts), "ok", /^sbc1 \(192\.0\.2\.1\) answers on port 443$/);
    expected(
      addressCheck({ ...facts, addresses: [], problem: "ENOTFOUND" }),
      "failed",
      /no address \(ENOTFOUND\)/,
    );
    const refused = { ...facts, problem: "ECONNREFUSED" };
    expected(addressCheck(refused), "failed", /does not answer on port 443/, /port.*starting/);
    expected(addressCheck({ ...facts, problem: "timeout" }), "failed", /timeout/, /firewalls.*access list/);
    expected(
      addressCheck({ ...refused, otherAnswers: true }),
      "failed",
      /443/,
      /http:\/\/sbc1 with --allow-http/,
    );
    const onHttp: AddressFacts = {
      ...refused,
      scheme: "http",
      port: 80,
      host: "2001:db8::1",
      otherAnswers: true,
    };
    expected(addressCheck(onHttp), "failed", /80/, /--url https:\/\/\[2001:db8::1\]$/);
  });
});

describe("the certificate", () => {
  const certificate: CertificateFacts = {
    fingerprint256: FINGERPRINT,
    names: ["sbc1.example.com"],
    issuer: "CN=Plant CA",
    selfSigned: false,
    validFrom: new Date("2025-01-01"),
    validTo: new Date("2030-01-01"),
  };
  const judged = (
    seen: Partial<Extract<Handshake, { kind: "certificate" }>>,
    facts: Partial<TlsFacts> = {},
  ) =>
    tlsCheck({
      ...{ scheme: "https", host: "192.0.2.1", port: 443, http: "refused", now: NOW },
      tls: { insecureSkipVerify: false },
      handshake: { kind: "certificate", certificate, accepted: seen.problem === undefined, ...seen },
      ...facts,
    });
  const problem = (code: string, more: Partial<CertificateFacts> = {}) =>
    judged({ problem: code, certificate: { ...certificate, ...more } });

  it("is judged by its chain, its name and its time", () => {
    expected(judged({}), "ok", /^the certificate is trusted, until 2030-01-01$/);
    const soon = { ...certificate, validTo: new Date("2026-06-20") };
    expected(judged({ certificate: soon }), "warning", /only until 2026-06-20/, /renew/);
    expected(problem("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "failed", /does not know CN=Plant CA/, /--ca/);
    expected(
      problem("DEPTH_ZERO_SELF_SIGNED_CERT", { selfSigned: true }),
      "failed",
      /self-signed/,
      /--fingerprint/,
    );
    expected(
      problem("ERR_TLS_CERT_ALTNAME_INVALID"),
      "failed",
      /for sbc1\.example\.com, and not/,
      /--servername/,
    );
    const over = { validTo: new Date("2020-05-05") };
    expected(problem("CERT_HAS_EXPIRED", over), "failed", /^the certificate expired on 2020-05-05/, /renew/);
    expected(
      problem("CERT_NOT_YET_VALID", { validFrom: new Date("2040-01-01") }),
      "failed",
      /not valid before 2040-01-01/,
      /clock/,
    );
    expected(problem("CERT_REVOKED"), "failed", /CERT_REVOKED/);
  });

  it("has several faults at a time", () => {
    const both = { selfSigned: true, validTo: new Date("2020-05-05") };
    expected(
      problem("DEPTH_ZERO_SELF_SIGNED_CERT", both),
      "failed",
      /self-signed.* and the certificate expired on/,
    );
  });

  it("shows its fingerprint whenever it is not trusted", () => {
    for (const code of ["CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID", "SELF_SIGNED_CERT_IN_CHAIN"]) {
      assert.ok(problem(code).message.endsWith(FINGERPRINT), code);
    }
  });

  it("is good where it is the pinned one, whatever else it is", () => {
    const tls = { fingerprint256: "AB".repeat(32), insecureSkipVerify: true };
    expected(judged({ problem: "CERT_HAS_EXPIRED", accepted: true }, { tls }), "ok", /the pinned one/);
    expected(judged({ accepted: false }, { tls }), "failed", /not the pinned one/, /find out why/);
  });

  it("is not there where http is spoken", () => {
    const http = (facts: Partial<TlsFacts>) =>
      judged({}, { scheme: "http", handshake: { kind: "plain" }, port: 80, ...facts });
    expected(http({}), "failed", /nothing was sent/, /turn HTTPS on.*--allow-http/);
    expected(
      http({ httpsElsewhere: true }),
      "failed",
      /password/,
      /^https is served: use --url https:\/\/192\.0\.2\.1,/,
    );
    expected(http({ http: "allowed" }), "warning", /shows the password/, /turn HTTPS on/);
    expected(http({ http: "allowed", httpsElsewhere: true }), "warning", /shows/, /https is served/);
    expected(http({ http: "loopback" }), "ok", /does not leave this machine/);
    const failed: Handshake = { kind: "failed", sentence: "the TLS handshake failed (EPROTO)" };
    expected(judged({}, { handshake: failed }), "failed", /handshake failed/, /TLS 1\.2/);
  });
});

describe("what the user may do", () => {
  const error = (path: string, status: number) =>
    new DeviceError("MEDIANT_FORBIDDEN", `${status}`, { device: "sbc1", method: "GET", path, status });
  const configuration = (status: number) => ({
    resource: "configuration" as const,
    error: error("/api/v1/files/ini", status),
  });
  const license = (status: number) => ({
    resource: "license" as const,
    error: error("/api/v1/license", status),
  });
  const judged = (refusals: Parameters<typeof privilegesCheck>[0]["refusals"], userLevel?: string) =>
    privilegesCheck({ username: "ops", refusals, userLevel });

  it("follows from what was refused", () => {
    expected(judged([], "200"), "ok", /^ops is Security Administrator$/);
    expected(judged([], "100"), "ok", /^ops is Administrator, which/);
    expected(judged([]), "ok", /^ops is Administrator or above/);
    expected(judged([], "150"), "ok", /^ops is of level 150/);
    expected(judged([license(403)]), "failed", /reading the licence/, /or Administrator at/);
    expected(judged([configuration(405)]), "failed", /405/);
    const status = { resource: "status" as const, error: error("/api/v1/status", 403) };
    expected(judged([status]), "failed", /status/, /or Monitor at/);
  });

  it("is not judged by what the firmware does not have, or fails at", () => {
    expected(judged([license(404)], "200"), "ok", /Security/);
    expected(judged([configuration(404)]), "failed", /failed: GET \/api\/v1\/files\/ini: 404/);
    expected(judged([license(500), configuration(500)]), "failed", /reading the configuration failed/);
    expected(judged([configuration(409)]), "warning", /409/);
    expected(judged([license(500)]), "warning", /500/);
  });

  it("begins with a user that the device knows", () => {
    expected(credentialsCheck("ops", undefined), "ok", /accepts ops/);
    expected(credentialsCheck("ops", error("/api/v1/status", 403)), "ok", /accepts ops/);
    expected(credentialsCheck("ops", error("/api/v1/status", 401)), "failed", /refuses/, /lock/);
    for (const status of [302, 404]) {
      expected(credentialsCheck("ops", error("/api/v1/status", status)), "failed", /could not be asked/);
    }
  });

  it("needs the API", () => {
    expected(apiCheck({ answer: [{ id: "v1", status: "" }] }), "ok", /^v1$/);
    expected(apiCheck({ answer: [{ id: "v2", status: "stable" }] }), "failed", /has v2, but not v1/);
    expected(apiCheck({ answer: [] }), "failed", /no version/);
    expected(apiCheck({ error: error("/api", 404) }), "failed", /GET \/api: 404/);
  });
});

describe("the state", () => {
  const of = (id: Check["id"], status: Partial<DeviceStatus>, pairConfigured?: boolean) =>
    stateChecks({ status: { other: {}, ...status }, now: NOW, pairConfigured }).find(
      (check) => check.id === id,
    );
  const clock = (localTimeStamp?: string) => of("clock", { localTimeStamp });
  const pair = (highAvailability: string, configured?: boolean, version = "7.40A.005.314") =>
    of("highAvailability", { highAvailability, version }, configured);

  it("has a clock", () => {
    expected(clock("2026-06-01T12:04:59.000Z"), "ok", /as here/);
    expected(clock("2026-06-01T11:50:00.000Z"), "warning", /10 minutes behind/, /NTP/);
    expected(clock("2026-06-01T14:00:03.000Z"), "warning", /2 hours ahead of/, /local time$/);
    expected(clock("2026-06-03T12:00:00.000Z"), "warning", /2 days ahead of/, /as well$/);
    expected(clock("2010-01-17T17:29:15.000Z"), "failed", /16 years behind/, /NTP/);
    expected(clock("2027-06-02T12:00:00.000Z"), "failed", /1 year ahead of/);
    expected(clock(), "skipped", /does not tell/);
  });

  it("has a partner, or none", () => {
    expected(pair("Operational"), "ok", /the pair is in operation/);
    expected(pair("Stand Alone"), "ok", /stands alone/);
    expected(pair("Not Operational", false), "ok", /^the device stands alone$/);
    expected(pair("Not Operational"), "ok", /not in operation: right for/);
    expected(pair("Not Operational", true), "warning", /missing or not synchronised/);
    // That edition has other words for a device that stands alone.
    expected(pair("Not Operational", false, "7.00A.018.005"), "warning", /missing/);
    expected(pair("Synchronizing", false), "warning", /\(Synchronizing\)/);
  });

  it("is what the status says, and skipped where it says nothing", () => {
    expected(of("saveNeeded", { saveNeeded: true }), "warning", /unsaved changes/, /pulumi up/);
    expected(of("resetNeeded", { resetNeeded: true }), "warning", /after a reset/);
    expected(of("upgrade", { upgradeStatus: "None" }), "ok", /no upgrade/);
    expected(of("upgrade", { upgradeStatus: "Hitless-beforeSwitchOver" }), "warning", /beforeSwitchOver/);
    expected(
      of("upgrade", { upgradeStatus: "None", mcUpgradeStatus: "In Progress" }),
      "warning",
      /In Progress/,
    );
    expected(of("operationalState", { operationalState: "LOCKED" }), "warning", /is locked/);
    expected(
      of("firmware", { version: "7.20A.256.024" }),
      "ok",
      /Mediant 7\.20A\.256\.024, release 7\.2: .*multipart/,
    );
    expected(of("firmware", { version: "LR-9" }), "warning", /LR-9, which cannot be read/);
    const untold = stateChecks({ status: { other: {} }, now: NOW, pairConfigured: undefined });
    assert.deepEqual([...new Set(untold.slice(1).map(({ result }) => result))], ["skipped"]);
  });

  it("shows nothing of the device that could forge a line or move the cursor", () => {
    const hostile = "X\u001b[2J\nok  tls\u0007";
    const status = {
      ...{ version: hostile, productType: hostile, operationalState: hostile },
      ...{ highAvailability: hostile, upgradeStatus: hostile },
    };
    const checks = stateChecks({ status: { other: {}, ...status }, now: NOW, pairConfigured: false });
    checks.push(apiCheck({ answer: [{ id: "v1", status: hostile }] }));
    checks.push(apiCheck({ answer: [{ id: hostile, status: "" }] }));
    for (const { id, message } of checks) assert.doesNotMatch(message, /\p{Cc}/u, id);
  });

  it("takes from the configuration who asks, and whether there are two", () => {
    const ini = `[ InterfaceTable ]
FORMAT InterfaceTable_Index = InterfaceTable_ApplicationTypes, InterfaceTable_IPAddress;
InterfaceTable 0 = 6, 192.0.2.1;
InterfaceTable 1 = 99, 198.51.100.1;
[ \\InterfaceTable ]
[ WebUsers ]
FORMAT WebUsers_Index = WebUsers_Username, WebUsers_UserLevel;
WebUsers 0 = "ops", 100;
[ \\WebUsers ]
`;
    assert.deepEqual(configurationFacts(ini, "ops"), { pairConfigured: true, userLevel: "100" });
    const alone = ini.replace("= 99,", "= 5,");
    assert.deepEqual(configurationFacts(alone, "Ops"), { pairConfigured: false, userLevel: undefined });
    assert.equal(configurationFacts(`HARemoteAddress = 198.51.100.2\n${alone}`, "ops")?.pairConfigured, true);
    assert.equal(configurationFacts("<html><body>log in</body></html>", "ops"), undefined);
    assert.deepEqual(configurationFacts(";Board: Mediant SW\n", "ops")?.userLevel, undefined);
  });
});

describe("the report", () => {
  const sentence = fc
    .array(fc.stringMatching(/^[!-~]{1,12}$/), { minLength: 1, maxLength: 30 })
    .map((words) => words.join(" "));
  const anyCheck = fc.record({
    id: fc.constantFrom(...CHECK_IDS),
    result: fc.constantFrom<CheckResult>("ok", "warning", "failed", "skipped"),
    message: sentence,
  });

  it("says every sentence, whole and within the terminal", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyCheck, { selector: ({ id }) => id, minLength: 1 }),
        fc.integer({ min: 80, max: 200 }),
        (checks, width) => {
          const lines = reportText(reportOf("sbc1", "https://sbc1", checks), width).split("\n");
          for (const line of lines) assert.ok(line.length <= width, line);
          const flat = lines.map((line) => line.trim()).join(" ");
          for (const { message } of checks) assert.ok(flat.includes(message), message);
        },
      ),
    );
  });

  it("is as bad as the worst, and skips what was not come to", () => {
    const found = (...results: CheckResult[]) =>
      reportOf(
        "sbc1",
        "https://sbc1",
        results.map((result) => ({ id: "api", result, message: "m" })),
      ).result;
    assert.deepEqual(
      [found("ok", "skipped"), found("ok", "warning"), found("warning", "failed", "ok")],
      ["ok", "warning", "failed"],
    );
    const all = withSkipped([{ id: "address", result: "failed", message: "m" }], "not reached");
    assert.deepEqual(
      all.map(({ id }) => id),
      [...CHECK_IDS],
    );
    assert.match(
      reportText(reportOf("sbc1", "https://sbc1", all)),
      /\nskipped {2}tls, credentials, .*: not reached\n\n0 ok, 1 failed, 12 skipped\n$/,
    );
  });
});

describe("the profile", () => {
  const profile: FirmwareProfile = {
    profile: 1,
    firmware: "7.40A.250.440",
    table: "ConditionTable",
    incrementalTables: "rows",
    answers: { tableMode: "merge" },
    obscured: [],
    notes: [],
  };
  const files = [
    { file: "a.profile.json", problem: "it is not JSON" },
    { file: "b.profile.json", profile },
  ];

  it("is the one of this very version", () => {
    expected(
      profileCheck("7.40A.250.440", files),
      "ok",
      /^b\.profile\.json fits: incrementalTables can be rows$/,
    );
    expected(profileCheck("7.40A.250.441", files.slice(1)), "ok", /^no profile here is for 7\.40A\.250\.441/);
    expected(profileCheck("7.40A.250.441", files), "warning", /^a\.profile\.json cannot be read/, /probe/);
    expected(profileCheck(undefined, files), "skipped", /version/);
  });
});

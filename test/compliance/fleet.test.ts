import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { checkFleet, type FleetOptions } from "../../src/compliance/fleet";
import { GoldenFiles } from "../../src/compliance/golden";
import { complianceHtml, complianceSummary } from "../../src/compliance/html";
import type { Compliance, DeviceResult } from "../../src/compliance/model";
import { parseInventory } from "../../src/inventory";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator";
import { isWrite } from "../../src/simulator/server/recorder";

const FILES: Record<string, string> = {
  "common.ini": "SyslogServerIP = {{syslog}}\nEnableSyslog = 1\nSNMPReadCommunityString = {{community}}\n",
  "security.ini": [
    "EnableSyslog = 1",
    "TelnetServerEnable = 0",
    "[ AccessList ]",
    "FORMAT Index = Source_IP, Allow_Type;",
    'AccessList 0 = "192.0.2.1", "ALLOW";',
    "[ \\AccessList ]",
  ].join("\n"),
  "voice.cli": "configure voip\n proxy-set 3\n  proxy-name {{proxy}}\n activate\n exit\nexit\n",
};

const DUMP = [
  "SyslogServerIP = 192.0.2.9",
  "EnableSyslog = 1",
  "SNMPReadCommunityString = '$1$S3p+fno='",
  "[ AccessList ]",
  "FORMAT Index = Source_IP, Allow_Type, SharedSecret;",
  'AccessList 0 = "192.0.2.1", "ALLOW", "";',
  'AccessList 1 = "192.0.2.66", "<b>ALLOW</b>", "hunter22";',
  "[ \\AccessList ]",
  "",
].join("\r\n");

async function simulated(t: TestContext, ini = DUMP, options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({ ini, ...options });
  t.after(() => simulator.close());
  return simulator;
}

const INVENTORY = (devices: string, waivers = "") => `
defaults: { values: { community: { env: COMMUNITY }, proxy: PS_A } }
roles:
  branch:
    golden:
      - common.ini
      - { file: security.ini, severity: critical, ownTables: "Access*", atDefault: TelnetServerEnable }
  voice: { golden: [{ file: voice.cli, severity: minor }] }
devices:
${devices}
${waivers}
`;

const ENV = { MEDIANT_USERNAME: "Admin", MEDIANT_PASSWORD: "Admin", COMMUNITY: "open-sesame" };

function check(inventory: string, options: Partial<FleetOptions> = {}): Promise<Compliance> {
  const golden = new GoldenFiles((file) => Buffer.from(FILES[file] ?? assert.fail(file)));
  return checkFleet(parseInventory(inventory), golden, {
    parallel: 64,
    now: new Date("2027-01-15T00:00:00Z"),
    day: "2027-01-15",
    env: ENV,
    log: () => {},
    ...options,
  });
}

function told({ findings }: DeviceResult): string[] {
  return findings.map(
    ({ kind, severity, address, expected, found, file, waiver }) =>
      `${severity} ${kind} ${address}: ${expected ?? "-"} / ${found ?? "-"} (${file})${waiver === undefined ? "" : ` until ${waiver.until}`}`,
  );
}

describe("compliance", () => {
  it("tells what differs, is missing and is extra, with GETs only", async (t) => {
    const simulator = await simulated(t);
    const inventory = INVENTORY(
      `  sbc1: { url: "${simulator.url}", role: branch, firmware: 7.40A.250.440, values: { syslog: 192.0.2.1 } }`,
    );
    const found = await check(inventory);
    const [device] = found.devices;
    assert.ok(device !== undefined);
    assert.equal(device.result, "differs", device.error);
    const [differs, extra, ...others] = told(device);
    assert.equal(differs, 'major differs SyslogServerIP: "192.0.2.1" / "192.0.2.9" (common.ini)');
    assert.match(
      extra ?? "",
      /^critical extra AccessList 1: - \/ "Source_IP = 192\.0\.2\.66, .*\(security\.ini\)$/,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(device.uncompared, ["SNMPReadCommunityString"]);
    assert.deepEqual(
      simulator.requests.filter(({ method }) => method !== "GET"),
      [],
    );
    assert.equal(simulator.requests.length, 2);
    assert.equal(found.result, "differs");
    const page = complianceHtml(found);
    assert.ok(page.includes("&#60;b&#62;ALLOW"));
    for (const text of [page, JSON.stringify(found)])
      assert.doesNotMatch(text, /hunter22|open-sesame|S3p\+|<b>ALLOW<\/b>.*<tr/);
  });

  it("holds a CLI script against the device, and its firmware against the inventory", async (t) => {
    const simulator = await simulated(t, "", { firmware: "7.40A.250.440" });
    const found = await check(
      INVENTORY(`  sbc1: { url: "${simulator.url}", role: voice, firmware: 7.40A.300.000 }`),
    );
    const lines = told(found.devices[0] as DeviceResult);
    assert.equal(lines[0], 'major differs firmware: "7.40A.300.000" / "7.40A.250.440" (inventory)');
    assert.equal(lines[1], 'minor missing configure voip / proxy-set 3: "present" / - (voice.cli)');
  });

  it("accepts what is waived until it expires, and says which waivers are over", async (t) => {
    const simulator = await simulated(t);
    const inventory = INVENTORY(
      `  sbc1: { url: "${simulator.url}", role: branch, values: { syslog: 192.0.2.1 }, site: a }`,
      `sites: { a: }
waivers:
  - { sites: a, names: [SyslogServerIP, "AccessList *"], until: 2027-01-31, reason: migration }
  - { names: Nothing, until: 2027-12-31, reason: nobody needs it }
  - { devices: "x*", names: "*", until: 2026-12-31, reason: long ago }`,
    );
    const found = await check(inventory);
    assert.equal(found.result, "compliant");
    assert.equal(found.totals.waived, 2);
    assert.deepEqual(
      found.waivers.map(({ reason, state }) => `${reason}: ${state}`),
      ["nobody needs it: unused", "long ago: expired"],
    );
    const later = await check(inventory, { day: "2027-02-01" });
    assert.equal(later.result, "differs");
    assert.equal(later.totals.waived, 0);
  });

  it("asks so many at a time, and goes on where one does not answer", async (t) => {
    const simulator = await simulated(t);
    const one = (name: string, url = simulator.url) =>
      `  ${name}: { url: "${url}", role: branch, values: { syslog: 192.0.2.9 } }`;
    const names = Array.from({ length: 12 }, (_, at) => `sbc${at}`);
    const lines = names.map((name) => one(name));
    const wrong = one("gone").replace("{ url", "{ timeouts: { requestSeconds: 1 }, username: nobody, url");
    const waivers =
      "waivers:\n  - { names: Nothing, until: 2027-12-31, reason: may be needed by the one that is gone }";
    const found = await check(INVENTORY([...lines, wrong].join("\n"), waivers), { parallel: 3 });
    assert.deepEqual(found.waivers, []);
    for (const { startedAt } of simulator.requests) {
      const together = simulator.requests.filter(
        (other) => other.startedAt <= startedAt && (other.finishedAt ?? Number.POSITIVE_INFINITY) > startedAt,
      );
      assert.ok(together.length <= 3, `${together.length} at a time`);
    }
    assert.equal(found.devices.length, 13);
    assert.equal(found.totals.failed, 1);
    assert.match(found.devices.find(({ device }) => device === "gone")?.error ?? "", /401|user|password/i);
    assert.equal(found.totals.differ, 12);
    assert.match(complianceSummary(found), /^12 of 13 devices differ: 12 critical; 1 could not be asked$/);
    assert.ok(simulator.requests.every(({ method }) => !isWrite(method)));
  });

  it("refuses a placeholder without a value before any device is asked", async (t) => {
    const simulator = await simulated(t);
    await assert.rejects(
      check(INVENTORY(`  sbc1: { url: "${simulator.url}", role: branch }`)),
      /^Error: common\.ini, device sbc1: there is no value for \{\{syslog\}\} under values$/,
    );
    assert.equal(simulator.requests.length, 0);
  });
});

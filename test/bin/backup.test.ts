import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { Simulator, SimulatorOptions } from "../../src/simulator";
import { type Bench, bench } from "../simulator/harness";
import { command, scratch } from "./command";

const SECRETS = ["Sturdy-Harbour-88", "Granite-Orchard-17", "Velvet-Compass-42", "qWx7r5tovCIKaBBbhPtT53Yj"];
const [PASSWORD = "", ACCOUNT, COMMUNITY, LICENSE] = SECRETS;
const INI = `
EnableSyslog = 1
SIPGatewayName = 'gw.example.com'
SNMPReadOnlyCommunityString_0 = '${COMMUNITY}'
[ Account ]
FORMAT Index = Username, Password, HostName;
Account 0 = "trunk", "${ACCOUNT}", "carrier.example.com";
Account 1 = "spare", "", "carrier.example.com";
[ \\Account ]
`;
const ENV = { MEDIANT_USERNAME: "ops", MEDIANT_PASSWORD: PASSWORD };
const FILES = ["sbc1.cli", "sbc1.ini", "sbc1.license.json", "sbc1.status.json"];

const users = [{ username: "ops", password: PASSWORD, level: "Administrator" } as const];

async function device(t: TestContext, options: SimulatorOptions = {}): Promise<Bench & { out: string }> {
  const license = { key: LICENSE };
  return { ...(await bench(t, { ini: INI, users, license, ...options })), out: join(scratch(t), "backups") };
}

const backup = ({ url }: Simulator, out: string, env: Record<string, string> = ENV) =>
  command(["backup", "--url", url, "--name", "sbc1", "--out", out], env);

const contents = (out: string) =>
  Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), "utf8")]));

/** What it says of each file, by the file's name. */
const said = (stdout: string) =>
  Object.fromEntries(
    stdout
      .trimEnd()
      .split("\n")
      .map((line): [string, string] => [line.replace(/^.*[\\/]/, ""), line.split(" ")[0] ?? ""]),
  );

const each = (state: string) => Object.fromEntries(FILES.map((name) => [name, state]));

describe("backup", () => {
  const worst: SimulatorOptions = { obscuring: "anew", noise: true };
  const devices: Record<string, SimulatorOptions> = {
    "of 7.4": {},
    "of 7.0": { firmware: "7.00A.018.005" },
    "of 7.4 that obscures anew and adds noise": worst,
    "of 7.0 that obscures anew and adds noise": { ...worst, firmware: "7.00A.018.005", eol: "\n" },
    "of a pair": { highAvailability: true },
  };
  for (const [which, options] of Object.entries(devices)) {
    it(`twice on an unchanged device ${which} gives the same bytes, touches nothing and shows no secret`, async (t) => {
      let now = Date.parse("2026-06-01T12:00:00Z");
      // The device's clock never stands still.
      const bench = await device(t, { now: () => (now += 61_000), ...options });
      const first = await backup(bench.simulator, bench.out);
      assert.deepEqual([first.code, first.stderr], [0, ""]);
      assert.deepEqual(said(first.stdout), each("new"));
      const files = contents(bench.out);
      assert.deepEqual(Object.keys(files), FILES);
      const past = new Date("2020-01-01");
      for (const name of FILES) utimesSync(join(bench.out, name), past, past);

      const second = await backup(bench.simulator, bench.out);
      assert.equal(second.code, 0);
      assert.deepEqual(said(second.stdout), each("unchanged"));
      assert.deepEqual(contents(bench.out), files);
      for (const name of FILES) assert.deepEqual(statSync(join(bench.out, name)).mtime, past);

      const all = [first.stdout, second.stdout, ...Object.values(files)].join("\n");
      for (const secret of SECRETS) assert.equal(all.includes(secret), false);
      assert.doesNotMatch(all, /\$1\$|\r|topArea/);
      assert.match(files["sbc1.ini"] ?? "", /^Account 0 = .*"trunk", "\[secret\]", "carrier\.example\.com"/m);
      assert.match(files["sbc1.cli"] ?? "", /^ {2}sip-definition account 0$/m);
      assert.deepEqual(bench.simulator.writes, []);
      assert.ok(bench.simulator.requests.every(({ method }) => method === "GET"));
    });
  }

  it("writes what changed, and only that", async (t) => {
    const bench = await device(t);
    await backup(bench.simulator, bench.out);
    const before = contents(bench.out);
    bench.simulator.running.setParameter("SIPGatewayName", "gw2.example.com");
    const { stdout, code } = await backup(bench.simulator, bench.out);
    assert.equal(code, 0);
    assert.deepEqual(said(stdout), { ...each("unchanged"), "sbc1.ini": "changed", "sbc1.cli": "changed" });
    const renamed = (text = "") => text.replace("gw.example.com", "gw2.example.com");
    assert.deepEqual(contents(bench.out), {
      ...before,
      "sbc1.ini": renamed(before["sbc1.ini"]),
      "sbc1.cli": renamed(before["sbc1.cli"]),
    });
  });

  it("shows that a password was set, without showing it", async (t) => {
    const bench = await device(t);
    await backup(bench.simulator, bench.out);
    assert.match(contents(bench.out)["sbc1.ini"] ?? "", /^Account 1 = .*"spare", "", /m);
    bench.simulator.running.setCell("Account", 1, "Password", "x");
    await backup(bench.simulator, bench.out);
    assert.match(contents(bench.out)["sbc1.ini"] ?? "", /^Account 1 = .*"spare", "\[secret\]", /m);
  });

  it("keeps the devices of a folder apart, and gives each a name that a file can have", async (t) => {
    const { simulator, out } = await device(t);
    await backup(simulator, out);
    const { stdout, code } = await command(["backup", "--url", simulator.url, "--out", out], ENV);
    assert.equal(code, 0, stdout);
    const names = FILES.map((name) => name.replace("sbc1", `127.0.0.1_${simulator.port}`));
    assert.deepEqual(readdirSync(out).sort(), [...FILES, ...names].sort());
  });

  it("gives names in any script a file each", async (t) => {
    const { simulator, out } = await device(t);
    for (const name of ["東京", "大阪", "Zürich 1"]) {
      const { code } = await command(["backup", "--url", simulator.url, "--out", out, "--name", name], ENV);
      assert.equal(code, 0);
    }
    const inis = readdirSync(out).filter((file) => file.endsWith(".ini"));
    assert.deepEqual(inis.sort(), ["Zürich_1.ini", "大阪.ini", "東京.ini"]);
  });

  const refusals: Record<string, [string, (device: Simulator) => void, RegExp]> = {
    "a licence that is refused": [
      "sbc1.license.json",
      ({ faults }) => faults.fail(403, "GET /api/v1/license"),
      /sbc1\.license\.json is not written: \[sbc1\] GET \/api\/v1\/license: 403/,
    ],
    "a licence that is none": [
      "sbc1.license.json",
      ({ faults }) => faults.spoil("GET /api/v1/license", { body: () => "Internal error" }),
      /sbc1\.license\.json is not written: .*the answer is no licence/,
    ],
    "a script that is refused": [
      "sbc1.cli",
      ({ faults }) => faults.fail(400, "GET /api/v1/files/cliScript"),
      /sbc1\.cli is not written: \[sbc1\] GET \/api\/v1\/files\/cliScript: 400/,
    ],
    "a script that is an error message": [
      "sbc1.cli",
      ({ faults }) =>
        faults.spoil("GET /api/v1/files/cliScript", { body: () => "% Error: no memory\r\n" }, 9),
      /sbc1\.cli is not written: .*no whole CLI script: line 1: an error message/,
    ],
    "half an ini file": [
      "sbc1.ini",
      ({ faults }) =>
        faults.spoil("GET /api/v1/files/ini", { body: (dump) => dump.subarray(0, dump.length >> 1) }, 9),
      /sbc1\.ini is not written: .*no whole ini file/,
    ],
  };
  for (const [what, [path, spoil, words]] of Object.entries(refusals)) {
    it(`names the file that ${what} leaves as it was, and writes the rest`, async (t) => {
      const { simulator, out } = await device(t);
      await backup(simulator, out);
      const before = contents(out);
      simulator.running.setParameter("SIPGatewayName", "gw2.example.com");
      spoil(simulator);
      const { code, stdout, stderr } = await backup(simulator, out);
      assert.equal(code, 1);
      assert.equal(said(stdout)[path], "missing");
      assert.match(stderr, words);
      assert.equal(stderr.includes("\n\n"), false);
      const after = contents(out);
      assert.deepEqual(Object.keys(after), FILES, "nothing half-written stays");
      assert.equal(after[path], before[path]);
      for (const other of ["sbc1.ini", "sbc1.cli"].filter((one) => one !== path))
        assert.match(after[other] ?? "", /gw2/);
    });
  }

  it("writes nothing where the device does not answer as one", async (t) => {
    const { simulator, out } = await device(t);
    await backup(simulator, out);
    const before = contents(out);
    simulator.running.setParameter("EnableSyslog", "0");
    simulator.faults.spoil("GET /api/v1/status", { body: () => "Internal error" });
    const { code, stdout, stderr } = await backup(simulator, out);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^pulumi-mediant: \[sbc1\] GET \/api\/v1\/status: 200[^\n]*\n$/);
    assert.deepEqual(contents(out), before);
  });

  it("makes no folder for a device that refuses it, and asks once", async (t) => {
    const { simulator, out } = await device(t);
    const { code, stderr } = await backup(simulator, out, { ...ENV, MEDIANT_PASSWORD: "wrong-one" });
    assert.equal(code, 1);
    assert.match(stderr, /401/);
    assert.equal(existsSync(out), false);
    assert.equal(simulator.requests.length, 1);
  });

  it("goes without a licence where the device has none, and says so", async (t) => {
    const { simulator, out } = await device(t);
    simulator.faults.fail(404, "GET /api/v1/license");
    const { code, stderr } = await backup(simulator, out);
    assert.deepEqual([code, stderr], [0, "[sbc1] warning: the device gives no licence\n"]);
    assert.deepEqual(
      readdirSync(out),
      FILES.filter((name) => !name.includes("license")),
    );
  });

  it("ends with 2 where what it is told to write to is no folder, with nothing sent", async (t) => {
    const { simulator, out } = await device(t);
    writeFileSync(out, "");
    const { code, stderr } = await backup(simulator, out);
    assert.equal(code, 2);
    assert.match(stderr, /--out .*not a folder/);
    assert.equal(simulator.requests.length, 0);
  });

  it("ends with 2 where it is not told where to write", async () => {
    const { code, stderr } = await command(["backup", "--url", "https://sbc1.example.com"]);
    assert.equal(code, 2);
    assert.match(stderr, /--out/);
  });
});

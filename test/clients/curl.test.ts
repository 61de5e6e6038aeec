import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { Simulator, SimulatorOptions } from "../../src/simulator";
import { bench, untilBack } from "../simulator/harness";

const OLD = "7.00A.018.005";
const CURL = spawnSync("curl", ["--version"]).status === 0;
const skip = CURL ? false : "there is no curl";

/** Runs curl as the user Admin; the status, and what came. */
function curl(simulator: Simulator, args: readonly string[], path: string): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const all = ["-s", "-u", "Admin:Admin", "-w", "\n%{http_code}", ...args, simulator.url + path];
    const child = spawn("curl", all, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.on("error", reject).on("close", () => {
      const at = text.lastIndexOf("\n");
      resolve([Number(text.slice(at + 1)), text.slice(0, at)]);
    });
  });
}

/** The manual's JSON lacks a comma or a quote here, and has one too many there. */
const mended = (text: string) =>
  JSON.parse(
    text
      .replace(/,(?=\s*[\]}])/g, "")
      .replace(/"(?=\s*"description")/g, '",')
      .replace(/(now)(\s*\})$/, '$1"$2'),
  );

function file(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "curl-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const name = join(folder, "file");
  writeFileSync(name, text);
  return name;
}

/** Both dialects, each with the form of upload that its users write. */
const DIALECTS: [string, SimulatorOptions, (name: string) => string[]][] = [
  [
    "7.0",
    { firmware: OLD },
    (name) => ["-X", "PUT", "-H", "Content-Type: application/octet-stream", "--data-binary", `@${name}`],
  ],
  ["7.4", {}, (name) => ["-X", "PUT", "--form", `file=@${name}`]],
];

describe("curl, with the examples of the manual,", { skip }, () => {
  for (const [dialect, options, upload] of DIALECTS) {
    it(`reads what ${dialect} lists and tells (sections 2 to 5, 8)`, async (t) => {
      const { simulator } = await bench(t, options);
      for (const [path, key] of [
        ["/api", "versions"],
        ["/api/v1", "items"],
        ["/api/v1/actions", "actions"],
        ["/api/v1/files", "files"],
        ["/api/v1/alarms", "alarms"],
        ["/api/v1/performanceMonitoring", "items"],
        ["/api/v1/status", "versionID"],
      ] as const) {
        const [status, text] = await curl(simulator, [], path);
        assert.equal(status, 200, path);
        assert.ok(mended(text)[key], path);
      }
    });

    it(`takes the files of ${dialect}, and puts changed ones (sections 6.1.2, 6.2)`, async (t) => {
      const { simulator } = await bench(t, options);
      const [, ini] = await curl(simulator, [], "/api/v1/files/ini");
      assert.match(ini, /^;\*\*\*/);
      const [, script] = await curl(simulator, [], "/api/v1/files/cliScript");
      assert.match(script, /^# Running/);
      const change = upload(file(t, "EnableSyslog = 1\n"));
      assert.equal((await curl(simulator, change, "/api/v1/files/ini/incremental"))[0], 200);
      assert.equal(simulator.running.parameter("EnableSyslog"), "1");
      const show = upload(file(t, "show system uptime"));
      const [status, output] = await curl(simulator, show, "/api/v1/files/cliScript/incremental");
      assert.equal(status, 200);
      assert.match(output, /Uptime: \d+ days/);
      const save = ["-X", "POST"];
      assert.equal((await curl(simulator, save, "/api/v1/actions/saveConfiguration"))[0], 200);
      assert.equal(simulator.flash.parameter("EnableSyslog"), "1");
    });

    it(`puts a whole ini and a whole script on ${dialect}, which then resets (sections 6.1.1, 6.2.1)`, async (t) => {
      const device = await bench(t, options);
      const { simulator } = device;
      for (const path of ["/api/v1/files/ini", "/api/v1/files/cliScript"]) {
        const before = simulator.running.snapshot();
        const [, whole] = await curl(simulator, [], path);
        const [status, text] = await curl(simulator, upload(file(t, `${whole}\n`)), path);
        assert.deepEqual([status, /will reset now/.test(text)], [200, true], text);
        await untilBack(device);
        assert.deepEqual(simulator.running.snapshot(), before, path);
      }
    });

    it(`reads alarms and monitors of ${dialect} (sections 7 and 9)`, async (t) => {
      const { simulator } = await bench(t, options);
      const list = "/api/v1/alarms/active";
      assert.deepEqual(await curl(simulator, [], list), [204, ""]);
      for (const description of ["Trunk is down", "Device will explode in 15 min", "Intrusion detected"])
        simulator.alarms.raise({ description, severity: "Major" });
      const [, first] = await curl(simulator, [], `${list}?limit=2`);
      assert.deepEqual(JSON.parse(first).cursor, { after: "2", before: "-1" });
      const [, second] = await curl(simulator, [], `${list}?after=2`);
      assert.deepEqual(JSON.parse(second).cursor, { after: "-1", before: "3" });
      assert.equal((await curl(simulator, [], `${list}?after=3`))[0], 204);
      assert.equal(JSON.parse((await curl(simulator, [], "/api/v1/alarms/history/1"))[1]).severity, "Major");
      const monitor = "/api/v1/performanceMonitoring/netUtilPackets";
      assert.deepEqual(mended((await curl(simulator, [], monitor))[1]).indexes, [0, 1]);
      assert.equal(mended((await curl(simulator, [], `${monitor}?index=0`))[1]).value, -1);
      const [status, text] = await curl(simulator, [], `${monitor}?index=100`);
      assert.deepEqual([status, JSON.parse(text).description], [400, "Invalid index"]);
    });

    it(`resets ${dialect} and loads a licence (sections 5.1 and 10)`, async (t) => {
      const device = await bench(t, options);
      const { simulator } = device;
      const json = (method: string, body: unknown) => [
        ...["-X", method, "-H", "Content-Type: application/json", "-d", JSON.stringify(body)],
      ];
      const reset = json("POST", { saveConfiguration: true, gracefulTimeout: 0 });
      const [status, text] = await curl(simulator, reset, "/api/v1/actions/reset");
      assert.deepEqual([status, mended(text).description], [200, "Device will reset now"]);
      await untilBack(device);
      const license = { licenseVersion: 1, key: "jCx6r5tovCIKaBBbhPtT53Yj" };
      assert.equal((await curl(simulator, json("PUT", license), "/api/v1/license"))[0], 200);
      await untilBack(device);
      assert.equal(simulator.license.key, license.key);
      const old = upload(file(t, `S/N ${simulator.serialNumber}\njCx6r5tovCIKaBBbhPtT53Yk\n`));
      assert.equal((await curl(simulator, old, "/api/v1/license"))[0], 200);
      await untilBack(device);
      assert.equal(simulator.license.key, "jCx6r5tovCIKaBBbhPtT53Yk");
    });
  }

  it("sends more than a megabyte, for which it asks to go on first", async (t) => {
    const { simulator } = await bench(t);
    const large = file(t, `${`; ${"-".repeat(76)}\n`.repeat(20_000)}EnableSyslog = 1\n`);
    const upload = ["-X", "PUT", "--form", `file=@${large}`];
    assert.equal((await curl(simulator, upload, "/api/v1/files/ini/incremental"))[0], 200);
    assert.equal(simulator.running.parameter("EnableSyslog"), "1");
  });
});

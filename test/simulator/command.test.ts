import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { generate } from "selfsigned";
import { simulateCommand } from "../../src/bin/simulate";
import { readLicenseFile } from "../../src/declare/license-file";
import { releaseOf } from "../../src/device/answers/version";
import { command } from "../bin/command";
import { QUICK_START } from "../shared/quick-node";
import { basic, bench, untilBack } from "./harness";
import { formFile, SOFTWARE, until } from "./uploads";

const ROOT = join(__dirname, "..", "..");

function run(args: string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  const program = join(ROOT, "src", "bin", "pulumi-mediant.ts");
  return spawn(process.execPath, [...QUICK_START, program, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });
}

/** All that it printed so far, once the pattern is in it. */
async function outputUntil(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<string> {
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  while (!pattern.test(output)) await once(child.stdout, "data");
  return output;
}

test("HTTPS is trusted by the certificate it gives", async (t) => {
  const { ask, simulator } = await bench(t, { tls: true });
  assert.match(simulator.url, /^https:/);
  assert.equal((await ask("GET /api/v1/status")).status, 200);
  assert.match(simulator.fingerprint256 ?? "", /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
});

test("a given key and certificate are served", async (t) => {
  const altNames = [{ type: 7 as const, ip: "127.0.0.1" }];
  const { private: key, cert } = await generate([{ name: "commonName", value: "sbc1" }], {
    keyType: "ec",
    extensions: [{ name: "subjectAltName", altNames }],
  });
  const { ask, simulator } = await bench(t, { tls: { key, cert } });
  assert.equal(simulator.certificate, cert);
  assert.equal((await ask("GET /api/v1/status")).status, 200);
});

test("simulate says where it is, serves, and ends cleanly at a signal", { timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "simulate-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "start.ini"), "EnableSyslog = 1\n");
  const child = run(
    [
      "simulate",
      ...["--port", "0", "--tls", "--high-availability"],
      ...["--ini", join(folder, "start.ini"), "--user", "ops"],
    ],
    { MEDIANT_SIM_PASSWORD: "not-for-show" },
  );
  t.after(() => child.kill("SIGKILL"));
  const exit = once(child, "exit");
  const output = await outputUntil(child, /Ctrl-C/);
  assert.doesNotMatch(output, /not-for-show/);
  const url = /^url\s+(\S+)$/m.exec(output)?.[1];
  const fingerprint = /^fingerprint\s+(\S+)$/m.exec(output)?.[1];
  assert.ok(url && fingerprint);
  const [text, seen] = await read(`${url}/api/v1/files/ini`, basic("ops", "not-for-show"));
  assert.match(text, /^EnableSyslog = 1\r$/m);
  assert.equal(seen, fingerprint);
  const [status] = await read(`${url}/api/v1/status`, basic("ops", "not-for-show"));
  assert.equal(JSON.parse(status).highAvailability, "Operational");
  const stopped = outputUntil(child, /^Stopped\.$/m);
  child.kill("SIGINT");
  await stopped;
  assert.deepEqual(await exit, [0, null]);
});

test("simulate refuses what it cannot use, in one sentence that says what to do", async (t) => {
  const { simulator } = await bench(t);
  for (const [args, sentence] of [
    [["--ini", "/nonexistent.ini"], /^pulumi-mediant: --ini \/nonexistent\.ini: there is no such file$/m],
    [["--port", String(simulator.port)], /^pulumi-mediant: port \d+ of 127\.0\.0\.1 is taken: .*--port 0/m],
    [
      ["--host", "192.0.2.1", "--port", "0"],
      /^pulumi-mediant: --host 192\.0\.2\.1: is not an address of this machine/m,
    ],
  ] as const) {
    const { code, stderr } = await command(["simulate", ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /^\s+at /m);
  }
  for (const firmware of ["foo", "7", "7.4.1"]) {
    const { code } = await command(["simulate", "--port", "0", "--firmware", firmware]);
    assert.equal(code, 2, firmware);
  }
});

test("each release that simulate takes is a version that we read", () => {
  const firmware = simulateCommand().options.find(({ long }) => long === "--firmware");
  for (const release of ["7.0", "7.2", "7.4"])
    assert.equal(releaseOf(String(firmware?.parseArg?.(release, undefined))), release);
});

test("a device takes the load and the licence that simulate makes", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "simulate-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const device = await bench(t, { resetSeconds: 0 });
  const { ask, simulator } = device;
  const [load, license] = [join(folder, "sbc.cmp"), join(folder, "license.txt")];
  const made = await command(["simulate", "make-load", "--version", "7.40A.500.010", "--out", load]);
  assert.deepEqual([made.code, made.stderr], [0, ""]);
  assert.match(made.stdout, /sbc\.cmp: software 7\.40A\.500\.010 for a simulated device, 1 MB$/m);
  assert.equal(statSync(load).size, 1_000_000);
  assert.equal((await ask(SOFTWARE, formFile(readFileSync(load)))).status, 200);
  await until(() => simulator.firmware === "7.40A.500.010");
  const before = simulator.license.key;
  const args = ["make-license", "--serial-number", simulator.serialNumber, "--out", license];
  assert.equal((await command(["simulate", ...args])).code, 0);
  await untilBack(device);
  assert.equal((await ask("PUT /api/v1/license", formFile(readFileSync(license)))).status, 200);
  assert.notEqual(simulator.license.key, before);
  assert.equal(readLicenseFile(readFileSync(license, "utf8")).fault, undefined);
});

function read(url: string, authorization: string): Promise<[string, string | undefined]> {
  return new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false, headers: { authorization } }, async (response) => {
      const peer = (response.socket as import("node:tls").TLSSocket).getPeerCertificate();
      let text = "";
      for await (const chunk of response) text += String(chunk);
      resolve([text, peer.fingerprint256]);
    }).on("error", reject);
  });
}

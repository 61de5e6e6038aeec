import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { generate } from "selfsigned";
import { QUICK_START } from "../shared/quick-node";
import { basic, bench } from "./harness";

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

test("simulate refuses what it cannot use, in one sentence", { timeout: 60_000 }, async () => {
  const child = run(["simulate", "--port", "0", "--ini", "/nonexistent.ini"]);
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += String(chunk);
  });
  assert.deepEqual(await once(child, "close"), [1, null]);
  assert.match(errors, /^pulumi-mediant: .*nonexistent\.ini/m);
  assert.doesNotMatch(errors, /^\s+at /m);
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

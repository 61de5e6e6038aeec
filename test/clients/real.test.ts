/**
 * The clients themselves, where they are at hand: `pip install MrLou_AudioCodes requests ansible-core`, and
 * `MEDIANT_CLIENTS_PYTHON` if that is not the python3 on PATH. Else the tests say that they are skipped.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { bench } from "../simulator/harness";

const PYTHON = process.env["MEDIANT_CLIENTS_PYTHON"] ?? "python3";
const lacks = (module: string): string | false =>
  spawnSync(PYTHON, ["-c", `import ${module}`]).status === 0 ? false : `${module} is not installed`;

function python(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(PYTHON, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let [text, errors] = ["", ""];
    child.stdout.on("data", (chunk) => {
      text += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      errors += String(chunk);
    });
    child.on("error", reject).on("close", (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`${code}: ${text}\n${errors}`));
    });
  });
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "client-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe("MrLou_AudioCodes", { skip: lacks("MrLou_AudioCodes") }, () => {
  it("takes the ini, sends a script, reads alarms, and saves", async (t) => {
    const { simulator } = await bench(t, { tls: true });
    simulator.alarms.raise({ description: "Trunk is down", severity: "Major" });
    const out = folder(t);
    const script = join(out, "cli.txt");
    writeFileSync(script, 'configure voip\r\nproxy-set 3\r\nproxy-name "PS_T"\r\nactivate\r\nexit\r\n');
    const program = `
import sys
from MrLou_AudioCodes import acsbc_api as api
host, auth, out, script = sys.argv[1:]
assert api.get_status(host, auth)
assert api.get_alarms(host, auth)
assert api.get_ini(host, auth, "backup", out)
assert api.upload_incremental_cli_script(host, auth, "cli.txt", script)
assert api.save_configuration(host, auth)
`;
    const auth = Buffer.from("Admin:Admin").toString("base64");
    await python(["-c", program, `localhost:${simulator.port}`, auth, out, script]);
    assert.match(readFileSync(join(out, "backup.ini"), "utf8"), /\[ WebUsers \]/);
    assert.equal(simulator.flash.cell("ProxySet", 3, "ProxyName"), "PS_T");
  });
});

describe("Ansible's uri module", { skip: lacks("ansible") }, () => {
  const ansible = async (t: TestContext, task: Record<string, unknown>): Promise<string> => {
    const all = { url_username: "Admin", url_password: "Admin", force_basic_auth: true, ...task };
    const args = [
      "-m",
      "ansible",
      "adhoc",
      "localhost",
      "-c",
      "local",
      "-m",
      "uri",
      "-a",
      JSON.stringify(all),
    ];
    return python(args, { ANSIBLE_HOME: folder(t), ANSIBLE_LOCALHOST_WARNING: "False" });
  };

  it("reads the status, and has a file applied that it names alone", async (t) => {
    const { simulator } = await bench(t);
    const status = await ansible(t, { url: `${simulator.url}/api/v1/status`, return_content: true });
    assert.match(status, /7\.40A\.250\.440/);
    const file = join(folder(t), "ini.ini");
    writeFileSync(file, `; ${"-".repeat(200)}\nEnableSyslog = 1\n`);
    await ansible(t, {
      url: `${simulator.url}/api/v1/files/ini/incremental`,
      method: "PUT",
      body_format: "form-multipart",
      body: { file: { filename: file } },
    });
    assert.equal(simulator.running.parameter("EnableSyslog"), "1");
  });
});

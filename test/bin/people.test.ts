import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startSimulator } from "../../src/simulator";
import { ADMIN, command, scratch } from "./command";

/* What the commands make of a device that holds scripts in the shapes in which people publish them. */

const FOLDER = join(__dirname, "../fixtures/people");
const SCRIPTS = ["user-agent.cli", "firmware.cli", "nat.cli", "router.cli"];

const contents = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), "utf8")] as const);

test("backup twice and generate of such a device: the same bytes, all of it, and no secret", async (t) => {
  const simulator = await startSimulator();
  t.after(() => simulator.close());
  const authorization = `Basic ${Buffer.from("Admin:Admin").toString("base64")}`;
  for (const name of SCRIPTS) {
    const script = readFileSync(join(FOLDER, name), "utf8");
    const form = new FormData();
    form.append("file", new Blob([script]), name);
    const url = `${simulator.url}/api/v1/files/cliScript/incremental`;
    const answer = await fetch(url, { method: "PUT", headers: { authorization }, body: form });
    assert.match(await answer.text(), /"status": ?"success"/, name);
  }
  const sent = simulator.requests.length;
  const [backup, program] = [join(scratch(t), "backup"), join(scratch(t), "program")];
  const reach = ["--url", simulator.url, "--name", "sbc1", "--out"];
  const first = await command(["backup", ...reach, backup], ADMIN);
  assert.equal(first.code, 0, first.stderr);
  const held = contents(backup);
  const script = held.find(([name]) => name === "sbc1.cli")?.[1] ?? "";
  for (const line of [
    'http-user-agent "Acme-<NAME>;<VER>(<MAC>)"',
    "access-list 110 deny ip any any",
    'desc "uplink; copper"',
    "no shutdown",
    "nat-translation 1",
  ])
    assert.ok(script.includes(line), `${line} in ${script}`);
  const second = await command(["backup", ...reach, backup], ADMIN);
  assert.equal(second.code, 0, second.stderr);
  assert.deepEqual(contents(backup), held);
  const generated = await command(["generate", ...reach, program], ADMIN);
  assert.equal(generated.code, 0, generated.stderr);
  const said = [first, second, generated].map(({ stdout, stderr }) => stdout + stderr).join("");
  const texts = [...held, ...contents(program)].map(([, text]) => text);
  assert.doesNotMatch([said, ...texts].join("\n"), /Canary/);
  assert.deepEqual(
    simulator.requests.slice(sent).filter(({ method }) => method !== "GET"),
    [],
  );
});

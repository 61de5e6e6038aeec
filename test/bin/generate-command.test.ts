import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import { startSimulator } from "../../src/simulator";
import { ADMIN, command, scratch } from "./command";

const INI = "Password = 'canary-sip'\nSyslogServerIP = 10.1.1.20\n";

async function bench(t: TestContext) {
  const simulator = await startSimulator({ ini: INI });
  t.after(() => simulator.close());
  const folder = scratch(t);
  const out = join(folder, "program");
  const generate = (...more: string[]) =>
    command(["generate", "--url", simulator.url, "--name", "sbc1", "--out", out, ...more], ADMIN);
  return { simulator, folder, out, generate };
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

test("a program is written, its secrets for the owner's eyes alone, with GETs only", async (t) => {
  const { simulator, folder, out, generate } = await bench(t);
  const { code, stdout, stderr } = await generate();
  assert.equal(code, 0, stderr);
  assert.deepEqual(readdirSync(folder), ["program"], "nothing is left beside it");
  const written = files(out);
  for (const path of written) assert.ok(stdout.includes(`  ${path}`), path);
  assert.deepEqual(
    simulator.requests.filter(({ method }) => method !== "GET"),
    [],
  );
  if (process.platform !== "win32") {
    assert.equal(statSync(join(out, "secrets.json")).mode & 0o777, 0o600);
    assert.equal(statSync(join(out, "index.ts")).mode & 0o777, 0o666 & ~process.umask());
    assert.equal(statSync(out).mode & 0o777, 0o777 & ~process.umask());
  }
  for (const path of written) {
    const text = readFileSync(join(out, path), "utf8");
    assert.doesNotMatch(text, /canary-sip/, path);
    if (path !== "secrets.json") assert.doesNotMatch(text, /\$1\$/, path);
  }
  assert.doesNotMatch(stdout + stderr, /\$1\$|canary-sip/);
});

test("--import adds a file for pulumi import, for the owner's eyes alone, and says what a CLI that is too old does", async (t) => {
  const { simulator, folder, out } = await bench(t);
  const path = join(folder, "bin");
  mkdirSync(path);
  writeFileSync(join(path, "pulumi"), "#!/bin/sh\necho v3.253.0\n", { mode: 0o755 });
  const env = { ...ADMIN, PATH: `${path}${delimiter}${process.env["PATH"]}` };
  const args = ["generate", "--url", simulator.url, "--name", "sbc1", "--out", out, "--import"];
  const { code, stdout, stderr } = await command(args, env);
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    simulator.requests.filter(({ method }) => method !== "GET"),
    [],
  );
  const text = readFileSync(join(out, "import.json"), "utf8");
  const ids: string[] = JSON.parse(text).resources.map(({ id }: { id: string }) => id);
  assert.deepEqual(
    ids.map((id) => `${id.replace("sbc1/IncrementalIniConfig", "sbc1")}.ini`).sort(),
    files(out).filter((name) => name.endsWith(".ini")),
  );
  // What the environment has stays there.
  assert.ok(!("password" in JSON.parse(text).resources[0].inputs.device));
  assert.doesNotMatch(stdout, /config set --secret --path/);
  assert.match(stdout, /pulumi import --file import\.json .*&& rm import\.json\n {2}pulumi preview/);
  assert.match(stdout, /import\.json holds the device's secrets in clear: .*delete it after the import/);
  assert.match(stdout, /Pulumi on this machine is v3\.253\.0, and this file needs 3\.254 or later/);
  assert.doesNotMatch(stdout + stderr, /\$1\$|canary-sip/);
  assert.match(readFileSync(join(out, ".gitignore"), "utf8"), /^import\.json$/m);
  assert.match(readFileSync(join(out, "README.md"), "utf8"), /needs Pulumi 3\.254 or later/);
  if (process.platform !== "win32") assert.equal(statSync(join(out, "import.json")).mode & 0o777, 0o600);
});

test("the same device gives the same files", async (t) => {
  const { out, generate } = await bench(t);
  assert.equal((await generate()).code, 0);
  const first = files(out).map((path) => readFileSync(join(out, path), "utf8"));
  assert.equal((await generate("--force")).code, 0);
  assert.deepEqual(
    files(out).map((path) => readFileSync(join(out, path), "utf8")),
    first,
  );
});

test("a folder that is not empty is written to with --force only, and what else is in it stays", async (t) => {
  const { simulator, out, generate } = await bench(t);
  mkdirSync(out);
  const mine = { "notes.txt": "mine", "index.ts": "old", "Pulumi.sbc1.yaml": "encryptionsalt: v1:mine\n" };
  for (const [path, text] of Object.entries(mine)) writeFileSync(join(out, path), text);
  const refused = await generate();
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /the folder is not empty; --force/);
  assert.deepEqual(files(out), Object.keys(mine).sort());
  assert.equal(simulator.requests.length, 0, "the device is not asked in vain");
  const forced = await generate("--force");
  assert.equal(forced.code, 0, forced.stderr);
  assert.equal(readFileSync(join(out, "notes.txt"), "utf8"), "mine");
  assert.match(readFileSync(join(out, "index.ts"), "utf8"), /IncrementalIniConfig/);
  assert.equal(readFileSync(join(out, "Pulumi.sbc1.yaml"), "utf8"), mine["Pulumi.sbc1.yaml"]);
  assert.doesNotMatch(forced.stdout, /Pulumi\.sbc1\.yaml/, "what was kept is not told as written");
});

test("what git ignored stays ignored", async (t) => {
  const { out, generate } = await bench(t);
  mkdirSync(out);
  writeFileSync(join(out, ".gitignore"), ".env\r\nnode_modules/");
  for (let time = 1; time <= 2; time++) {
    assert.equal((await generate("--force")).code, 0);
    assert.equal(readFileSync(join(out, ".gitignore"), "utf8"), ".env\nnode_modules/\nsecrets.json\n");
  }
});

test("where it cannot be written is told before the device is asked, and nothing is half-written", async (t) => {
  const { simulator, folder, out, generate } = await bench(t);
  symlinkSync(join(folder, "nowhere"), out);
  const link = await generate();
  assert.deepEqual([link.code, link.stderr], [2, `pulumi-mediant: --out ${out}: it is not a folder\n`]);
  const unset = await command(["generate", "--url", simulator.url, "--out", ""], ADMIN);
  assert.deepEqual([unset.code, unset.stderr], [2, "pulumi-mediant: --out: must name a folder\n"]);
  assert.equal(simulator.requests.length, 0);
  rmSync(out);
  mkdirSync(join(out, "index.ts"), { recursive: true });
  const inTheWay = await generate("--force");
  assert.deepEqual([inTheWay.code, readdirSync(out)], [2, ["index.ts"]]);
  assert.match(inTheWay.stderr, /--out .*: index\.ts cannot be read \(EISDIR\)\n$/);
});

test("an empty folder will do", async (t) => {
  const { out, generate } = await bench(t);
  mkdirSync(out);
  assert.equal((await generate()).code, 0);
  assert.ok(files(out).includes("index.ts"));
  assert.ok(!readdirSync(out).some((name) => name.startsWith(".program-")));
});

test("what goes wrong leaves nothing behind", async (t) => {
  const { simulator, folder, out, generate } = await bench(t);
  writeFileSync(out, "a file");
  const noFolder = await generate();
  assert.equal(noFolder.code, 2);
  assert.match(noFolder.stderr, /it is not a folder/);
  assert.deepEqual(readdirSync(folder), ["program"]);
  await simulator.close();
  const gone = await command(
    ["generate", "--url", simulator.url, "--out", join(folder, "other"), "--name", "sbc1"],
    ADMIN,
  );
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /^pulumi-mediant: \[sbc1\] GET .*no connection \(ECONNREFUSED\)/m);
  assert.deepEqual(readdirSync(folder), ["program"]);
});

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import * as published from "../../src";
import { backupCommand } from "../../src/bin/backup";
import { complianceCommand } from "../../src/bin/compliance";
import { doctorCommand } from "../../src/bin/doctor";
import { diffCommand } from "../../src/bin/files/diff";
import { fmtCommand } from "../../src/bin/files/fmt";
import { lintCommand } from "../../src/bin/files/lint";
import { mergeCommand } from "../../src/bin/files/merge";
import { textconvCommand } from "../../src/bin/files/textconv";
import { generateCommand } from "../../src/bin/generate";
import { probeCommand } from "../../src/bin/probe";
import { reportCommand } from "../../src/bin/report";
import { restoreCommand } from "../../src/bin/restore";
import { simulateCommand } from "../../src/bin/simulate";
import { typesCommand } from "../../src/bin/types";
import { startSimulator } from "../../src/simulator";
import { openEngine, type RunResult } from "../engine";
import { compileErrors, membersOf } from "./compile";
import { inlineFile } from "./inline-program";
import { codeIn, docsBlocks, ROOT, readmeBlocks, readmeTables } from "./readme";
import { writeLoad } from "./software-stage";

const QUICKSTART = join(ROOT, "examples", "quickstart");
/** The secrets that the blocks ask for, beside the device. */
const SECRETS = { trunkPassword: "canary-trunk" };
const INI = "SyslogServerIP = 10.1.1.20\n";

const blocks = readmeBlocks("ts");
const functionBlocks = blocks.filter((block) => /^export /m.test(block));
const programs = blocks.filter((block) => !functionBlocks.includes(block));

describe("the code of the README", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "readme-"));
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("begins with the quickstart, word for word", async () => {
    assert.equal(blocks[0], await readFile(join(QUICKSTART, "index.ts"), "utf8"));
  });

  it("compiles against the built types", async () => {
    const files = await Promise.all(
      [...blocks, ...docsBlocks("ts")].map(async (block, at) => {
        const file = join(folder, `block${at + 1}.ts`);
        await writeFile(file, block);
        return file;
      }),
    );
    assert.deepEqual(await compileErrors(join(QUICKSTART, "tsconfig.json"), files), []);
  });

  // The first one is the quickstart, which the tests of the examples run.
  for (const [at, program] of programs.entries()) {
    if (at === 0) continue;
    it(`program ${at + 1} applies, and then has nothing to do`, async (t) => {
      const stack = await openProgram(t, program);
      await succeeds(stack.engine.up());
      assert.ok(stack.simulator.writes.length > 0);
      await succeeds(stack.engine.up({ expectNoChanges: true }));
    });
  }

  it("has a use of each function that it defines", () => {
    const defined = functionBlocks.flatMap((block) => [...block.matchAll(/^export .*function (\w+)/gm)]);
    assert.deepEqual(
      defined.map(([, name]) => name),
      ["firstChanges", "tryIt"],
    );
  });

  it("firstChanges shows the first change in a preview", async (t) => {
    const call = `export const patch = firstChanges(${JSON.stringify(INI)});`;
    const { engine, simulator } = await openProgram(t, `${blockWith("firstChanges")}\n${call}\n`);
    const { output } = await succeeds(engine.preview());
    assert.match(output, /\+SyslogServerIP = \\?"10\.1\.1\.20\\?"/);
    assert.equal(simulator.writes.length, 0);
  });

  it("tryIt runs a simulator and changes it", async (t) => {
    const file = join(folder, "tryIt.ts");
    await writeFile(file, blockWith("tryIt"));
    const { tryIt } = createRequire(__filename)(file) as { tryIt(): Promise<void> };
    const log = t.mock.method(console, "log", () => {});
    await tryIt();
    const [url, dump] = log.mock.calls[0]?.arguments.map(String) ?? [];
    assert.match(url ?? "", /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(dump ?? "", /^SyslogServerIP = 192\.0\.2\.66\r?$/m);
    await assert.rejects(fetch(url ?? ""), "the simulator is closed");
  });
});

describe("what the README names", () => {
  it("are commands that exist", async () => {
    const { scripts, bin } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    const shell = readmeBlocks("sh").join("\n");
    const run = [...shell.matchAll(/npm (?:run )?(\w+)/g)].flatMap(([, name = ""]) =>
      ["ci", "install"].includes(name) ? [] : [name],
    );
    assert.deepEqual(run, ["demo", "test"]);
    for (const name of run) assert.ok(name in scripts, name);

    const known = [
      generateCommand("0.1.0"),
      doctorCommand(),
      backupCommand(),
      restoreCommand(),
      probeCommand(),
      reportCommand(),
      complianceCommand(),
      fmtCommand(),
      lintCommand("0.1.0"),
      diffCommand(),
      mergeCommand(),
      textconvCommand(),
      typesCommand(),
      simulateCommand(),
    ];
    const calls = [...shell.matchAll(/\bnpx (\S+) (\S+) (.*)$/gm)];
    for (const [, command = "", name, flags = ""] of calls) {
      assert.ok(command in bin, command);
      const whole = known.find((each) => each.name() === name);
      const part = whole?.commands.find((each) => flags.startsWith(`${each.name()} `));
      const options = (part ?? whole)?.options.map(({ long }) => long);
      assert.ok(options, name);
      for (const flag of flags.match(/--[\w-]+/g) ?? []) assert.ok(options.includes(flag), flag);
    }
    const names = known.map((each) => each.name()).sort();
    assert.deepEqual([...new Set(calls.map(([, , name]) => name))].sort(), names);
    assert.deepEqual(
      firstColumn((header) => header === "Command"),
      names,
    );
  });

  it("are all resources and functions, and none that does not exist", () => {
    const listed = (title: string) => firstColumn((header) => header === title);
    const isClass = (name: string) => /^[A-Z]/.test(name);
    const exported = Object.keys(published).filter((name) => name !== "DeviceError");
    assert.deepEqual(listed("Resource"), exported.filter(isClass).sort());
    const functions = exported.filter((name) => /^(get|show|assert)/.test(name));
    assert.deepEqual(listed("Function"), functions.sort());
  });

  it("are all arguments, and none that does not exist", () => {
    const titles = readmeTables().map(({ header: [title = ""] }) => title);
    const tables = titles.flatMap((title): [string, string][] => {
      const [resource] = /^Argument/.test(title) ? codeIn(title) : [];
      if (resource !== undefined) return [[title, `${resource}Args`]];
      return title === "Setting of a device" ? [[title, "DeviceArgs"]] : [];
    });
    assert.ok(tables.length >= 2, titles.join(", "));
    const declared = membersOf(join(ROOT, "dist", "index.d.ts"), [
      ...tables.map(([, name]) => name),
      "DeviceTlsArgs",
      "DeviceTimeoutArgs",
    ]);
    for (const [title, name] of tables) {
      assert.deepEqual(
        firstColumn((header) => header === title),
        declared.get(name),
        title,
      );
    }
    const settings = readmeTables().find(({ header }) => header[0] === "Setting of a device");
    const meaning = (setting: string) =>
      codeIn(settings?.rows.find(([name]) => name === `\`${setting}\``)?.[1] ?? "").sort();
    assert.deepEqual(meaning("tls"), declared.get("DeviceTlsArgs"));
    assert.deepEqual(meaning("timeouts"), declared.get("DeviceTimeoutArgs"));
  });
});

function blockWith(name: string): string {
  return functionBlocks.find((block) => block.includes(`function ${name}(`)) ?? "";
}

/** A project of its own, in a folder of its own, for a simulated sbc1, and an sbc2 where the program names one. */
async function openProgram(t: TestContext, program: string) {
  const simulator = await startSimulator();
  t.after(() => simulator.close());
  const another = await startSimulator();
  t.after(() => another.close());
  const cwd = await mkdtemp(join(tmpdir(), "readme-"));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  await symlink(join(ROOT, "node_modules"), join(cwd, "node_modules"), "junction");
  const files = {
    "index.ts": program,
    "package.json": await readFile(join(QUICKSTART, "package.json"), "utf8"),
    "tsconfig.json": await readFile(join(QUICKSTART, "tsconfig.json"), "utf8"),
    "Pulumi.yaml": ["name: readme", "runtime: nodejs", ...readmeBlocks("yaml")].join("\n"),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  for (const [file, version] of program.matchAll(/[\w.-]+?-(\d\.\d\d\w[\d.]+)\.cmp/g)) {
    await writeLoad(join(cwd, file), version ?? "");
  }
  const login = { username: "Admin", password: "Admin" };
  const devices = { sbc1: { url: simulator.url, ...login }, sbc2: { url: another.url, ...login } };
  const secrets = { ...SECRETS, "mediant:devices": JSON.stringify(devices) };
  const inline = inlineFile(join(cwd, "index.ts"));
  const engine = await openEngine("inline", { cwd, stack: "test", secrets, inline });
  t.after(() => engine.dispose());
  // Where a program of its own would begin.
  process.chdir(cwd);
  t.after(() => process.chdir(ROOT));
  return { simulator, engine };
}

async function succeeds(run: Promise<RunResult>): Promise<RunResult> {
  const result = await run;
  assert.equal(result.exitCode, 0, result.output);
  return result;
}

/** The names in the first column of the tables whose first title passes, in order of the alphabet. */
function firstColumn(isTitle: (title: string) => boolean): string[] {
  return readmeTables()
    .filter(({ header: [title = ""] }) => isTitle(title))
    .flatMap(({ rows }) => rows.flatMap(([name = ""]) => codeIn(name)))
    .sort();
}

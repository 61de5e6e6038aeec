import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import * as published from "../../src";
import { startSimulator } from "../../src/simulator";
import { compileErrors } from "../e2e/compile";
import { inlineFile } from "../e2e/inline-program";
import { ROOT } from "../e2e/readme";
import { openEngine, quickEngines } from "../engine";

const FUNCTIONS = join(ROOT, "src", "functions");
const QUICKSTART = join(ROOT, "examples", "quickstart");
/** The files that examples read. */
const FILES = {
  "base.ini": "SyslogServerIP = 10.1.1.20\n",
  "nat.cli": 'configure voip\n proxy-set 3\n  proxy-name "A"\n',
};

/** The code of every `@example` of the functions. */
const examples = readdirSync(FUNCTIONS).flatMap((name) => {
  const source = readFileSync(join(FUNCTIONS, name), "utf8");
  return [...source.matchAll(/@example\n \* ```ts\n([\s\S]*?) \* ```/g)].map(([, block = ""]) =>
    block.replace(/^ \* ?/gm, "").replace(/^export /gm, ""),
  );
});

/** All of them in one program, each in a scope of its own, with what they take for granted. */
const PROGRAM = `
import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import {
  ${Object.keys(published).join(", ")}
} from "pulumi-mediant";

export = async () => {
  const ini = fs.readFileSync("base.ini", "utf8");
  const device = deviceFromConfig("sbc1");
  void [pulumi, device];
${examples.map((block) => `  {\n${block}  }\n`).join("")}
};
`;

describe("the examples in the documentation of the functions", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "documented-"));
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
    for (const [name, text] of Object.entries({ ...FILES, "index.ts": PROGRAM })) {
      await writeFile(join(folder, name), text);
    }
    await writeFile(join(folder, "package.json"), '{ "name": "documented", "main": "index.ts" }');
    await writeFile(join(folder, "Pulumi.yaml"), "name: documented\nruntime: nodejs\n");
    const tsconfig = readFileSync(join(QUICKSTART, "tsconfig.json"), "utf8");
    await writeFile(join(folder, "tsconfig.json"), tsconfig);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("are there for each function", () => {
    const functions = Object.keys(published).filter((name) => /^(get|show|assert)(?!.*Output$)/.test(name));
    assert.ok(functions.length > 0);
    const without = functions.filter((name) => !examples.some((block) => block.includes(`${name}(`)));
    assert.deepEqual(without, []);
  });

  it("compile", async () => {
    assert.deepEqual(await compileErrors(join(folder, "tsconfig.json"), [join(folder, "index.ts")]), []);
  });

  for (const kind of quickEngines()) {
    it(`run, in a preview and in an update, on the ${kind} engine`, async (t) => {
      const simulators = [await startSimulator(), await startSimulator()] as const;
      t.after(() => Promise.all(simulators.map((simulator) => simulator.close())));
      simulators[0].alarms.raise({ description: "Fan is slow", severity: "Minor" });
      const devices = Object.fromEntries(
        simulators.map(({ url }, at) => [`sbc${at + 1}`, { url, username: "Admin", password: "Admin" }]),
      );
      const secrets = { "mediant:devices": JSON.stringify(devices) };
      const engine = await openEngine(kind, {
        ...{ cwd: folder, stack: "test", secrets },
        inline: inlineFile(join(folder, "index.ts")),
      });
      t.after(() => engine.dispose());
      // Where a program of its own would begin.
      process.chdir(folder);
      t.after(() => process.chdir(ROOT));
      const env = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
      for (const run of [engine.preview, engine.up]) {
        const { exitCode, output } = await run({ env });
        assert.equal(exitCode, 0, output);
      }
      const [, rest] = simulators;
      assert.equal(rest.flash.parameter("SyslogServerIP"), "10.1.1.20");
    });
  }
});

import assert from "node:assert/strict";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { parse as parseYaml } from "yaml";
import { type SimulatorOptions, startSimulator } from "../../src/simulator";
import { compileErrors } from "../e2e/compile";
import { inlineFile } from "../e2e/inline-program";
import { type EngineKind, openEngine, quickEngines } from "../engine";
import { ADMIN, command, scratch } from "./command";

const ROOT = join(__dirname, "..", "..");

function fixture(name: string): string {
  return readFileSync(join(ROOT, "test", "fixtures", "ini", name), "utf8");
}

const DEVICES: Record<string, SimulatorOptions> = {
  "of 7.40": { ini: fixture("full-7.40.ini") },
  "of 7.00A, with hidden tables": { ini: fixture("full-7.00A.ini"), firmware: "7.00A.018.005", noise: true },
  "that obscures its secrets anew each time": {
    ini: fixture("full-7.40.ini"),
    obscuring: "anew",
  },
  "whose values look like placeholders, beside a secret": {
    ini: '[ IPGroup ]\nFORMAT Index = Name, Tags, Password;\nIPGroup 1 = "{{a}}", "x{{{b}}", "canary";\n[ \\IPGroup ]\n',
  },
};

/** A device, and the program that was generated for it. */
async function generated(t: TestContext, options: SimulatorOptions) {
  const simulator = await startSimulator(options);
  t.after(() => simulator.close());
  const cwd = join(scratch(t), "program");
  const ended = await command(["generate", "--url", simulator.url, "--name", "sbc1", "--out", cwd], ADMIN);
  assert.equal(ended.code, 0, ended.stderr);
  symlinkSync(join(ROOT, "node_modules"), join(cwd, "node_modules"));
  return { simulator, cwd };
}

/** A stack with the configuration that the program's own steps give it. */
async function stack(t: TestContext, kind: EngineKind, cwd: string) {
  const settings = parseYaml(readFileSync(join(cwd, "Pulumi.sbc1.yaml"), "utf8")).config;
  settings["mediant:devices"].sbc1.password = "Admin";
  const file = join(cwd, "secrets.json");
  const secrets: Record<string, string> = existsSync(file) ? { secrets: readFileSync(file, "utf8") } : {};
  const engine = await openEngine(kind, {
    cwd,
    stack: "sbc1",
    inline: inlineFile(join(cwd, "index.ts")),
    secrets: { ...secrets, "mediant:devices": JSON.stringify(settings["mediant:devices"]) },
  });
  t.after(() => engine.dispose());
  return engine;
}

for (const [what, options] of Object.entries(DEVICES)) {
  describe(`the program generated for a device ${what}`, () => {
    for (const kind of quickEngines()) {
      it(`adopts it without an upload, and then has nothing to do, on the ${kind} engine`, async (t) => {
        const { simulator, cwd } = await generated(t, options);
        assert.deepEqual(await compileErrors(join(cwd, "tsconfig.json"), [join(cwd, "index.ts")]), []);
        const engine = await stack(t, kind, cwd);
        const up = await engine.up();
        assert.equal(up.exitCode, 0, up.output);
        const again = await engine.preview({ refresh: true, expectNoChanges: true });
        assert.equal(again.exitCode, 0, again.output);
        // Firmware that does not tell what is unsaved is saved; nothing is uploaded.
        const saves = simulator.firmware.startsWith("7.00A") ? ["/api/v1/actions/saveConfiguration"] : [];
        assert.deepEqual(
          simulator.writes.map(({ path }) => path),
          saves,
        );
        assert.doesNotMatch(up.output + again.output, /\$1\$/);
      });
    }
  });
}

it("a change by hand is seen, a secret too, and one in our own user's row is not", async (t) => {
  const { simulator, cwd } = await generated(t, { ini: fixture("full-7.40.ini") });
  const engine = await stack(t, "inline", cwd);
  assert.equal((await engine.up()).exitCode, 0);
  simulator.running.setCell("WebUsers", "0", "SessionTimeout", "7");
  assert.equal((await engine.preview({ refresh: true, expectNoChanges: true })).exitCode, 0);
  simulator.running.setParameter("SyslogServerIP", "192.0.2.66");
  simulator.running.setCell("Account", "0", "Password", "canary-by-hand");
  const drift = await engine.preview({ refresh: true, expectNoChanges: true });
  assert.equal(drift.exitCode, 7, drift.output);
  assert.match(drift.output, /\[sbc1\] system: drift: SyslogServerIP: /);
  assert.match(drift.output, /\[sbc1\] sip: drift: Account 0 Password: \(secret\) changed/);
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Simulator, startSimulator } from "../../src/simulator";
import { availableEngines, openEngine } from "../engine";
import { loadProject } from "../engine/project";
import { compileErrors } from "./compile";
import { ROOT } from "./readme";

const EXAMPLES = join(ROOT, "examples");

/** What an example needs of a stack beside the device, and what the device holds when it was applied. */
interface Expected {
  secrets?: Record<string, string>;
  holds(flash: Simulator["flash"]): void;
}

const EXPECTED: Record<string, Expected> = {
  quickstart: {
    holds(flash) {
      assert.equal(flash.parameter("SyslogServerIP"), "10.1.1.20");
      assert.equal(flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
    },
  },
  "cli-script": {
    holds(flash) {
      assert.equal(flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
      assert.equal(flash.cell("ProxySet", "3", "ProxyKeepAliveTime"), "60");
    },
  },
  "full-config": {
    secrets: { adminPassword: "Admin" },
    holds(flash) {
      assert.equal(flash.parameter("NTPServerIP"), "10.1.1.9");
      assert.equal(flash.cell("WebUsers", "0", "Password"), "Admin");
      assert.deepEqual(
        flash.indexes("ProxySet").filter((index) => index !== "0"),
        ["3"],
      );
    },
  },
};

for (const name of readdirSync(EXAMPLES)) {
  const folder = join(EXAMPLES, name);
  const expected = EXPECTED[name];
  describe(`examples/${name}`, () => {
    it("is a Pulumi project of its own, always refreshed", () => {
      assert.ok(expected, "nothing says what the device is to hold");
      const project = loadProject(folder);
      assert.equal(project.name, `pulumi-mediant-${name}`);
      assert.equal(project.refreshAlways, true);
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      assert.equal(manifest.name, project.name);
      assert.equal(manifest.private, true);
      assert.equal(manifest.main, "index.ts");
      assert.deepEqual(Object.keys(manifest.dependencies), ["@pulumi/pulumi", "pulumi-mediant"]);
    });

    it("compiles", () => {
      assert.deepEqual(compileErrors(join(folder, "tsconfig.json"), [join(folder, "index.ts")]), []);
    });

    for (const kind of availableEngines()) {
      it(`applies, then has nothing to do, and is destroyed, on the ${kind} engine`, async (t) => {
        const simulator = await startSimulator({ resetSeconds: 0.2 });
        t.after(() => simulator.close());
        const devices = { sbc1: { url: simulator.url, username: "Admin", password: "Admin" } };
        const engine = await openEngine(kind, {
          cwd: folder,
          stack: "test",
          secrets: { ...expected?.secrets, "mediant:devices": JSON.stringify(devices) },
        });
        t.after(() => engine.dispose());
        const up = await engine.up();
        assert.equal(up.exitCode, 0, up.output);
        assert.ok(simulator.writes.length > 0, "an example changes something");
        assert.ok(simulator.flash.equals(simulator.running), "what an example changes is saved");
        expected?.holds(simulator.flash);
        const writes = simulator.writes.length;
        const again = await engine.up({ expectNoChanges: true });
        assert.equal(again.exitCode, 0, again.output);
        assert.equal(simulator.writes.length, writes);
        const destroyed = await engine.destroy();
        assert.equal(destroyed.exitCode, 0, destroyed.output);
      });
    }
  });
}

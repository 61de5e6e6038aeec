import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { openStage, ourLines } from "./stage";

const SCRIPT = [
  "configure voip",
  " proxy-set 3",
  '  proxy-name "PS_T"',
  "  activate",
  "  exit",
  " proxy-set 4",
  '  proxy-name "PS_U"',
  "  activate",
  "  exit",
].join("\n");

for (const kind of quickEngines()) {
  describe(`CLI scripts on the ${kind} engine`, () => {
    it("converge, show a changed line and a row that went as just those, and heal them", async (t) => {
      const stage = await openStage(t, kind);
      await stage.declare({ type: "CliScriptConfig", name: "cli", args: { script: SCRIPT } });
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.equal(stage.simulator.flash.cell("ProxySet", "3", "ProxyName"), "PS_T");
      assert.equal((await stage.drift()).exitCode, 0);

      stage.simulator.running.setCell("ProxySet", "3", "ProxyName", "PS_X");
      stage.simulator.running.removeRow("ProxySet", "4");
      const drift = await stage.drift();
      assert.equal(drift.exitCode, 7, drift.output);
      const lines = ourLines(drift.output);
      assert.ok(
        lines.some((line) => /proxy-set 3 \/ proxy-name: "?PS_T"? => "?PS_X/.test(line)),
        lines.join("\n"),
      );
      assert.ok(lines.some((line) => /proxy-set 4/.test(line)));
      assert.ok(
        lines.every((line) => /proxy-set [34]/.test(line)),
        lines.join("\n"),
      );
      const healed = await stage.up({ refresh: true });
      assert.equal(healed.exitCode, 0, healed.output);
      assert.equal(stage.simulator.flash.cell("ProxySet", "3", "ProxyName"), "PS_T");
      assert.equal(stage.simulator.flash.cell("ProxySet", "4", "ProxyName"), "PS_U");
      assert.equal((await stage.drift()).exitCode, 0);
      assert.equal((await stage.destroy()).exitCode, 0);
    });

    it("name the line that the device refuses, and refuse what would not come back", async (t) => {
      const stage = await openStage(t, kind);
      await stage.declare({
        type: "CliScriptConfig",
        name: "cli",
        args: { script: `${SCRIPT}\nreload now` },
      });
      const refused = await stage.up();
      assert.notEqual(refused.exitCode, 0);
      assert.match(refused.output, /line 10, column 1.*reload/s);
      assert.equal(stage.simulator.writes.length, 0);
      const script = SCRIPT.replace('proxy-name "PS_U"', "proxy-nam PS_U");
      await stage.declare({ type: "CliScriptConfig", name: "cli", args: { script } });
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      assert.match(failed.output, /proxy-nam/);
      assert.equal(stage.simulator.running.cell("ProxySet", "3", "ProxyName"), "PS_T");
      await stage.declare({ type: "CliScriptConfig", name: "cli", args: { script: SCRIPT } });
      const mended = await stage.up();
      assert.equal(mended.exitCode, 0, mended.output);
      assert.equal((await stage.drift()).exitCode, 0);
    });
  });
}

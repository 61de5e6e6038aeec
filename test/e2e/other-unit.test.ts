import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { openStage } from "./stage";

for (const kind of quickEngines()) {
  describe(`another unit under the same name, on the ${kind} engine`, () => {
    it("is drift, and neither an update nor a destroy writes to it", async (t) => {
      const stage = await openStage(t, kind);
      const args = { tables: { ProxySet: { 3: { ProxyName: "PS_T" } } }, onRelease: "restore" };
      await stage.declare({ name: "base", args });
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.equal((await stage.drift()).exitCode, 0);

      stage.simulator.serialNumber = "99";
      stage.simulator.running.setCell("ProxySet", 3, "ProxyName", "PS_OWN");
      const before = stage.simulator.running.snapshot();
      const writes = stage.simulator.writes.length;
      const drift = await stage.drift();
      assert.notEqual(drift.exitCode, 0, drift.output);
      assert.match(
        drift.output,
        /\[sbc1\] base: will be refused: another device answers, Mediant SW, S\/N 99/,
      );
      for (const run of [() => stage.up({ refresh: true }), () => stage.destroy()]) {
        const refused = await run();
        assert.notEqual(refused.exitCode, 0, refused.output);
        assert.match(refused.output, /another device answers.*nothing was sent.*device\.replaceDevice/s);
      }
      assert.equal(stage.simulator.writes.length, writes);
      assert.deepEqual(stage.simulator.running.snapshot(), before);
    });
  });
}

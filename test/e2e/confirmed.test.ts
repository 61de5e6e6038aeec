import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { openStage, ourLines, type Stage } from "./stage";

const confirm = { checks: { newAlarms: "warning" }, holdSeconds: 2, everySeconds: 1 };
const trunk = (more: object = {}) => ({
  name: "trunk",
  args: { tables: { ProxySet: { 7: { ProxyName: "New" } } }, confirm: { ...confirm, ...more } },
});
const save = "/api/v1/actions/saveConfiguration";

function raiseAfterChange({ simulator }: Stage, afterMs: number): void {
  const { alarms, faults } = simulator;
  faults.afterChange(() => alarms.raise({ description: "Trunk is down", severity: "Major" }), afterMs);
}

for (const kind of quickEngines()) {
  describe(`a confirmed change, on the ${kind} engine`, () => {
    it("is put back and not saved if an alarm comes, and is made by the next up without it", async (t) => {
      const stage = await openStage(t, kind);
      const { running, flash, alarms, writes } = stage.simulator;
      const before = running.clone();
      await stage.declare(trunk());
      raiseAfterChange(stage, 300);
      const up = await stage.up();
      assert.notEqual(up.exitCode, 0);
      assert.match(up.output, /not confirmed: ProxySet 7 ProxyName/);
      assert.match(up.output, /new major alarm of Board#1: Trunk is down/);
      assert.match(up.output, /put back: the device is as it was before, and nothing was saved/);
      assert.ok(running.equals(before) && flash.equals(before));
      assert.ok(writes.every(({ path }) => path !== save));

      alarms.clear("1");
      const again = await stage.up();
      assert.equal(again.exitCode, 0, again.output);
      assert.ok(ourLines(again.output).includes("[sbc1] trunk: watched for 2 s: healthy"), again.output);
      assert.equal(flash.cell("ProxySet", 7, "ProxyName"), "New");
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("that was killed while it was watched is watched and saved by the next up", async (t) => {
      const stage = await openStage(t, kind);
      const { running, flash } = stage.simulator;
      await stage.declare(trunk({ holdSeconds: 60 }));
      const killer = new AbortController();
      const killed = stage.up({ signal: killer.signal });
      while (running.cell("ProxySet", 7, "ProxyName") === undefined)
        await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, 200));
      killer.abort();
      assert.equal((await killed).exitCode, 137);
      assert.equal(flash.cell("ProxySet", 7, "ProxyName"), undefined, "nothing was saved");
      await stage.declare(trunk());
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.match(up.output, /watched for 2 s: healthy/);
      assert.equal(flash.cell("ProxySet", 7, "ProxyName"), "New");
    });
  });
}

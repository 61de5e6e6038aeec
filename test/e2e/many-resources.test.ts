import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { openStage } from "./stage";

for (const kind of quickEngines()) {
  describe(`40 resources on one device, on the ${kind} engine`, () => {
    it("take few requests, one write at a time, and none the second time", async (t) => {
      // All are under way at once, and while the device is at the first a busy machine too brings the others.
      const stage = await openStage(t, kind, { latencyMs: 200 });
      const resources = Array.from({ length: 40 }, (_, at) => ({
        name: `r${at}`,
        args: { tables: { ProxySet: { [at + 1]: { ProxyName: `PS_${at}` } } } },
      }));
      await stage.declare(...resources);
      const up = await stage.up({ parallel: resources.length });
      assert.equal(up.exitCode, 0, up.output);
      assert.equal(stage.simulator.running.indexes("ProxySet").filter((index) => index !== "0").length, 40);
      assert.equal(stage.simulator.maxConcurrentWrites, 1);
      const requests = stage.simulator.requests.map(({ method, path }) => `${method} ${path}`);
      assert.ok(requests.length <= 25, `${requests.length} requests:\n${requests.join("\n")}`);
      t.diagnostic(`${requests.length} requests in the first up`);

      const writes = stage.simulator.writes.length;
      assert.equal((await stage.up({ expectNoChanges: true })).exitCode, 0);
      assert.equal(stage.simulator.writes.length, writes);

      const before = stage.simulator.requests.length;
      assert.equal((await stage.drift()).exitCode, 0);
      const sent = stage.simulator.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
      assert.deepEqual(sent.sort(), ["GET /api/v1/files/ini", "GET /api/v1/status"]);
    });

    it("fail alone where the device refuses one of them", async (t) => {
      const stage = await openStage(t, kind);
      stage.simulator.faults.refuseUploadContaining("PS_refused");
      const resources = Array.from({ length: 8 }, (_, at) => ({
        name: `r${at}`,
        args: { tables: { ProxySet: { [at + 1]: { ProxyName: at === 5 ? "PS_refused" : `PS_${at}` } } } },
      }));
      await stage.declare(...resources);
      const up = await stage.up();
      assert.notEqual(up.exitCode, 0);
      const state = await stage.state();
      const made = (state.deployment.resources ?? []).flatMap(
        ({ urn }) => /::(r[0-9]+)$/.exec(urn)?.[1] ?? [],
      );
      assert.deepEqual(made.sort(), ["r0", "r1", "r2", "r3", "r4", "r6", "r7"], up.output);
      for (const at of [0, 1, 2, 3, 4, 6, 7]) {
        assert.equal(stage.simulator.flash.cell("ProxySet", String(at + 1), "ProxyName"), `PS_${at}`);
      }
      assert.equal(stage.simulator.flash.row("ProxySet", "6"), undefined);
    });
  });
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { requestText } from "../shared/simulated";
import { openStage, ourLines } from "./stage";

for (const kind of quickEngines()) {
  describe(`people at the same time, on the ${kind} engine`, () => {
    it("tells what somebody changed between two resources of a run, and leaves it", async (t) => {
      const stage = await openStage(t, kind);
      const { running, flash } = stage.simulator;
      running.addRow("ProxySet", 0, { ProxyName: "PS_theirs", ProxyKeepAliveTime: "70" });
      const assign = flash.assign.bind(flash);
      let saves = 0;
      t.mock.method(flash, "assign", (...args: Parameters<typeof assign>) => {
        assign(...args);
        if (++saves > 1) return;
        running.setCell("ProxySet", 0, "ProxyKeepAliveTime", "99");
        running.addRow("ProxySet", 9, { ProxyName: "PS_added" });
      });
      await stage.declare(
        { name: "one", args: { tables: { ProxySet: { 3: { ProxyName: "PS_3" } } } } },
        { name: "two", args: { tables: { ProxySet: { 4: { ProxyName: "PS_4" } } } }, after: ["one"] },
      );
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      const what = "[sbc1] not by this run, since it read last: ";
      assert.deepEqual(
        ourLines(up.output).filter((line) => line.startsWith(what)),
        [`${what}ProxySet 0 ProxyKeepAliveTime: "70" => "99"`, `${what}new: ProxySet 9`],
      );
      assert.equal(flash.cell("ProxySet", 0, "ProxyKeepAliveTime"), "99");
      assert.equal(flash.cell("ProxySet", 9, "ProxyName"), "PS_added");
      const requests = stage.simulator.requests.map(requestText);
      const before = requests.flatMap((request, at) =>
        request === "PUT /files/ini/incremental" ? [requests[at - 1]] : [],
      );
      assert.deepEqual(before, ["GET /files/ini", "GET /files/ini"], "read right before each upload");
      assert.equal((await stage.drift()).exitCode, 0);
    });
  });
}

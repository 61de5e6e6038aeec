import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines, withProcesses } from "../engine";
import { openStage } from "./stage";

for (const kind of quickEngines()) {
  describe(`bad input on the ${kind} engine`, () => {
    it("is named with its line and column before anything is sent, without a stack", async (t) => {
      const stage = await openStage(t, withProcesses(kind));
      const ini =
        "EnableSyslog = 1\n[ ProxySet ]\nFORMAT Index = ProxyName, Enable;\nProxySet 3 = canary-1;\n";
      await stage.declare({ name: "base", args: { ini } });
      const { exitCode, output } = await stage.up();
      assert.notEqual(exitCode, 0);
      assert.match(
        output,
        /IncrementalIniConfig "base": ini line 4, column 1: row ProxySet 3 has 1 values?, but FORMAT names 2 columns/,
      );
      assert.doesNotMatch(output, /node_modules|\.js:[0-9]+|canary-1/);
      assert.equal(stage.simulator.requests.length, 0);
    });

    it("is told with the resource and the reason alone if only all resources together show it", async (t) => {
      const stage = await openStage(t, kind);
      await stage.declare(
        { name: "base", args: { parameters: { SIPGatewayName: "canary-1" } } },
        { name: "other", args: { parameters: { SIPGatewayName: "canary-2" } }, after: ["base"] },
      );
      const { exitCode, output } = await stage.preview();
      assert.notEqual(exitCode, 0);
      assert.match(
        output,
        /resource 'other' has a problem: SIPGatewayName is declared with another value by .*base/,
      );
      assert.doesNotMatch(output, /canary-2.*problem|<nil>|property .* value/);
    });
  });
}

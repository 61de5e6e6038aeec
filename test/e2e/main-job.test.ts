import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines, withProcesses } from "../engine";
import { openStage, ourLines } from "./stage";

const TRUNK = {
  parameters: { EnableSyslog: true, SyslogServerIP: "10.1.1.20" },
  tables: { ProxySet: { 3: { ProxyName: "PS_T", ProxyKeepAliveTime: 60 } } },
};

for (const kind of quickEngines()) {
  describe(`on the ${kind} engine`, () => {
    it("declares, converges, and then has nothing to do", async (t) => {
      const stage = await openStage(t, withProcesses(kind), {
        tls: true,
        device: { tls: { insecureSkipVerify: true } },
      });
      await stage.declare({ name: "base", args: TRUNK });
      const first = await stage.preview();
      assert.equal(first.exitCode, 0, first.output);
      assert.equal(stage.simulator.requests.length, 0);
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      for (const store of [stage.simulator.running, stage.simulator.flash]) {
        assert.equal(store.parameter("SyslogServerIP"), "10.1.1.20");
        assert.equal(store.cell("ProxySet", "3", "ProxyName"), "PS_T");
      }
      const again = await stage.up({ expectNoChanges: true });
      assert.equal(again.exitCode, 0, again.output);
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("sees a parameter that was changed by hand, names it alone, and heals it", async (t) => {
      const stage = await openStage(t, kind);
      await stage.declare(
        { name: "base", args: TRUNK },
        { name: "other", args: { parameters: { NTPServerIP: "10.1.1.9" } } },
      );
      assert.equal((await stage.up()).exitCode, 0);
      stage.simulator.running.setParameter("SyslogServerIP", "192.0.2.66");
      const drift = await stage.preview({ refresh: true, expectNoChanges: true, diff: true });
      assert.equal(drift.exitCode, 7, drift.output);
      assert.deepEqual(ourLines(drift.output).sort(), [
        '[sbc1] base: SyslogServerIP: "192.0.2.66" => "10.1.1.20"',
        '[sbc1] base: drift: SyslogServerIP: "10.1.1.20" => "192.0.2.66"',
      ]);
      const marked = drift.output.split("\n").filter((line) => /^\s*[~+-] +\w+ *: /.test(line));
      const names = marked.map((line) => /\w+/.exec(line)?.[0]);
      assert.deepEqual([...new Set(names)].sort(), ["SyslogServerIP", "parameters"], marked.join("\n"));
      assert.equal((await stage.up({ refresh: true })).exitCode, 0);
      assert.equal(stage.simulator.flash.parameter("SyslogServerIP"), "10.1.1.20");
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("sees a row that was added to an owned table, and a secret that was changed, and heals both", async (t) => {
      const stage = await openStage(t, kind);
      const account = { 0: { AccountName: "trunk", Password: { secret: "canary-pass" } } };
      await stage.declare({
        name: "base",
        args: { tables: { ProxySet: TRUNK.tables.ProxySet, Account: account }, ownTables: ["ProxySet"] },
      });
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      stage.simulator.running.addRow("ProxySet", "9", { ProxyName: "PS_ByHand" });
      stage.simulator.running.setCell("Account", "0", "Password", "canary-by-hand");
      const drift = await stage.drift();
      assert.equal(drift.exitCode, 7, drift.output);
      const lines = ourLines(drift.output);
      assert.ok(
        lines.includes('[sbc1] base: drift: ProxySet 9 ProxyName: (none) => "PS_ByHand"'),
        lines.join("\n"),
      );
      assert.ok(lines.includes("[sbc1] base: drift: Account 0 Password: (secret) changed"), lines.join("\n"));
      assert.ok(
        lines.every((line) => /ProxySet 9 |Account 0 Password/.test(line)),
        lines.join("\n"),
      );
      const healed = await stage.up({ refresh: true });
      assert.equal(healed.exitCode, 0, healed.output);
      assert.equal(stage.simulator.flash.row("ProxySet", "9"), undefined);
      assert.equal(stage.simulator.flash.cell("Account", "0", "Password"), "canary-pass");
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("keeps what came true of a resource that failed, and finishes it", async (t) => {
      const stage = await openStage(t, kind);
      await stage.declare({
        name: "base",
        args: { parameters: { ...TRUNK.parameters, SyslogServrPort: 514 } },
      });
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      assert.match(failed.output, /SyslogServrPort: misspelt, or already at its default/);
      const state = await stage.state();
      const kept = state.deployment.resources?.find((resource) => resource.urn.endsWith("::base"));
      assert.deepEqual(kept?.outputs?.["parameters"], { EnableSyslog: "1", SyslogServerIP: "10.1.1.20" });
      await stage.declare({ name: "base", args: { parameters: TRUNK.parameters } });
      const uploads = () => stage.simulator.writes.filter(({ method }) => method === "PUT").length;
      const before = uploads();
      const mended = await stage.up();
      assert.equal(mended.exitCode, 0, mended.output);
      assert.equal(uploads(), before, "what holds is not sent again");
      assert.equal((await stage.drift()).exitCode, 0);
      assert.equal((await stage.destroy()).exitCode, 0);
    });

    it("gives back what was there before, with onRelease: restore", async (t) => {
      const stage = await openStage(t, kind);
      stage.simulator.running.setParameter("SyslogServerIP", "10.9.9.9");
      stage.simulator.running.addRow("ProxySet", "3", { ProxyName: "PS_Old" });
      stage.simulator.running.addRow("ProxySet", "5", { ProxyName: "PS_Unmanaged" });
      const before = stage.simulator.running.snapshot();
      const tables = { ProxySet: { 3: { ProxyName: "PS_T" }, 4: { ProxyName: "PS_New" } } };
      await stage.declare({
        name: "base",
        args: { parameters: { SyslogServerIP: "10.1.1.20" }, tables, onRelease: "restore" },
      });
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.equal(stage.simulator.running.cell("ProxySet", "4", "ProxyName"), "PS_New");
      const destroyed = await stage.destroy();
      assert.equal(destroyed.exitCode, 0, destroyed.output);
      assert.deepEqual(stage.simulator.running.snapshot(), before);
    });

    it("sends a wrong password once, however many resources there are", async (t) => {
      const stage = await openStage(t, withProcesses(kind), { device: { password: "wrong-canary" } });
      const resources = Array.from({ length: 40 }, (_, at) => ({
        name: `r${at}`,
        args: { tables: { ProxySet: { [at + 1]: { ProxyName: `PS_${at}` } } } },
      }));
      await stage.declare(...resources);
      const up = await stage.up();
      assert.notEqual(up.exitCode, 0);
      assert.match(up.output, /401/);
      assert.doesNotMatch(up.output, /wrong-canary/);
      assert.deepEqual(
        stage.simulator.requests.map((request) => request.status),
        [401],
      );
    });
  });
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { openStage } from "./stage";

const UNMANAGED = { 5: "PS_Theirs", 7: "PS_AlsoTheirs" };

for (const kind of quickEngines()) {
  describe(`killed in the middle, on the ${kind} engine`, () => {
    for (const tableMode of ["replace", "merge"] as const) {
      it(`never lacks an unmanaged row, and the next up finishes (tables ${tableMode} rows)`, async (t) => {
        const stage = await openStage(t, kind, { tableMode, latencyMs: 400 });
        const { running } = stage.simulator;
        for (const [index, name] of Object.entries(UNMANAGED))
          running.addRow("ProxySet", index, { ProxyName: name });
        let missing = 0;
        const watch = setInterval(() => {
          for (const [index, name] of Object.entries(UNMANAGED)) {
            if (running.cell("ProxySet", index, "ProxyName") !== name) missing += 1;
          }
        }, 2);
        t.after(() => clearInterval(watch));
        const rows = Object.fromEntries(
          Array.from({ length: 20 }, (_, at) => [at + 10, { ProxyName: `PS_${at}` }]),
        );
        await stage.declare({ name: "base", args: { tables: { ProxySet: rows }, onRelease: "restore" } });

        const killer = new AbortController();
        const killed = stage.up({ signal: killer.signal });
        while (stage.simulator.writes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        await new Promise((resolve) => setTimeout(resolve, 100));
        killer.abort();
        assert.equal((await killed).exitCode, 137);

        const up = await stage.up();
        assert.equal(up.exitCode, 0, up.output);
        assert.equal(stage.simulator.flash.cell("ProxySet", "29", "ProxyName"), "PS_19");
        assert.equal((await stage.drift()).exitCode, 0);
        assert.equal(missing, 0, "an unmanaged row was missing for a moment");
      });
    }

    it("saves what a run that was killed before its save has sent, on firmware that does not tell", async (t) => {
      const stage = await openStage(t, kind, { firmware: "7.00A.018.005" });
      const { faults, requests, running, flash } = stage.simulator;
      for (const [server, refresh] of [
        ["10.0.0.1", false],
        ["10.0.0.2", true],
      ] as const) {
        await stage.declare({ name: "base", args: { parameters: { SyslogServerIP: server } } });
        faults.hang("POST /api/v1/actions/saveConfiguration");
        const killer = new AbortController();
        const killed = stage.up({ signal: killer.signal });
        const from = requests.length;
        while (!requests.slice(from).some(({ path }) => path.endsWith("saveConfiguration")))
          await new Promise((resolve) => setTimeout(resolve, 5));
        killer.abort();
        assert.equal((await killed).exitCode, 137);
        assert.equal(running.parameter("SyslogServerIP"), server);
        assert.notEqual(flash.parameter("SyslogServerIP"), server);
        const up = await stage.up({ refresh });
        assert.equal(up.exitCode, 0, up.output);
        assert.equal(flash.parameter("SyslogServerIP"), server);
        assert.equal((await stage.drift()).exitCode, 0);
      }
    });

    it("waits for a device that is busy (409) for 20 seconds", async (t) => {
      const stage = await openStage(t, kind);
      stage.simulator.faults.conflict({ ms: 20_000, match: "PUT /api/v1/files/ini/incremental" });
      await stage.declare({ name: "base", args: { parameters: { EnableSyslog: true } } });
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.match(up.output, /\[sbc1\] waiting for the device: busy \(409\)/);
      assert.equal(stage.simulator.flash.parameter("EnableSyslog"), "1");
    });

    it("sends a write once whose answer was lost after it was applied", async (t) => {
      const stage = await openStage(t, kind);
      const upload = "PUT /api/v1/files/ini/incremental";
      stage.simulator.faults.loseAnswer(upload, { applied: true, times: 1 });
      await stage.declare({ name: "base", args: { parameters: { EnableSyslog: true } } });
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      const uploads = stage.simulator.writes.filter(({ method, path }) => `${method} ${path}` === upload);
      assert.equal(uploads.length, 1);
    });
  });
}

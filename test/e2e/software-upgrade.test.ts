import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { digestOf, NEW, OLD, openSoftwareStage, SAVE, UPLOAD } from "./software-stage";
import { ourLines } from "./stage";

const RESETS = "uploads 20 kB, resets the device (calls end, and it is away for some minutes)";

for (const kind of quickEngines()) {
  describe(`a software load on the ${kind} engine`, () => {
    it("says what it does, upgrades once, and then has nothing to do", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      await stage.load();
      const preview = await stage.preview();
      const either = "uploads 20 kB, resets the device (a high-availability pair: switchover, service kept)";
      assert.deepEqual(ourLines(preview.output), [`[sbc1] load: ${either}, unless it already runs ${NEW}`]);
      assert.equal(stage.simulator.requests.length, 0);

      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.match(up.output, /\[sbc1\] load: waiting for the device to come back/);
      const uploads = `[sbc1] load: runs ${OLD}: uploads 20 kB, and a reset brings ${NEW}`;
      assert.ok(ourLines(up.output).includes(uploads), up.output);
      assert.ok(ourLines(up.output).includes(`[sbc1] load: runs ${NEW}; before, it ran ${OLD}`), up.output);
      assert.equal(stage.simulator.firmware, NEW);
      assert.deepEqual(stage.writes(), [UPLOAD]);
      assert.equal((await stage.resource())?.id, "sbc1/SoftwareLoad/load");
      assert.deepEqual(await stage.outputs("version", "previousVersion", "sha256", "__mediantSchema"), {
        version: NEW,
        previousVersion: OLD,
        sha256: await digestOf(stage.source),
        __mediantSchema: 1,
      });

      assert.equal((await stage.up({ expectNoChanges: true })).exitCode, 0);
      assert.equal((await stage.drift()).exitCode, 0);
      assert.deepEqual(stage.writes(), [UPLOAD]);
    });

    it("leaves a device alone that runs the version, and forgets it with a warning", async (t) => {
      const stage = await openSoftwareStage(t, kind, { firmware: NEW });
      await stage.load({ hitless: true });
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.ok(ourLines(up.output).includes(`[sbc1] load: runs ${NEW}: not uploaded`), up.output);
      assert.deepEqual(await stage.outputs("previousVersion"), { previousVersion: undefined });
      assert.equal((await stage.drift()).exitCode, 0);
      const destroyed = await stage.destroy();
      assert.equal(destroyed.exitCode, 0, destroyed.output);
      const words = `no longer managed: the device keeps running ${NEW}`;
      // As the engine shows a warning, and as a process without an engine prints one.
      const [shown, printed] = [`warning: [sbc1] load: ${words}`, `[sbc1] load: warning: ${words}`];
      assert.ok(destroyed.output.includes(shown) || destroyed.output.includes(printed), destroyed.output);
      assert.deepEqual(stage.writes(), []);
    });

    it("shows both versions where somebody downgraded, and heals it with a refresh", async (t) => {
      const stage = await openSoftwareStage(t, kind, { firmware: NEW });
      await stage.load();
      assert.equal((await stage.up()).exitCode, 0);
      stage.simulator.firmware = "7.20A.256.024";
      const drift = await stage.drift();
      assert.equal(drift.exitCode, 7, drift.output);
      assert.deepEqual(ourLines(drift.output), [
        `[sbc1] load: drift: version: "${NEW}" => "7.20A.256.024"`,
        `[sbc1] load: version: "7.20A.256.024" => "${NEW}"`,
        `[sbc1] load: ${RESETS}`,
      ]);
      const up = await stage.up({ refresh: true });
      assert.equal(up.exitCode, 0, up.output);
      assert.equal(stage.simulator.firmware, NEW);
      assert.deepEqual(await stage.outputs("version", "previousVersion"), {
        version: NEW,
        previousVersion: "7.20A.256.024",
      });
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("refuses a downgrade, before anything is sent, unless it is allowed", async (t) => {
      const stage = await openSoftwareStage(t, kind, { firmware: "7.40A.600.203" });
      await stage.load();
      const refused = await stage.up();
      assert.notEqual(refused.exitCode, 0);
      const reason = `the device runs 7.40A.600.203, and ${NEW} is older: allowDowngrade permits to load it`;
      assert.ok(refused.output.includes(reason), refused.output);
      assert.deepEqual(stage.writes(), []);
      assert.equal(await stage.resource(), undefined);
      await stage.load({ allowDowngrade: true });
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.equal(stage.simulator.firmware, NEW);

      // Somebody upgrades: to go back is a downgrade again, and the preview says so.
      await stage.load();
      assert.equal((await stage.up()).exitCode, 0);
      stage.simulator.firmware = "7.40A.600.203";
      const drift = await stage.drift();
      assert.equal(drift.exitCode, 7, drift.output);
      assert.ok(ourLines(drift.output).includes(`[sbc1] load: will be refused: ${reason}`), drift.output);
      assert.deepEqual(stage.writes(), [UPLOAD]);
    });

    it("saves what is not saved before a load takes it away", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      stage.simulator.running.setParameter("SyslogServerIP", "192.0.2.66");
      await stage.load();
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.match(up.output, /\[sbc1\] load: saves the running configuration first/);
      assert.deepEqual(stage.writes(), [SAVE, UPLOAD]);
      assert.equal(stage.simulator.running.parameter("SyslogServerIP"), "192.0.2.66");
    });

    it("saves as well where the firmware does not say whether something is unsaved", async (t) => {
      const stage = await openSoftwareStage(t, kind, { firmware: "7.00A.018.005" });
      stage.simulator.running.setParameter("SyslogServerIP", "192.0.2.66");
      await stage.load();
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.deepEqual(stage.writes(), [SAVE, UPLOAD]);
      assert.equal(stage.simulator.running.parameter("SyslogServerIP"), "192.0.2.66");
    });

    it("writes nothing for another connection or setting, and sees that the device answers", async (t) => {
      const stage = await openSoftwareStage(t, kind, { firmware: NEW });
      await stage.load();
      assert.equal((await stage.up()).exitCode, 0);
      const device = { name: "sbc1", url: stage.simulator.url, username: "Admin", password: "Admin" };
      const before = stage.simulator.requests.length;
      await stage.load({ device: { ...device, timeouts: { requestSeconds: 30 } }, hitless: false });
      assert.equal((await stage.up({ refresh: false })).exitCode, 0);
      const asked = stage.simulator.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
      assert.deepEqual([...new Set(asked)], ["GET /api/v1/status"]);
      await stage.load({ device: { ...device, url: "http://127.0.0.1:1", timeouts: { resetSeconds: 1 } } });
      const gone = await stage.up({ refresh: false });
      assert.notEqual(gone.exitCode, 0);
      assert.deepEqual(stage.writes(), []);
    });
  });
}

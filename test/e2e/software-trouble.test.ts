import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { NEW, OLD, openSoftwareStage, UPLOAD, writeLoad } from "./software-stage";
import { hurriedDevice, ourLines } from "./stage";

const PUT = "PUT /api/v1/files/software";
/** More than what the connection holds on its way: where half of it has arrived, some of it was never sent. Bytes. */
const LARGE = 40_000_000;
const forever = { seconds: Number.POSITIVE_INFINITY };

for (const kind of quickEngines()) {
  // Most of the time here is spent on waiting for devices.
  describe(`a software load in trouble, on the ${kind} engine`, { concurrency: 3 }, () => {
    it("came back with the old version: an error with both, and sent again only where that is said", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      stage.simulator.faults.softwareOutcome("unchanged");
      await stage.load();
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      const reason = `after the upload the device runs ${OLD}, not ${NEW}: the device did not take it`;
      assert.ok(failed.output.includes(reason), failed.output);
      const kept = await stage.resource();
      assert.equal(kept?.id, "sbc1/SoftwareLoad/load");
      assert.ok(typeof kept?.outputs?.["__provider"] === "string");
      assert.deepEqual(await stage.outputs("version", "previousVersion"), {
        version: OLD,
        previousVersion: undefined,
      });
      for (let run = 2; run <= 3; run++) {
        const again = await stage.up();
        assert.notEqual(again.exitCode, 0);
        const then = `was sent before, and afterwards the device ran ${OLD} (the device did not take it)`;
        assert.ok(again.output.includes(then), again.output);
      }
      assert.deepEqual(stage.writes(), [UPLOAD]);
      await stage.load({ reinstall: true });
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.deepEqual(stage.writes(), [UPLOAD, UPLOAD]);
      assert.deepEqual(await stage.outputs("version", "previousVersion", "__mediantTried"), {
        version: NEW,
        previousVersion: OLD,
        __mediantTried: undefined,
      });
    });

    it("holds another version than the one that is declared: an error that says so", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      await stage.load({ version: "7.40A.600.203" });
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      const reason = `after the upload the device runs ${NEW}, not 7.40A.600.203: source and version do not belong`;
      assert.ok(failed.output.includes(reason), failed.output);
      assert.deepEqual(await stage.outputs("version"), { version: NEW });
      await stage.load();
      assert.equal((await stage.up()).exitCode, 0);
      assert.deepEqual(stage.writes(), [UPLOAD]);
    });

    it("is refused (400): the device's words, and nothing has changed", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      stage.simulator.faults.softwareOutcome("refused");
      await stage.load();
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      assert.match(failed.output, /400.*software load is incorrect/i);
      assert.equal(await stage.resource(), undefined);
      assert.equal(stage.simulator.firmware, OLD);
    });

    it("is met by a 401: not taken for done by the next up", async (t) => {
      const stage = await openSoftwareStage(t, kind, { firmware: NEW });
      await stage.load({ reinstall: true });
      stage.simulator.faults.fail(401, PUT);
      const failed = await stage.up();
      assert.match(failed.output, /PUT \/api\/v1\/files\/software: 401/);
      assert.equal(await stage.resource(), undefined);
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.equal(stage.simulator.softwareUploads.length, 1);
    });

    it("is cut at 50 %: sent again, after a look at the device", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      await writeLoad(stage.source, NEW, LARGE);
      stage.simulator.faults.cutUpload(0.5, PUT);
      await stage.load();
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.match(
        up.output,
        /\[sbc1\] load: the connection broke at .*the device is unchanged, sending again/,
      );
      assert.deepEqual(stage.writes(), [UPLOAD, UPLOAD]);
      assert.equal(stage.simulator.softwareUploads.length, 1);
      assert.equal(stage.simulator.firmware, NEW);
    });

    it("is cut each time: an error, the device and the state as they were", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      await writeLoad(stage.source, NEW, LARGE);
      stage.simulator.faults.cutUpload(0.5, PUT, 10);
      await stage.load();
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      assert.match(failed.output, /the device is unchanged/);
      assert.equal(await stage.resource(), undefined);
      assert.equal(stage.simulator.firmware, OLD);
    });

    it("is met by a device that is busy (409) for 20 s: waited for", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      await stage.load();
      stage.simulator.faults.conflict({ ms: 20_000, match: PUT });
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.equal(stage.simulator.softwareUploads.length, 1);
      assert.equal(stage.simulator.firmware, NEW);
    });

    it("is met by a device that stays busy (409): an error, and nothing has changed", async (t) => {
      const stage = await openSoftwareStage(t, kind, { device: { timeouts: { conflictSeconds: 3 } } });
      stage.simulator.faults.conflict({ times: 1000, match: PUT });
      await stage.load();
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      assert.match(failed.output, /409/);
      assert.equal(await stage.resource(), undefined);
    });

    it("never comes back: an error, and the next up finishes it without a second upload", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      stage.simulator.faults.atReset(forever);
      await stage.load({ device: hurriedDevice(stage) });
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      assert.match(failed.output, /did not come back within/);
      assert.deepEqual(await stage.outputs("version", "__mediantPending"), {
        version: OLD,
        __mediantPending: true,
      });
      const still = await stage.up({ refresh: false });
      assert.notEqual(still.exitCode, 0, "it is waited for, and does not come");
      assert.equal((await stage.resource())?.id, "sbc1/SoftwareLoad/load");

      stage.simulator.powerOn();
      await stage.load();
      const up = await stage.up({ refresh: false });
      assert.equal(up.exitCode, 0, up.output);
      assert.deepEqual(stage.writes(), [UPLOAD]);
      assert.deepEqual(await stage.outputs("version", "previousVersion", "__mediantPending"), {
        version: NEW,
        previousVersion: OLD,
        __mediantPending: undefined,
      });
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("never came back from a reinstallation: the next up waits, and does not send it twice", async (t) => {
      const stage = await openSoftwareStage(t, kind, { firmware: NEW });
      stage.simulator.faults.atReset(forever);
      await stage.load({ reinstall: true, device: hurriedDevice(stage) });
      assert.notEqual((await stage.up()).exitCode, 0);
      stage.simulator.powerOn();
      await stage.load({ reinstall: true });
      const preview = await stage.preview({ refresh: false });
      const line =
        "[sbc1] load: the end of an earlier upload was not seen: the next update checks the result first";
      assert.ok(ourLines(preview.output).includes(line), preview.output);
      const up = await stage.up({ refresh: false, expectNoChanges: false });
      assert.equal(up.exitCode, 0, up.output);
      assert.deepEqual(stage.writes(), [UPLOAD]);
      assert.equal((await stage.up({ refresh: false, expectNoChanges: true })).exitCode, 0);
    });
  });
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { HITLESS, NEW, OLD, openSoftwareStage, SAVE, UPLOAD } from "./software-stage";
import { ourLines } from "./stage";

const KEPT = "uploads 20 kB, switchover, service kept";
const NEWER = "7.40A.600.203";

for (const kind of quickEngines()) {
  describe(`a software load for a pair, on the ${kind} engine`, { concurrency: 2 }, () => {
    it("switches over where the device is a pair, and the other unit is no drift", async (t) => {
      const stage = await openSoftwareStage(t, kind, { highAvailability: true });
      const { serialNumber } = stage.simulator;
      await stage.load();
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      const uploads = `[sbc1] load: runs ${OLD}: uploads 20 kB, and a switchover brings ${NEW}`;
      assert.ok(ourLines(up.output).includes(uploads), up.output);
      assert.deepEqual(stage.writes(), [HITLESS]);
      assert.equal(stage.simulator.firmware, NEW);
      assert.notEqual(stage.simulator.serialNumber, serialNumber);
      const drift = await stage.drift();
      assert.equal(drift.exitCode, 0, drift.output);

      // The pair was seen: from now on the preview knows.
      await stage.load({ version: NEWER });
      const preview = await stage.preview();
      assert.deepEqual(ourLines(preview.output), [
        `[sbc1] load: version: "${NEW}" => "${NEWER}"`,
        `[sbc1] load: ${KEPT}`,
      ]);
    });

    it("switches over with firmware that does not say how far it is", async (t) => {
      const stage = await openSoftwareStage(t, kind, {
        highAvailability: true,
        firmware: "7.00A.018.005",
      });
      await stage.load();
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.deepEqual(stage.writes(), [SAVE, HITLESS]);
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("resets a pair where that is wanted", async (t) => {
      const stage = await openSoftwareStage(t, kind, { highAvailability: true });
      await stage.load({ hitless: false });
      const preview = await stage.preview();
      assert.match(preview.output, /\[sbc1\] load: uploads 20 kB, resets the device \(calls end, and it is/);
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.deepEqual(stage.writes(), [UPLOAD]);
      assert.equal(stage.simulator.firmware, NEW);
    });

    it("is refused before the upload where it must be hitless and there is no pair", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      await stage.load({ hitless: true });
      const preview = await stage.preview();
      const line = `[sbc1] load: ${KEPT}, unless it already runs ${NEW}`;
      assert.ok(ourLines(preview.output).includes(line), preview.output);
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      assert.match(
        failed.output,
        /hitless is true, and the device is no high-availability pair in operation/,
      );
      assert.deepEqual(stage.writes(), []);
      assert.equal(await stage.resource(), undefined);
    });

    it("resets a device whose other unit is missing, unless it must be hitless", async (t) => {
      const stage = await openSoftwareStage(t, kind, { highAvailability: true });
      stage.simulator.partnerMissing = true;
      await stage.load({ hitless: true });
      assert.notEqual((await stage.up()).exitCode, 0);
      assert.deepEqual(stage.writes(), []);
      await stage.load();
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.deepEqual(stage.writes(), [UPLOAD]);
    });
  });
}

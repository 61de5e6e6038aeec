import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { NEW, OLD, openSoftwareStage, UPLOAD } from "./software-stage";
import { ourLines } from "./stage";

/** A device that may be about to reset is watched for a minute. */
const haste = 20;
const PUT = "PUT /api/v1/files/software";

for (const kind of quickEngines()) {
  describe(`a software load whose answer is lost, on the ${kind} engine`, { concurrency: true }, () => {
    it("was taken: one upload, success", async (t) => {
      const stage = await openSoftwareStage(t, kind, { haste });
      stage.simulator.faults.loseAnswer(PUT, { applied: true });
      await stage.load();
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.deepEqual(stage.writes(), [UPLOAD]);
      assert.deepEqual(await stage.outputs("previousVersion"), { previousVersion: OLD });
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("was not taken: watched, then sent once more", async (t) => {
      const stage = await openSoftwareStage(t, kind, { haste });
      stage.simulator.faults.loseAnswer(PUT, { applied: false });
      await stage.load();
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      const line = "[sbc1] load: no answer came, and the device is unchanged: uploads once more";
      assert.ok(ourLines(up.output).includes(line), up.output);
      assert.deepEqual(stage.writes(), [UPLOAD, UPLOAD]);
      assert.equal(stage.simulator.firmware, NEW);
    });

    it("is not taken time and again: an error after the second", async (t) => {
      const stage = await openSoftwareStage(t, kind, { haste });
      stage.simulator.faults.loseAnswer(PUT, { applied: false, times: 10 });
      await stage.load();
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      const reason = `the device runs ${OLD} as before, and did not take ${NEW}: `;
      assert.ok(failed.output.includes(reason), failed.output);
      assert.deepEqual(stage.writes(), [UPLOAD, UPLOAD]);
      assert.equal(await stage.resource(), undefined, "the device is as it was, and so is the state");
    });

    it("is not taken time and again where the version is installed already: an error as well", async (t) => {
      const stage = await openSoftwareStage(t, kind, { haste, firmware: NEW });
      stage.simulator.faults.loseAnswer(PUT, { applied: false, times: 10 });
      await stage.load({ reinstall: true });
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      assert.ok(failed.output.includes(`the device runs ${NEW} as before, and did not take ${NEW}: `));
      assert.deepEqual(stage.writes(), [UPLOAD, UPLOAD]);
      assert.equal(await stage.resource(), undefined);
    });
  });
}

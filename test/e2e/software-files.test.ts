import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startSimulator } from "../../src/simulator";
import { quickEngines } from "../engine";
import { digestOf, NEW, OLD, openSoftwareStage, writeLoad } from "./software-stage";
import { ourLines } from "./stage";

const RESETS = "[sbc1] load: uploads 20 kB, resets the device (calls end, and it is away for some minutes)";

for (const kind of quickEngines()) {
  describe(`the file of a software load, on the ${kind} engine`, () => {
    it("records another file of the same version, uploads it with reinstall, and never minds its path", async (t) => {
      const stage = await openSoftwareStage(t, kind, { firmware: NEW });
      await stage.load();
      assert.equal((await stage.up()).exitCode, 0);

      const moved = join(stage.source, "..", "moved.cmp");
      await rename(stage.source, moved);
      await stage.load({ source: moved });
      assert.equal((await stage.up({ expectNoChanges: true })).exitCode, 0);

      await writeLoad(moved, NEW);
      const preview = await stage.preview({ refresh: true });
      const recorded =
        "another file of the same version: recorded, not uploaded (reinstall: true uploads it)";
      assert.ok(ourLines(preview.output).includes(`[sbc1] load: ${recorded}`), preview.output);
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.ok(ourLines(up.output).includes(`[sbc1] load: runs ${NEW}; ${recorded}`), up.output);
      assert.deepEqual(await stage.outputs("sha256"), { sha256: await digestOf(moved) });
      assert.deepEqual(stage.writes(), []);

      await stage.load({ source: moved, reinstall: true });
      assert.equal((await stage.up()).exitCode, 0);
      assert.deepEqual(stage.writes(), [], "the setting alone uploads nothing");
      await writeLoad(moved, NEW);
      const again = await stage.up();
      assert.equal(again.exitCode, 0, again.output);
      assert.ok(ourLines(again.output).includes(RESETS), again.output);
      assert.match(again.output, /waiting for the device to come back/);
      assert.deepEqual(
        stage.simulator.softwareUploads.map(({ sha256 }) => sha256),
        [await digestOf(moved)],
      );
      assert.equal((await stage.up({ expectNoChanges: true })).exitCode, 0);
    });

    it("takes the file as it is when it is applied, not as a preview saw it", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      await stage.load();
      assert.equal((await stage.preview()).exitCode, 0);
      await writeLoad(stage.source, NEW);
      assert.equal((await stage.up()).exitCode, 0);
      const sha256 = await digestOf(stage.source);
      assert.deepEqual(
        stage.simulator.softwareUploads.map((upload) => upload.sha256),
        [sha256],
      );
      assert.deepEqual(await stage.outputs("sha256"), { sha256 });
    });

    it("refuses a file that is missing, and two loads for one device, before anything is sent", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      await stage.load({ source: join(stage.source, "..", "missing.cmp") });
      const missing = await stage.preview();
      assert.notEqual(missing.exitCode, 0);
      assert.match(missing.output, /source: ".*missing\.cmp" does not exist/);
      assert.doesNotMatch(missing.output, /node_modules|\.js:[0-9]+/);
      const load = { type: "SoftwareLoad", args: { source: stage.source, version: NEW } };
      await stage.declare({ ...load, name: "one" }, { ...load, name: "two" });
      const twice = await stage.preview();
      assert.notEqual(twice.exitCode, 0);
      assert.match(twice.output, /the software of this device is declared by SoftwareLoad \w+ already/);
      assert.equal(stage.simulator.requests.length, 0);
    });

    it("upgrades one device although another one fails", async (t) => {
      const stage = await openSoftwareStage(t, kind);
      const other = await startSimulator({ resetSeconds: 0.5 });
      t.after(() => other.close());
      stage.simulator.faults.softwareOutcome("refused");
      const args = { source: stage.source, version: NEW };
      const device = { name: "sbc2", url: other.url, username: "Admin", password: "Admin" };
      await stage.declare(
        { type: "SoftwareLoad", name: "load", args },
        { type: "SoftwareLoad", name: "load2", args: { ...args, device } },
      );
      const up = await stage.up();
      assert.notEqual(up.exitCode, 0);
      assert.equal(stage.simulator.firmware, OLD);
      assert.equal(other.firmware, NEW);
    });
  });
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type EngineKind, quickEngines } from "../engine";
import {
  HITLESS,
  NEW,
  OLD,
  openSoftwareStage,
  type SoftwareStage,
  UPLOAD,
  writeLoad,
} from "./software-stage";

/** Ends the run with SIGKILL when that is true, and not before. */
async function killedWhen(stage: SoftwareStage, isTime: () => boolean): Promise<void> {
  const killer = new AbortController();
  const killed = stage.up({ signal: killer.signal });
  while (!isTime()) await setTimeout(5);
  killer.abort();
  assert.equal((await killed).exitCode, 137);
  // Until the device has seen the broken connection, another write is one too many for it (409).
  while (stage.simulator.writes.some(({ finishedAt }) => finishedAt === undefined)) await setTimeout(5);
}

async function finishes(stage: SoftwareStage, ...writes: string[]): Promise<void> {
  const up = await stage.up();
  assert.equal(up.exitCode, 0, up.output);
  assert.equal(stage.simulator.firmware, NEW);
  assert.deepEqual(stage.writes(), writes);
  assert.equal((await stage.up({ expectNoChanges: true })).exitCode, 0);
  assert.equal((await stage.drift()).exitCode, 0);
}

const open = (kind: EngineKind, ...[t, options]: [Parameters<typeof openSoftwareStage>[0], object]) =>
  openSoftwareStage(t, kind, options);

for (const kind of quickEngines()) {
  describe(`a run that is killed, on the ${kind} engine`, { concurrency: 2 }, () => {
    it("in the middle of an upload: the next up sends it as a whole", async (t) => {
      const stage = await open(kind, t, { uploadBytesPerSecond: 2_000_000 });
      await writeLoad(stage.source, NEW, 8_000_000);
      await stage.load();
      await killedWhen(stage, () => stage.writes().length > 0);
      assert.equal(stage.simulator.firmware, OLD);
      await finishes(stage, UPLOAD, UPLOAD);
      assert.equal(stage.simulator.softwareUploads.length, 1);
    });

    it("in the middle of the reset: the next up waits, and sends nothing", async (t) => {
      const stage = await open(kind, t, { resetSeconds: 8 });
      await stage.load();
      await killedWhen(stage, () => stage.simulator.firmware === NEW);
      await finishes(stage, UPLOAD);
    });

    it("in the middle of a hitless upgrade: the next up waits for its end, and sends nothing", async (t) => {
      const stage = await open(kind, t, { highAvailability: true, switchoverSeconds: 30 });
      await stage.load();
      await killedWhen(stage, () => stage.simulator.softwareUploads.length > 0);
      assert.equal(stage.simulator.firmware, OLD);
      await finishes(stage, HITLESS);
    });
  });
}

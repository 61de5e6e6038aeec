import assert from "node:assert/strict";
import { test } from "node:test";
import { HandOver } from "../../src/device/shared/pace";
import { type GroupKind, type QueueTiming, WriteQueue } from "../../src/device/shared/write-queue";
import { ManualClock } from "./clock";

/** How many resources the engine works on at once. */
const IN_FLIGHT = 8;
/** What a write of a group takes, with its reads and the save, on a device that answers at once. */
const WRITE_MS = 60;
const TIMING: QueueTiming = { quietMs: 50, gatherMs: 300, patienceMs: 10_000, graceMs: 1_000 };
const IMPATIENT: QueueTiming = { ...TIMING, patienceMs: 0 };

interface EngineModel {
  resources: number;
  /** Milliseconds of one checkpoint, by the number of resources in it. */
  checkpointMs: (done: number) => number;
  devices?: number;
  writeMs?: number;
}

/**
 * An engine that works on eight resources at once and writes its checkpoint before and after each, one checkpoint after
 * the other.
 * @returns the sizes of the groups, and when the last one ended
 */
async function firstUp(
  timing: QueueTiming,
  { resources, checkpointMs, devices = 1, writeMs = WRITE_MS }: EngineModel,
) {
  const clock = new ManualClock();
  const handOver = new HandOver();
  const queues = Array.from({ length: devices }, () => new WriteQueue(timing, clock, handOver));
  const groups: number[] = [];
  let [begun, ended, endedAt] = [0, 0, 0];
  const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  let checkpoints = Promise.resolve();
  const checkpoint = () => {
    checkpoints = checkpoints.then(() => pause(checkpointMs(ended)));
    return checkpoints;
  };
  const kind: GroupKind<number, void> = {
    name: "ini",
    async run(group) {
      groups.push(group.length);
      await pause(writeMs);
      for (const ticket of group) ticket.resolve();
    },
  };
  const work = async () => {
    while (begun < resources) {
      const at = begun++;
      await checkpoint();
      await queues[at % devices]?.submit(kind, at);
      await checkpoint();
      ended++;
      endedAt = clock.now();
    }
  };
  for (let at = 0; at < IN_FLIGHT; at++) void work();
  while (ended < resources) await clock.advance(5_000);
  return { groups, endedAt };
}

/** Times around a mean as a busy machine has them, the same in each run. */
function uneven(meanMs: (done: number) => number): (done: number) => number {
  let seed = 7;
  return (done) => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return -Math.log(1 - seed / 2 ** 32) * meanMs(done);
  };
}

const quick = () => 2;
const ENGINES: Record<string, (done: number) => number> = {
  "idle machine": quick,
  "two busy cores": (done) => 5 + done / 5,
  "two busy cores, unevenly": uneven((done) => 5 + done / 5),
  "slower than the device from the start": () => 180,
  "slower than the device, unevenly": uneven(() => 100),
  "very slow": () => 400,
};

for (const [what, checkpointMs] of Object.entries(ENGINES))
  test(`a first up of 500 resources takes at most 300 requests, engine: ${what}`, async () => {
    const model = { resources: 500, checkpointMs };
    const { groups, endedAt } = await firstUp(TIMING, model);
    // A read of its own, a write, a look at what came of it, and a save.
    assert.ok(groups.length * 4 <= 300, `${groups.length * 4} requests, groups ${groups}`);
    assert.equal(
      groups.reduce((sum, jobs) => sum + jobs, 0),
      500,
    );
    const impatient = await firstUp(IMPATIENT, model);
    assert.ok(endedAt <= impatient.endedAt * 1.2, `${endedAt} ms, and ${impatient.endedAt} without a wait`);
  });

for (const resources of [1, 8, 12]) {
  const engines = { quick, slow: () => 40, slower: (done: number) => 5 + done / 5, "very slow": () => 400 };
  for (const [what, checkpointMs] of Object.entries(engines))
    test(`a run of ${resources} resources waits no longer for that, engine: ${what}`, async () => {
      const model = { resources, checkpointMs };
      assert.deepEqual(await firstUp(TIMING, model), await firstUp(IMPATIENT, model));
    });
}

test("resources of many devices are hardly kept waiting for those of one", async () => {
  const model = { resources: 300, checkpointMs: uneven(() => 40), devices: 10, writeMs: 600 };
  const [patient, impatient] = [await firstUp(TIMING, model), await firstUp(IMPATIENT, model)];
  assert.ok(patient.endedAt <= impatient.endedAt * 1.1, `${patient.endedAt} and ${impatient.endedAt}`);
});

/** A chain of resources, each of which comes so long after the one before it. @returns how long each took */
async function chain(count: number, apartMs: number): Promise<number[]> {
  const clock = new ManualClock();
  const queue = new WriteQueue(TIMING, clock);
  const kind: GroupKind<number, void> = {
    name: "ini",
    run: async (group) => {
      for (const ticket of group) ticket.resolve();
    },
  };
  const times: number[] = [];
  for (let at = 0; at < count; at++) {
    const begun = clock.now();
    let isDone = false;
    void queue.submit(kind, at).then(() => {
      isDone = true;
    });
    while (!isDone) await clock.advance(TIMING.quietMs / 2);
    times.push(clock.now() - begun);
    await clock.advance(apartMs);
  }
  assert.equal(queue.idle, true);
  return times;
}

test("resources that follow one another are kept waiting for what cannot come ever more rarely", async () => {
  const times = await chain(100, 100);
  const waited = times.flatMap((ms, at) => (ms > TIMING.quietMs ? [at] : []));
  assert.deepEqual(waited, [12, 13, 14, 16, 20, 28, 44, 76]);
  assert.deepEqual([...new Set(times)], [TIMING.quietMs, 400]);
});

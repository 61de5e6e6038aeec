import assert from "node:assert/strict";
import { test } from "node:test";
import { type GroupKind, type QueueTiming, WriteQueue } from "../../src/device/shared/write-queue";
import { ManualClock } from "./clock";

/** How many resources the engine works on at once. */
const IN_FLIGHT = 8;
/** What a write of a group takes, with its reads and the save. */
const WRITE_MS = 60;
const TIMING: QueueTiming = { quietMs: 50, gatherMs: 300, patienceMs: 1_200, graceMs: 1_000 };
const IMPATIENT: QueueTiming = { ...TIMING, patienceMs: 0 };

/**
 * An engine that hands over one resource after the other, never more than eight that have not ended, and writes its
 * checkpoint before each, which takes the longer the more it holds.
 * @returns the sizes of the groups, and when the last one ended
 */
async function firstUp(resources: number, timing: QueueTiming, checkpointMs: (done: number) => number) {
  const clock = new ManualClock();
  const queue = new WriteQueue(timing, clock);
  const groups: number[] = [];
  let [handedOver, ended, endedAt] = [0, 0, 0];
  let isWriting = false;
  const kind: GroupKind<number, void> = {
    name: "ini",
    async run(group) {
      groups.push(group.length);
      await new Promise<void>((resolve) => clock.after(WRITE_MS, resolve));
      for (const ticket of group) ticket.resolve();
    },
  };
  const goOn = () => {
    if (isWriting || handedOver === resources || handedOver - ended === IN_FLIGHT) return;
    isWriting = true;
    clock.after(checkpointMs(ended), () => {
      isWriting = false;
      void queue.submit(kind, handedOver++).then(() => {
        ended++;
        endedAt = clock.now();
        goOn();
      });
      goOn();
    });
  };
  goOn();
  while (ended < resources) await clock.advance(1_000);
  return { groups, endedAt };
}

/** A first up of 500 resources on two busy cores. */
const slower = (done: number) => 5 + done / 5;

test("eight resources in flight go out together, however slowly the engine hands them over", async () => {
  const { groups } = await firstUp(500, TIMING, slower);
  // A read of its own, a write, a look at what came of it, and a save.
  assert.ok(groups.length * 4 <= 300, `${groups.length * 4} requests, groups ${groups}`);
  assert.equal(
    groups.reduce((sum, jobs) => sum + jobs, 0),
    500,
  );
});

for (const resources of [1, 8, 12, 31]) {
  for (const [what, checkpointMs] of Object.entries({ quick: () => 2, slow: () => 40, slower }))
    test(`a run of ${resources} resources waits no longer for that, engine: ${what}`, async () => {
      const patient = await firstUp(resources, TIMING, checkpointMs);
      assert.deepEqual(patient, await firstUp(resources, IMPATIENT, checkpointMs));
    });
}

test("resources that follow one another are not kept waiting for what cannot come", async () => {
  const clock = new ManualClock();
  const queue = new WriteQueue(TIMING, clock);
  const kind: GroupKind<number, void> = {
    name: "ini",
    run: async (group) => {
      for (const ticket of group) ticket.resolve();
    },
  };
  for (let at = 0; at < 100; at++) {
    const done = queue.submit(kind, at);
    await clock.advance(TIMING.quietMs);
    await done;
  }
  assert.equal(queue.idle, true);
});

test("a run that ends in fewer resources at once waits once for more", async () => {
  const clock = new ManualClock();
  const queue = new WriteQueue(TIMING, clock);
  const groups: number[][] = [];
  const kind: GroupKind<number, void> = {
    name: "ini",
    run: async (group) => {
      groups.push([clock.now(), group.length]);
      for (const ticket of group) ticket.resolve();
    },
  };
  for (let at = 0; at < 40; at++) void queue.submit(kind, at);
  await clock.advance(TIMING.gatherMs);
  const ends: number[] = [];
  for (let at = 0; at < 3; at++) {
    const begun = clock.now();
    void queue.submit(kind, at).then(() => ends.push(clock.now() - begun));
    await clock.advance(1_000);
  }
  assert.deepEqual(ends, [TIMING.gatherMs, TIMING.quietMs, TIMING.quietMs]);
});

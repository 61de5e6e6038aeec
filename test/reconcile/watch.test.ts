import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BEGIN, judgeWatch, type Sighting } from "../../src/reconcile/health/watch";

const WELL: Sighting = { kind: "well" };
const limits = { holdMs: 30_000, everyMs: 5_000 };

/** Looks as told until a verdict ends it; gives the moments of the looks and how it ended. */
function watch(sightings: readonly Sighting[], { holdMs, everyMs } = limits) {
  let now = 1_000;
  let state = BEGIN;
  const looks: number[] = [];
  for (let at = 0; ; at++) {
    looks.push(now);
    const sighting = sightings[at] ?? WELL;
    const judged = judgeWatch({ holdMs, everyMs }, state, sighting, now);
    state = judged.state;
    if (judged.verdict.action !== "look") return { looks, end: judged.verdict };
    now += judged.verdict.afterMs;
  }
}

test("a device that stays well is looked at every five seconds, and at the end of the time", () => {
  const { looks, end } = watch([]);
  assert.deepEqual(
    looks.map((at) => at - 1_000),
    [0, 5_000, 10_000, 15_000, 20_000, 25_000, 30_000],
  );
  assert.deepEqual(end, { action: "held" });
  assert.deepEqual(watch([], { holdMs: 0, everyMs: 5_000 }).looks.length, 1);
  assert.deepEqual(watch([], { holdMs: 7_000, everyMs: 5_000 }).looks.at(-1), 8_000);
});

test("the first fault ends it; time in which the device was away does not count", () => {
  const { looks, end } = watch([WELL, WELL, { kind: "ill", faults: ["locked"] }]);
  assert.equal(looks.length, 3);
  assert.deepEqual(end, { action: "failed", faults: ["locked"] });
  assert.equal(watch([WELL, WELL, WELL, { kind: "back" }]).looks.length, 4 + 7);
});

test("it never holds before the time was over without a break, and always ends", () => {
  const sighting = fc.oneof(
    { weight: 5, arbitrary: fc.constant(WELL) },
    fc.constant<Sighting>({ kind: "back" }),
    fc.constant<Sighting>({ kind: "ill", faults: ["ill"] }),
  );
  const times = fc.record({
    holdMs: fc.integer({ min: 0, max: 100_000 }),
    everyMs: fc.integer({ min: 1_000, max: 20_000 }),
  });
  fc.assert(
    fc.property(fc.array(sighting, { maxLength: 40 }), times, (sightings, given) => {
      const { looks, end } = watch(sightings, given);
      const seen = looks.map((_, at) => sightings[at] ?? WELL);
      if (end.action === "failed") return seen.at(-1)?.kind === "ill";
      const began = seen.findLastIndex(({ kind }) => kind !== "well") + 1;
      const held = (looks.at(-1) ?? 0) - (looks[began] ?? 0);
      return seen.every(({ kind }) => kind !== "ill") && held >= given.holdMs;
    }),
  );
});

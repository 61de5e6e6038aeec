import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { firstRefused } from "../../src/reconcile/life/first-refused";

/** A device that takes a range of items if no bad one is in it, and remembers what it was sent. */
function taker(bad: ReadonlySet<number>) {
  const applied: number[] = [];
  let uploads = 0;
  const accepts = async (from: number, to: number): Promise<boolean> => {
    uploads++;
    const range = Array.from({ length: to - from }, (_, at) => from + at);
    if (range.some((item) => bad.has(item))) return false;
    applied.push(...range);
    return true;
  };
  return { accepts, applied, uploads: () => uploads };
}

const lists = fc.integer({ min: 0, max: 40 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    from: fc.integer({ min: 0, max: count }),
    bad: fc.uniqueArray(fc.integer({ min: 0, max: 45 })),
  }),
);

test("the first refused item is found, and exactly those before it are applied, once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(lists, async ({ count, from, bad }) => {
      const device = taker(new Set(bad));
      const found = await firstRefused(count, device.accepts, from);
      const expected = Math.min(count, ...bad.filter((item) => item >= from));
      assert.equal(found, expected);
      assert.deepEqual(
        device.applied,
        Array.from({ length: expected - from }, (_, at) => from + at),
      );
    }),
  );
});

test("one upload serves if nothing is refused, and few do if something is", async () => {
  const good = taker(new Set());
  assert.equal(await firstRefused(1000, good.accepts), 1000);
  assert.equal(good.uploads(), 1);
  const bad = taker(new Set([617]));
  assert.equal(await firstRefused(1000, bad.accepts), 617);
  assert.ok(bad.uploads() <= 11);
  assert.equal(await firstRefused(5, () => assert.fail("asked although all is applied"), 5), 5);
});

test("an error that is no refusal goes through", async () => {
  await assert.rejects(
    firstRefused(3, () => Promise.reject(new Error("away"))),
    /away/,
  );
});

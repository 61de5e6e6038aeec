import assert from "node:assert/strict";
import { test } from "node:test";
import { report, search } from "./search";

/*
 * Random sequences of what can happen to a stack and its device, played on a virtual clock and a network in memory.
 * `docs/reliability.md` says what they do and what they look for; `npm run sequences` plays more of them.
 */

test("whatever happens in a sequence, what was promised holds", { timeout: 600_000 }, async (t) => {
  const found = await search({ seed: 20_300_101, count: 500 });
  t.diagnostic(report(found));
  assert.equal(found.failure, undefined, report(found));
});

test("the same seed plays the same sequences", async () => {
  const [one, again] = [await search({ seed: 7, count: 5 }), await search({ seed: 7, count: 5 })];
  assert.equal(one.failure, undefined, report(one));
  assert.ok(one.requests > 0);
  assert.deepEqual([again.requests, again.simulatedMs], [one.requests, one.simulatedMs]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { firstRefused } from "../../src/reconcile/ini/group/by-halves";

test("the first item to blame is found in few asks, and what is accepted is not asked for again", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(60), fc.array(fc.nat(59)), fc.nat(60), async (count, guilty, start) => {
      const first = Math.min(count, ...guilty);
      const accepted = Math.min(start, first);
      let taken = accepted;
      let asks = 0;
      const found = await firstRefused(count, accepted, async (from, to) => {
        assert.equal(from, taken);
        assert.ok(to > from && to <= count);
        asks += 1;
        if (to > first) return false;
        taken = to;
        return true;
      });
      assert.equal(found, first < count ? first : undefined);
      assert.equal(taken, first);
      assert.ok(asks <= 2 + Math.log2(count + 1), `${asks} asks for ${count} items`);
    }),
  );
});

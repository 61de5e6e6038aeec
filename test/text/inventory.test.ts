import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { sameInventory, shownNoMore } from "../../src/text/inventory";

const inventory = fc
  .uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"))
  .map((names) => new Set(names));

test("of the names that are shown no more three are listed, and the rest is counted", () => {
  const known = new Set(["a", "b", "c", "d", "e"]);
  assert.equal(shownNoMore(known, new Set([...known, "f"])), undefined);
  assert.equal(shownNoMore(known, new Set(["b", "e"])), "a, c, d");
  assert.equal(shownNoMore(known, new Set(["z"])), "a, b, c and 2 more");
});

test("two documents show the same exactly if neither shows what the other does not", () => {
  fc.assert(
    fc.property(inventory, inventory, (a, b) => {
      const nothingMissing = shownNoMore(a, b) === undefined && shownNoMore(b, a) === undefined;
      assert.equal(sameInventory(a, b), nothingMissing);
    }),
  );
});

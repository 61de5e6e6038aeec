import assert from "node:assert/strict";
import { test } from "node:test";
import { byName } from "../../src/text/order";

test("names stand as people list them: without case, numbers by their value", () => {
  const names = ["b", "AB", "A_10", "a_9", "A", "a", "B_2", "a_09"];
  assert.deepEqual([...names].sort(byName), ["A", "a", "a_09", "a_9", "A_10", "AB", "b", "B_2"]);
  assert.equal(byName("a", "a"), 0);
  assert.ok(byName("A", "a") < 0 && byName("a", "A") > 0);
});

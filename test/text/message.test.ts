import assert from "node:assert/strict";
import { test } from "node:test";
import { messageOf } from "../../src/text/message";

test("what was thrown speaks for itself, whatever it is", () => {
  assert.equal(messageOf(new TypeError("no number")), "no number");
  assert.equal(messageOf("a text"), "a text");
  assert.equal(messageOf(undefined), "undefined");
});

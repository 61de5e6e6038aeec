import assert from "node:assert/strict";
import { test } from "node:test";
import { shellQuoted } from "../../src/text/shell";

test("a shell takes what is quoted as it is", () => {
  assert.equal(shellQuoted("a $HOME `b` *"), "'a $HOME `b` *'");
  assert.equal(shellQuoted("it's so"), "'it'\\''s so'");
});

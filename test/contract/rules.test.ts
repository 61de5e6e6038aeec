import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { REPOSITORY } from "./install";

/** The rules of the README, a text each. */
function rules(): string[] {
  const [, after = ""] = readFileSync(join(REPOSITORY, "README.md"), "utf8").split("\n## Rules it keeps\n");
  const [section = ""] = after.split("\n## ");
  return section.split("\n- ").slice(1);
}

test("each rule of the README names the tests that watch it", () => {
  assert.ok(rules().length > 20);
  for (const rule of rules()) {
    const [name = ""] = rule.split("\n");
    const tests = rule.match(/test\/[\w/-]+\.test\.ts/g) ?? [];
    assert.notEqual(tests.length, 0, name);
    for (const file of tests) assert.ok(existsSync(join(REPOSITORY, file)), `${file}, of: ${name}`);
  }
});

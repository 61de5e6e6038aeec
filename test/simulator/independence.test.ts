import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";

const FOLDER = join(__dirname, "..", "..", "src", "simulator");

test("the simulator shares no code with what it judges", () => {
  const files = readdirSync(FOLDER, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".ts"));
  assert.ok(files.length > 10);
  for (const file of files) {
    const imported = [
      ...readFileSync(join(FOLDER, file), "utf8").matchAll(/(?:from|import|require\()\s*"([^"]+)"/g),
    ];
    const outside = imported
      .map(([, name = ""]) => name)
      .filter((name) => name.startsWith("."))
      .filter((name) => relative(FOLDER, join(FOLDER, dirname(file), name)).startsWith(".."));
    assert.deepEqual(outside, [], file);
  }
});

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { REPOSITORY } from "./install";

const textOf = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");

/** The packages that the tables of a section name in their first column. */
function listed(section: string): string[] {
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
}

test("each dependency is justified, and none that is not there", () => {
  const [, installed = "", own = ""] = textOf("docs/dependencies.md").split("\n## ");
  const { dependencies, peerDependencies, devDependencies } = JSON.parse(textOf("package.json"));
  const users = Object.keys({ ...dependencies, ...peerDependencies });
  const project = Object.keys(devDependencies).filter((name) => !users.includes(name));
  assert.deepEqual(listed(installed).sort(), users.sort());
  assert.deepEqual(listed(own).sort(), project.sort());
});

test("the threat model names tests that are there", () => {
  const named = [...textOf("docs/threat-model.md").matchAll(/`(test\/[\w/-]+)`/g)].map(
    ([, path = ""]) => path,
  );
  assert.ok(named.length > 8);
  const missing = named.filter(
    (path) => !existsSync(join(REPOSITORY, path)) && !existsSync(join(REPOSITORY, `${path}.test.ts`)),
  );
  assert.deepEqual(missing, []);
});

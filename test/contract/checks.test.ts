import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { it } from "node:test";
import { REPOSITORY } from "./install";

/** Runs one of the package's programs on the whole tree. @returns all that it printed, and its exit code */
async function check(module: string, ...args: string[]): Promise<string> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, [join(REPOSITORY, "node_modules", module), ...args], {
    cwd: REPOSITORY,
    env,
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return `${out}${errors}exit code ${await ended}`;
}

// Beside the other tests, for each takes a while on one core.
it("the whole tree has the types that it says it has", async () => {
  assert.equal(await check("typescript-native/bin/tsc", "-p", "tsconfig.json", "--noEmit"), "exit code 0");
});

it("the whole tree is formatted, and the linter finds nothing", async () => {
  assert.match(await check("@biomejs/biome/bin/biome", "check", "."), /No fixes applied\.\s+exit code 0$/);
});

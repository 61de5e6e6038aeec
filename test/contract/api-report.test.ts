import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ENTRIES, reportOf } from "./api-report";

describe("the public surface", () => {
  let temporary: string;
  before(() => {
    temporary = mkdtempSync(join(tmpdir(), "api-report-"));
  });
  after(() => rmSync(temporary, { recursive: true, force: true }));

  for (const entry of Object.keys(ENTRIES) as (keyof typeof ENTRIES)[]) {
    it(`of ${entry} is the one in its report`, () => {
      const { changed, problems } = reportOf(entry, temporary);
      // The simulator's controls are cut out of its classes, which stay inside.
      if (entry === "pulumi-mediant") assert.deepEqual(problems, []);
      assert.ok(!changed, `docs/${entry}.api.md is out of date: npm run build && npm run api`);
    });
  }
});

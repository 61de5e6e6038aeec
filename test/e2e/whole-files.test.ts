import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { openStage } from "./stage";

const FIXTURES = join(__dirname, "..", "fixtures", "ini");
const FILES = [
  { file: "full-7.40.ini", firmware: "7.40A.250.440" },
  { file: "full-7.00A.ini", firmware: "7.00A.018.005" },
];

for (const kind of quickEngines()) {
  describe(`a device's own whole dump, declared on a fresh device, on the ${kind} engine`, () => {
    for (const { file, firmware } of FILES) {
      for (const tableMode of ["replace", "merge"] as const) {
        it(`${file}, where incremental tables ${tableMode} rows`, async (t) => {
          const stage = await openStage(t, kind, { firmware, tableMode });
          await stage.declare({ name: "all", args: { ini: readFileSync(join(FIXTURES, file), "latin1") } });
          const up = await stage.up();
          assert.equal(up.exitCode, 0, up.output);
          const drift = await stage.drift();
          assert.equal(drift.exitCode, 0, drift.output);
        });
      }
    }
  });
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { markdownReport } from "../../src/report/markdown";
import { lines, reportOn } from "./runs";

const OURS = "pulumi-nodejs:dynamic/mediant:";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function step(op: string, type: string, name: string, before?: object, after?: object) {
  const state = (inputs: object | undefined) =>
    inputs && {
      type,
      inputs: { device: { name: "sbc1" }, ...inputs },
      outputs: { device: { name: "sbc1" }, ...inputs },
    };
  return {
    op,
    urn: `urn:pulumi:dev::fleet::${type}::${name}`,
    oldState: state(before),
    newState: state(after),
  };
}

const report = (...steps: unknown[]) => reportOn(JSON.stringify({ steps, diagnostics: [] }));

describe("a report", () => {
  it("says what becomes of what is deleted", () => {
    const parameters = { A: "1", B: "2" };
    const gone = (name: string, more: object = {}) =>
      step("delete", `${OURS}IncrementalIniConfig`, name, { parameters, ...more });
    const found = report(gone("kept"), gone("restored", { onRelease: "restore" }));
    assert.deepEqual(
      found.devices[0]?.resources.map(({ notes }) => notes),
      [
        ["deleted: 2 values no longer managed, left on the device"],
        ["deleted: 2 values put back to what the device held before"],
      ],
    );
    assert.equal(found.totals.intended, 0);
  });

  it("tells a replacement once, whatever its steps", () => {
    const [type, old, now] = [
      `${OURS}AuxiliaryFile`,
      { kind: "cptFile", sha256: "a" },
      { kind: "prtFile", sha256: "b" },
    ];
    const found = report(
      step("delete-replaced", type, "tones", old, old),
      step("replace", type, "tones", old, now),
      step("create-replacement", type, "tones", old, now),
    );
    assert.deepEqual(lines(found), [
      'sbc1 tones intended kind: "cptFile" > "prtFile"',
      'sbc1 tones intended sha256: "a" > "b"',
    ]);
    assert.equal(found.devices[0]?.resources[0]?.operation, "replace");
    assert.equal(found.totals.uploads, 1);
  });

  it("flags resets and switchovers by what a resource is, if the log does not say it", () => {
    const load = (hitless?: boolean) =>
      step(
        "update",
        `${OURS}SoftwareLoad`,
        `load ${hitless}`,
        { version: "1", hitless },
        { version: "2", hitless },
      );
    const found = report(
      load(),
      load(true),
      step("update", `${OURS}FullIniConfig`, "whole", { parameters: { A: "1" } }, { parameters: { A: "2" } }),
      step(
        "update",
        `${OURS}FullIniConfig`,
        "quiet",
        { parameters: { A: "1" } },
        { parameters: { A: "1" }, allowLossOfAccess: true },
      ),
      step("same", `${OURS}DeviceReset`, "reset", { triggers: ["1"] }, { triggers: ["1"] }),
    );
    const { resets, switchovers, uploads } = found.totals;
    assert.deepEqual({ resets, switchovers, uploads }, { resets: 2, switchovers: 1, uploads: 2 });
    assert.match(markdownReport(found), /> - \*\*Upload, Switchover: sbc1\*\*/);
  });

  it("says what leaves a declaration, and what an update alone will know", () => {
    const found = report(
      step(
        "update",
        `${OURS}IncrementalIniConfig`,
        "base",
        { parameters: { A: "1", B: "1" }, tables: { T: { 0: { C: "x" }, 1: { C: "y" } } } },
        { parameters: { A: UNKNOWN }, tables: { T: { 0: { C: "x" } } }, ownTables: ["T"] },
      ),
    );
    assert.deepEqual(lines(found), [
      'sbc1 base intended A: "1" > (known after apply)',
      'sbc1 base intended B: "1" > stays',
      'sbc1 base intended T 1 C: "y" > removed',
      'sbc1 base intended ownTables: - > ["T"]',
    ]);
  });

  it("counts resources of other packages, and shows nothing of them", () => {
    const found = report(
      step("create", "aws:s3/bucket:Bucket", "b", undefined, { secret: "x" }),
      step("same", "a:b:C", "c"),
    );
    assert.deepEqual(found.others, [{ name: "b", type: "aws:s3/bucket:Bucket", operation: "create" }]);
    assert.equal(found.devices.length, 0);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { patchLine, unifiedPatch } from "../../src/text/patch";

test("a patch shows what was above what is to be, and what stays without a sign", () => {
  const lines = [
    patchLine({ address: "A", kind: "change", secret: false, before: "1", after: ["2", "3"] }),
    patchLine({ address: "B", kind: "add", secret: false, after: "x" }),
    patchLine({ address: "C", kind: "remove", secret: false, before: "y" }),
    { address: "D", before: "same", after: "same" },
    { address: "E", before: undefined, after: undefined },
  ];
  const [, , hunk, ...shown] = unifiedPatch("device", "declared", lines).split("\n");
  assert.equal(hunk, "@@ -1,3 +1,3 @@");
  assert.deepEqual(shown.slice(0, 5), ['-A = "1"', '+A = ["2","3"]', '+B = "x"', '-C = "y"', " D = same"]);
});

test("a secret that changes is named, without either value", () => {
  const secret = { address: "P", kind: "change", secret: true } as const;
  assert.deepEqual(patchLine(secret), {
    address: "P",
    before: "[secret]",
    after: "[secret] (to be written)",
  });
});

test("without a difference there is no patch", () => {
  assert.equal(unifiedPatch("a", "b", [{ address: "D", before: "same", after: "same" }]), "");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareVersions, parseVersion, releaseOf } from "../../src/device/answers/version";

test("a version is read number by number", () => {
  assert.deepEqual(parseVersion(" 7.20A.256.024 "), { major: 7, minor: 20, letter: "A", build: [256, 24] });
  assert.deepEqual(parseVersion("7.40"), { major: 7, minor: 40, letter: "", build: [] });
  for (const text of ["", "7", "7.2", "7.20A.", "7.20A.x", "ssbc_7.20A.200.014.cmp"])
    assert.equal(parseVersion(text), undefined);
});

test("versions in the order of their numbers, not of their letters", () => {
  const ordered = [
    ...["6.60A.367.005", "7.00A.018.005", "7.20A.99.1", "7.20A.256.003", "7.20A.256.024", "7.20B.001.001"],
    ...["7.26A.001", "7.40A.005.314", "7.40A.600.203", "10.00A.001.001"],
  ];
  for (const [left, a] of ordered.entries()) {
    for (const [right, b] of ordered.entries())
      assert.equal(compareVersions(a, b), Math.sign(left - right), `${a} ${b}`);
  }
  assert.equal(compareVersions("7.20a.256.24", "7.20A.256.024"), 0);
  assert.equal(compareVersions("7.20A", "7.20A.0"), 0);
  assert.equal(compareVersions("7.20A", "new"), undefined);
});

test("the release is named as the manuals name it", () => {
  const named = ["7.00A.018.005", "7.20A.256.024", "7.40A", "7.26A.1", "7.05A", "x"].map(releaseOf);
  assert.deepEqual(named, ["7.0", "7.2", "7.4", "7.26", "7.05", undefined]);
});

test("no text makes it throw", () => {
  fc.assert(
    fc.property(
      fc.string(),
      (text) => parseVersion(text) === undefined || typeof releaseOf(text) === "string",
    ),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { licenseProblems } from "../../src/declare/license";
import { unitsOf } from "../../src/declare/license-file";
import { UNKNOWN } from "../../src/declare/unknown";

test("a licence is a key, for a serial number if one is given, or a file", () => {
  for (const right of [
    { key: "abcd" },
    { key: "abcd", serialNumber: "1024" },
    { key: UNKNOWN, serialNumber: UNKNOWN },
    { licenseFile: "licence.txt" },
  ])
    assert.deepEqual(licenseProblems(right), []);
  assert.deepEqual(licenseProblems({}), ["exactly one of key and licenseFile is needed"]);
  assert.deepEqual(licenseProblems({ key: "a", licenseFile: "b" }), [
    "exactly one of key and licenseFile is needed",
  ]);
  assert.match(
    licenseProblems({ licenseFile: "b", serialNumber: "1" })[0] ?? "",
    /serialNumber is for key only/,
  );
  const canary = licenseProblems({ key: "canary b", serialNumber: "10 24" });
  assert.deepEqual(canary, [
    "key must be a licence key: a text without blanks",
    "serialNumber must be a text without blanks",
  ]);
});

test("a pair has two units as soon as anything is shown of the other one", () => {
  assert.equal(unitsOf({ serialNumber: "1", other: {} }).length, 1);
  assert.equal(unitsOf({ serialNumber: "1", serialNumberRedundant: "2", other: {} }).length, 2);
  assert.equal(unitsOf({ serialNumber: "1", keyRedundant: "k", other: {} }).length, 2);
});

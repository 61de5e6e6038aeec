import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  obscuredParts,
  REDACTED,
  sameText,
  secretShare,
  shownValue,
  withoutObscured,
  withoutPrivateKeys,
} from "../../src/secrets/values";

test("what a device obscures anew at each read does not make two texts differ", () => {
  const one = "user $1$YWJj and $1$ZGVm, back-reference $1$2";
  const other = one.replace("YWJj", "eHl6dw==").replace("ZGVm", "Z2hp");
  assert.deepEqual(obscuredParts(one), ["$1$YWJj", "$1$ZGVm", "$1$2"]);
  assert.equal(withoutObscured(one), withoutObscured(other));
  assert.notEqual(withoutObscured(one), withoutObscured(one.replace("user", "User")));
});

test("an empty secret is the same as no text", () => {
  assert.ok(sameText("", "$1$gQ=="));
  assert.ok(!sameText("", "$1$YWJj"));
});

test("a private key is emptied, whole or broken off, and every other line keeps its number", () => {
  const text = "a\r\n-----BEGIN RSA PRIVATE KEY-----\r\ncanary\r\n-----END RSA PRIVATE KEY-----\r\nb\n";
  assert.equal(withoutPrivateKeys(text), "a\r\n\r\n\r\n\r\nb\n");
  assert.equal(withoutPrivateKeys("a\n-----BEGIN PRIVATE KEY-----\ncanary"), "a\n\n");
});

test("of a list each value is shown by itself, and none of it if it is a secret by its name", () => {
  const list = ["plain", "https://u:canary@host", "$1$YWJj"];
  assert.equal(shownValue(list, true), REDACTED);
  assert.deepEqual(shownValue(list, false), ["plain", `https://${REDACTED}@host`, REDACTED]);
});

test("a value without a secret is shown as it is", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (texts) => {
      if (secretShare(texts) === "none") assert.deepEqual(shownValue(texts, false), texts);
    }),
  );
});

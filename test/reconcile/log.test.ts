import assert from "node:assert/strict";
import { test } from "node:test";
import { ReconcileError } from "../../src/reconcile/life/errors";
import { resourceLog } from "../../src/reconcile/life/log";

test("a line begins with the device and the resource, each named once", (t) => {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  resourceLog("sbc1", "base")("saved");
  resourceLog("sbc1", "sbc1")("saved");
  assert.deepEqual(lines, ["[sbc1] base: saved", "[sbc1] saved"]);
});

test("what a line or an error repeats of a device cannot steer a terminal, and shows no secret", (t) => {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  const said = "\u009b2J\u202e https://ops:canary@h/a $1$Y2FuYXJ5\u0007";
  resourceLog("sbc1", "base")(said);
  const { message, stack, reasons } = new ReconcileError([`first\n${said}`]);
  for (const text of [lines.join(), message, stack ?? "", ...reasons]) {
    assert.match(text, /https:\/\/\[secret\]@h\/a \[secret\]/);
    assert.doesNotMatch(text.replaceAll("\n", ""), /canary|[\p{Cc}\p{Cf}]/u);
  }
  assert.equal(message.split("\n").length, 2);
});

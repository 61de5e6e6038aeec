import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { UNKNOWN } from "../../src/declare/unknown";
import { defaultLog, linesOf } from "../../src/device/log";
import { ReconcileError } from "../../src/reconcile/life/errors";
import { DRIFT, resourceLog, STAYS, tellChange, tellChanges, tellEach } from "../../src/reconcile/life/log";
import { saidLines } from "../../src/report/said";

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

test("the names that a line begins with cannot steer a terminal", (t) => {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  resourceLog("sbc1", "base\u001b[2J")("saved");
  defaultLog("[sbc\u202e1] waiting");
  assert.deepEqual(lines, ["[sbc1] base\\u001b[2J: saved", "[sbc\\u202e1] waiting"]);
});

test("what a device says of its own reset or upload is a line of the resource, and names it once", (t) => {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  linesOf("sbc1", "load")("waiting");
  linesOf("sbc1", "sbc1")("waiting");
  linesOf("sbc1", "sbc1", (line) => lines.push(line))("taken");
  assert.deepEqual(lines, ["[sbc1] load: waiting", "[sbc1] waiting", "[sbc1] taken"]);
  lines.length = 0;
  assert.deepEqual(jsonOf(t, () => linesOf("sbc1", "load")("waiting")).at(-1), {
    device: "sbc1",
    resource: "load",
    severity: "info",
    message: "waiting",
  });
});

test("a list of which a value is not known yet is not shown, to people or to programs", (t) => {
  const change = { address: "P", before: ["a"], after: ["a", UNKNOWN] };
  const [read] = jsonOf(t, () => tellChanges(resourceLog("sbc1", "sbc1"), [change], () => false));
  assert.deepEqual(read, {
    device: "sbc1",
    resource: "sbc1",
    severity: "info",
    message: 'P: ["a"] => (known after apply)',
    change: "update",
    address: "P",
    before: ["a"],
  });
});

/** What a program reads of what is logged with `$MEDIANT_LOG=json`. */
function jsonOf(t: TestContext, tell: () => void): unknown[] {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  process.env["MEDIANT_LOG"] = "json";
  t.after(() => delete process.env["MEDIANT_LOG"]);
  tell();
  for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u);
  return lines.map((line) => JSON.parse(line));
}

test("each line is one of JSON if a program asks for it, and each change has its values", (t) => {
  const log = resourceLog("sbc1", "sbc1");
  const changes = Array.from({ length: 60 }, (_, at) => ({ address: `P${at}`, before: "1", after: "2" }));
  const read = jsonOf(t, () => {
    tellChanges(log, [{ address: "ProxySet 3 ProxyName", before: "a\u202e", after: undefined }], () => false);
    tellChanges(log, [{ address: "Password", before: "canary", after: "other" }], () => true, DRIFT);
    tellEach(log, ["EnableSyslog"], STAYS);
    log("warning: no longer managed");
    defaultLog("[sbc1] waiting for the device: 409");
    tellChanges(log, changes, () => false);
  });
  const head = { device: "sbc1", resource: "sbc1", severity: "info" };
  assert.deepEqual(read.slice(0, 5), [
    {
      ...head,
      message: 'ProxySet 3 ProxyName: "a\\u202e" => (none)',
      change: "update",
      address: "ProxySet 3 ProxyName",
      before: "a\u202e",
    },
    {
      ...head,
      message: "drift: Password: (secret) changed",
      change: "drift",
      address: "Password",
      secret: true,
    },
    { ...head, message: `EnableSyslog: ${STAYS}`, change: "released", address: "EnableSyslog" },
    { ...head, severity: "warning", message: "no longer managed" },
    { device: "sbc1", severity: "info", message: "waiting for the device: 409" },
  ]);
  assert.equal(read.length, 65, "each change, however many there are");
});

test("the secrets of a script are in no line for a program", (t) => {
  const change = { address: "user canary", before: "canary", after: ["x", "say canary"] };
  const read = jsonOf(t, () =>
    tellChange(resourceLog("sbc1", "base"), change, false, DRIFT, "drift", ["canary"]),
  );
  assert.doesNotMatch(JSON.stringify(read), /canary/);
});

test("a report reads the lines for programs as it reads those for people", () => {
  const line = { device: "sbc1", resource: "base", severity: "info", message: "uploads 5 MB" };
  assert.deepEqual(
    saidLines(`${JSON.stringify(line)}\n{"device":\n`),
    saidLines("[sbc1] base: uploads 5 MB"),
  );
  assert.deepEqual(
    saidLines(JSON.stringify({ ...line, resource: "sbc1" })),
    saidLines("[sbc1] uploads 5 MB"),
  );
});

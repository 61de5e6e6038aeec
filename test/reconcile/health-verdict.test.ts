import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ConfirmChecks } from "../../src/declare/checks";
import { ALARM_SEVERITIES, type Alarm } from "../../src/device/answers/alarms";
import type { DeviceStatus } from "../../src/device/answers/status";
import { faultsOf as judgeAgainst, type Seen, seenBefore } from "../../src/reconcile/health/verdict";

const seen = (more: Partial<Seen> = {}): Seen => ({
  ...{ status: HEALTHY, alarms: [], measured: [], printed: [] },
  ...more,
});

function judge(checks: ConfirmChecks, now: Seen, before?: Seen): string[] {
  return judgeAgainst(checks, now, before && seenBefore(checks, before));
}

function faultsOf(checks: ConfirmChecks, status: DeviceStatus, alarms: readonly Alarm[]): string[] {
  return judge(checks, seen({ status, alarms }));
}

const HEALTHY = {
  version: "7.40A.250.440",
  operationalState: "UNLOCKED",
  highAvailability: "Operational",
  other: {},
};
const ALL: ConfirmChecks = {
  maxSeverity: "minor",
  version: "7.40A.250.440",
  unlocked: true,
  highAvailability: true,
};

const alarm = (number: number, severity: Alarm["severity"]): Alarm => ({
  ...{
    id: String(number),
    description: `alarm ${number}`,
    source: "Board#1",
    date: "2026-01-02T03:04:05.000Z",
  },
  severity,
});

test("a healthy device has no faults, and what is not asked is none", () => {
  assert.deepEqual(faultsOf(ALL, HEALTHY, [alarm(1, "minor"), alarm(2, "cleared")]), []);
  const bad = { ...HEALTHY, operationalState: "LOCKED", highAvailability: "Stand Alone" };
  assert.deepEqual(faultsOf({}, bad, [alarm(1, "critical")]), []);
  assert.deepEqual(faultsOf({ unlocked: false, highAvailability: false }, bad, []), []);
});

test("all faults are told, a line each", () => {
  const bad = {
    version: "7.20A.256.024",
    operationalState: "LOCKED",
    highAvailability: "Stand Alone",
    other: {},
  };
  assert.deepEqual(faultsOf(ALL, bad, [alarm(1, "major"), alarm(2, "minor"), alarm(3, "critical")]), [
    "it runs 7.20A.256.024, not 7.40A.250.440",
    "it is LOCKED",
    "its high-availability partner is missing or not ready (Stand Alone)",
    "critical alarm of Board#1: alarm 3 (2026-01-02T03:04:05.000Z)",
    "major alarm of Board#1: alarm 1 (2026-01-02T03:04:05.000Z)",
  ]);
  for (const status of [
    { other: {} },
    { version: "", operationalState: "", highAvailability: "", other: {} },
  ])
    assert.deepEqual(faultsOf(ALL, status, []), [
      "it runs a version that it does not tell, not 7.40A.250.440",
      "it is in an operational state that it does not tell",
      "its high-availability partner is missing or not ready (it does not tell of one)",
    ]);
});

test("a pair that still synchronises is none that could take over", () => {
  for (const highAvailability of ["Synchronizing", "Not Operational", "HA"])
    assert.equal(faultsOf({ highAvailability: true }, { highAvailability, other: {} }, []).length, 1);
});

test("versions are compared by number, and as text where they are no versions", () => {
  const runs = (found: string, version: string) =>
    faultsOf({ version }, { version: found, other: {} }, []).length === 0;
  assert.ok(runs("7.40A.005.314", "7.40a.5.314"));
  assert.ok(runs("beta", "Beta"));
  assert.ok(!runs("7.40A.250.440", "7.40A.250"));
  assert.ok(!runs("7.40A.250.440", "7.40A.250.441"));
});

test("more than twenty alarms are counted, the worst listed", () => {
  const alarms = [
    ...Array.from({ length: 30 }, (_, at) => alarm(at, "warning")),
    ...Array.from({ length: 4 }, (_, at) => alarm(100 + at, "major")),
    { id: "7", description: "" },
  ];
  const faults = faultsOf({ maxSeverity: "indeterminate" }, HEALTHY, alarms);
  assert.equal(faults.length, 21);
  assert.equal(
    faults[0],
    "unclassified alarm: id 7",
    "a severity that is not told is not taken for a harmless one",
  );
  assert.deepEqual(
    faults.slice(1, 5).map((line) => line.split(" ")[0]),
    Array(4).fill("major"),
  );
  assert.equal(faults[20], "and 15 more: 15 warning");
  const many = faultsOf({ maxSeverity: "cleared" }, HEALTHY, [
    ...Array.from({ length: 21 }, (_, at) => alarm(at, "critical")),
    ...[alarm(50, "warning"), alarm(51, "major"), alarm(52, "major")],
  ]);
  assert.equal(many.at(-1), "and 4 more: 1 critical, 2 major, 1 warning");
});

test("no text of the device breaks a line, or shows what it obscured", () => {
  const description = "Login\n  - it is fine\u001b[31m of $1$aGVsbG8=";
  const [line] = faultsOf({ maxSeverity: "cleared" }, HEALTHY, [{ id: "1", description, severity: "major" }]);
  assert.equal(line, "major alarm: Login - it is fine of [secret]");
});

test("an alarm is a fault exactly where it is above what is tolerated", () => {
  const severity = fc.constantFrom(...ALARM_SEVERITIES);
  fc.assert(
    fc.property(severity, fc.array(severity, { maxLength: 15 }), (maxSeverity, severities) => {
      const alarms = severities.map((each, at) => alarm(at, each));
      const above = severities.filter(
        (each) => ALARM_SEVERITIES.indexOf(each) > ALARM_SEVERITIES.indexOf(maxSeverity),
      );
      assert.equal(faultsOf({ maxSeverity }, HEALTHY, alarms).length, above.length);
    }),
  );
});

test("an alarm is new if no alarm of that id and none with its words was there before", () => {
  const before = seen({ alarms: [alarm(1, "major"), alarm(2, "minor")] });
  const raisedAgain = { ...alarm(2, "critical"), id: "9" };
  const checks: ConfirmChecks = { newAlarms: "minor" };
  assert.deepEqual(judge(checks, seen({ alarms: [alarm(1, "major"), raisedAgain] }), before), []);
  assert.deepEqual(judge(checks, seen({ alarms: [alarm(3, "minor")] }), before), []);
  assert.deepEqual(judge(checks, seen({ alarms: [alarm(1, "major"), alarm(3, "major")] }), before), [
    "new major alarm of Board#1: alarm 3 (2026-01-02T03:04:05.000Z)",
  ]);
  const elsewhere = { ...alarm(1, "major"), id: "8", source: "Board#2" };
  assert.equal(judge(checks, seen({ alarms: [elsewhere] }), before).length, 1);
  const [fault, why = "", ...more] = judge(checks, seen({ alarms: [alarm(3, "major"), alarm(4, "minor")] }));
  assert.equal(fault, "major alarm of Board#1: alarm 3 (2026-01-02T03:04:05.000Z)");
  assert.match(why, /how the device was before it is not known: each of these alarms may be new/);
  assert.deepEqual(more, []);
  assert.deepEqual(judge(checks, seen({ alarms: [alarm(4, "minor")] })), []);
});

test("a monitor is judged by its bounds and by how far it fell, with the value found", () => {
  const measured = (value?: number): Seen => seen({ measured: [{ index: 2, interval: "current", value }] });
  const checks = (check: object): ConfirmChecks => ({ monitors: [{ name: "Calls", index: 2, ...check }] });
  assert.deepEqual(judge(checks({ min: 5, max: 9 }), measured(5)), []);
  assert.deepEqual(judge(checks({ min: 5 }), measured(4)), ["Calls, index 2, current is 4, below 5"]);
  assert.deepEqual(judge(checks({ min: 5, max: 9 }), measured(9)), []);
  assert.deepEqual(judge(checks({ max: 9 }), measured(10)), ["Calls, index 2, current is 10, above 9"]);
  assert.deepEqual(seenBefore(checks({}), measured()), { alarms: [], measured: {} });
  assert.deepEqual(judge(checks({ drop: 20 }), measured(80), measured(100)), []);
  assert.deepEqual(judge(checks({ drop: 20 }), measured(79), measured(100)), [
    "Calls, index 2, current fell by 21 % from 100 to 79, more than 20 %",
  ]);
  assert.deepEqual(judge(checks({ drop: 20 }), measured(), measured(100)), [
    "Calls, index 2, current: the device has no measurement",
  ]);
  assert.match(
    judge(checks({ drop: 20 }), measured(80))[0] ?? "",
    /is not known, nor whether it fell.*Give min/,
  );
});

test("what a command prints is judged line by line, and no secret of it is repeated", () => {
  const printed = (text: string): Seen => seen({ printed: [text] });
  const checks = (check: object): ConfirmChecks => ({ show: [{ command: " show sip state ", ...check }] });
  assert.deepEqual(judge(checks({ matches: "^trunk 1 +up$" }), printed("state\r\nTrunk 1   up\r\n")), []);
  assert.deepEqual(judge(checks({ matches: "up" }), printed("\n  \ntrunk 1 down\n")), [
    '`show sip state` does not match "up": it prints "trunk 1 down"',
  ]);
  for (const nothing of [printed(""), seen()])
    assert.deepEqual(judge(checks({ matches: "up" }), nothing), [
      '`show sip state` does not match "up": it prints nothing',
    ]);
  const [fault = ""] = judge(checks({ lacks: "down" }), printed("a\n  password S3cret down\nb"));
  assert.match(fault, /^`show sip state` must not match "down": it prints "password /);
  assert.doesNotMatch(fault, /S3cret/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { confirmProblems, healthProblems, PATTERN_FLAGS, showCommandFault } from "../../src/declare/checks";
import { UNKNOWN } from "../../src/declare/unknown";

test("a confirm argument that is right has no problems, also while parts are unknown", () => {
  const checks = {
    maxSeverity: "minor",
    newAlarms: "warning",
    version: "7.40A.250.440",
    unlocked: true,
    highAvailability: true,
    monitors: [{ name: "ActiveContextCount", index: 1, interval: "last15Minutes", min: 1, max: 9, drop: 50 }],
    show: [{ command: "show sip state", matches: "^up$", lacks: "down" }],
  };
  const whole = { checks, holdSeconds: 0, everySeconds: 1, onFailure: "reset", allowUnsaved: true };
  for (const confirm of [undefined, UNKNOWN, whole, { checks: UNKNOWN }, { checks: { monitors: UNKNOWN } }])
    assert.deepEqual(confirmProblems(confirm), []);
  assert.deepEqual(confirmProblems({ checks: { show: [{ command: UNKNOWN, matches: UNKNOWN }] } }), []);
});

test("each problem names its place", () => {
  assert.deepEqual(confirmProblems("yes"), ["confirm: must be an object with checks"]);
  assert.deepEqual(confirmProblems({}), [
    "confirm.checks: is missing: what has to hold for the change to be saved",
  ]);
  assert.deepEqual(confirmProblems({ checks: {} }), [
    "confirm.checks: checks nothing: give at least one check",
  ]);
  assert.deepEqual(confirmProblems({ checks: "all" }), ["confirm.checks: must be an object"]);
  assert.deepEqual(confirmProblems({ checks: { monitors: {}, show: [UNKNOWN, {}] } }), [
    "confirm.checks.monitors: must be a list",
    "confirm.checks.show[1].command: is missing: one `show` line",
    "confirm.checks.show[1]: checks nothing: give matches or lacks",
  ]);
  const wrong = {
    checks: {
      maxSeverity: "bad",
      unlocked: 1,
      version: " ",
      newAlarm: "minor",
      monitors: [
        { name: "a/b", index: -1, drop: 101, max: Number.NaN },
        { name: "Calls" },
        "Calls",
        { min: 1, interval: "now" },
        { name: "Calls", min: "7", max: Number.POSITIVE_INFINITY },
      ],
      show: [
        { command: "reload now", matches: "(" },
        { command: "show x" },
        { command: "show x", lacks: "" },
      ],
    },
    everySeconds: 0,
    onFailure: "panic",
    hold: 3,
  };
  assert.deepEqual(confirmProblems(wrong), [
    "confirm.checks.maxSeverity: must be one of cleared, indeterminate, warning, minor, major, critical",
    "confirm.checks.unlocked: must be true or false",
    "confirm.checks.version: must be a text such as 7.40A.250.440",
    "confirm.checks.newAlarm: is not an argument; did you mean newAlarms?",
    "confirm.checks.monitors[0].name: must be the name of a performance monitor",
    "confirm.checks.monitors[0].index: must be a whole number from 0",
    "confirm.checks.monitors[0].drop: must be a number from 0 to 100",
    "confirm.checks.monitors[0].max: must be a number",
    "confirm.checks.monitors[1]: checks nothing: give min, max or drop",
    "confirm.checks.monitors[2]: must be an object",
    "confirm.checks.monitors[3].interval: must be one of current, last15Minutes, previous15Minutes",
    "confirm.checks.monitors[3].name: must be the name of a performance monitor",
    "confirm.checks.monitors[4].min: must be a number",
    "confirm.checks.monitors[4].max: must be a number",
    "confirm.checks.show[0].command: must begin with `show`",
    "confirm.checks.show[0].matches: must be a regular expression, as a text",
    "confirm.checks.show[1]: checks nothing: give matches or lacks",
    "confirm.checks.show[2].lacks: must be a regular expression, as a text",
    "confirm.everySeconds: must be a number from 1 to 86400",
    "confirm.onFailure: must be one of restore, reset, leave",
    "confirm.hold: is not an argument",
  ]);
});

test("what compares with before belongs to confirm", () => {
  const checks = { newAlarms: "minor", monitors: [{ name: "Calls", drop: 5 }] };
  const said = healthProblems(checks);
  assert.equal(said.length, 2);
  for (const problem of said) assert.match(problem, /compares with how the device was before a change/);
  assert.deepEqual(healthProblems({ monitors: [{ name: "Calls" }] }), [
    "monitors[0]: checks nothing: give min or max",
  ]);
});

test("a command is one show line", () => {
  assert.equal(showCommandFault(" show version"), undefined);
  for (const command of ["reload", "show", "show ", "no show a"])
    assert.equal(showCommandFault(command), "must begin with `show`", command);
  for (const end of ["\n", "\r", "\0", "\u0085", "\u2028"])
    assert.equal(
      showCommandFault(`show a${end}reload`),
      "has a line end or another control character: one line is sent",
    );
  for (const sign of ";|<>")
    assert.equal(showCommandFault(`show a ${sign} b`), `has \`${sign}\`, which would start another command`);
});

test("checks that stand at the top are named without a place", () => {
  assert.deepEqual(healthProblems({ maxSeverity: "bad", monitors: "all" }), [
    "maxSeverity: must be one of cleared, indeterminate, warning, minor, major, critical",
    "monitors: must be a list",
  ]);
  for (const checks of ["all", [], null, 7])
    assert.deepEqual(confirmProblems({ checks }), ["confirm.checks: must be an object"]);
  assert.equal(showCommandFault(undefined), "must be a text");
  assert.equal(showCommandFault(7), "must be a text");
});

test("patterns are matched line by line, whatever the case", () => {
  assert.ok(new RegExp("^up$", PATTERN_FLAGS).test("state\nUP\nend"));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Failure } from "../../src/device/http/failures";
import {
  deadlineOf,
  foundAway,
  judge,
  defaultResetPolicy as policy,
  type ResetLimits,
  type ResetState,
  type ResetVerdict,
  told,
} from "../../src/device/reset/phase";
import { mayBeStarting, type Sighting, sightingOf, type Work } from "../../src/device/reset/sighting";

const limits: ResetLimits = { resetMs: 900_000, drainMs: 0 };
const failure: Failure = { kind: "lost", code: "MEDIANT_UNREACHABLE", detail: "x", sentence: "x" };

const up = (systemUpTime?: number, work?: Work): Sighting => ({
  kind: "up",
  status: { systemUpTime, other: {} },
  work,
});
const at = (work: Work) => up(undefined, work);
const notReady: Sighting = { kind: "notReady", failure };
const unauthorized: Sighting = { kind: "unauthorized", failure };
const broken: Sighting = { kind: "broken", failure };
const dark: Sighting = { kind: "dark", failure };

/** Phases and the last verdict of a reset that shows this, each at its second. */
function follow(start: ResetState, sightings: [number, Sighting][], within = limits) {
  let state = start;
  let verdict: ResetVerdict | undefined;
  const phases = sightings.map(([second, sighting]) => {
    ({ state, verdict } = judge(policy, within, state, sighting, second * 1000));
    return state.phase;
  });
  return { phases, verdict, state };
}

const outcome = (verdict: ResetVerdict | undefined) =>
  verdict?.action === "back" ? `back, ${verdict.wentDown ? "was down" : "was not down"}` : verdict?.action;

const courses: [string, ResetState, [number, Sighting][], string[], string][] = [
  [
    "the usual course",
    told(1000),
    [
      [1, up(1001)],
      [2, broken],
      [3, dark],
      [60, dark],
      [80, notReady],
      [90, up(5)],
    ],
    ["applying", "goingDown", "dark", "dark", "comingBack", "comingBack"],
    "back, was down",
  ],
  [
    "dark is down, also where the up time is another unit's",
    told(7),
    [
      [1, dark],
      [2, up(5000)],
    ],
    ["dark", "comingBack"],
    "back, was down",
  ],
  ["an up time that fell between two polls", told(1000), [[5, up(1)]], ["comingBack"], "back, was down"],
  [
    "an up time that grows after something broke",
    told(1000),
    [
      [1, broken],
      [2, up(1002)],
    ],
    ["goingDown", "applying"],
    "poll",
  ],
  [
    "without up time, one break and answers for less than 30 s",
    told(),
    [
      [1, broken],
      [30.9, up()],
    ],
    ["goingDown", "goingDown"],
    "poll",
  ],
  [
    "without up time, one break and answers for 30 s",
    told(),
    [
      [1, broken],
      [31, up()],
    ],
    ["goingDown", "goingDown"],
    "back, was down",
  ],
  [
    "an up time that stands still tells nothing",
    told(0),
    [
      [1, broken],
      [31, up(0)],
    ],
    ["goingDown", "goingDown"],
    "back, was down",
  ],
  [
    "not ready before it went is a doubt, too",
    told(),
    [
      [1, notReady],
      [2, up()],
    ],
    ["goingDown", "goingDown"],
    "poll",
  ],
  [
    "a new break begins the doubt anew",
    told(),
    [
      [1, broken],
      [30, broken],
      [40, up()],
    ],
    ["goingDown", "goingDown", "goingDown"],
    "poll",
  ],
  ["it never begins: 59 s", told(1000), [[59, up(1059)]], ["applying"], "poll"],
  ["it never begins: 60 s", told(1000), [[60, up(1060)]], ["applying"], "back, was not down"],
  [
    "a broken connection in the dark is still dark",
    told(),
    [
      [1, dark],
      [2, broken],
    ],
    ["dark", "dark"],
    "poll",
  ],
  [
    "dark again while it comes back",
    told(),
    [
      [1, dark],
      [2, notReady],
      [3, dark],
    ],
    ["dark", "comingBack", "dark"],
    "poll",
  ],
  [
    "the login refused twice",
    told(),
    [
      [1, dark],
      [2, unauthorized],
      [32, unauthorized],
      [62, up()],
    ],
    ["dark", "comingBack", "comingBack", "comingBack"],
    "back, was down",
  ],
  [
    "the login refused three times",
    told(),
    [
      [1, dark],
      [2, unauthorized],
      [32, unauthorized],
      [62, unauthorized],
    ],
    ["dark", "comingBack", "comingBack", "comingBack"],
    "refused",
  ],
  [
    "dark at the deadline",
    told(),
    [
      [1, dark],
      [900, dark],
    ],
    ["dark", "dark"],
    "overdue",
  ],
  ["not ready at the deadline", told(), [[900, notReady]], ["goingDown"], "overdue"],
  [
    "what was wanted is there although nothing was seen to go",
    told(1000),
    [
      [1, up(1001)],
      [2, up(1002, "done")],
    ],
    ["applying", "comingBack"],
    "back, was down",
  ],
  [
    "a pair at work answers all the time, the units change roles, and it is done",
    told(1000),
    [
      [1, up(1001, "idle")],
      [2, up(1002, "going")],
      [400, broken],
      [401, up(90_000, "going")],
      [600, up(90_200, "going")],
      [700, up(90_300, "done")],
    ],
    ["applying", "applying", "goingDown", "applying", "applying", "comingBack"],
    "back, was down",
  ],
  [
    "a pair that was at work and has ended without it",
    told(),
    [
      [1, at("going")],
      [2, at("idle")],
    ],
    ["applying", "applying"],
    "back, was not down",
  ],
  ["a pair that does not begin: 59 s", told(), [[59, at("idle")]], ["applying"], "poll"],
  ["a pair that does not begin: 60 s", told(), [[60, at("idle")]], ["applying"], "back, was not down"],
  [
    "a unit that was dark is waited for while it is at work",
    told(),
    [
      [1, dark],
      [200, at("going")],
      [300, at("idle")],
    ],
    ["dark", "comingBack", "comingBack"],
    "back, was down",
  ],
  ["still at work at the deadline", told(), [[900, at("going")]], ["applying"], "back, was not down"],
  [
    "a load is burnt before it goes down: the minute begins with the end of it",
    told(),
    [
      [100, at("going")],
      [159, up()],
    ],
    ["applying", "applying"],
    "poll",
  ],
  [
    "a load is burnt, and nothing goes down",
    told(),
    [
      [100, at("going")],
      [160, up()],
    ],
    ["applying", "applying"],
    "back, was not down",
  ],
  [
    "away when we came",
    foundAway,
    [
      [1, dark],
      [2, up()],
    ],
    ["dark", "comingBack"],
    "back, was down",
  ],
];

for (const [name, start, sightings, phases, expected] of courses) {
  test(name, () => {
    const followed = follow(start, sightings);
    assert.deepEqual(followed.phases, phases);
    assert.equal(outcome(followed.verdict), expected);
  });
}

test("calls may go on before it goes down", () => {
  const draining = { resetMs: 900_000, drainMs: 300_000 };
  assert.equal(follow(told(1), [[359, up(2)]], draining).verdict?.action, "poll");
  assert.equal(outcome(follow(told(1), [[360, up(2)]], draining).verdict), "back, was not down");
  assert.equal(deadlineOf(draining, told()), 1_200_000);
  // Calls that ended early leave no time over.
  assert.equal(deadlineOf(draining, follow(told(), [[100, dark]], draining).state), 1_000_000);
  assert.equal(deadlineOf(draining, follow(told(), [[400, dark]], draining).state), 1_200_000);
});

test("a deadline before the minute in which it may begin: it answers, so that is no error", () => {
  assert.equal(
    outcome(follow(told(1), [[5, up(2)]], { resetMs: 5_000, drainMs: 0 }).verdict),
    "back, was not down",
  );
});

test("services that come and go are polled as slowly as those that stay away", () => {
  let state = told();
  let atMs = 0;
  let polls = 0;
  for (; atMs < 600_000; polls++) {
    const { state: next, verdict } = judge(policy, limits, state, polls % 2 === 0 ? dark : notReady, atMs);
    assert.ok(verdict.action === "poll");
    state = next;
    atMs += verdict.afterMs;
  }
  assert.ok(polls < 170, String(polls));
});

test("polls come quickly at first and slower later, a refused login after 30 s, and the last at the deadline", () => {
  const pause = (sightings: [number, Sighting][]) => {
    const { verdict } = follow(told(), sightings);
    return verdict?.action === "poll" ? verdict.afterMs : verdict?.action;
  };
  assert.equal(pause([[0, up()]]), 250);
  assert.equal(pause([[16, up()]]), 2_000);
  assert.equal(pause([[55, up()]]), 5_000);
  assert.equal(pause([[55, dark]]), 250);
  assert.equal(
    pause([
      [55, dark],
      [71, dark],
    ]),
    2_000,
  );
  assert.equal(pause([[55, unauthorized]]), 30_000);
  assert.equal(
    pause([
      [55, dark],
      [899, dark],
    ]),
    1_000,
  );
});

test("what begins sooner, if at all, is not waited for as long", () => {
  const soon = { ...limits, beginMs: 20_000 };
  assert.equal(follow(told(1), [[19, up(2)]], soon).verdict?.action, "poll");
  assert.equal(outcome(follow(told(1), [[20, up(2)]], soon).verdict), "back, was not down");
  const late = { ...limits, beginMs: 90_000 };
  assert.equal(outcome(follow(told(1), [[60, up(2)]], late).verdict), "back, was not down");
});

const works = fc.constantFrom<Work>(undefined, "going", "idle", "done");
const sightings = fc.oneof(
  fc.tuple(fc.option(fc.nat(2_000), { nil: undefined }), works).map(([upTime, work]) => up(upTime, work)),
  fc.constantFrom(notReady, unauthorized, broken, dark),
);

test("whatever is seen: it ends by the deadline, a sure sign is never forgotten, and the login is tried three times at most", () => {
  fc.assert(
    fc.property(
      fc.array(sightings, { minLength: 1 }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.nat(100_000),
      fc.option(fc.nat(2_000), { nil: undefined }),
      (all, resetMs, drainMs, upTime) => {
        let state = told(upTime);
        let atMs = 0;
        for (let n = 0; ; n++) {
          const sighting = all[n % all.length] ?? dark;
          const judged = judge(policy, { resetMs, drainMs }, state, sighting, atMs);
          assert.ok(judged.state.unauthorized <= 3);
          if (state.downAtMs !== undefined) {
            assert.equal(judged.state.downAtMs, state.downAtMs);
            assert.notEqual(outcome(judged.verdict), "back, was not down");
          }
          state = judged.state;
          if (sighting.kind === "up" && sighting.work === "done")
            assert.equal(outcome(judged.verdict), "back, was down");
          if (sighting.kind === "up" && sighting.work === "going" && judged.verdict.action === "back")
            assert.ok(atMs >= deadlineOf({ resetMs, drainMs }, judged.state));
          if (judged.verdict.action !== "poll") return;
          assert.ok(judged.verdict.afterMs > 0);
          atMs += judged.verdict.afterMs;
          assert.ok(atMs <= resetMs + drainMs);
        }
      },
    ),
  );
});

test("what an attempt shows", () => {
  const failed = (more: Partial<Failure>, status?: number) =>
    sightingOf({ status, failure: { ...failure, status, ...more } }).kind;
  const answered = (text: string) =>
    sightingOf({
      status: 200,
      answer: { status: 200, headers: {}, isEndProven: true, body: Buffer.from(text) },
    }).kind;
  assert.equal(answered('{"versionID": "7.40A"}'), "up");
  assert.equal(answered("<html>Please wait</html>"), "notReady");
  assert.equal(answered(""), "notReady");
  assert.equal(failed({ kind: "unavailable" }, 503), "notReady");
  assert.equal(failed({ kind: "permanent" }, 404), "notReady");
  assert.equal(failed({ kind: "permanent" }, 401), "unauthorized");
  assert.equal(failed({ kind: "notSent", code: "MEDIANT_TLS" }), "notReady");
  assert.equal(failed({ kind: "permanent", code: "MEDIANT_TLS" }), "notReady");
  assert.equal(failed({ kind: "notSent" }), "dark");
  assert.equal(failed({ kind: "lost" }), "broken");
  assert.equal(failed({ kind: "timeout", code: "MEDIANT_TIMEOUT" }), "broken");
});

test("a device that may be starting is told from one that waiting does not help", () => {
  const starting: Partial<Failure>[] = [
    { kind: "notSent", detail: "ECONNREFUSED" },
    { kind: "lost", detail: "ECONNRESET" },
    { kind: "timeout", code: "MEDIANT_TIMEOUT" },
    { kind: "unavailable", code: "MEDIANT_DEVICE_FAILURE" },
    { kind: "busy", code: "MEDIANT_CONFLICT" },
  ];
  const hopeless: Partial<Failure>[] = [
    { kind: "notSent", detail: "ENOTFOUND" },
    { kind: "permanent", code: "MEDIANT_TLS" },
    { kind: "permanent", code: "MEDIANT_NOT_FOUND" },
    { kind: "lost", code: "MEDIANT_BAD_ANSWER" },
  ];
  for (const each of starting)
    assert.equal(mayBeStarting({ ...failure, ...each }), true, JSON.stringify(each));
  for (const each of hopeless)
    assert.equal(mayBeStarting({ ...failure, ...each }), false, JSON.stringify(each));
});

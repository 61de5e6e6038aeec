import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Failure } from "../../src/device/http/failures";
import { defaultResetPolicy, foundAway, type ResetLimits, told } from "../../src/device/reset/phase";
import type { Sighting } from "../../src/device/reset/sighting";
import { type WatchEnd, type Watched, watchReset } from "../../src/device/reset/watch";
import { ManualClock } from "./clock";

const failure: Failure = {
  kind: "unavailable",
  code: "MEDIANT_DEVICE_FAILURE",
  detail: "503",
  sentence: "503",
};
const trouble = (kind: "notReady" | "broken" | "dark"): Sighting => ({ kind, failure });
const up = (systemUpTime?: number): Sighting => ({ kind: "up", status: { systemUpTime, other: {} } });

/** What a device shows at a moment, in milliseconds since it was told to reset. */
type Course = (atMs: number) => Sighting | "hangs";

async function watch(course: Course, limits: ResetLimits, more: Partial<Watched> = {}) {
  const clock = new ManualClock();
  const lines: string[] = [];
  const loggedAt: number[] = [];
  const polledAt: number[] = [];
  let ended: { end: WatchEnd; atMs: number } | undefined;
  let downs = 0;
  const watching = watchReset({
    ...{ clock, limits, policy: defaultResetPolicy, start: told(1_000), onDown: () => downs++ },
    poll: async () => {
      polledAt.push(clock.now());
      const seen = course(clock.now());
      return seen === "hangs" ? new Promise<never>(() => {}) : seen;
    },
    log: (line) => {
      lines.push(line);
      loggedAt.push(clock.now());
    },
    ...more,
  });
  void watching.then((end) => {
    ended = { end, atMs: clock.now() };
  });
  await clock.advance(limits.resetMs + limits.drainMs + 10_000);
  assert.ok(ended, "it has not ended by its deadline");
  const { end, atMs } = ended;
  const gaps = [...loggedAt, atMs].map((at, n, all) => at - (all[n - 1] ?? 0));
  return { end, atMs, lines, polledAt, downs, longestSilence: Math.round(Math.max(...gaps)) };
}

const limits = { resetMs: 900_000, drainMs: 0 };

test("the lines of a reset", async () => {
  const { end, lines, downs } = await watch((at) => {
    if (at < 10_000) return up(1_000 + at / 1000);
    if (at < 12_000) return trouble("broken");
    if (at < 80_000) return trouble("dark");
    return at < 90_000 ? trouble("notReady") : up(3);
  }, limits);
  assert.equal(end.kind === "back" && end.wentDown, true);
  assert.equal(downs, 1);
  assert.deepEqual(
    lines.map((line) => line.replace(/\d+ s$/, "n s")),
    [
      "waiting for the device to go down, n s",
      "the device seems to go down (503), n s",
      "waiting for the device to come back, n s",
      "waiting for the device to come back, n s",
      "waiting for the device to come back, n s",
      "waiting for the device to be ready (503), n s",
      "the device is back after n s",
    ],
  );
  assert.match(lines[3] ?? "", /, 42 s$/);
});

test("a reset that waits for calls says so, and one that never begins", async () => {
  const { end, lines, atMs } = await watch((at) => up(1_000 + at), { resetMs: 900_000, drainMs: 30_000 });
  assert.equal(end.kind === "back" && !end.wentDown, true);
  assert.equal(lines[0], "waiting for the device to end its calls and go down, 0 s");
  assert.match(lines.at(-1) ?? "", /^the device did not go down within 9\d s$/);
  assert.ok(atMs >= 90_000 && atMs <= 95_000, String(atMs));
});

test("a device that comes back at nine tenths of the deadline is back", async () => {
  const { end, atMs } = await watch((at) => (at < 810_000 ? trouble("dark") : up(1)), limits);
  assert.equal(end.kind, "back");
  // It has to go on answering for 20 s.
  assert.ok(atMs >= 830_000 && atMs <= 835_000, String(atMs));
});

test("services that come and go do not flood the log", async () => {
  let n = 0;
  const { lines } = await watch(() => trouble(n++ % 2 === 0 ? "dark" : "notReady"), limits);
  assert.ok(lines.length <= 33, String(lines.length));
});

test("a poll without an end is over after 15 s, and the last one with the deadline", async () => {
  const hanging = await watch(() => "hangs", limits, { start: foundAway });
  assert.equal(hanging.end.kind, "overdue");
  assert.ok(hanging.end.kind === "overdue" && /no answer for \d+ s/.test(hanging.end.last.failure.sentence));
  assert.ok(hanging.atMs <= 901_000, String(hanging.atMs));
});

test("the polls of a wait to the end are few", async () => {
  const { polledAt } = await watch(() => trouble("dark"), limits);
  assert.ok(polledAt.length < 220, String(polledAt.length));
  assert.ok((polledAt[0] ?? 0) <= 250);
});

test("a poll that rejects ends it", async () => {
  const clock = new ManualClock();
  const watching = watchReset({
    ...{ clock, limits, policy: defaultResetPolicy, start: foundAway, log: () => {}, onDown: () => {} },
    poll: () => Promise.reject(new Error("closed")),
  });
  const rejected = assert.rejects(watching, /closed/);
  await clock.advance(1_000);
  await rejected;
});

/** A device that answers for a while, is dark, is not ready, and is back; with up time in its status or without. */
const courses = fc.record({
  upMs: fc.nat(59_000),
  darkMs: fc.nat(400_000),
  startingMs: fc.nat(100_000),
  starting: fc.constantFrom("notReady" as const, "broken" as const, "hangs" as const),
  hasUpTime: fc.boolean(),
  drainMs: fc.nat(100_000),
});

test("any reset is seen to its end, soon after it, with a line each 30 s; and given up at the deadline", async () => {
  await fc.assert(
    fc.asyncProperty(courses, fc.integer({ min: 60_000, max: 600_000 }), async (course, resetMs) => {
      // Without an up time, what no poll can see cannot be told.
      const darkMs = course.hasUpTime ? course.darkMs : course.darkMs + 5_000;
      const downAt = course.upMs + course.drainMs;
      const startsAt = downAt + darkMs;
      const backAt = startsAt + course.startingMs;
      const seen = await watch(
        (at) => {
          if (at < downAt) return up(course.hasUpTime ? 1_000 + at / 1000 : undefined);
          if (at < startsAt) return trouble("dark");
          if (at < backAt) return course.starting === "hangs" ? "hangs" : trouble(course.starting);
          return up(course.hasUpTime ? (at - startsAt) / 1000 : undefined);
        },
        { resetMs, drainMs: course.drainMs },
      );
      assert.ok(seen.longestSilence <= 30_000, `${seen.longestSilence} ms without a line`);
      // Either end is right where the device comes back just when it is given up.
      const latestMs = Math.min(downAt, course.drainMs) + resetMs;
      if (backAt < latestMs - 25_000) {
        assert.equal(seen.end.kind, "back");
        assert.equal(seen.end.kind === "back" && seen.end.wentDown, true);
        // Of these, 20 s at most show that it goes on answering.
        assert.ok(seen.atMs >= backAt && seen.atMs <= backAt + 45_000);
      } else if (backAt > latestMs + 10_000) {
        assert.equal(seen.end.kind, "overdue");
        assert.ok(seen.atMs <= latestMs + 6_000, `${seen.atMs} of ${latestMs}`);
      }
    }),
    { numRuns: 150 },
  );
});

test("a device that starts a second time is back when it goes on answering", async () => {
  const twice: Course = (at) => {
    if (at < 40_000) return trouble("dark");
    if (at < 45_000) return up(3);
    return at < 80_000 ? trouble("dark") : up(4);
  };
  const { end, atMs, lines } = await watch(twice, limits);
  assert.equal(end.kind === "back" && end.status.systemUpTime, 4);
  assert.ok(atMs >= 90_000, String(atMs));
  assert.ok(lines.includes("the device stopped answering again: it restarts once more"), lines.join("\n"));
});

test("an up time that falls while a device goes on answering is a second start", async () => {
  const twice: Course = (at) =>
    at < 40_000 ? trouble("dark") : up(at < 44_000 ? at / 1000 : at / 1000 - 44);
  const { atMs } = await watch(twice, limits);
  assert.ok(atMs >= 52_000 && atMs < 56_000, String(atMs));
});

test("a device that comes back at the deadline is looked at all the same", async () => {
  const { end, atMs } = await watch((at) => (at < 899_000 ? trouble("dark") : up(3)), limits);
  assert.equal(end.kind, "back");
  assert.ok(atMs <= 902_000, String(atMs));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decide,
  defaultPolicy,
  type FailedAttempt,
  type FailureKind,
  mayOutlastReset,
} from "../../src/device/http/retry";

const kinds: FailureKind[] = [
  "busy",
  "notSent",
  "unavailable",
  "lost",
  "timeout",
  "cut",
  "unreadable",
  "permanent",
];
const first = (kind: FailureKind, method: string, more: Partial<FailedAttempt> = {}): FailedAttempt => ({
  ...{ method, kind, detail: "x", attempt: 1, elapsedMs: 0, random: 0.5 },
  ...more,
});

test("what is done after the first failure", () => {
  const table: [FailureKind, string, string, string][] = [
    // kind, GET, PUT, POST that may be done twice
    ["busy", "retry", "retry", "retry"],
    ["notSent", "retry", "retry", "retry"],
    ["unavailable", "retry", "unknown", "retry"],
    ["lost", "retry", "unknown", "retry"],
    ["timeout", "retry", "unknown", "retry"],
    ["cut", "fail", "fail", "fail"],
    ["unreadable", "fail", "unknown", "fail"],
    ["permanent", "fail", "fail", "fail"],
  ];
  assert.deepEqual(
    table.map(([kind]) => kind),
    kinds,
  );
  for (const [kind, get, put, post] of table) {
    assert.equal(decide(defaultPolicy, first(kind, "GET")).action, get, kind);
    assert.equal(decide(defaultPolicy, first(kind, "PUT")).action, put, kind);
    assert.equal(decide(defaultPolicy, first(kind, "POST", { idempotent: true })).action, post, kind);
  }
});

test("what failed while the device resets is sent again after it where that does no harm", () => {
  const table: [FailureKind, boolean, boolean, boolean][] = [
    // kind, GET, PUT, POST that may be done twice
    ["busy", false, false, false],
    ["notSent", true, true, true],
    ["unavailable", true, false, true],
    ["lost", true, false, true],
    ["timeout", true, false, true],
    ["cut", false, false, false],
    ["unreadable", false, false, false],
    ["permanent", false, false, false],
  ];
  for (const [kind, get, put, post] of table) {
    assert.equal(mayOutlastReset({ method: "GET" }, kind), get, kind);
    assert.equal(mayOutlastReset({ method: "PUT" }, kind), put, kind);
    assert.equal(mayOutlastReset({ method: "POST", idempotent: true }, kind), post, kind);
  }
});

test("409 is waited for with growing pauses up to its deadline", () => {
  const pauses = [1, 2, 3, 4, 5, 6].map((attempt) => {
    const decision = decide(defaultPolicy, first("busy", "PUT", { attempt, random: 0.999999 }));
    return decision.action === "retry" ? Math.round(decision.afterMs) : undefined;
  });
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 15000, 15000]);
  const last = decide(defaultPolicy, first("busy", "PUT", { attempt: 30, elapsedMs: 299_000 }));
  assert.deepEqual(last, { action: "retry", afterMs: 1000, waitingFor: "busy (x)", deadlineMs: 300_000 });
  assert.equal(decide(defaultPolicy, first("busy", "PUT", { elapsedMs: 300_000 })).action, "fail");
  assert.equal(decide({ ...defaultPolicy, conflictMs: 0 }, first("busy", "PUT")).action, "fail");
});

test("trouble is bounded by attempts and by time", () => {
  assert.equal(decide(defaultPolicy, first("lost", "GET", { attempt: 3 })).action, "retry");
  assert.equal(decide(defaultPolicy, first("lost", "GET", { attempt: 4 })).action, "fail");
  assert.equal(decide(defaultPolicy, first("timeout", "GET", { elapsedMs: 60_000 })).action, "fail");
});

const attempts = fc.record<FailedAttempt>({
  method: fc.constantFrom("GET", "PUT", "POST"),
  idempotent: fc.boolean(),
  kind: fc.constantFrom(...kinds),
  detail: fc.string(),
  attempt: fc.integer({ min: 1, max: 1000 }),
  elapsedMs: fc.nat(1_000_000),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

test("no pause goes past its deadline, and each has an end", () => {
  fc.assert(
    fc.property(attempts, (failed) => {
      const decision = decide(defaultPolicy, failed);
      if (decision.action !== "retry") return;
      assert.ok(decision.afterMs >= 0 && Number.isFinite(decision.afterMs));
      assert.ok(failed.elapsedMs + decision.afterMs <= decision.deadlineMs);
    }),
  );
});

test("a write that may have been done is never sent again unlooked, and a read is never looked up", () => {
  fc.assert(
    fc.property(attempts, (failed) => {
      const { action } = decide(defaultPolicy, failed);
      const write = failed.method !== "GET" && !failed.idempotent;
      if (!write) assert.notEqual(action, "unknown");
      if (write && !["busy", "notSent"].includes(failed.kind)) assert.notEqual(action, "retry");
    }),
  );
});

test("what is waited for is told in words, with the detail", () => {
  const said = (kind: FailureKind) => {
    const decision = decide(defaultPolicy, first(kind, "GET", { detail: "HTTP 503" }));
    return decision.action === "retry" ? decision.waitingFor : decision.action;
  };
  assert.deepEqual(
    (["busy", "notSent", "unavailable", "lost", "timeout", "partial"] as const).map(said),
    ["busy", "not reachable", "not ready", "connection lost", "no answer", "answer not usable"].map(
      (words) => `${words} (HTTP 503)`,
    ),
  );
});

test("half an answer to a read is asked for again, half an answer to a write is looked up", () => {
  assert.equal(decide(defaultPolicy, first("partial", "GET")).action, "retry");
  assert.equal(decide(defaultPolicy, first("partial", "PUT")).action, "unknown");
  assert.equal(mayOutlastReset({ method: "GET" }, "partial"), true);
  assert.equal(mayOutlastReset({ method: "PUT" }, "partial"), false);
});

test("pauses double, are cut at their longest, and spread by chance", () => {
  const policy = {
    ...defaultPolicy,
    ...{ conflictMs: 1_000_000, conflictPauseMs: { first: 100, longest: 350 } },
    ...{ troubleMs: 1_000_000, troubleAttempts: 9, troublePauseMs: { first: 10, longest: 35 } },
  };
  const pause = (kind: FailureKind, attempt: number, random: number) => {
    const decision = decide(policy, first(kind, "GET", { attempt, random }));
    return decision.action === "retry" ? decision.afterMs : decision.action;
  };
  assert.deepEqual(
    [1, 2, 3, 4].map((attempt) => pause("busy", attempt, 1)),
    [100, 200, 350, 350],
  );
  assert.deepEqual(
    [1, 2, 3, 4].map((attempt) => pause("busy", attempt, 0)),
    [50, 100, 175, 175],
  );
  assert.deepEqual(
    [1, 2, 3, 4].map((attempt) => pause("lost", attempt, 1)),
    [10, 20, 35, 35],
  );
  assert.deepEqual(
    [1, 2, 3, 4].map((attempt) => pause("lost", attempt, 0.5)),
    [5, 10, 17.5, 17.5],
  );
});

test("trouble is given up at the last attempt, and where the next one would begin at the deadline", () => {
  const policy = {
    ...defaultPolicy,
    ...{ troubleMs: 100, troubleAttempts: 3, troublePauseMs: { first: 10, longest: 10 } },
  };
  const action = (more: Partial<FailedAttempt>) =>
    decide(policy, first("lost", "GET", { random: 1, ...more })).action;
  assert.equal(action({ attempt: 2 }), "retry");
  assert.equal(action({ attempt: 3 }), "fail");
  assert.equal(action({ elapsedMs: 89 }), "retry");
  assert.equal(action({ elapsedMs: 90 }), "fail");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type GroupKind, type Ticket, WriteQueue } from "../../src/device/shared/write-queue";
import { ManualClock, settle } from "./clock";

const timing = { quietMs: 50, gatherMs: 300, patienceMs: 1_200, graceMs: 1_000 };

function queueAt(clock: ManualClock): WriteQueue {
  return new WriteQueue(timing, clock);
}

/** A kind that records its groups and resolves each job with its own name. */
function recording(name: string, groups: string[][], takes: () => Promise<void> = async () => {}) {
  const kind: GroupKind<string, string> = {
    name,
    async run(group) {
      groups.push(group.map(({ job }) => job));
      await takes();
      for (const ticket of group) ticket.resolve(ticket.job);
    },
  };
  return kind;
}

/** Something to wait for that ends when it is told to. */
function gate() {
  let open: () => void = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

test("jobs go out together when none came for 50 ms", async () => {
  const clock = new ManualClock();
  const queue = queueAt(clock);
  const groups: string[][] = [];
  const kind = recording("ini", groups);
  const results = [queue.submit(kind, "a")];
  await clock.advance(49);
  results.push(queue.submit(kind, "b"));
  await clock.advance(49);
  assert.deepEqual(groups, []);
  assert.equal(queue.idle, false);
  await clock.advance(1);
  assert.deepEqual(groups, [["a", "b"]]);
  assert.deepEqual(await Promise.all(results), ["a", "b"]);
  await clock.advance(0);
  assert.equal(queue.idle, true);
});

test("a group goes out after 300 ms however many jobs still come", async () => {
  const clock = new ManualClock();
  const queue = queueAt(clock);
  const groups: string[][] = [];
  const kind = recording("ini", groups);
  for (let at = 0; at < 400; at += 40) {
    void queue.submit(kind, String(at));
    await clock.advance(40);
  }
  await clock.advance(300);
  assert.deepEqual(groups, [
    ["0", "40", "80", "120", "160", "200", "240", "280"],
    ["320", "360"],
  ]);
});

test("what comes during a run is the next group", async () => {
  const clock = new ManualClock();
  const queue = queueAt(clock);
  const groups: string[][] = [];
  const first = gate();
  const kind = recording("ini", groups, () => first.passed);
  void queue.submit(kind, "a");
  await clock.advance(50);
  assert.equal(queue.running, "ini");
  void queue.submit(kind, "b");
  await clock.advance(500);
  void queue.submit(kind, "c");
  await clock.advance(500);
  assert.deepEqual(groups, [["a"]]);
  first.open();
  await clock.advance(0);
  assert.deepEqual(groups, [["a"], ["b", "c"]]);
});

test("never two at a time, whatever is asked when", async () => {
  const step = fc.record({
    kind: fc.constantFrom("ini", "cli", "exclusive"),
    wait: fc.integer({ min: 0, max: 400 }),
    takes: fc.integer({ min: 0, max: 200 }),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const clock = new ManualClock();
      const queue = queueAt(clock);
      let running = 0;
      const work = async ({ takes, fails }: (typeof steps)[number]) => {
        assert.equal(++running, 1);
        await new Promise<void>((resolve) => clock.after(takes, resolve));
        running--;
        if (fails) throw new Error("refused");
      };
      const settled: string[] = [];
      for (const job of steps) {
        const kind: GroupKind<typeof job, void> = {
          name: job.kind,
          async run(group) {
            for (const ticket of group)
              await work(ticket.job).then(ticket.resolve.bind(ticket), ticket.reject.bind(ticket));
          },
        };
        const done =
          job.kind === "exclusive" ? queue.exclusive("alone", () => work(job)) : queue.submit(kind, job);
        done.then(
          () => settled.push("done"),
          (error) => settled.push(error.message),
        );
        await clock.advance(job.wait);
      }
      await clock.advance(60_000);
      const expected = steps.map(({ fails }) => (fails ? "refused" : "done"));
      assert.deepEqual(settled.sort(), expected.sort());
      assert.equal(queue.idle, true);
    }),
    { numRuns: 50 },
  );
});

test("a run that throws fails its jobs and holds nobody up", async () => {
  const clock = new ManualClock();
  const queue = queueAt(clock);
  const throwing: GroupKind<string, string> = {
    name: "throwing",
    async run(group) {
      group[0]?.resolve("settled before");
      throw new Error("the device is gone");
    },
  };
  const results = Promise.allSettled([queue.submit(throwing, "a"), queue.submit(throwing, "b")]);
  const alone = assert.rejects(
    queue.exclusive("now", () => {
      throw new Error("at once");
    }),
    /at once/,
  );
  await clock.advance(50);
  await alone;
  const [a, b] = await results;
  assert.deepEqual(a, { status: "fulfilled", value: "settled before" });
  assert.match(String(b?.status === "rejected" && b.reason), /the device is gone/);
  assert.equal(queue.idle, true);
});

test("a job that a run forgets is rejected", async () => {
  const clock = new ManualClock();
  const queue = queueAt(clock);
  const forgetful: GroupKind<string, string> = { name: "forgetful", run: async () => {} };
  const result = assert.rejects(queue.submit(forgetful, "a"), /forgetful left a job without a result/);
  await clock.advance(50);
  await result;
});

/** Parks a job until another one is in its group, or until its last chance. */
function parking(groups: string[][], needs: string) {
  const kind: GroupKind<string, string> = {
    name: "ini",
    async run(group: Ticket<string, string>[]) {
      groups.push(
        group.map(({ job, attempts, lastChance }) => `${job} ${attempts}${lastChance ? " last" : ""}`),
      );
      const found = group.some(({ job }) => job === needs);
      for (const ticket of group) {
        if (found || ticket.lastChance) ticket.resolve(`${ticket.job} after ${ticket.attempts}`);
        else ticket.park();
      }
    },
  };
  return kind;
}

test("a parked job joins the next group of its kind", async () => {
  const clock = new ManualClock();
  const queue = queueAt(clock);
  const groups: string[][] = [];
  const kind = parking(groups, "b");
  const a = queue.submit(kind, "a");
  await clock.advance(900);
  assert.equal(queue.idle, false);
  const b = queue.submit(kind, "b");
  await clock.advance(50);
  assert.deepEqual(await Promise.all([a, b]), ["a after 2", "b after 1"]);
  await clock.advance(5_000);
  assert.equal(queue.idle, true);
  assert.deepEqual(groups, [["a 1"], ["a 2", "b 1"]]);
});

test("a parked job has its last chance when nothing ran or waited for a second", async () => {
  const clock = new ManualClock();
  const queue = queueAt(clock);
  const groups: string[][] = [];
  const a = queue.submit(parking(groups, "b"), "a");
  await clock.advance(50 + 999);
  await queue.exclusive("other", async () => {});
  await clock.advance(999);
  assert.deepEqual(groups, [["a 1"]]);
  await clock.advance(1);
  assert.deepEqual(groups, [["a 1"], ["a 2 last"]]);
  assert.equal(await a, "a after 2");
  await settle();
  assert.equal(queue.idle, true);
});

test("a job parked while the next group gathers joins that one", async () => {
  const clock = new ManualClock();
  const queue = queueAt(clock);
  const groups: string[][] = [];
  const held = gate();
  const parks = parking(groups, "b");
  const kind: GroupKind<string, string> = {
    ...parks,
    run: async (group) => {
      await parks.run(group);
      await held.passed;
    },
  };
  void queue.submit(kind, "a");
  await clock.advance(60);
  void queue.submit(kind, "b");
  held.open();
  await clock.advance(60);
  assert.deepEqual(groups, [["a 1"], ["a 2", "b 1"]]);
});

test("parking at the last chance is an error", async () => {
  const clock = new ManualClock();
  const queue = queueAt(clock);
  const kind: GroupKind<string, string> = {
    name: "stubborn",
    run: async (group) => {
      for (const ticket of group) ticket.park();
    },
  };
  const result = assert.rejects(queue.submit(kind, "a"), /had its last chance/);
  await clock.advance(2_000);
  await result;
  await settle();
  assert.equal(queue.idle, true);
});

test("what is first runs before all that waits, and the rest in its order", async () => {
  const clock = new ManualClock();
  const queue = queueAt(clock);
  const ran: string[] = [];
  const kind: GroupKind<string, void> = {
    name: "ini",
    async run(group) {
      ran.push(group.map(({ job }) => job).join("+"));
      for (const ticket of group) ticket.resolve();
    },
  };
  const held = gate();
  const note = (label: string) => async () => {
    ran.push(label);
  };
  void queue.exclusive("running", () => held.passed);
  void queue.submit(kind, "a");
  await clock.advance(1_000);
  void queue.exclusive("reset", note("reset"));
  void queue.exclusive("whole 1", note("whole 1"), { first: true });
  void queue.submit(kind, "b");
  void queue.exclusive("whole 2", note("whole 2"), { first: true });
  held.open();
  await clock.advance(1_000);
  assert.deepEqual(ran, ["whole 1", "whole 2", "a+b", "reset"]);
  assert.equal(queue.idle, true);
});

test("what is first does not wait for a group that gathers", async () => {
  const clock = new ManualClock();
  const queue = queueAt(clock);
  const groups: string[][] = [];
  void queue.submit(recording("ini", groups), "a");
  let ran = false;
  const first = queue.exclusive(
    "whole",
    async () => {
      ran = groups.length === 0;
    },
    { first: true },
  );
  await clock.advance(0);
  await first;
  assert.equal(ran, true);
  await clock.advance(50);
  assert.deepEqual(groups, [["a"]]);
});

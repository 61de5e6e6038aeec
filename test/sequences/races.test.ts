import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Clock } from "../../src/device/clock";
import { DeviceError } from "../../src/device/errors";
import { type Attempt, CredentialGate } from "../../src/device/http/credential-gate";
import { Device } from "../../src/device/shared/device";
import { ReadCache } from "../../src/device/shared/read-cache";
import { ResetRegister } from "../../src/device/shared/reset-register";
import { type GroupKind, WriteQueue } from "../../src/device/shared/write-queue";

/*
 * What runs side by side in a provider process, in every order that a scheduler can think of.
 */

/** Time whose timers end in any order. */
function clockOf(scheduler: fc.Scheduler): Clock {
  let now = 0;
  return {
    now: () => now,
    after(ms, run) {
      let isCancelled = false;
      void scheduler.schedule(Promise.resolve()).then(() => {
        now += ms;
        if (!isCancelled) run();
      });
      return () => {
        isCancelled = true;
      };
    },
  };
}

/** Until nothing is left to be scheduled. */
async function all(scheduler: fc.Scheduler): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (scheduler.count() === 0) return;
    await scheduler.waitAll();
  }
}

const job = fc.record({
  kind: fc.constantFrom("ini", "other", "alone", "first"),
  parks: fc.nat({ max: 2 }),
  fails: fc.boolean(),
});

test("of the writes to a device one runs at a time, and each is answered once, in any order of events", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(job, { minLength: 1, maxLength: 8 }),
      async (scheduler, jobs) => {
        const queue = new WriteQueue(undefined, clockOf(scheduler));
        let running = 0;
        let most = 0;
        const alone = async (): Promise<void> => {
          running++;
          most = Math.max(most, running);
          await scheduler.schedule(Promise.resolve());
          running--;
        };
        const kindOf = (name: string): GroupKind<(typeof jobs)[number], string> => ({
          name,
          async run(tickets) {
            await alone();
            for (const ticket of tickets) {
              if (ticket.attempts <= ticket.job.parks && !ticket.lastChance) ticket.park();
              else if (ticket.job.fails) ticket.reject(new Error("refused"));
              else ticket.resolve("done");
            }
          },
        });
        const kinds = { ini: kindOf("ini"), other: kindOf("other") };
        const answers: string[] = [];
        for (const one of jobs) {
          void scheduler.schedule(Promise.resolve()).then(() => {
            const { kind } = one;
            const work =
              kind === "ini" || kind === "other"
                ? queue.submit(kinds[kind], one)
                : queue.exclusive(kind, alone, { first: kind === "first" });
            work.then(
              () => answers.push("done"),
              () => answers.push("refused"),
            );
          });
        }
        await all(scheduler);
        assert.equal(most, 1, "writes at once");
        assert.equal(answers.length, jobs.length);
        assert.ok(queue.idle);
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test("two queues that turn out to be those of one device let one write run at a time from then on", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.nat({ max: 4 }),
      fc.nat({ max: 4 }),
      async (scheduler, left, right) => {
        const clock = clockOf(scheduler);
        const [one, other] = [new Device(clock), new Device(clock)];
        let isOne = false;
        let late = 0;
        let most = 0;
        const work = async (): Promise<void> => {
          const began = isOne;
          if (began) late++;
          most = Math.max(most, late);
          await scheduler.schedule(Promise.resolve());
          if (began) late--;
        };
        other.becomePartOf(one);
        isOne = true;
        const done = [
          ...Array.from({ length: left }, () => one.queue.exclusive("left", work)),
          ...Array.from({ length: right }, () => other.queue.exclusive("right", work)),
        ];
        await all(scheduler);
        await Promise.all(done);
        assert.ok(most <= 1, "writes at once");
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});

test("a document that is asked for after a write shows it, whatever was on its way", async () => {
  const act = fc.constantFrom("read", "write");
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(act, { minLength: 2, maxLength: 10 }),
      async (scheduler, acts) => {
        const cache = new ReadCache({ now: () => 0, after: () => () => {} });
        let version = 0;
        let written = 0;
        const stale: string[] = [];
        const fetch = async (): Promise<Buffer> => {
          await scheduler.schedule(Promise.resolve());
          const seen = version;
          await scheduler.schedule(Promise.resolve());
          return Buffer.from(String(seen));
        };
        for (const one of acts) {
          void scheduler.schedule(Promise.resolve()).then(async () => {
            if (one === "read") {
              const least = written;
              const seen = Number(await cache.get("ini", fetch));
              if (seen < least) stale.push(`version ${seen}, asked for when ${least} was written`);
              return;
            }
            // As the client does it around each write.
            cache.drop();
            await scheduler.schedule(Promise.resolve());
            const mine = ++version;
            await scheduler.schedule(Promise.resolve());
            cache.drop();
            written = Math.max(written, mine);
          });
        }
        await all(scheduler);
        assert.deepEqual(stale, []);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

test("a wrong password is sent once, a right one alone until it was accepted, in any order of answers", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.boolean(),
      fc.integer({ min: 1, max: 8 }),
      async (scheduler, isRight, count) => {
        const gate = CredentialGate.at(new Device(), "Admin", "password");
        let sent = 0;
        let out = 0;
        let accepted = false;
        let early = 0;
        const send = async (): Promise<Attempt<string>> => {
          sent++;
          out++;
          if (!accepted && out > 1) early++;
          await scheduler.schedule(Promise.resolve());
          out--;
          if (!isRight)
            throw gate.close(new DeviceError("MEDIANT_UNAUTHORIZED", "401 Unauthorized", { device: "sbc" }));
          accepted = true;
          return { status: 200, answer: "ok" };
        };
        const ends: string[] = [];
        for (let at = 0; at < count; at++)
          void scheduler.schedule(Promise.resolve()).then(() =>
            gate.pass(send).then(
              () => ends.push("ok"),
              () => ends.push("401"),
            ),
          );
        await all(scheduler);
        assert.deepEqual(
          ends,
          Array.from({ length: count }, () => (isRight ? "ok" : "401")),
        );
        assert.equal(sent, isRight ? count : 1);
        assert.equal(early, 0, "requests beside one whose password was never accepted");
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test("of the resets of a device one is under way at a time, and all come to their turn", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 6 }), async (scheduler, count) => {
      const register = new ResetRegister();
      let under = 0;
      let most = 0;
      let ended = 0;
      for (let at = 0; at < count; at++)
        void scheduler.schedule(Promise.resolve()).then(async () => {
          const reset = await register.begin(`reset ${at}`, () => 0, 1000);
          under++;
          most = Math.max(most, under);
          await scheduler.schedule(Promise.resolve());
          reset.hold();
          await scheduler.schedule(Promise.resolve());
          under--;
          reset.end();
          ended++;
        });
      await all(scheduler);
      assert.equal(ended, count);
      assert.equal(most, 1, "resets at once");
      assert.equal(register.current, undefined);
    }),
    { seed: 1, numRuns: 200 },
  );
});

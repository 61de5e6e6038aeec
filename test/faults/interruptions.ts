/**
 * A run that ends in the middle, on the real `pulumi` if there is one: each way to end it in each phase. The ordinary
 * suite has the few in `test/e2e/outlived.test.ts`; `npm run faults:interruptions` runs all.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AbandonedRun, until } from "../e2e/abandoned-run";
import { openStage, type Stage } from "../e2e/stage";
import { quickEngines } from "../engine";

const GET_INI = "GET /api/v1/files/ini";
const UPLOAD = "PUT /api/v1/files/ini/incremental";
const SAVE = "POST /api/v1/actions/saveConfiguration";

const seen = ({ simulator }: Stage, request: string): boolean =>
  simulator.requests.some(({ method, path }) => `${method} ${path}` === request);

/** Where a run is when it ends: what holds it there, and how one sees that it is there. */
const PHASES: Record<string, { hold(stage: Stage): void; isThere(stage: Stage): boolean }> = {
  "while it reads": {
    hold: ({ simulator }) => simulator.faults.hang(GET_INI, 10),
    isThere: (stage) => seen(stage, GET_INI),
  },
  "while it waits for a busy device": {
    hold: ({ simulator }) => simulator.faults.conflict({ ms: 600_000, match: UPLOAD }),
    isThere: (stage) => seen(stage, UPLOAD),
  },
  "before its write is done": {
    hold: ({ simulator }) => simulator.faults.hang(UPLOAD),
    isThere: (stage) => seen(stage, UPLOAD),
  },
  "after its write was done": {
    hold: ({ simulator }) => simulator.faults.spoil(UPLOAD, { pace: { firstMs: 600_000 } }),
    isThere: ({ simulator }) => simulator.running.parameter("SyslogServerIP") === "192.0.2.1",
  },
  "while it reads back": {
    hold: ({ simulator }) =>
      simulator.faults.beside(UPLOAD, "after", () => simulator.faults.hang(GET_INI, 10)),
    isThere: ({ simulator }) =>
      simulator.requests.at(-1)?.path === "/api/v1/files/ini" && simulator.writes.length > 0,
  },
  "before its save is done": {
    hold: ({ simulator }) => simulator.faults.hang(SAVE),
    isThere: (stage) => seen(stage, SAVE),
  },
};

const WAYS: Record<string, (run: AbandonedRun, stage: Stage) => Promise<void>> = {
  // What hangs ends with its connection.
  "Ctrl-C once": (run, { simulator }) =>
    run.interrupt(() => {
      simulator.faults.clear();
      simulator.cutConnections();
    }),
  "Ctrl-C twice": (run) => run.interruptTwice(),
  "SIGKILL of the provider": (run) => run.killProvider(),
  "SIGKILL of the CLI": (run) => run.kill(),
};

for (const kind of quickEngines()) {
  for (const [way, end] of Object.entries(WAYS)) {
    describe(`${way}, on the ${kind} engine`, () => {
      for (const [phase, { hold, isThere }] of Object.entries(PHASES)) {
        it(`${phase}: the next up converges, and the device took the change once`, async (t) => {
          const stage = await openStage(t, kind);
          const { simulator } = stage;
          await stage.declare({ name: "base", args: { parameters: { SyslogServerIP: "192.0.2.1" } } });
          hold(stage);
          const run = new AbandonedRun(t, stage);
          await until(() => isThere(stage));
          await end(run, stage);
          await run.end();
          simulator.faults.clear();
          const up = await stage.up();
          assert.equal(up.exitCode, 0, up.output);
          for (const store of [simulator.running, simulator.flash])
            assert.equal(store.parameter("SyslogServerIP"), "192.0.2.1");
          const effects = simulator.requests.filter(
            ({ method, path, outcome }) => `${method} ${path}` === UPLOAD && outcome === 200,
          );
          assert.equal(effects.length, 1);
          assert.equal(simulator.maxConcurrentWrites, 1);
          assert.equal((await stage.drift()).exitCode, 0);
        });
      }
    });
  }
}

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { quickEngines } from "../engine";
import { descendantsOf } from "../engine/processes";
import { temporaryFolder } from "../shared/files";
import { type Declared, openStage, type Stage } from "./stage";

const UPLOAD = "PUT /api/v1/files/ini/incremental";
/** A provider that has lost its engine may live on for so long. */
const LIFE_MS = 15_000;
/** Set it to look at the device for longer, in seconds, before the test believes that nothing more comes. */
const LOOK_MS = Number(process.env["OUTLIVED_SECONDS"] ?? 0) * 1000;

/** A run whose engine is killed alone, as a cancelled pipeline does it. */
class AbandonedRun {
  /** The provider processes that the killed engine has left behind. */
  providers: number[] = [];
  readonly #abandon = new AbortController();
  readonly #run: Promise<{ exitCode: number }>;
  #engine = 0;

  constructor(t: TestContext, stage: Stage) {
    this.#run = stage.up({
      abandon: this.#abandon.signal,
      onStart: (pid) => {
        this.#engine = pid;
      },
    });
    t.after(() => {
      for (const pid of this.providers) if (isAlive(pid)) process.kill(pid, "SIGKILL");
    });
  }

  async kill(): Promise<void> {
    this.#findProviders();
    this.#abandon.abort();
    assert.equal((await this.#run).exitCode, 137);
  }

  /** Ctrl-C, and once more when the engine has taken the first one. */
  async interruptTwice(): Promise<void> {
    this.#findProviders();
    process.kill(this.#engine, "SIGINT");
    await sleep(1_000);
    assert.ok(isAlive(this.#engine), "the first Ctrl-C lets end what is under way");
    process.kill(this.#engine, "SIGINT");
    assert.notEqual((await this.#run).exitCode, 0);
  }

  #findProviders(): void {
    const children = [...descendantsOf(this.#engine)];
    this.providers = children.flatMap(([pid, args]) =>
      /^\S*node\b.*cmd\/dynamic-provider/.test(args) ? [pid] : [],
    );
    assert.ok(this.providers.length > 0, children.map(([, args]) => args).join("\n"));
  }

  /** Resolves when none of its providers is alive any more. */
  async end(): Promise<void> {
    const until = performance.now() + LIFE_MS;
    while (this.providers.some(isAlive) && performance.now() < until) await sleep(50);
    assert.deepEqual(this.providers.filter(isAlive), [], "a provider outlives its engine");
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

function writesOf({ simulator }: Stage): string[] {
  return simulator.writes.map(({ method, path }) => `${method} ${path}`);
}

function syslog(address: string): Declared {
  return { name: "base", args: { parameters: { SyslogServerIP: address } } };
}

/** A newer run, and that nothing comes after it: the device stays as this run leaves it. */
async function runAnew(stage: Stage, run: AbandonedRun): Promise<void> {
  stage.simulator.faults.clear();
  await stage.declare(syslog("192.0.2.2"));
  const up = await stage.up();
  assert.equal(up.exitCode, 0, up.output);
  const sent = stage.simulator.writes.length;
  await run.end();
  await sleep(LOOK_MS);
  assert.equal(stage.simulator.writes.length, sent, "something was sent after the newer run");
  for (const store of [stage.simulator.running, stage.simulator.flash])
    assert.equal(store.parameter("SyslogServerIP"), "192.0.2.2");
}

for (const kind of quickEngines()) {
  describe(`a provider whose engine was killed, on the ${kind} engine`, () => {
    it("sends nothing more when it waited for a busy device", async (t) => {
      const stage = await openStage(t, kind);
      stage.simulator.faults.conflict({ ms: 600_000, match: UPLOAD });
      await stage.declare(syslog("192.0.2.1"));
      const run = new AbandonedRun(t, stage);
      await until(() => stage.simulator.writes.length > 0);
      await run.kill();
      const [first] = writesOf(stage);
      const before = stage.simulator.writes.length;
      await run.end();
      assert.equal(first, UPLOAD);
      assert.equal(stage.simulator.writes.length, before);
      await runAnew(stage, run);
    });

    it("leaves unsaved what was on its way, and the newer run has the last word", async (t) => {
      const stage = await openStage(t, kind, { latencyMs: 1_500 });
      await stage.declare(syslog("192.0.2.1"));
      const run = new AbandonedRun(t, stage);
      await until(() => stage.simulator.writes.length > 0);
      await run.kill();
      await run.end();
      assert.deepEqual(writesOf(stage), [UPLOAD]);
      await runAnew(stage, run);
      assert.equal(stage.simulator.maxConcurrentWrites, 1);
    });

    it("cuts a load that is on its way", async (t) => {
      const stage = await openStage(t, kind, { uploadBytesPerSecond: 1_000_000 });
      const source = join(await temporaryFolder(t, "load-"), "load.cmp");
      await writeFile(source, randomBytes(16 * 1024 * 1024));
      await stage.declare({
        type: "SoftwareLoad",
        name: "load",
        args: { source, version: "7.40A.500.000" },
      });
      const run = new AbandonedRun(t, stage);
      await until(() =>
        stage.simulator.requests.some(({ path, bytes }) => /software/.test(path) && bytes > 1e6),
      );
      await run.kill();
      await run.end();
      await until(() => stage.simulator.requests.every(({ finishedAt }) => finishedAt !== undefined));
      assert.equal(stage.simulator.softwareUploads.length, 0);
      await runAnew(stage, run);
    });

    it("sends nothing more when it waited for a reset", async (t) => {
      const stage = await openStage(t, kind);
      stage.simulator.faults.atReset({ seconds: Number.POSITIVE_INFINITY });
      await stage.declare(
        { type: "DeviceReset", name: "reset", args: { triggers: ["1"] } },
        { ...syslog("192.0.2.1"), after: ["reset"] },
      );
      const run = new AbandonedRun(t, stage);
      await until(() => writesOf(stage).includes("POST /api/v1/actions/reset"));
      await sleep(300);
      await run.kill();
      await run.end();
      stage.simulator.powerOn();
      await runAnew(stage, run);
    });

    it("sends nothing more after a second Ctrl-C", async (t) => {
      const stage = await openStage(t, kind);
      stage.simulator.faults.conflict({ ms: 600_000, match: UPLOAD });
      await stage.declare(syslog("192.0.2.1"));
      const run = new AbandonedRun(t, stage);
      await until(() => stage.simulator.writes.length > 0);
      await run.interruptTwice();
      await run.end();
      const before = stage.simulator.writes.length;
      await sleep(LOOK_MS);
      assert.equal(stage.simulator.writes.length, before);
    });

    it("ends when there is nothing to do", async (t) => {
      const stage = await openStage(t, kind);
      // A read that never ends keeps the run open and its provider without work.
      await stage.declare(syslog("192.0.2.1"));
      stage.simulator.faults.hang("GET /api/v1/files/ini", 10);
      const run = new AbandonedRun(t, stage);
      await until(() => stage.simulator.requests.length > 0);
      await run.kill();
      await run.end();
    });
  });
}

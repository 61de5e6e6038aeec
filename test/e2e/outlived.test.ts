import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { quickEngines } from "../engine";
import { temporaryFolder } from "../shared/files";
import { AbandonedRun, until } from "./abandoned-run";
import { type Declared, openStage, type Stage } from "./stage";

const UPLOAD = "PUT /api/v1/files/ini/incremental";
/** Set it to look at the device for longer, in seconds, before the test believes that nothing more comes. */
const LOOK_MS = Number(process.env["OUTLIVED_SECONDS"] ?? 0) * 1000;

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

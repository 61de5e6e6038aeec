import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { QUICK_START } from "../shared/quick-node";
import { ROOT, readmeBlocks } from "./readme";

const STEPS = [
  "1. pulumi preview ",
  "2. getIniDiff ",
  "3. pulumi up ",
  "4. pulumi up ",
  "5. somebody logs in to the device ",
  "6. pulumi preview --refresh --expect-no-changes ",
  "7. pulumi up --refresh ",
  "8. GET /api/v1/files/ini ",
];

describe("the demo, without a pulumi", () => {
  it("shows every step, what the README says of drift, and leaves nothing behind", async (t) => {
    const demo = await startDemo(t);
    assert.deepEqual(await demo.ended, [0, null], demo.output);
    assert.deepEqual(demo.output.match(/^\d\. .*? (?= )/gm), STEPS);
    assert.doesNotMatch(demo.output, /✘/);
    assert.match(demo.output, /^ +requests {3}\d+ requests: \d+ GET, \d+ PUT, \d+ POST$/m);
    const printed = demo.output.split("\n").map((line) => line.trim());
    for (const line of readmeBlocks("text").join("").trim().split("\n")) {
      assert.ok(printed.includes(line), `the demo does not print ${line}`);
    }
    assert.doesNotMatch(demo.output, SECRET);
    await demo.leftNothing();
  });

  it("leaves nothing behind after Ctrl-C in the middle of an update", async (t) => {
    const demo = await startDemo(t);
    // The program ends by itself when its engine is gone; the provider would not.
    await demo.until(() => demo.output.includes(STEPS[2] ?? "") && demo.runs("dynamic-provider"));
    demo.interrupt();
    assert.deepEqual(await demo.ended, [130, null], demo.output);
    assert.doesNotMatch(demo.output, SECRET);
    await demo.leftNothing();
  });
});

/** Forms in which the simulator's credentials, a secret of its dump, or an Authorization header could show. */
const SECRET = new RegExp(`Basic |${Buffer.from("Admin:Admin").toString("base64")}|\\$1\\$|[Pp]assw`);

interface Demo {
  readonly output: string;
  /** Exit code and signal. */
  ended: Promise<[number | null, NodeJS.Signals | null]>;
  interrupt(): void;
  /** Whether a process of the demo has these words in its command line. */
  runs(words: string): boolean;
  /** Waits; fails where the demo ends before. */
  until(condition: () => boolean): Promise<void>;
  /** Fails where a process that the demo started lives on, or where something is in its temporary folder. */
  leftNothing(): Promise<void>;
}

async function startDemo(t: TestContext): Promise<Demo> {
  const temporary = await mkdtemp(join(tmpdir(), "demo-"));
  t.after(() => rm(temporary, { recursive: true, force: true }));
  const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, ...env } = process.env;
  const child: ChildProcess = spawn(process.execPath, [...QUICK_START, join("demo", "demo.ts")], {
    cwd: ROOT,
    // Without what the compilers cache in the temporary folder for the next time: that is not the demo's.
    env: {
      ...env,
      PATH: pathWithoutPulumi(),
      ...{ TMPDIR: temporary, TEMP: temporary, TMP: temporary },
      ...{ TS_NODE_CACHE: "false" },
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  const started = new Set<number>();
  const look = () => {
    const found = descendants(child.pid);
    for (const { pid } of found) started.add(pid);
    return found;
  };
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const watch = setInterval(look, 500);
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve([code, signal]));
  }).finally(() => clearInterval(watch));
  const living = () => [...started].filter(isAlive);
  t.after(() => {
    for (const pid of living()) process.kill(pid, "SIGKILL");
  });
  return {
    get output() {
      return output;
    },
    ended,
    interrupt() {
      look();
      child.kill("SIGINT");
    },
    runs: (words) => look().some(({ command }) => command.includes(words)),
    async until(condition) {
      while (!condition()) {
        assert.equal(child.exitCode, null, output);
        await sleep(50);
      }
    },
    async leftNothing() {
      assert.ok(started.size > 0, "the demo starts processes");
      // What was told to end may take a moment.
      for (let tries = 0; tries < 100 && living().length > 0; tries++) await sleep(50);
      assert.deepEqual(living(), []);
      assert.deepEqual(await readdir(temporary), []);
    },
  };
}

function pathWithoutPulumi(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.filter((folder) => !existsSync(join(folder, "pulumi"))).join(delimiter);
}

/** The processes below one, as they are now: those of a process that has ended are no longer below it. */
function descendants(root = 0): { pid: number; command: string }[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const all = [...stdout.matchAll(/^ *(\d+) +(\d+) (.*)$/gm)].map(([, pid, parent, command = ""]) => ({
    pid: Number(pid),
    parent: Number(parent),
    command,
  }));
  const found = all.filter(({ parent }) => parent === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

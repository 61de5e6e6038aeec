import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { QUICK_START } from "../shared/quick-node";
import { runEngine } from "./engine";
import { availableEngines } from "./engines";
import { inShort, PROGRAM, Stage } from "./stage";

const first = { name: "first" };
const slow = { name: "slow", props: { slow: "create" }, opts: { dependsOn: ["first"] } };

for (const kind of availableEngines()) {
  test(`${kind}: killed in the middle of a create, it keeps what was done and what was under way`, async () => {
    const stage = await Stage.open(kind);
    try {
      stage.declare(first, slow);
      const hold = join(stage.world, "hold");
      await writeFile(hold, "");
      const kill = new AbortController();
      const run = stage.play("up", { signal: kill.signal });
      await until(async () => inShort(await stage.calls()).includes("create slow"));
      kill.abort();
      assert.equal((await run).exitCode, 137);
      const { deployment } = await stage.engine.state();
      assert.deepEqual(
        deployment.pending_operations?.map(({ resource, type }) => [type, resource.urn.split("::").at(-1)]),
        [["creating", "slow"]],
      );
      assert.deepEqual(Object.keys(await stage.stored()).sort(), ["default", "first", "fixture-dev"]);

      await rm(hold);
      const again = await stage.play("up");
      assert.equal(again.exitCode, 0);
      assert.match(again.output, /warning: /);
      assert.ok((await stage.stored())["slow"]);
    } finally {
      await stage.close();
    }
  });
}

test("Ctrl-C: what is under way ends and is kept, nothing else begins, the exit code is 1", async () => {
  const world = await mkdtemp(join(tmpdir(), "world-"));
  const state = join(world, "state.json");
  const hold = join(world, "hold");
  await writeFile(hold, "");
  const resources = [slow, { name: "after", opts: { dependsOn: ["slow"] } }].map((thing) => ({
    ...thing,
    opts: { dependsOn: thing.opts.dependsOn.filter((name) => name !== "first") },
  }));
  const env = { FIXTURE_WORLD: world, FIXTURE_RESOURCES: JSON.stringify(resources) };
  const cli = spawn(
    process.execPath,
    [...QUICK_START, join(__dirname, "cli.ts"), "up", "--cwd", PROGRAM, "--stack", "dev", "--state", state],
    { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    let output = "";
    cli.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const trace = join(world, "trace");
    await until(async () => (await readIfThere(trace)).includes('["create"'));
    cli.kill("SIGINT");
    await until(async () => output.includes("^C received"));
    await rm(hold);
    const code = await new Promise((resolve) => cli.on("close", resolve));
    assert.equal(code, 1);
    assert.match(output, /slow created[\s\S]*error: up canceled/);
    assert.doesNotMatch(output, /after created/);
    // Whatever had been printed, the state has it.
    const result = await runEngine({ operation: "destroy", cwd: PROGRAM, stack: "dev", state, env });
    assert.deepEqual(
      result.steps.map(({ op, name }) => `${op} ${name}`),
      ["delete slow", "delete fixture-dev"],
    );
  } finally {
    cli.kill("SIGKILL");
    await rm(world, { recursive: true, force: true });
  }
});

function readIfThere(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { type EngineOptions, runEngine } from "./engine";
import { availableEngines, openEngine } from "./engines";
import { inlineFixture, PROGRAM, withEnvironment } from "./stage";

let world: string;
before(async () => {
  world = await mkdtemp(join(tmpdir(), "world-"));
});
after(() => rm(world, { recursive: true, force: true }));

function run(name: string, options: Partial<EngineOptions>, resources: unknown[] = []) {
  const env = { FIXTURE_WORLD: world, FIXTURE_RESOURCES: JSON.stringify(resources), ...options.env };
  const run = () =>
    runEngine({
      ...{ operation: "up", cwd: PROGRAM, stack: "dev", state: join(world, `${name}.json`), parallel: 1 },
      inline: inlineFixture(world),
      ...options,
    });
  return withEnvironment(env, run);
}

test("the result has the steps with their paths, the counts, the diagnostics and the outputs, and no secret", async () => {
  const thing = (value: string) => [
    { name: "a", props: { m: { x: value, "s.t": `!canary${value}`, same: "1" }, __hidden: value } },
  ];
  const made = await run("result", { secrets: { pin: "canary" } }, thing("1"));
  assert.equal(made.exitCode, 0);
  const texts: string[] = [];
  const FIXTURE_LOG = "careful";
  const changed = await run(
    "result",
    {
      secrets: { pin: "canary" },
      env: { FIXTURE_LOG },
      onText: (text) => texts.push(text),
      expectNoChanges: true,
    },
    thing("2"),
  );
  assert.equal(changed.exitCode, 7);
  assert.deepEqual(changed.counts, { same: 1, update: 1 });
  const update = changed.steps.find(({ op }) => op === "update");
  assert.deepEqual(update, {
    op: "update",
    urn: "urn:pulumi:dev::fixture::pulumi-nodejs:dynamic/fixture:Thing::a",
    name: "a",
    type: "pulumi-nodejs:dynamic/fixture:Thing",
    changedPaths: ['m["s.t"]', "m.x"],
  });
  assert.deepEqual(changed.outputs, {
    computed: "computed-a",
    isSecret: "[secret]",
    preview: false,
    token: "token-a",
  });
  assert.ok(changed.diagnostics.includes("warning: careful"));
  assert.equal(texts.join(""), changed.output);
  assert.match(
    changed.output,
    / ~ {2}pulumi-nodejs:dynamic\/fixture:Thing a updated \[diff: ~m\]\n {6}~ m: \{\n {10}~ x: "1" => "2"\n {8}\}\n/,
  );
  assert.match(changed.output, /Resources: ~ 1 updated, 1 unchanged\n/);
  const state = await readFile(join(world, "result.json"), "utf8");
  assert.doesNotMatch(`${made.output}${JSON.stringify(changed)}${state}`, /canary/);
});

test("the state opens with its own passphrase only", async () => {
  await run("locked", { passphrase: "one" });
  const other = await run("locked", { passphrase: "two" });
  assert.equal(other.exitCode, 1);
  assert.match(other.output, /error: the passphrase is not the one/);
});

test("a refresh runs with the stored configuration, the update after it with the new one", async () => {
  const trace = join(world, "trace");
  await run("config", { config: { region: "eu" } }, [{ name: "a" }]);
  await rm(trace);
  await run("config", { config: { region: "us" }, refresh: true }, [{ name: "a" }]);
  const configured = async () =>
    (await readFile(trace, "utf8"))
      .split("\n")
      .flatMap((line) => /^\["configure","(\w+)"/.exec(line)?.[1] ?? []);
  assert.deepEqual(await configured(), ["eu", "us"]);
  await rm(trace);
  await run("config", { config: { region: "asia" }, operation: "destroy" });
  assert.deepEqual(await configured(), ["us"]);
});

test("with a preview first, the update is made only where the preview succeeds", async () => {
  const invalid = [{ name: "a", props: { invalid: true } }];
  const refused = await run("preview", { preview: true }, invalid);
  assert.equal(refused.exitCode, 1);
  assert.match(refused.output, /Previewing update/);
  assert.doesNotMatch(refused.output, /Updating/);
  const done = await run("preview", { preview: true });
  assert.match(
    done.output,
    /Previewing update[\s\S]*Resources: \+ 1 to create[\s\S]*Updating[\s\S]*Resources: \+ 1 created/,
  );
});

test("what the engine does not have is refused by name", async () => {
  for (const [opts, message] of [
    [{ import: "id" }, /has no import/],
    [{ aliases: ["urn:pulumi:dev::fixture::x:y:Z::a"] }, /has no aliases/],
  ] as const) {
    const refused = await run("refused", {}, [{ name: "a", opts }]);
    assert.equal(refused.exitCode, 1);
    assert.match(refused.output, message);
  }
  const nowhere = await run("refused", { cwd: world });
  assert.equal(nowhere.exitCode, 1);
  assert.match(nowhere.output, /error: there is no Pulumi.yaml/);
});

for (const kind of availableEngines()) {
  test(`${kind}: a TypeScript program in a folder of its own, always refreshed`, async () => {
    const cwd = resolve(__dirname, "../fixtures/engine/typescript");
    const engine = await openEngine(kind, { cwd, stack: "dev" });
    try {
      const up = await engine.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.match(up.output, /folder\s*: "infra"/);
      const env = { FIXTURE_LIVE: "changed by hand" };
      const drift = await engine.preview({ env, expectNoChanges: true, diff: true });
      assert.equal(drift.exitCode, 7);
      assert.match(drift.output, /"changed by hand" => "declared"/);
      assert.equal((await engine.preview({ env, expectNoChanges: true, refresh: false })).exitCode, 0);
    } finally {
      await engine.dispose();
    }
  });
}

import assert from "node:assert/strict";
import { inShort, onEveryEngine, SEALED } from "./stage";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const parameters = { EnableSyslog: "1", Password: "!canary", List: ["x", "!canary"] };
const a = { name: "a", props: { parameters }, opts: { additionalSecretOutputs: ["token"] } };
const b = { name: "b", props: { from: "@a.computed", token: "@a.token" } };
const plain = { name: "a", parameters: { EnableSyslog: "1", Password: "canary", List: ["x", "canary"] } };

onEveryEngine(
  "a stack lives: preview, up, no changes, drift, healed, destroyed",
  async (stage) => {
    const first = await stage.declare(a, b).play("preview");
    assert.equal(first.exitCode, 0);
    assert.deepEqual(first.calls, [
      ["configure", "eu", "v", "1234"],
      ["check", {}, plain],
      ["check", {}, { name: "b", from: UNKNOWN, token: UNKNOWN }],
    ]);
    assert.deepEqual(await stage.stored(), {});

    const up = await stage.play("up");
    assert.equal(up.exitCode, 0);
    assert.deepEqual(inShort(up.calls), ["configure", "check a", "create a", "check b", "create b"]);
    assert.match(up.output, /Resources:\s+\+ 3 created/);
    assert.doesNotMatch(`${up.output}${JSON.stringify(await stage.engine.state())}`, /canary|1234|token-a/);
    const stored = await stage.stored();
    assert.deepEqual(stored["a"]?.["inputs"], {
      name: "a",
      parameters: { EnableSyslog: "1", Password: SEALED, List: SEALED },
    });
    assert.deepEqual(stored["a"]?.["outputs"], {
      name: "a",
      parameters: { EnableSyslog: "1", Password: SEALED, List: SEALED },
      computed: "computed-a",
      token: SEALED,
    });
    assert.deepEqual(stored["b"]?.["outputs"], {
      ...{ name: "b", from: "computed-a", token: SEALED, computed: "computed-b" },
    });
    assert.equal((stored["dev"] ?? stored["fixture-dev"])?.["type"], "pulumi:pulumi:Stack");

    const again = await stage.play("up", { expectNoChanges: true });
    assert.equal(again.exitCode, 0);
    assert.deepEqual(inShort(again.calls), ["configure", "check a", "diff a", "check b", "diff b"]);
    assert.match(again.output, /3 unchanged/);

    await stage.change("a", { ...plain, parameters: { ...plain.parameters, EnableSyslog: "0" } });
    const drift = await stage.play("preview", { refresh: true, expectNoChanges: true, diff: true });
    assert.equal(drift.exitCode, 7);
    assert.match(drift.output, /~ EnableSyslog: "1" => "0"/);
    assert.match(drift.output, /~ EnableSyslog: "0" => "1"/);
    assert.doesNotMatch(drift.output, /canary/);
    assert.deepEqual(await stage.stored(), stored);

    const healed = await stage.play("up", { refresh: true });
    assert.equal(healed.exitCode, 0);
    assert.deepEqual(await stage.real("a"), plain);
    // The plain preview compares with the last known state alone.
    assert.equal((await stage.play("preview", { expectNoChanges: true })).exitCode, 0);

    const destroyed = await stage.play("destroy");
    assert.equal(destroyed.exitCode, 0);
    assert.deepEqual(inShort(destroyed.calls), ["configure", "delete b", "delete a"]);
    assert.deepEqual(await stage.stored(), {});
  },
  { region: "eu", "other:key": "v" },
  { pin: "1234" },
);

onEveryEngine("what is excluded is neither made, read nor changed", async (stage) => {
  const old = { name: "old", props: { x: "1" } };
  const fresh = { name: "fresh", props: { x: "1" } };
  const first = await stage.declare(old, fresh).play("up", { excludes: ["fresh"] });
  assert.equal(first.exitCode, 0, first.output);
  assert.deepEqual(inShort(first.calls), ["configure", "check old", "create old"]);
  assert.equal((await stage.stored())["fresh"], undefined);

  const changed = { name: "old", props: { x: "2" } };
  const excludes = ["old"];
  const second = await stage.declare(changed, fresh).play("up", { excludes, refresh: true });
  assert.equal(second.exitCode, 0, second.output);
  assert.deepEqual(inShort(second.calls), ["configure", "check fresh", "create fresh"]);
  assert.deepEqual(await stage.real("old"), { name: "old", x: "1" });
  const { inputs } = (await stage.stored())["old"] ?? {};
  assert.deepEqual(inputs, { name: "old", x: "1" });

  const last = await stage.play("up");
  assert.ok(inShort(last.calls).includes("update old"));
  assert.deepEqual(await stage.real("old"), { name: "old", x: "2" });
});

onEveryEngine(
  "a create or update that is half done is kept, and done again without a difference",
  async (stage) => {
    const half = { name: "a", props: { secret: "!canary", partial: "create" } };
    const failed = await stage.declare(half, b).play("up");
    assert.equal(failed.exitCode, 1);
    assert.deepEqual(inShort(failed.calls), ["configure", "check a", "create a"]);
    assert.match(failed.output, /row 3 is missing[\s\S]*row 4 is missing/);
    let stored = (await stage.stored())["a"];
    assert.deepEqual(stored?.["initErrors"], ["row 3 is missing", "row 4 is missing"]);
    assert.deepEqual(stored?.["outputs"], { name: "a", secret: SEALED, partial: "create", computed: "half" });

    assert.equal((await stage.play("preview", { expectNoChanges: true })).exitCode, 7);
    const repaired = await stage.play("up");
    assert.equal(repaired.exitCode, 0);
    assert.ok(inShort(repaired.calls).includes("update a"));
    assert.equal((await stage.stored())["a"]?.["initErrors"], undefined);

    const update = await stage
      .declare({ name: "a", props: { secret: "!canary", partial: "update" } })
      .play("up");
    assert.equal(update.exitCode, 1);
    stored = (await stage.stored())["a"];
    // The old inputs stay: what exists was not made with the new ones.
    assert.deepEqual(stored?.["inputs"], { name: "a", secret: SEALED, partial: "create" });
    assert.deepEqual(stored?.["outputs"], { name: "a", secret: SEALED, partial: "update", computed: "half" });
    assert.ok((await stage.stored())["b"], "nothing is deleted after a failure");

    await stage.play("refresh");
    assert.equal((await stage.stored())["a"]?.["initErrors"], undefined);
  },
);

onEveryEngine("a failed step ends the run, and what is under way ends first", async (stage) => {
  const slow = { name: "slow", props: { slow: "create" } };
  const failed = await stage
    .declare(
      slow,
      { name: "fails", props: { fail: "create" } },
      { name: "after", opts: { dependsOn: ["slow"] } },
    )
    .play("up");
  assert.equal(failed.exitCode, 1);
  assert.match(failed.output, /error: create failed/);
  assert.deepEqual(Object.keys(await stage.stored()).sort(), ["default", "fixture-dev", "slow"]);
});

onEveryEngine(
  "invalid inputs, a name given twice and a program that throws end the run without a delete",
  async (stage) => {
    await stage.declare({ name: "a" }).play("up");
    const invalid = await stage.declare({ name: "b", props: { invalid: true } }).play("up");
    assert.equal(invalid.exitCode, 1);
    assert.match(invalid.output, /resource 'b': property invalid .*has a problem: it is not valid/);
    assert.match(invalid.output, /resource 'b' has a problem: nor is the rest/);
    const twice = await stage.declare({ name: "b" }, { name: "b" }).play("preview");
    assert.equal(twice.exitCode, 1);
    assert.match(twice.output, /Duplicate resource URN '\S+::b'/);
    const thrown = await stage.declare().play("up", { env: { FIXTURE_THROW: "oops" } });
    assert.equal(thrown.exitCode, 1);
    assert.match(thrown.output, /error: oops/);
    assert.ok((await stage.stored())["a"]);
  },
);

onEveryEngine(
  "a refresh takes over what it can read, forgets what is gone, fails for the rest",
  async (stage) => {
    await stage
      .declare({ name: "a", props: { v: "1" } }, { name: "gone" }, { name: "mute", props: { fail: "read" } })
      .play("up");
    await stage.change("gone", undefined);
    await stage.change("a", { name: "a", v: "2" });
    const update = await stage.play("up", { refresh: true });
    assert.equal(update.exitCode, 1);
    assert.ok(!inShort(update.calls).includes("check a"), "the program is not run");
    const stored = await stage.stored();
    assert.deepEqual(Object.keys(stored).sort(), ["a", "default", "fixture-dev", "mute"]);
    assert.deepEqual(stored["a"]?.["inputs"], { name: "a", v: "2" });
  },
);

onEveryEngine("checks are made one at a time, creates as many as allowed", async (stage) => {
  const slow = (name: string) => ({ name, props: { slow: "create" } });
  const things = ["a", "b", "c", "d", "e"].map(slow);
  await stage.declare(
    ...things,
    { name: "f", props: { slow: "check" } },
    { name: "g", props: { slow: "check" } },
  );
  await stage.play("up", { parallel: 3 });
  assert.equal(await stage.peak("create"), 3);
  assert.equal(await stage.peak("check"), 1);
});

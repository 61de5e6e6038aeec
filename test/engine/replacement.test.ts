import assert from "node:assert/strict";
import { inShort, onEveryEngine } from "./stage";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

onEveryEngine(
  "a replacement is made before the old one goes, or after it where the provider says so",
  async (stage) => {
    const on = (replace: string, more = {}) => ({ name: "a", props: { replace, ...more } });
    const user = { name: "b", props: { from: "@a.computed" } };
    await stage.declare(on("1"), user).play("up");
    const late = await stage.declare(on("2"), user).play("up");
    const order = ["check a", "diff a", "check a", "create a", "check b", "diff b", "delete a"];
    assert.deepEqual(inShort(late.calls), ["configure", ...order]);
    assert.match(late.output, /\+-\s?1 replaced/);

    const follower = { name: "b", props: { from: "@a.computed", replace: "@a.computed" } };
    await stage.declare(on("2"), follower).play("up");
    const early = await stage.declare(on("3", { deleteFirst: true }), follower).play("up");
    // The dependent is asked with unknowns whether it must go as well.
    assert.deepEqual(
      early.calls.find(([method, id]) => method === "diff" && id === "id-b"),
      [
        ...["diff", "id-b"],
        { name: "b", from: "computed-a", replace: "computed-a", computed: "computed-b", token: "token-b" },
        { name: "b", from: UNKNOWN, replace: UNKNOWN },
      ],
    );
    assert.deepEqual(inShort(early.calls).slice(-6), [
      "diff b",
      "delete b",
      "delete a",
      "create a",
      "check b",
      "create b",
    ]);

    const stuck = on("4", { deleteFirst: true, fail: "create" });
    assert.equal((await stage.declare(stuck, follower).play("up")).exitCode, 1);
    assert.equal((await stage.stored())["a"]?.["pendingReplacement"], true);
    const freed = await stage.declare(on("4", { deleteFirst: true }), follower).play("up");
    assert.equal(freed.exitCode, 0);
    assert.ok(!inShort(freed.calls).includes("delete a"), "it is deleted already");
    assert.equal((await stage.stored())["a"]?.["pendingReplacement"], undefined);
  },
);

onEveryEngine("an original whose delete fails is deleted by a later run", async (stage) => {
  await stage.declare({ name: "a", props: { replace: "1", fail: "delete" } }).play("up");
  const replaced = { name: "a", props: { replace: "2" } };
  assert.equal((await stage.declare(replaced).play("up")).exitCode, 1);
  assert.equal((await stage.stored())["a (old)"]?.["delete"], true);
  const retried = await stage.play("up");
  assert.deepEqual(inShort(retried.calls), ["configure", "check a", "diff a", "delete a"]);
});

onEveryEngine(
  "resource options: ignoreChanges, protect, retainOnDelete, id, parent, deletedWith",
  async (stage) => {
    const things = (value: string) => [
      { name: "kept", opts: { protect: true } },
      { name: "left", opts: { retainOnDelete: true } },
      { name: "part", props: { u: value, m: { k: value, l: value } }, opts: { ignoreChanges: ["u", "m.k"] } },
      { name: "open", props: { undecided: true, value } },
      { name: "group", component: true },
      { name: "child", opts: { parent: "group" } },
      { name: "goes", props: { fail: "delete" }, opts: { deletedWith: "child" } },
    ];
    await stage.declare(...things("1")).play("up");
    const read = { name: "read", opts: { id: "id-kept", dependsOn: ["kept"] } };
    const changed = await stage.declare(...things("2"), read).play("up");
    assert.equal(changed.exitCode, 0);
    assert.deepEqual(changed.calls.find(([method, id]) => method === "update" && id === "id-part")?.at(-1), {
      ...{ name: "part", u: "1", m: { k: "1", l: "2" } },
    });
    // A provider that does not decide: the inputs do.
    assert.ok(inShort(changed.calls).includes("update open"));
    const stored = await stage.stored();
    assert.equal(stored["read"]?.["external"], true);
    assert.match(
      String(stored["child"]?.["urn"]),
      /::fixture:index:Group\$pulumi-nodejs:dynamic\/fixture:Thing::child$/,
    );

    const destroyed = await stage.play("destroy");
    assert.equal(destroyed.exitCode, 1);
    assert.match(destroyed.output, /id-kept|kept" cannot be deleted/);
    const deleted = inShort(destroyed.calls).filter((call) => call.startsWith("delete"));
    assert.deepEqual(deleted.sort(), ["delete child", "delete open", "delete part"]);
    assert.ok((await stage.stored())["kept"]);
    assert.deepEqual(Object.keys(await stage.stored()).sort(), ["default", "fixture-dev", "kept"]);
  },
);

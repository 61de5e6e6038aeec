import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { changedPaths, changesBetween, renderChanges } from "./changes";
import { deletionRounds } from "./dependents";
import { formatPath, ignoreChanges, parsePath } from "./paths";
import { type ResourceState, StateFile } from "./state";
import {
  annotateSecrets,
  containsSecret,
  decodeMap,
  encodeMap,
  type PropertyMap,
  type PropertyValue,
  Secret,
  UNKNOWN,
  unwrap,
  wrapSecret,
} from "./values";

const name = fc
  .oneof(fc.constantFrom("a", "b", "tables", "9", "x.y", "*"), fc.string({ maxLength: 4 }))
  .filter((key) => !key.startsWith("__"));
const tree = (leaf: fc.Arbitrary<PropertyValue>): fc.Arbitrary<PropertyMap> =>
  fc.letrec<{ map: PropertyMap; value: PropertyValue }>((tie) => ({
    map: fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(tie("value"), { maxLength: 3 }),
      tie("map"),
    ),
  })).map;
const scalar: fc.Arbitrary<PropertyValue> = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc.boolean(),
  fc.integer(),
  fc.constant(null),
);
const plainMap = tree(scalar);
const anyMap = tree(
  fc.oneof(
    scalar,
    scalar.map((value) => new Secret(value)),
    fc.constant(UNKNOWN),
  ),
);

test("what is encoded for the SDK is decoded to the same", () => {
  fc.assert(fc.property(anyMap, (map) => assert.deepEqual(decodeMap(encodeMap(map, wrapSecret)), map)));
});

test("what goes to a provider has no secret in it, and its answer gets back every secret of the same name", () => {
  fc.assert(
    fc.property(anyMap, (map) => {
      const plain = decodeMap(encodeMap(map));
      assert.equal(containsSecret(plain), false);
      const marked = annotateSecrets(plain, map);
      assert.deepEqual(unwrap(marked), plain);
      for (const [key, value] of Object.entries(map)) {
        assert.equal(containsSecret(marked[key] ?? null), containsSecret(value));
      }
    }),
  );
});

test("a list that holds a secret becomes one whole, an object member by member", () => {
  const marked = annotateSecrets(
    { m: { s: "1", p: "2" }, l: ["1", "2"] },
    { m: { s: new Secret("x") }, l: ["x", new Secret("y")] },
  );
  assert.deepEqual(marked, { m: { s: new Secret("1"), p: "2" }, l: new Secret(["1", "2"]) });
});

test("a map has no change against itself, and a change of one leaf is that path alone", () => {
  fc.assert(fc.property(anyMap, (map) => assert.deepEqual(changesBetween(map, structuredCloneOf(map)), [])));
  fc.assert(
    fc.property(plainMap, fc.array(name, { minLength: 1, maxLength: 3 }), (map, path) => {
      const [old, changed] = [put(map, path, "before"), put(map, path, "after")];
      assert.deepEqual(changedPaths(changesBetween(old, changed)), [formatPath(path)]);
      assert.deepEqual(parsePath(formatPath(path)), path);
      assert.deepEqual(ignoreChanges(changed, old, [formatPath(path)]), old);
    }),
  );
});

test("a secret that changes is named as a path and shown nowhere", () => {
  const changes = changesBetween(
    { p: { s: new Secret("old") } },
    { p: { s: new Secret("new"), t: new Secret("new") } },
  );
  assert.deepEqual(changedPaths(changes), ["p.s", "p.t"]);
  assert.deepEqual(renderChanges(changes, ""), ["~ p: {", "    + t: [secret]", "  }"]);
});

test("text of several lines changes by the line", () => {
  const changes = changesBetween({ text: "one\ntwo\nthree\n" }, { text: "one\n2\nthree\n" });
  assert.deepEqual(renderChanges(changes, ""), ["~ text: (lines)", "    - two", "    + 2"]);
});

test("what is ignored stays as it was, also where it was not", () => {
  const old = { a: "1", rows: { "1": { x: "1", y: "1" }, "2": { x: "1" } } };
  const now = { a: "2", b: "2", rows: { "1": { x: "2", y: "2" }, "2": { x: "2" } } };
  assert.deepEqual(ignoreChanges(now, old, ["b", "rows.*.x"]), {
    a: "2",
    rows: { "1": { x: "1", y: "2" }, "2": { x: "1" } },
  });
});

test("dependents are deleted in an earlier round than what they depend on", () => {
  const graph = fc.array(fc.array(fc.nat(20), { maxLength: 3 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(graph, (edges) => {
      // Each one depends on earlier ones only, as in a program.
      const all = edges.map((targets, index) =>
        stateOf(`urn-${index}`, {
          dependencies: targets.filter((to) => to < index).map((to) => `urn-${to}`),
        }),
      );
      const rounds = deletionRounds(all);
      const roundOf = (urn: string) =>
        rounds.findIndex((round) => round.some((resource) => resource.urn === urn));
      assert.equal(rounds.flat().length, all.length);
      for (const { urn, dependencies } of all)
        for (const on of dependencies) assert.ok(roundOf(urn) < roundOf(on));
    }),
  );
});

test("the state file gives back what it took, and holds no secret in plain", () => {
  const folder = mkdtempSync(join(tmpdir(), "state-"));
  try {
    const path = join(folder, "deep", "state.json");
    const file = StateFile.open(path, "passphrase");
    fc.assert(
      fc.property(
        tree(
          fc.oneof(
            scalar,
            scalar.map((value) => new Secret(value)),
          ),
        ),
        (map) => {
          const resource = stateOf("urn", {
            id: "id",
            inputs: { ...map, s: new Secret("canary") },
            outputs: map,
            initErrors: ["why"],
          });
          file.write({ resources: [resource], pendingOperations: [{ resource, type: "updating" }] });
          assert.doesNotMatch(readFileSync(path, "utf8"), /canary/);
          const { stored } = StateFile.open(path, "passphrase");
          assert.deepEqual(stored, {
            resources: [resource],
            pendingOperations: [{ resource, type: "updating" }],
          });
        },
      ),
      { numRuns: 20 },
    );
    assert.throws(() => StateFile.open(path, "another"), /passphrase/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function stateOf(urn: string, more: Partial<ResourceState>): ResourceState {
  return {
    ...{ urn, type: "t", custom: true, inputs: {}, outputs: {}, dependencies: [], propertyDependencies: {} },
    ...{ additionalSecretOutputs: [], ignoreChanges: [], initErrors: [] },
    ...more,
  };
}

function structuredCloneOf(map: PropertyMap): PropertyMap {
  return decodeMap(encodeMap(map, wrapSecret));
}

/** The map with a value at a path, whatever was there. */
function put(map: PropertyMap, [head = "", ...rest]: string[], value: string): PropertyMap {
  const inner = map[head];
  const isObject = typeof inner === "object" && inner !== null && !Array.isArray(inner);
  return {
    ...map,
    [head]: rest.length === 0 ? value : put(isObject ? (inner as PropertyMap) : {}, rest, value),
  };
}

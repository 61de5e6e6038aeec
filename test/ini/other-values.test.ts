import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { splitAddress } from "../../src/ini/address";
import type { Configuration, Value } from "../../src/ini/configuration";
import { declaredBy, withOtherValues } from "../../src/ini/declared";
import { unlikeLive } from "../../src/ini/dump/unlike";
import { observe } from "../../src/ini/observe";
import { renderConfiguration } from "../../src/ini/render";
import { configuration } from "./arbitraries";

function withAll(one: Configuration, toValue: (address: string, value: Value) => Value | undefined) {
  const others = [...declaredBy(one).values.items()];
  return withOtherValues(
    one,
    others.map(({ address, place, value }) => ({ place, value: toValue(address, value) })),
  );
}

test("each value has another one in its place, and the order stays", () => {
  fc.assert(
    fc.property(configuration, (one) => {
      const before = structuredClone(one);
      const other = withAll(one, (address) => `other ${address}`);
      assert.deepEqual(
        [...declaredBy(other).values],
        [...declaredBy(one).values].map(([address]) => [address, `other ${address}`]),
      );
      assert.deepEqual(one, before);
    }),
  );
});

test("a row goes with its last value, a table with its last row, and an empty table stays", () => {
  const tables = {
    T: { "0": { A: "go" }, "1": { A: "go", B: "stay" } },
    Gone: { "0": { A: "go" } },
    Empty: {},
  };
  const left = withAll({ parameters: { P: "go" }, tables }, (_, value) =>
    value === "go" ? undefined : value,
  );
  assert.deepEqual(left, { parameters: {}, tables: { T: { "1": { B: "stay" } }, Empty: {} } });
});

test("a cell takes no list, and a row has no value of its own", () => {
  const one = { parameters: {}, tables: { T: { "0": { A: "1", B: "2" } } } };
  const cell = { place: splitAddress("T 0 A"), value: ["x", "y"] };
  const row = { place: splitAddress("T 0"), value: "x" };
  assert.deepEqual(withOtherValues(one, [cell, row]).tables, { T: { "0": { B: "2" } } });
});

test("what stays as it is, is not copied", () => {
  const one = { parameters: {}, tables: { T: { "0": { A: "1" }, "1": { A: "2" } }, U: { "0": { A: "1" } } } };
  const other = withOtherValues(one, [{ place: splitAddress("T 0 A") as never, value: "9" }]);
  assert.equal(other.tables["T"]?.["1"], one.tables.T["1"]);
  assert.equal(other.tables["U"], one.tables.U);
  assert.deepEqual(other.tables["T"]?.["0"], { A: "9" });
});

test("of what a dump shows, only the values that it shows otherwise are looked at", () => {
  fc.assert(
    fc.property(configuration, fc.nat(), (one, at) => {
      const observed = observe(renderConfiguration(one));
      const all = [...declaredBy(one).values.items()];
      const asked = all.filter(({ place, value }) => place.kind === "cell" && value === "$$");
      assert.deepEqual(unlikeLive(one, observed), asked);
      const changed = all[at % Math.max(1, all.length)];
      if (changed === undefined) return;
      const others = [{ place: changed.place, value: "never written like this" }];
      const expected = all.filter((each) => each === changed || asked.includes(each));
      assert.deepEqual(
        unlikeLive(withOtherValues(one, others), observed).map(({ address }) => address),
        expected.map(({ address }) => address),
      );
    }),
  );
  const declared = { parameters: { P: "1" }, tables: { t: { "3": { a: "$$", B: "" }, "4": { A: "1" } } } };
  const observed = observe('P = 1\n[ T ]\nFORMAT Index = A, B;\nT 3 = "$$", "$1$gQ==";\n[ \\T ]\n');
  assert.deepEqual(
    unlikeLive(declared, observed).map(({ address, value }) => [address, value]),
    [
      ["t 3 a", "$$"],
      ["t 4 A", "1"],
    ],
  );
});

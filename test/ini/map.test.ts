import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { declaredBy, mapConfiguration } from "../../src/ini/declared";
import { configuration } from "./arbitraries";

test("each value has another one in its place, and the order stays", () => {
  fc.assert(
    fc.property(configuration, (one) => {
      const upper = mapConfiguration(one, ({ value }) => value);
      assert.deepEqual([...declaredBy(upper).values], [...declaredBy(one).values]);
    }),
  );
  const one = { parameters: { A: "1", B: ["2", "3"] }, tables: { T: { "0": { C: "x" } } } };
  assert.deepEqual(
    mapConfiguration(one, ({ address }) => address),
    { parameters: { A: "A", B: "B" }, tables: { T: { "0": { C: "T 0 C" } } } },
  );
});

test("a row goes with its last value, a table with its last row, and an empty table stays", () => {
  const tables = {
    T: { "0": { A: "go" }, "1": { A: "go", B: "stay" } },
    Gone: { "0": { A: "go" } },
    Empty: {},
  };
  const left = mapConfiguration({ parameters: { P: "go" }, tables }, ({ value }) =>
    value === "go" ? undefined : value,
  );
  assert.deepEqual(left, { parameters: {}, tables: { T: { "1": { B: "stay" } }, Empty: {} } });
});

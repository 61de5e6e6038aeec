import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type DeclaredInputs,
  declaresNothing,
  inputProblems,
  isPartlyUnknown,
  isUnknownAt,
  knownConfiguration,
  secretsOf,
  withFound,
} from "../../src/declare/ini";
import { present } from "../../src/declare/present";
import { UNKNOWN } from "../../src/declare/unknown";

const device = { url: "https://sbc1.example.com" };
const inputs = (more: object): DeclaredInputs => ({
  ...{ device, __mediantName: "base" },
  ...more,
});

test("what is not known yet is left out of what is compared, and known by its address", () => {
  const partly = inputs({ parameters: { A: "1" }, tables: { T: UNKNOWN, U: { 0: UNKNOWN, 1: { C: "x" } } } });
  assert.equal(isPartlyUnknown(partly), true);
  assert.deepEqual(knownConfiguration(partly), { parameters: { A: "1" }, tables: { U: { 1: { C: "x" } } } });
  for (const [address, unknown] of [
    ["A", false],
    ["T 5 C", true],
    ["u 0 C", true],
    ["U 1 C", false],
  ] as const)
    assert.equal(isUnknownAt(partly, address), unknown, address);
  for (const part of ["parameters", "tables", "__mediantTables"])
    assert.equal(
      isPartlyUnknown(inputs({ parameters: { A: "1" }, tables: {}, [part]: UNKNOWN })),
      true,
      part,
    );
  const tables = { T: { 0: { C: "x" } } };
  assert.equal(knownConfiguration(inputs({ tables })).tables["T"], tables.T, "what is known is not copied");
  const late = inputs({ parameters: UNKNOWN, tables: UNKNOWN });
  assert.deepEqual(knownConfiguration(late), { parameters: {}, tables: {} });
  assert.ok(isUnknownAt(late, "A") && isUnknownAt(late, "T 0 C"));
  assert.equal(isPartlyUnknown(inputs({ parameters: { A: "1" } })), false);
});

test("a declaration that turned out empty declares nothing; one that is to come may", () => {
  assert.equal(declaresNothing(inputs({})), true);
  assert.equal(declaresNothing(inputs({ tables: { T: {} } })), true);
  assert.equal(declaresNothing(inputs({ tables: { T: { 0: { C: "x" } } } })), false);
  assert.equal(declaresNothing(inputs({ parameters: { A: "1" } })), false);
  assert.equal(declaresNothing(inputs({ tables: UNKNOWN })), false);
});

test("what is secret by name, by mark, or because nobody knows yet", () => {
  const named = secretsOf({ secretNames: ["MyPin"], __mediantSecrets: ["T 0 C"] });
  assert.deepEqual(
    ["MyPin", "T 0 C", "T 1 C", "SyslogServerIP"].map((address) => named(address)),
    [true, true, false, false],
  );
  for (const all of [
    { secretNames: ["MyPin", UNKNOWN] },
    { __mediantSecrets: ["T 0 C", "*"] },
    { __mediantSecrets: ["T 0 C", UNKNOWN] },
  ])
    assert.equal(secretsOf(all)("SyslogServerIP"), true);
});

test("problems name the address and never the value", () => {
  assert.deepEqual(inputProblems(inputs({ parameters: { A: "1" } })), []);
  const [problem = "", ...others] = inputProblems(inputs({ parameters: { A: "it's S3cret" } }));
  assert.deepEqual(others, []);
  assert.match(problem, /^parameters\.A /);
  assert.doesNotMatch(problem, /S3cret/);
  const values = { A: "S3cret\n", B: ["x", "S3cret\n"] };
  assert.deepEqual(inputProblems(inputs({ parameters: values, tables: { T: { x: {} } } })), [
    "parameters.A must not contain a line end or another control character",
    "parameters.B[1] must not contain a line end or another control character",
    "tables.T.x is no index: a whole number, 0 or more",
  ]);
  assert.deepEqual(inputProblems({ ...inputs({}), device: {} }), [
    "device: needs url, or a profile that has it",
  ]);
});

test("what stands for a secret in a backup is refused, in a value and in the credentials of an address", () => {
  const problems = inputProblems(
    inputs({
      parameters: {
        CLIPrivPass: "[secret]",
        IniFileURL: "https://[secret]@h/a.ini",
        List: ["x", "[secret]"],
      },
      tables: { Account: { 0: { AccountName: "[secret] room", Password: "[secret]" } } },
    }),
  );
  const words = "is [secret], which stands for a secret in a backup: give the value, or leave it out";
  const addresses = [
    "parameters.CLIPrivPass",
    "parameters.IniFileURL",
    "parameters.List",
    "tables.Account.0.Password",
  ];
  assert.deepEqual(
    problems,
    addresses.map((address) => `${address} ${words}`),
  );
});

test("found values stand in the properties that were there; one that was left out stays out while it is empty", () => {
  const nothing = { parameters: {}, tables: {} };
  assert.deepEqual(withFound(inputs({ parameters: { A: "1" } }), nothing), { parameters: {} });
  assert.deepEqual(withFound(inputs({ tables: { T: { "0": { C: "x" } } } }), nothing), { tables: {} });
  assert.deepEqual(withFound(inputs({}), { parameters: { A: "2" }, tables: { T: { "0": { C: "y" } } } }), {
    parameters: { A: "2" },
    tables: { T: { "0": { C: "y" } } },
  });
});

test("a property without a value is left out", () => {
  assert.deepEqual(Object.keys(present({ a: 1, b: undefined, c: null })), ["a", "c"]);
});

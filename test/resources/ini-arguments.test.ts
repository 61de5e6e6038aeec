import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { type IniArgs, iniInputs as inputsOf } from "../../src/resources/ini-arguments";

// In a preview values may be unknown; without a resource none of these is ever called.
pulumi.runtime.setMocks(
  { newResource: ({ inputs }) => ({ id: "", state: inputs }), call: () => ({}) },
  "project",
  "stack",
  true,
);

const later = <T>(value: T) => pulumi.output(Promise.resolve(value)) as unknown as pulumi.Output<T>;
const secret = <T>(value: T) => pulumi.secret(value) as unknown as pulumi.Output<T>;
const unknown = () => pulumi.output(pulumi.unknown) as pulumi.Output<never>;

/** How the engine would meet a value: plain, or with marks around it. */
async function met(input: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(input)) {
    const output = input as unknown as { isKnown: Promise<boolean>; promise(): Promise<unknown> };
    const value = (await output.isKnown) ? await met(await output.promise()) : "(unknown)";
    return (await pulumi.isSecret(input)) ? { secret: value } : value;
  }
  if (Array.isArray(input)) return Promise.all(input.map(met));
  if (typeof input !== "object" || input === null) return input;
  return Object.fromEntries(
    await Promise.all(Object.entries(input).map(async ([key, value]) => [key, await met(value)])),
  );
}

const SUBJECT = 'IncrementalIniConfig "berlin1"';
const iniInputs = (args: IniArgs) => inputsOf(args, SUBJECT);

/** A message without the resource, which each of its lines has to name. */
function withoutSubject(message: string): string {
  for (const line of message.split("\n")) assert.ok(line.startsWith(`${SUBJECT}: `), line);
  return message.replaceAll(`${SUBJECT}: `, "");
}

async function inputs(args: IniArgs) {
  const { parameters, tables, order } = iniInputs(args);
  return { parameters: await met(parameters), tables: await met(tables), order: await met(order) };
}

const TABLE = "[ T ]\nFORMAT Index = A, B;\n";

test("plain arguments stay plain, and what is not there stays away", async () => {
  assert.deepEqual(iniInputs({}), {
    parameters: undefined,
    tables: undefined,
    order: undefined,
    notes: [],
    partlySecret: new Set(),
    isEmpty: true,
  });
  assert.deepEqual(await inputs({ ini: `P = 'a'\n${TABLE}T 0 = 1, 2;\n`, parameters: { Q: [true, 5] } }), {
    parameters: { P: "a", Q: ["1", "5"] },
    tables: { T: { "0": { A: "1", B: "2" } } },
    order: ["T"],
  });
});

test("only the cells that ask for a secret or an unknown variable take it over", async () => {
  const args: IniArgs = {
    ini: `P = '{{plain}}/{{ key }}'\nQ = {{plain}}\nL = 'a', '{{key}}'\n${TABLE}T 0 = "{{key}}", "{{late}}-{{plain}}";\nT 1 = {{plain}}, "{{key}}{{late}}";\n`,
    parameters: { R: "{{late}}", S: "{{number}}" },
    variables: { plain: "p", key: secret("k"), late: unknown(), number: later(5) },
  };
  assert.deepEqual(await inputs(args), {
    parameters: { P: { secret: "p/k" }, Q: "p", L: { secret: ["a", "k"] }, R: "(unknown)", S: "5" },
    tables: {
      T: {
        "0": { A: { secret: "k" }, B: "(unknown)" },
        "1": { A: "p", B: { secret: "(unknown)" } },
      },
    },
    order: ["T"],
  });
});

test("variables that are an output as a whole touch only the cells that ask for them", async () => {
  const ini = `P = {{a}}\nQ = 5\n`;
  assert.deepEqual((await inputs({ ini, variables: secret({ a: "x", b: "y" }) })).parameters, {
    P: { secret: "x" },
    Q: "5",
  });
  assert.deepEqual((await inputs({ ini, variables: unknown() })).parameters, { P: "(unknown)", Q: "5" });
});

test("single values may be outputs: they keep cells of their own, and their own form", async () => {
  const args: IniArgs = {
    parameters: {
      P: secret('it is "5"'),
      Q: later(true) as unknown as pulumi.Output<boolean>,
      R: ["a", secret("b")],
      S: later(["a", 1]) as unknown as pulumi.Output<string[]>,
      U: unknown(),
      V: "v",
      W: later("{{raw}}"),
      X: Promise.resolve(7),
    },
    tables: { T: { 0: { T_A: later("header contains 'x'"), B: secret(1) } } },
  };
  assert.deepEqual(await inputs(args), {
    parameters: {
      P: { secret: 'it is "5"' },
      Q: "1",
      R: { secret: ["a", "b"] },
      S: ["a", "1"],
      U: "(unknown)",
      V: "v",
      W: "{{raw}}",
      X: "7",
    },
    tables: { T: { "0": { A: "header contains 'x'", B: { secret: "1" } } } },
    order: undefined,
  });
});

test("an output among the list's elements does not keep placeholders from the others", async () => {
  const { parameters } = await inputs({
    parameters: { L: ["a-{{x}}", later("{{x}}")] },
    variables: { x: "y" },
  });
  assert.deepEqual(parameters, { L: ["a-y", "{{x}}"] });
});

const shapes: [string, IniArgs, unknown][] = [
  ["tables", { tables: later({ T: { 0: { A: 1, Password: "x" } } }) }, { A: "1", Password: { secret: "x" } }],
  ["a table", { tables: { T: later({ 0: { A: 1 } }) } }, { A: "1" }],
  ["a row", { tables: { T: { 0: later({ A: 1 }) } } }, { A: "1" }],
  [
    "a row beside a secret cell",
    { tables: { T: { 0: { A: secret("s") }, 1: later({ A: 1 }) } } },
    { A: { secret: "s" } },
  ],
];

for (const [what, args, row] of shapes) {
  test(`the shape may come later: ${what}`, async () => {
    const { parameters, tables } = await inputs({ ...args, parameters: { P: 1 } });
    assert.deepEqual((tables as Record<string, Record<string, unknown>>)["T"]?.["0"], row);
    assert.deepEqual(parameters, { P: "1" });
  });
}

test("what is unknown or secret as a whole leaves the other branch as it is", async () => {
  assert.deepEqual(await inputs({ ini: `P = 1\n${TABLE}T 0 = 1, 2;\n`, tables: unknown() }), {
    parameters: { P: "1" },
    tables: "(unknown)",
    order: ["T"],
  });
  assert.deepEqual(await inputs({ tables: { T: { 0: { A: 1 } } }, parameters: secret({ P: 1 }) }), {
    parameters: { secret: { P: "1" } },
    tables: { T: { "0": { A: "1" } } },
    order: undefined,
  });
});

test("the text may come later, and its secrets are still marked one by one", async () => {
  const ini = later(`P = 1\nPassword = 'x'\n${TABLE}T 0 = "$1$gQ==", {{v}};\n`);
  assert.deepEqual(await inputs({ ini, variables: { v: secret("k") } }), {
    parameters: { P: "1", Password: { secret: "x" } },
    tables: { T: { "0": { A: { secret: "$1$gQ==" }, B: { secret: "k" } } } },
    order: ["T"],
  });
});

test("secrets are marked by name, by the device's form, and by the names a user gives", async () => {
  const args: IniArgs = {
    parameters: { Password: "a", Pin: "b", Plain: "$1$2" },
    tables: {
      T: { 0: { Secret: "c", A: "$1$Zm9v", B: "$1$Zm", Pin: "d", C: "{{form}}", D: later("$1$Zm9v") } },
    },
    variables: { form: "$1$gQ==" },
    secretNames: later(["T.Pin"]),
  };
  assert.deepEqual(await inputs(args), {
    parameters: { Password: { secret: "a" }, Pin: "b", Plain: "$1$2" },
    tables: {
      T: {
        "0": {
          Secret: { secret: "c" },
          A: { secret: "$1$Zm9v" },
          B: "$1$Zm",
          Pin: { secret: "d" },
          C: { secret: "$1$gQ==" },
          D: { secret: "$1$Zm9v" },
        },
      },
    },
    order: undefined,
  });
});

test("a value that is put in stays in its cell, whatever it looks like", async () => {
  const hostile = ["x', 'y", "x; y", "x = y", "{{other}}", "[ \\T ]", "$&", "__proto__", "a,b"];
  for (const value of hostile) {
    const { tables } = await inputs({
      ini: `${TABLE}T 0 = {{v}}, "<{{v}}>";\nT 1 = {{other}}, 1;\n`,
      variables: { v: value, other: "z" },
    });
    assert.deepEqual(tables, { T: { "0": { A: value, B: `<${value}>` }, "1": { A: "z", B: "1" } } });
  }
});

const refusals: [string, IniArgs, RegExp][] = [
  [
    "a variable that nothing asks for",
    { ini: "P = {{a}}", variables: { a: "hunter2", b: "hunter2" } },
    /^variables\.b is not used: nothing asks for \{\{b\}\}$/,
  ],
  ["a text at fault", { ini: "P = 1\n hunter2" }, /^ini line 2, column 2: neither/],
  [
    "a text that is bytes",
    { ini: Buffer.from("P = 1") as unknown as string },
    /^ini must be a text: read a file/,
  ],
  [
    "a known text at fault beside unknown tables",
    { ini: "hunter2", tables: unknown() },
    /^ini line 1, column 1/,
  ],
  [
    "a placeholder without a value",
    { ini: "P = 1\nQ = 'a{{b}}'" },
    /^ini line 2, column 1: variables has no value for \{\{b\}\}$/,
  ],
  [
    "a placeholder of a cell without a value",
    { ini: `${TABLE}T 0 = 1, {{b}};`, variables: { a: 1 } },
    /^ini line 3, column 10/,
  ],
  [
    "a placeholder that objects have of themselves",
    { ini: "P = {{constructor}}", variables: {} },
    /no value for \{\{constructor\}\}/,
  ],
  [
    "a placeholder in an argument",
    { parameters: { P: "{{b}}" } },
    /^variables has no value for \{\{b\}\} \(P asks for it\)$/,
  ],
  [
    "a line end in a variable",
    { ini: "P = {{b}}", variables: { b: "hunter2\nQ = 1" } },
    /^variables\.b must not contain a line end/,
  ],
  [
    "a variable that is no value",
    { ini: "P = {{b}}", variables: { b: {} as string } },
    /^variables\.b must be a text/,
  ],
  [
    "a variable too large to be written",
    { ini: "P = {{b}}", variables: { b: 1e30 } },
    /^variables\.b is a number/,
  ],
  [
    "a quote in a variable for a parameter",
    { ini: "P = {{b}}", variables: { b: "hunter'2" } },
    /^P must not contain '/,
  ],
  [
    "a quote in a variable for a cell",
    { ini: `${TABLE}T 0 = 1, {{b}};`, variables: { b: 'hunter"2' } },
    /^T 0 B must not contain "/,
  ],
  ["a quote in an argument", { parameters: { P: "hunter'2" } }, /^parameters\.P must not contain '/],
  ["a name given twice", { ini: "P = hunter2", parameters: { P: "hunter3" } }, /^P is declared twice/],
  [
    "a name given twice, once as an output",
    { ini: "P = 1", parameters: { P: later("1") } },
    /^P is declared twice/,
  ],
];

for (const [what, args, message] of refusals) {
  test(`refused at once, in one clean line without the value: ${what}`, () => {
    assert.throws(
      () => iniInputs(args),
      (error) => {
        assert.ok(error instanceof pulumi.RunError);
        assert.match(withoutSubject(error.message), message);
        assert.doesNotMatch(error.message, /hunter|output-/);
        return true;
      },
    );
  });
}

test("every problem of a text is told at once, missing variables among them", () => {
  const message =
    /^ini line 1, column 1: neither[^\n]*\nini line 2, column 1: variables has[^\n]*\nparameters\.Q is a number/;
  assert.throws(
    () => iniInputs({ ini: "?\nP = {{a}}\n", parameters: { Q: Number.NaN } }),
    (error: Error) => message.test(withoutSubject(error.message)),
  );
});

const lateRefusals: [string, IniArgs, RegExp][] = [
  [
    "a variable that nothing asks for in a text that comes later",
    { ini: later("P = {{a}}"), variables: { a: "hunter2", b: "hunter2" } },
    /^variables\.b is not used/,
  ],
  ["a text at fault", { ini: later("hunter2") }, /^ini line 1, column 1: neither/],
  [
    "a line end in a variable",
    { ini: "P = {{b}}", variables: { b: later("hunter2\n") } },
    /^variables\.b must not contain/,
  ],
  ["a missing variable", { ini: "P = {{b}}", variables: later({}) }, /^variables has no value for \{\{b\}\}/],
  ["a line end in a parameter", { parameters: { P: later("hunter2\r") } }, /^P must not contain a line end/],
  ["an output of nothing", { parameters: { P: later(undefined) as unknown as string } }, /^P must be a text/],
  [
    "a list in a cell",
    { tables: { T: { 0: { A: later(["hunter", "b"]) as unknown as string } } } },
    /^T 0 A must be a text/,
  ],
  [
    "a double quote in a cell",
    { tables: { T: { 0: { A: later('hunter"2') } } } },
    /^T 0 A must not contain "/,
  ],
  [
    "an element of nothing",
    { parameters: { P: ["a", later(null) as unknown as string] } },
    /^P must be a text/,
  ],
];

/** What an output's failure leaves behind; in a program the SDK's own handler prints it and ends the run. */
async function failures(args: IniArgs): Promise<unknown[]> {
  const others = process.listeners("unhandledRejection");
  const reasons: unknown[] = [];
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason) => reasons.push(reason));
  try {
    await inputs(args).catch((reason) => reasons.push(reason));
    await setImmediate();
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const other of others) process.on("unhandledRejection", other);
  }
  return reasons;
}

for (const [what, args, message] of lateRefusals) {
  test(`refused once it is known: ${what}`, async () => {
    const reasons = await failures(args);
    assert.ok(reasons.length > 0);
    for (const error of reasons) {
      assert.ok(error instanceof pulumi.RunError);
      assert.match(withoutSubject(error.message), message);
      assert.doesNotMatch(error.message, /hunter|output-/);
    }
  });
}

test("nothing that a user writes can name the stand-in of an output", () => {
  for (const name of ["__output.0", "output.0", "output-0"]) {
    for (const args of [{ ini: `P = {{${name}}}` }, { tables: { T: { 0: { A: `{{${name}}}` } } } }]) {
      assert.throws(() => iniInputs({ ...args, parameters: { Q: secret("s") } }), /variables has no value/);
    }
  }
});

for (const name of ["full-7.40.ini", "full-7.00A.ini", "partial.ini"]) {
  test(`the fixture ${name}: every password and obscured value is a secret, and no other cell is`, async () => {
    const ini = readFileSync(join(__dirname, "../fixtures/ini", name), "utf8");
    const { parameters, tables } = await inputs({ ini });
    const marked: string[] = [];
    const walk = (value: unknown, path: string[]) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return;
      if (Object.keys(value).join() === "secret") marked.push(path.at(-1) ?? "");
      else for (const [key, one] of Object.entries(value)) walk(one, [...path, key]);
    };
    walk(parameters, []);
    walk(tables, []);
    const expected = /^(Password|PwNonce|AuthKey|PrivKey|SNMPReadOnlyCommunityString_0)$/;
    assert.ok(marked.length > 0);
    for (const key of marked) assert.match(key, expected);
    const plain = JSON.stringify([parameters, tables]).replaceAll(/\{"secret":"[^"]*"\}/g, "");
    assert.doesNotMatch(plain, /\$1\$[A-Za-z0-9+/]{4}/);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { holdsPlainSecret, readDeclared, scriptProblems, variablesOfSecrets } from "../../src/cli/declared";
import { CliSyntaxError } from "../../src/cli/errors";

const fault = (text: string, variables: Record<string, string>) => {
  try {
    readDeclared(text, { variables });
  } catch (error) {
    assert.ok(error instanceof CliSyntaxError);
    return error.message;
  }
  return undefined;
};

test("a placeholder stands for a value, never for a command or for more words than are written", () => {
  const at = (text: string, value: string) => fault(`configure voip\n${text}\nexit\n`, { a: value });
  assert.match(at("{{a}} x", "hostname") ?? "", /begins with the name of a command, not with a placeholder/);
  assert.match(at("hostname {{b}}", "x") ?? "", /variables has no value for \{\{b\}\}/);
  assert.match(at("hostname {{a}}", "x\nno proxy-set 1") ?? "", /variables\.a has a line end/);
  assert.match(at("hostname {{a}}", 'x" y') ?? "", /variables\.a has a quote/);
  assert.match(at("hostname host-{{a}}", "x y") ?? "", /variables\.a is empty or has a blank/);
  assert.match(at("hostname host-{{a}}", "") ?? "", /variables\.a is empty or has a blank/);
  assert.equal(at("hostname host-{{a}}", "x"), undefined);
  assert.equal(at("hostname {{ a }}", "x y"), undefined, "blanks inside of the braces");
});

test("a value in quotes, or that is a whole word, stays one word", () => {
  const value = fc.stringMatching(/^[A-Za-z0-9 .:/-]{0,12}$/);
  fc.assert(
    fc.property(value, fc.boolean(), (text, quoted) => {
      const word = quoted ? '"{{a}}"' : "{{a}}";
      const { lines } = readDeclared(`configure voip\nhostname ${word}\nexit\n`, { variables: { a: text } });
      assert.deepEqual(lines.at(-1)?.args, [text]);
    }),
  );
});

test("the values of the variables that are secret are the secrets, an empty one is none", () => {
  const variables = { user: "bob-user", pw: "long-word", none: "" };
  const text = "configure system\nbanner {{user}} {{pw}} {{none}}\nexit\n";
  const secretsBy = (...secretVariables: string[]) => readDeclared(text, { variables, secretVariables });
  assert.deepEqual(secretsBy().secrets, []);
  assert.deepEqual(secretsBy("pw", "none").secrets, ["long-word"]);
  assert.deepEqual(secretsBy("*").secrets, ["bob-user", "long-word"]);
  assert.deepEqual([...secretsBy("pw").secretAt], [1]);
});

test("secrets are also the words that stand in the place of one, and parts of an address; common words are none", () => {
  const secretsOf = (line: string) => readDeclared(`configure system\n${line}\nexit\n`).secrets;
  assert.deepEqual(secretsOf("password canary"), ["canary"]);
  assert.deepEqual(secretsOf("url https://ops:canary@host/x"), ["ops:canary", "canary"]);
  assert.deepEqual(secretsOf("password on"), []);
  assert.deepEqual(secretsOf("hostname canary"), []);
});

test("variables are of secrets if they stand where a secret does", () => {
  const of = (...lines: string[]) => variablesOfSecrets(`configure system\n${lines.join("\n")}\nexit\n`);
  assert.deepEqual(of("hostname {{a}}", "user {{b}} password {{ c }}", "shared-secret x{{d}}"), ["c", "d"]);
  assert.deepEqual(of("url https://ops:{{a}}@{{b}}/{{c}}", "password {{a}}"), ["a"]);
  assert.deepEqual(of('hostname "never closed'), []);
});

test("a script holds a plain secret if one stands where a placeholder could", () => {
  const holds = (...lines: string[]) => holdsPlainSecret(`configure system\n${lines.join("\n")}\nexit\n`);
  assert.ok(holds("hostname a", "password {{a}}", "password canary"));
  assert.ok(holds("hostname a", "url x https://ops:canary@host/x"));
  for (const line of [
    "hostname a",
    "password {{a}}",
    'password ""',
    "password off",
    "url https://ops:{{a}}@host/x",
    'hostname "never closed',
  ])
    assert.ok(!holds(line), line);
});

test("a script that cannot be sent says why, one sentence a fault", () => {
  const problems = (text: string, whole?: boolean) =>
    scriptProblems(readDeclared(text, { tolerant: true }), whole);
  assert.deepEqual(problems("configure system\n hostname a\nexit\n"), []);
  assert.deepEqual(problems("show version\n"), []);
  assert.deepEqual(problems("# nothing\n"), ["has no command"]);
  assert.match(problems("reload now\n").join(), /^script line 1, column 1: `reload` [^,]*$/);
  assert.match(
    problems('configure system\n hostname a"b\nexit\n').join(),
    /^configure system \/ hostname: [^,]*a/,
  );
});

test("a whole configuration has lines, and asks nothing", () => {
  const problems = (text: string) => scriptProblems(readDeclared(text), true);
  assert.deepEqual(problems("configure system\n hostname a\nexit\n"), []);
  assert.deepEqual(problems(""), [
    "a whole configuration without a line would take everything from the device",
  ]);
  assert.deepEqual(problems("configure system\n hostname a\nexit\nshow version\n"), [
    "queries such as `show` run in a CliScriptConfig only: their output comes back there",
  ]);
  assert.equal(problems("show version\n").length, 2);
});

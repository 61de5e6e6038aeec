import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { readDeclared } from "../../src/cli/declared";
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

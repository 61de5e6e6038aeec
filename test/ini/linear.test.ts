import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { ambiguity } from "../shared/regex-ambiguity";
import { stepsIn, testOfSteps } from "../shared/steps";
import { HARD, readAndWrite } from "./growth";

/** How many blocks of the pure rooms run in `work`. */
const steps = (work: () => void): number => stepsIn(/\/src\/(ini|text)\//, work);

/*
 * That the time is linear is counted, not measured: how often each block of our code ran (V8's own counters), and what
 * the shape of each regular expression allows.
 */

testOfSteps("the counters count: a quadratic loop grows a hundredfold", () => {
  const text = (n: number) => `P = ${"x,".repeat(n)}`;
  const work = (n: number) => () => {
    for (let at = 0; at < n; at++) readAndWrite(text(n));
  };
  assert.ok(steps(work(100)) > 50 * steps(work(10)));
});

for (const [what, make] of Object.entries(HARD)) {
  testOfSteps(`ten times the text takes about ten times the steps: ${what}`, () => {
    const small = make(2000);
    const large = make(20_000);
    const few = steps(() => readAndWrite(small));
    const many = steps(() => readAndWrite(large));
    assert.ok(few > 0);
    assert.ok(many <= 11 * few + 500, `${few} steps, then ${many}`);
  });
}

/** The regular expressions that stand in the source files of a folder. */
function patternsIn(folder: string): { file: string; pattern: RegExp }[] {
  return readdirSync(folder).flatMap((file) => {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(folder, file), "utf8"),
      ts.ScriptTarget.ES2022,
    );
    const found: { file: string; pattern: RegExp }[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const [, body = "", flags] = /^\/(.*)\/([a-z]*)$/.exec(node.text) ?? [];
        found.push({ file, pattern: new RegExp(body, flags) });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

const known: [RegExp, boolean][] = [
  [/^a*a*b/, true],
  [/^a+[ab]*c/, true],
  [/^(?:a*)*b/, true],
  [/^(?:a|a)*b/, true],
  [/^(?:a|ab?)*c/, true],
  [/^[ \t]*\s*=/, true],
  [/a+b/, true],
  [/\s+$/, true],
  [/^a*b*c/, false],
  [/^(?:b[ \t]*)+/, false],
  [/^\S+[ \t]*=/, false],
  [/\$1\$[A-Z]+/, false],
  [/a{0,9}b/, false],
  [/^a{2,}b/, false],
  [/^a{2,}a*b/, true],
  [/^(?=a*b)a*$/, false],
];

for (const [pattern, expected] of known) {
  test(`the judge of regular expressions knows ${pattern}`, () => {
    assert.equal(ambiguity(pattern) !== undefined, expected);
  });
}

for (const room of ["ini", "text"]) {
  for (const { file, pattern } of patternsIn(join(__dirname, "../../src", room))) {
    test(`${room}/${file}: ${pattern} goes back a bounded number of times for each character`, () => {
      assert.equal(ambiguity(pattern), undefined);
    });
  }
}

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { ambiguity } from "../shared/regex-ambiguity";

/*
 * What the shape of each regular expression allows: none may go back so often that its time grows faster than the text.
 */

const SOURCE = join(__dirname, "../../src");

/** Patterns that the judge cannot clear, and why they are harmless all the same. */
const HARMLESS: Record<string, string> = {
  "/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/":
    "its loop ends at the end of the text at the latest, so that the first beginning matches",
  "/(?<=:\\/\\/)(?:[^\\s/?#:]*:[^\\s/?#]*|[^\\s/?#:@]{16,})(?=@)/g":
    "it begins behind `//` only, and no loop goes past a slash",
  "/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\\d+/g": "before a small letter one capital is given back, and no more",
  "/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g": "before a small letter one capital is given back, and no more",
};

const KNOWN: [RegExp, boolean][] = [
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
  [/a+/, false],
  [/a+$/, true],
  [/a+(?=b)/, true],
  [/(?:^|x)a*b/, false],
  [/(?:^|x)[ax]*b/, true],
  [/x.*/, false],
  [/x.*$/, true],
];

for (const [pattern, expected] of KNOWN) {
  test(`the judge of regular expressions knows ${pattern}`, () => {
    assert.equal(ambiguity(pattern) !== undefined, expected);
  });
}

/** The regular expressions of a source file. */
function patternsIn(file: string): RegExp[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022);
  const found: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, body = "", flags] = /^\/(.*)\/([a-z]*)$/.exec(node.text) ?? [];
      found.push(new RegExp(body, flags));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** All rooms but the simulator, which reads what tests send to it. */
const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.startsWith(`simulator${sep}`),
);

test("each regular expression goes back a bounded number of times for each character", () => {
  const patterns = new Map(
    files.flatMap((file) => patternsIn(join(SOURCE, file)).map((one) => [String(one), { file, one }])),
  );
  assert.ok(patterns.size > 100);
  const slow = [...patterns].flatMap(([text, { file, one }]) =>
    text in HARMLESS || ambiguity(one) === undefined ? [] : `${file}: ${text}`,
  );
  assert.deepEqual(slow, []);
  for (const text of Object.keys(HARMLESS)) assert.ok(patterns.has(text), `no file has ${text} any more`);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodings } from "../../src/text/escapes";

const decoded = (text: string) => decodings(text).at(-1)?.text;

test("entities stand for their signs", () => {
  const signs: [string, string][] = [
    ['"', "quot"],
    ["&", "amp"],
    ["'", "apos"],
    ["<", "lt"],
    [">", "gt"],
    ["\t", "Tab"],
    ["\n", "NewLine"],
    ["!", "excl"],
    ["#", "num"],
    ["$", "dollar"],
    ["%", "percnt"],
    ["(", "lpar"],
    [")", "rpar"],
    ["*", "ast"],
    ["*", "midast"],
    ["+", "plus"],
    [",", "comma"],
    [".", "period"],
    ["/", "sol"],
    [":", "colon"],
    [";", "semi"],
    ["=", "equals"],
    ["?", "quest"],
    ["@", "commat"],
    ["[", "lsqb"],
    ["[", "lbrack"],
    ["\\", "bsol"],
    ["]", "rsqb"],
    ["]", "rbrack"],
    ["^", "Hat"],
    ["_", "lowbar"],
    ["`", "grave"],
    ["{", "lcub"],
    ["{", "lbrace"],
    ["|", "verbar"],
    ["|", "vert"],
    ["}", "rcub"],
    ["}", "rbrace"],
    ["\u00a0", "nbsp"],
    ["\u00e9", "eacute"],
    ["\u00ff", "yuml"],
  ];
  for (const [sign, name] of signs) assert.equal(decodings(`a&${name};b`)[1]?.text, `a${sign}b`, name);
  assert.deepEqual(
    decodings("&nothing;").map(({ text }) => text),
    ["&nothing;"],
  );
});

test("escapes of strings stand for their signs", () => {
  const signs: [string, string][] = [
    ["\\n", "\n"],
    ["\\r", "\r"],
    ["\\t", "\t"],
    ["\\b", "\b"],
    ["\\f", "\f"],
    ["\\v", "\v"],
    ["\\0", "\0"],
    ['\\"', '"'],
    ["\\u0041", "A"],
    ["\\u{1F600}", "\u{1F600}"],
    ["\\x41", "A"],
  ];
  for (const [written, sign] of signs) assert.equal(decoded(`a${written}b`), `a${sign}b`, written);
});

test("the last character of all is one, and what lies behind it none", () => {
  assert.equal(decoded("&#x10FFFF;"), "\u{10ffff}");
  assert.equal(decoded("&#x110000;"), "&#x110000;");
  assert.equal(decoded("&#1114111;"), "\u{10ffff}");
  assert.equal(decoded("&#1114112;"), "&#1114112;");
});

test("bytes are UTF-8 of one to four, else Latin-1, one at a time", () => {
  assert.equal(decoded("%41%7f"), "A\u007f");
  assert.equal(decoded("%c3%a9"), "\u00e9");
  assert.equal(decoded("%e2%82%ac"), "\u20ac");
  assert.equal(decoded("%f0%9f%98%80"), "\u{1f600}");
  assert.equal(decoded("%e9x"), "\u00e9x");
  assert.equal(decoded("%bfx"), "\u00bfx");
  assert.equal(decoded("%80%c1%c2"), "\u0080\u00c1\u00c2");
  // The first of two, of three and of four bytes.
  assert.equal(decoded("%c2%80%e0%a0%80%f0%90%80%80"), "\u0080\u0800\u{10000}");
});

test("escapes of escapes are taken out as well, round after round, and places are those of the text", () => {
  const layers = decodings("x %2526amp; y");
  assert.equal(layers[0]?.text, "x %2526amp; y");
  assert.equal(layers.at(-1)?.text, "x & y");
  assert.deepEqual(layers.at(-1)?.range(2, 3), { start: 2, end: 11 });
  assert.deepEqual(layers.at(-1)?.range(4, 5), { start: 12, end: 13 });
});

test("however often a text is escaped, its escapes are taken out four times at most", () => {
  const layers = decodings(`%${"25".repeat(20)}41`);
  assert.deepEqual(
    layers.map(({ text }) => text.length),
    [43, 41, 39, 37, 35],
  );
});

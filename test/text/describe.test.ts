import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPatch, parsePatch } from "diff";
import fc from "fast-check";
import { describeChange, describeValue, safeLines, shownChange } from "../../src/text/describe";
import { type PatchLine, unifiedPatch } from "../../src/text/patch";

const at = (before: string | string[] | undefined, after: string | string[] | undefined) => ({
  address: "ProxySet 3 ProxyName",
  before,
  after,
});

const changes: [string, ReturnType<typeof at>, boolean, string][] = [
  ["changed", at("PS_T", "PS_X"), false, '"PS_T" => "PS_X"'],
  ["added", at(undefined, ""), false, '(none) => ""'],
  ["removed", at("PS_T", undefined), false, '"PS_T" => (none)'],
  ["a list", at(["a", ""], ["b"]), false, '["a",""] => ["b"]'],
  ["not known yet", at("PS_T", "?"), false, '"PS_T" => (known after apply)'],
  [
    "a list of which one value is not known yet",
    at(["a"], ["a", "?"]),
    false,
    '["a"] => (known after apply)',
  ],
  ["no more unknown than its text says", at(["a?"], "PS?"), false, '["a?"] => "PS?"'],
  ["a secret changed", at("hunter2", "hunter3"), true, "(secret) changed"],
  ["a secret added", at(undefined, "hunter3"), true, "(secret) added"],
  ["a secret removed", at("hunter2", undefined), true, "(secret) removed"],
  ["obscured, though nobody called it a secret", at("$1$Zm9v", "x"), false, "(secret) changed"],
  [
    "the credentials of an address alone",
    at("https://ops:hunter2@h/a.ini", "https://ops:hunter3@h/a.ini"),
    false,
    '"https://[secret]@h/a.ini" (secret) changed',
  ],
  [
    "an address with credentials",
    at("https://ops:hunter2@h/a.ini", "https://ops:hunter2@h/b.ini"),
    false,
    '"https://[secret]@h/a.ini" => "https://[secret]@h/b.ini"',
  ],
  ["obscured in a list", at(["a", "$1$Zm9v"], "x"), false, '["a","[secret]"] => "x"'],
];

for (const [what, change, secret, expected] of changes) {
  test(`a change in one line: ${what}`, () => {
    assert.equal(describeChange(change, { secret, unknown: "?" }), `ProxySet 3 ProxyName: ${expected}`);
  });
}

test("for programs a change has the values that may be shown, none of a secret and none that is not known yet", () => {
  const shown = (before?: string | string[], after?: string | string[], secret = false) => {
    const { address, ...values } = shownChange(at(before, after), { secret, unknown: "?" });
    assert.equal(address, "ProxySet 3 ProxyName");
    return values;
  };
  assert.deepEqual(shown("PS_T", ["a", "b"]), { before: "PS_T", after: ["a", "b"] });
  assert.deepEqual(shown(undefined, ""), { after: "" });
  assert.deepEqual(shown("a", undefined), { before: "a" });
  assert.deepEqual(shown("a", "?"), { before: "a" });
  assert.deepEqual(shown(["?", "a"], "b?"), { after: "b?" });
  assert.deepEqual(shown("hunter2", "hunter3", true), { secret: true });
  assert.deepEqual(shown("$1$Zm9v", "x"), { secret: true });
  assert.deepEqual(shown(["a", "$1$Zm9v"], "https://ops:hunter2@h/a.ini"), {
    before: ["a", "[secret]"],
    after: "https://[secret]@h/a.ini",
  });
});

test("several lines stay several, each of them safe, and a secret that runs over them goes", () => {
  const key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";
  assert.equal(safeLines(`a\u001b[31m\n${key}\n$1$Zm9v b`), "a\\u001b[31m\n[secret]\n[secret] b");
});

test("nothing in a value ends its line, moves the cursor or turns the text around", () => {
  assert.equal(
    describeValue('a"\n\u001b[31m\u009b2J\u2028\u202e\u007f'),
    '"a\\"\\n\\u001b[31m\\u009b2J\\u2028\\u202e\\u007f"',
  );
  assert.equal(describeValue("\u{E0041}"), '"\\udb40\\udc41"');
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (value) => {
      const text = describeValue(value);
      assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      if (text.length <= 200 && !value.includes("$1$")) assert.equal(JSON.parse(text), value);
    }),
  );
});

test("a long value is cut, not within a character, and says how long it is", () => {
  const text = describeValue(`${"x".repeat(198)}${"😀".repeat(50)}`);
  assert.equal(text, `"${"x".repeat(198)}… (300 characters)`);
  assert.equal(describeValue("x".repeat(198)).length, 200);
});

const line = (address: string, before?: string, after?: string): PatchLine => ({ address, before, after });

test("a patch shows what was right above what is to be", () => {
  assert.equal(
    unifiedPatch("sbc1 (now)", "sbc1 (declared)", [
      line("P", '"1"', '"2"'),
      line("Q", '"x"', '"x"'),
      line("R", undefined, '"new"'),
      line("S", '"old"'),
      line("T"),
    ]),
    '--- sbc1 (now)\n+++ sbc1 (declared)\n@@ -1,3 +1,3 @@\n-P = "1"\n+P = "2"\n Q = "x"\n+R = "new"\n-S = "old"\n',
  );
});

test("where nothing differs there is no patch", () => {
  assert.equal(unifiedPatch("a", "b", []), "");
  assert.equal(unifiedPatch("a", "b", [line("P", "1", "1"), line("Q")]), "");
});

test("a patch is one that tools can read: applied to what was, it gives what is to be", () => {
  const value = fc.option(
    fc.string({ maxLength: 5 }).map((text) => describeValue(text)),
    {
      nil: undefined,
    },
  );
  const lines = fc.uniqueArray(
    fc.record({ address: fc.stringMatching(/^[A-Z]{1,3}$/), before: value, after: value }),
    { selector: ({ address }) => address, maxLength: 12 },
  );
  fc.assert(
    fc.property(lines, (all) => {
      const side = (pick: (one: PatchLine) => string | undefined) =>
        all
          .filter((one) => pick(one) !== undefined)
          .map((one) => `${one.address} = ${pick(one)}\n`)
          .join("");
      const before = side((one) => one.before);
      const after = side((one) => one.after);
      const patch = unifiedPatch("a", "b", all);
      if (patch === "") assert.equal(before, after);
      else {
        assert.equal(parsePatch(patch).length, 1);
        assert.equal(applyPatch(before, patch), after);
      }
    }),
  );
});

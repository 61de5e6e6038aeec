import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sanitise } from "../../src/text/sanitise";

const cases: [string, string, string[], string][] = [
  ["line ends and blanks become one blank", "a\r\n\t b", [], "a b"],
  ["colours and control characters go", "\u001b[31mred\u001b[0m\u0007 \u0000x\u202e", [], "red x"],
  ["a secret", "bad value hunter22 in line 3", ["hunter22"], "bad value [secret] in line 3"],
  ["C1 and what turns the text around", "a\u0085b\u202e\u2066c\u2069\u061cd", [], "abcd"],
  ["a secret split by control characters", "hun\u0000ter22", ["hunter22"], "[secret]"],
  ["a secret with control characters", "a hun\u0001ter b", ["hun\u0001ter"], "a [secret] b"],
  ["a secret in base64", `x ${Buffer.from("hunter22").toString("base64")} y`, ["hunter22"], "x [secret] y"],
  ["a secret in JSON", 'said "hun\\"ter"', ['hun"ter'], 'said "[secret]"'],
  ["a secret in a url", "?p=hun%26ter", ["hun&ter"], "?p=[secret]"],
  ["a secret in a page", "p=hun&lt;ter&quot;", ['hun<ter"'], "p=[secret]"],
  ["a secret with signs of a pattern", "x a.b*c(d y", ["a.b*c(d"], "x [secret] y"],
  ["the longer of two secrets", "hunter22-extra", ["hunter22", "hunter22-extra"], "[secret]"],
  ["a secret that looks like the placeholder", "a secret here", ["secret"], "a [secret] here"],
  ["a short secret alone only", "pin 12 of 312", ["12"], "pin [secret] of 312"],
  ["an empty secret is none", "plain   - text", ["", " ", "   "], "plain - text"],
  ["a line end parts words", "a\nb\tc\rd", [], "a b c d"],
  ["a sign that has no meaning of its own", "a\ue000b", [], "ab"],
  ["an obscured value", 'Password = "$1$gQ==", x', [], 'Password = "[secret]", x'],
  ["a back reference is not obscured", "$1 and $2", [], "$1 and $2"],
];

for (const [what, text, secrets, expected] of cases) {
  test(what, () => assert.equal(sanitise(text, secrets), expected));
}

test("long text is cut at 300 characters, after its secrets are hidden", () => {
  assert.equal(sanitise("x".repeat(300)), "x".repeat(300));
  assert.equal(sanitise("x".repeat(301)), `${"x".repeat(299)}…`);
  assert.equal(sanitise(`${"x".repeat(298)}\u{1f600}y`), `${"x".repeat(298)}…`);
  const cut = sanitise(`${"x".repeat(295)} hunter22-hunter22`, ["hunter22-hunter22"]);
  assert.equal(cut, `${"x".repeat(295)} [se…`);
});

test("whatever the text, the result is one safe line without the secret", () => {
  const secret = fc.string({ minLength: 4, maxLength: 20 }).filter((text) => /^\S{4}/.test(text));
  fc.assert(
    fc.property(
      secret,
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      (hidden, before, behind) => {
        const safe = sanitise(before + hidden + behind, [hidden]);
        assert.ok(safe.length <= 300);
        assert.doesNotMatch(safe, /[\p{Cc}\p{Cf}]/u);
        assert.ok(!safe.replaceAll("[secret]", "").includes(hidden));
      },
    ),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { REDACTED, withoutSecretParts } from "../../src/secrets/values";
import { redact } from "../../src/text/redact";

const cases: [string, string, string[], string][] = [
  ["nothing known", "plain text", [], "plain text"],
  ["an empty secret is none", "plain", [""], "plain"],
  ["a secret, each time", "a hunter2 b hunter2", ["hunter2"], "a [secret] b [secret]"],
  ["at both ends", "hunter2 x hunter2", ["hunter2"], "[secret] x [secret]"],
  ["nothing but the secret", "hunter2", ["hunter2"], "[secret]"],
  ["as JSON writes it", '"hun\\"ter"', ['hun"ter'], '"[secret]"'],
  ["as a URL writes it", "?p=hun%26ter", ["hun&ter"], "?p=[secret]"],
  ["as HTML writes it", "p=hun&lt;ter&#39;", ["hun<ter'"], "p=[secret]"],
  [
    "in the base64 of URLs",
    `x ${Buffer.from("??>hunter2").toString("base64url")} y`,
    ["??>hunter2"],
    "x [secret] y",
  ],
  ["in base64", `x ${Buffer.from("hunter2").toString("base64")}`, ["hunter2"], "x [secret]"],
  ["signs of a pattern", "x a.b*c(d y axbbc(d", ["a.b*c(d"], "x [secret] y axbbc(d"],
  ["one that holds another", "hunter2-extra hunter2", ["hunter2", "hunter2-extra"], "[secret] [secret]"],
  ["two that overlap", "xabcdy", ["abc", "bcd"], "x[secret]y"],
  ["one that overlaps with itself", "xabababy", ["abab"], "x[secret]y"],
  ["one that is a part of the placeholder", "a secret of abc", ["secret", "abc"], "a [secret] of [secret]"],
  ["a short one, as a whole word only", "pin 12 of 312", ["12"], "pin [secret] of 312"],
  ["an obscured value", 'Password = "$1$Zm9v", x', [], 'Password = "[secret]", x'],
  ["an obscured value of another form", "key $2$Zm9vYg== $10$Zm9v", [], "key [secret] [secret]"],
  ["a short one beside a sign", "pin_12_x", ["12"], "pin_[secret]_x"],
  ["a short one of one wide character", "a \u{1F600} b", ["\u{1F600}"], "a [secret] b"],
  ["as hexadecimal entities of HTML, in any case", "p=&#x68;un&#X0027;ter", ["hun'ter"], "p=[secret]"],
  ["as named entities of HTML", "p=hun&apos;ter&AMP;2&eacute;", ["hun'ter&2é"], "p=[secret]"],
  ["as decimal entities without an end", "p=hun&#39ter&#0050;", ["hun'ter2"], "p=[secret]"],
  ["with signs that a URL need not escape", "?p=%68un%27ter%c3%A9", ["hun'teré"], "?p=[secret]"],
  [
    "with characters of three and of four bytes",
    "?p=%E2%82%ACun%F0%9F%98%80ter",
    ["€un\u{1F600}ter"],
    "?p=[secret]",
  ],
  ["with the bytes of Latin-1", "?p=hunt%E9r", ["huntér"], "?p=[secret]"],
  ["as JSON may write it", '"hun\\u0026ter\\/\\u003C"', ["hun&ter/<"], '"[secret]"'],
  ["as JSON may write wide characters", '"\\uD83D\\ude00ab"', ["\u{1F600}ab"], '"[secret]"'],
  ["as JavaScript writes it", "'hun\\x26ter\\u{26}'", ["hun&ter&"], "'[secret]'"],
  ["escaped twice", "p=hun&amp;#x26;ter &amp;amp; hun%2526ter", ["hun&ter"], "p=[secret] &amp;amp; [secret]"],
  ["one that looks like an escape", "p=hun%2541ter hun%41ter", ["hun%41ter"], "p=[secret] [secret]"],
  ["one that looks like an escape, beside one", "p=hun%41&quot;ter", ['hun%41"ter'], "p=[secret]"],
  [
    "in JSON, between what looks like parts of escapes",
    '"a&gt\\"99\\\\u0041"',
    ['gt"99\\'],
    '"a&[secret]u0041"',
  ],
  ["in a URL, behind what looks like the begin of an escape", "?a&gt%2Fx%2699", ["gt/x&99"], "?a&[secret]"],
  [
    "in a page, behind what looks like the begin of an escape",
    "a&gt&#39;x&amp;&lt;&quot;&gt;99",
    ["gt'x&<\">99"],
    "a&[secret]",
  ],
  ["in a page, behind a backslash", "CORP\\night&amp;&lt;day&gt;", ["night&<day>"], "CORP\\[secret]"],
  ["in a page, before what a backslash may escape", "<td>it&apos;s\\</td>", ["it's\\"], "<td>[secret]</td>"],
  ["in a URL, behind a backslash", "CORP\\night%21", ["night!"], "CORP\\[secret]"],
  ["twice in a page, behind a percent sign", "100%aa&amp;lt;4", ["aa<4"], "100%[secret]"],
  ["the credentials of an address", "GET ftp://ops:hunter2@h:21/a@b", [], "GET ftp://[secret]@h:21/a@b"],
  ["a password that no address can have", "x https://ops:hun/t?r@h/a", [], "x https://[secret]@h/a"],
  [
    "a token in the query of an address",
    "https://h/a?b=1&access_token=xyz&c=2",
    [],
    "https://h/a?b=1&access_token=[secret]&c=2",
  ],
  [
    "no credentials",
    "https://h:443/a@b sip:a:b@h https://ops@h",
    [],
    "https://h:443/a@b sip:a:b@h https://ops@h",
  ],
  [
    "a private key",
    "a\n-----BEGIN RSA PRIVATE KEY-----\nxyz\n-----END RSA PRIVATE KEY-----\nb",
    [],
    "a\n[secret]\nb",
  ],
  ["no back-reference", "$1 and $1$2", [], "$1 and $1$2"],
  ["half a character", "a \ud800bc", ["\ud800bc"], "a [secret]"],
];

for (const [what, text, secrets, expected] of cases) {
  test(`redacted: ${what}`, () => assert.equal(redact(text, secrets), expected));
}

test("another mark may stand there, which is no secret itself", () => {
  assert.equal(redact("a hunter2 b", ["hunter2", "*"], "*"), "a * b");
});

test("the obscured empty secret goes too: it tells that there is none", () => {
  assert.equal(withoutSecretParts("$1$gQ=="), REDACTED);
});

test("no secret is left, in any form, and nothing else is gone", () => {
  // Without the placeholder's own letters: what it adds is then no secret.
  const secret = fc.string({ unit: fc.constantFrom(..."ab01XYZ-_/+ \"'&%ü"), minLength: 3, maxLength: 8 });
  const text = fc.array(fc.oneof(fc.constantFrom("a", "b0", "·", '"', " "), fc.nat(2)), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 3 }), text, (secrets, parts) => {
      const forms = (one: string) => [
        one,
        JSON.stringify(one).slice(1, -1),
        encodeURIComponent(one),
        Buffer.from(one).toString("base64"),
      ];
      const filled = parts
        .map((part, at) =>
          typeof part === "string" ? part : (forms(secrets[part % secrets.length] ?? "")[at % 4] ?? ""),
        )
        .join("");
      const redacted = redact(filled, secrets);
      for (const form of secrets.flatMap(forms))
        assert.ok(!redacted.includes(form), `${form} in ${redacted}`);
      const kept = redacted.split(REDACTED).map((piece) => piece.replace(/[\\^$.|?+()[\]{}*]/g, "\\$&"));
      assert.match(filled, new RegExp(`^${kept.join("[^]*")}$`));
      if (!redacted.includes(REDACTED)) assert.equal(redacted, filled);
    }),
    { numRuns: 1000 },
  );
});

test("what follows a secret is read by itself, though the two together look like an escape", () => {
  for (const before of ["", "x ", "%27 "]) {
    const shown = redact(`${before}hunter%41%27pw z hunter%41%27pw`, ["hunter%", "41'pw"]);
    assert.doesNotMatch(shown, /hunter|41|pw/);
    assert.match(shown, /^(x |%27 )?(\[secret\])+ z (\[secret\])+$/);
  }
  // Whichever of them is named first, and wherever in what follows it stands.
  assert.equal(redact("hunter%41%27pw z top99", ["top99", "hunter%", "41'pw"]), "[secret] z [secret]");
  assert.equal(redact("hunter%41%27pw z", ["hunter%", "1'pw"]), "[secret]4[secret] z");
});

test("base64 is found in both alphabets, with the signs at its end and without", () => {
  for (const secret of ["???>>>a", "???>>>ab", "???>>>abc"]) {
    const base64 = Buffer.from(secret).toString("base64");
    const url = base64.replaceAll("+", "-").replaceAll("/", "_");
    for (const form of [base64, url].flatMap((one) => [one, one.replaceAll("=", "")]))
      assert.match(redact(`x ${form} y`, [secret]), /^x \[secret\] y$/, form);
  }
});

test("a short secret goes only where no letter and no digit of any script touches it", () => {
  for (const kept of ["a12", "12b", "é12", "12é", "\u{1D7D9}12", "12\u{1D7D9}", "312", "123"])
    assert.equal(redact(`x ${kept} y`, ["12"]), `x ${kept} y`);
  for (const [before, behind] of [
    ["", ""],
    ["-", "-"],
    ["(", ")"],
    ["\u{1F600}", "\u{1F600}"],
  ])
    assert.equal(redact(`${before}12${behind}`, ["12"]), `${before}[secret]${behind}`);
  assert.equal(redact("a12", ["12"]), "a12");
  // Nor is its base64 taken out of the middle of a word.
  assert.equal(redact("aMTIb MTI=", ["12"]), "aMTIb [secret]");
  assert.equal(redact("x<y &amp;", ["&lt;"]), "x<y &amp;");
  // Of the last sign before it a part would not do.
  assert.equal(redact("a 12", ["12"]), "a [secret]");
});

test("a secret that stands in a text more often than a call takes arguments", () => {
  assert.equal(redact("abc ".repeat(150_000), ["abc"], "*"), "* ".repeat(150_000));
});

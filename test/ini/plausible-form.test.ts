import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isPlausibleForm } from "../../src/ini/plausible-form";

const SAME: [string, string][] = [
  ["010", "10"],
  ["010", "0010"],
  ["00", "0"],
  ["-05", "-5"],
  ["-0", "0"],
  ["1.50", "01.50"],
  ["010.000.000.001", "10.0.0.1"],
  ["10.0.0.1:05060", "10.0.0.1:5060"],
  ["10.0.0.0/08", "10.0.0.0/8"],
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["[2001:db8::0001]:05060", "[2001:DB8::1]:5060"],
  ["2001:db8::/032", "2001:db8:0::/32"],
  ["[::1]", "::1"],
  ["::ffff:10.0.0.1", "::ffff:a00:1"],
  ["G711ALAW", "g711Alaw"],
  [" a  b ", "a b"],
  ["a, b", "a,b"],
  ['"quoted"', "quoted"],
  ["'quoted'", "quoted"],
  ["on", "1"],
  ["Enable", "1"],
  ["enabled", "yes"],
  ["TRUE", "1"],
  [' "a" ', "a"],
  ["' a '", "a"],
  ["$1$gQ==", "$1$gQ=="],
  ["off", "0"],
  ["Disable", "no"],
  ["false", "disabled"],
];

const DIFFERENT: [string, string][] = [
  ["99999", "6514"],
  ["+49301", "49301"],
  ["49301", "4930"],
  ["100", "10"],
  ["-5", "5"],
  ["1.5", "1.50"],
  ["10.0.0.1", "10.0.0.10"],
  ["10.0.0.1", "10.0.0.1:5060"],
  ["::1:5060", "[::1]:5060"],
  ["2001:db8::1", "2001:db8::2"],
  ["a b", "ab"],
  ["*21", "21"],
  ["2#", "2"],
  ["", "0"],
  ["on", "0"],
  ["$1$gQ==", ""],
  ["$1$gQ==", "$1$GQ=="],
  ['"$1$gQ=="', "$1$gQ=="],
  ['"', ""],
  ["\"a'", "a"],
  ["a,b", "ab"],
  ["12:30", "12:31"],
];

describe("a plausible form of a value", () => {
  for (const [a, b] of SAME)
    it(`${a} may be shown as ${b}, and the other way round`, () => {
      assert.ok(isPlausibleForm(a, b));
      assert.ok(isPlausibleForm(b, a));
    });

  for (const [a, b] of DIFFERENT)
    it(`${a} and ${b} are two values`, () => {
      assert.ok(!isPlausibleForm(a, b));
      assert.ok(!isPlausibleForm(b, a));
    });

  it("of a list is a list of forms", () => {
    assert.ok(isPlausibleForm(["01", "on"], ["1", "1"]));
    assert.ok(!isPlausibleForm(["01", "2"], ["1", "3"]));
    assert.ok(!isPlausibleForm(["1"], ["1", "1"]));
  });

  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."0123456789.:/[]abfon \"',-+$") }),
    fc.ipV4(),
    fc.ipV6(),
  );

  it("every text is a form of itself", () => {
    fc.assert(fc.property(text, (one) => isPlausibleForm(one, one)));
  });

  it("is symmetric and transitive", () => {
    const close = fc.string({ unit: fc.constantFrom("0", "1", " ", '"', "a", "A", "."), maxLength: 4 });
    fc.assert(
      fc.property(close, close, close, (a, b, c) => {
        assert.equal(isPlausibleForm(a, b), isPlausibleForm(b, a));
        if (isPlausibleForm(a, b) && isPlausibleForm(b, c)) assert.ok(isPlausibleForm(a, c));
      }),
      { numRuns: 2000 },
    );
  });

  it("equates what people dial only where it differs in leading zeros", () => {
    const dialled = fc.stringMatching(/^\+?[0-9*#]{1,12}$/);
    const significant = (one: string) => (/^[0-9]+$/.test(one) ? one.replace(/^0+(?=[0-9])/, "") : one);
    const pairs = fc.oneof(
      fc.tuple(dialled, dialled),
      fc
        .tuple(dialled, fc.nat({ max: 3 }))
        .map(([one, zeros]): [string, string] => [one, `${"0".repeat(zeros)}${one}`]),
    );
    fc.assert(
      fc.property(pairs, ([a, b]) => assert.equal(isPlausibleForm(a, b), significant(a) === significant(b))),
      { numRuns: 2000 },
    );
  });

  it("a number has the same forms however many zeros lead it", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat({ max: 5 }), (value, zeros) => {
        const padded = String(value).replace(/[0-9]+/, (digits) => "0".repeat(zeros) + digits);
        assert.ok(isPlausibleForm(padded, String(value)));
        assert.ok(!isPlausibleForm(padded, String(value + 1)));
      }),
    );
  });

  it("two addresses are one only if their parts are", () => {
    fc.assert(fc.property(fc.ipV4(), fc.ipV4(), (a, b) => assert.equal(isPlausibleForm(a, b), a === b)));
    fc.assert(
      fc.property(fc.ipV6(), (one) => assert.ok(isPlausibleForm(one, new URL(`http://[${one}]`).hostname))),
    );
  });
});

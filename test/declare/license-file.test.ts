import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  compareKeys,
  describedIn,
  fitsAUnit,
  keyDigest,
  keysOf,
  readLicenseFile,
  sameKey,
  unitsOf,
  wantedOf,
  wantedOfKey,
} from "../../src/declare/license-file";

const A = { serialNumber: "10245678", key: "jCx6r5tovCIKaBBbhPtT53Yj" };
const B = { serialNumber: "10245679", key: "okRdZ5tovCIKaBBbhPtT53Y+/=" };

test("a file is read in the forms in which it comes", () => {
  const forms = [
    `S/N 10245678\n${A.key}\nS/N 10245679\n${B.key}\n`,
    `; two units\r\n\r\nS/N10245678 = ${A.key}\r\nS/N10245679 = ${B.key} ; the other\r\n`,
    `[LicenseKeys]\ns/n: 10245678\n  ${A.key.slice(0, 10)}\n  ${A.key.slice(10)}\n\nS/N #10245679 ${B.key}`,
    `\u00EF\u00BB\u00BFS/N 10245678\n${A.key}\n--------\nS/N 10245679\n${B.key}\n========\nEnd.\n`,
    `\uFEFFLicence of the pair\nS/N 10245678\n\n${A.key}\nS/N:10245679:${B.key}\nThank you very much`,
  ];
  for (const form of forms) assert.deepEqual(readLicenseFile(form), { keys: [A, B] }, form);
});

test("what is written of keys is read again, with any line ends and comments between", () => {
  const serial = fc.stringMatching(/^[0-9A-Za-z]{4,16}$/);
  // What begins with `S/N` and could be a serial number is taken for one.
  const key = fc.stringMatching(/^[A-Za-z0-9+/]{8,40}={0,2}$/).filter((text) => !/^s\/n[^+/]*$/i.test(text));
  const pair = fc.record({ serialNumber: serial, key }, { noNullPrototype: true });
  const pairs = fc.uniqueArray(pair, {
    minLength: 1,
    selector: ({ serialNumber }) => serialNumber.toLowerCase(),
  });
  fc.assert(
    fc.property(pairs, fc.constantFrom("\n", "\r\n", "\n\n", "\n; a comment\n"), (keys, eol) => {
      const text = keys.map((each) => `S/N ${each.serialNumber}${eol}${each.key}${eol}`).join("");
      assert.deepEqual(readLicenseFile(text), { keys });
    }),
  );
});

test("a key may begin as the line of a serial number does", () => {
  const keys = [{ serialNumber: "A0", key: "s/Naa+/a+00" }];
  assert.deepEqual(readLicenseFile("S/N A0\ns/Naa+/a+00\n"), { keys });
});

test("a key has any sign but blanks; it goes on in lines that can be no words of prose", () => {
  const key = "ab_cd.ef-gh:=";
  assert.deepEqual(readLicenseFile(`S/N 1\n${key}\nnot-a-key.\n[Heading]\n`).keys, [
    { serialNumber: "1", key },
  ]);
  assert.deepEqual(readLicenseFile("S/N 1\n:ab\n").keys, [{ serialNumber: "1", key: ":ab" }]);
});

test("a file without serial number or key, or with one twice, has a fault that shows no key", () => {
  assert.match(readLicenseFile("").fault ?? "", /no line with a serial number/);
  assert.match(readLicenseFile(A.key).fault ?? "", /no line with a serial number/);
  assert.match(readLicenseFile("S/N 1\nS/N 2\nabcdefgh\n").fault ?? "", /no key for S\/N 1/);
  const twice = readLicenseFile(`S/N 1 ${A.key}\nS/N 1 ${B.key}\n`);
  assert.deepEqual(twice, { keys: [], fault: "has S/N 1 twice" });
});

const active = (unit: typeof A) => ({ ...unit, description: "d" });
const pair = (first: typeof A, second: typeof A) =>
  unitsOf({
    serialNumber: first.serialNumber,
    key: first.key,
    serialNumberRedundant: second.serialNumber,
    keyRedundant: second.key,
    other: {},
  });

test("the keys of a pair hold whichever unit answers", () => {
  const wanted = wantedOf([A, B]);
  assert.equal(compareKeys(wanted, pair(A, B)).verdict, "holds");
  assert.equal(compareKeys(wanted, pair(B, A)).verdict, "holds");
  assert.equal(compareKeys(wanted, [active(B)]).verdict, "holds");
  const other = pair(A, { ...B, key: "another-key" });
  assert.equal(compareKeys(wanted, other).verdict, "differs");
  assert.equal(compareKeys(wanted, other).unit?.serialNumber, B.serialNumber);
  assert.equal(compareKeys(wanted, pair({ ...A, key: B.key }, { ...B, key: A.key })).verdict, "differs");
});

test("a unit for which no key is wanted, or that shows none, decides nothing", () => {
  const wanted = wantedOf([A]);
  assert.equal(compareKeys(wanted, pair(A, B)).verdict, "holds");
  assert.equal(compareKeys(wanted, [active(B)]).verdict, "unseen");
  assert.equal(compareKeys(wanted, [{ serialNumber: A.serialNumber }]).verdict, "unseen");
  assert.equal(compareKeys([], [active(A)]).verdict, "unseen");
});

test("a device that does not tell its serial number is compared by the key alone", () => {
  assert.equal(compareKeys(wantedOf([A, B]), [{ key: B.key }]).verdict, "holds");
  assert.equal(compareKeys(wantedOf([A]), [{ key: B.key }]).verdict, "differs");
  assert.equal(fitsAUnit(["1"], [{ key: B.key }]), true);
});

test("a key by itself is for the unit that is named, else that has it, else that answers", () => {
  const digest = keyDigest(B.key);
  assert.deepEqual(wantedOfKey(B.key, A.serialNumber, pair(A, B)), [
    { serialNumber: A.serialNumber, digest },
  ]);
  assert.deepEqual(wantedOfKey(B.key, undefined, pair(A, B)), [{ serialNumber: B.serialNumber, digest }]);
  assert.deepEqual(wantedOfKey(B.key, undefined, [active(A)]), [{ serialNumber: A.serialNumber, digest }]);
  assert.deepEqual(wantedOfKey(B.key, undefined, [{}]), [{ digest }]);
});

test("keys are the same but for blanks, and none is the same as none", () => {
  assert.ok(sameKey("ab cd", "abc\nd") && sameKey(undefined, undefined));
  assert.ok(!sameKey("ab", "abc") && !sameKey("ab", undefined) && !sameKey(undefined, "ab"));
});

test("serial numbers fit without case and blanks", () => {
  assert.equal(fitsAUnit(["ab12 "], [{ serialNumber: "AB12" }]), true);
  assert.equal(fitsAUnit(["1", "2"], pair(A, B)), false);
  assert.equal(fitsAUnit(["1", B.serialNumber], pair(A, B)), true);
});

test("a description is shown without the keys in it", () => {
  const unit = { description: `Key: ${A.key}\nBoard Type: Mediant 800` };
  assert.deepEqual(describedIn(unit, [A.key]), { keyDescription: "Key: [secret]\nBoard Type: Mediant 800" });
  assert.deepEqual(describedIn({}, [A.key]), {});
  assert.deepEqual(describedIn(undefined, []), {});
});

test("the keys that units show are known as they stand there and without blanks", () => {
  assert.deepEqual(keysOf([{ key: "ab cd" }, {}, { key: "xy" }]), ["ab cd", "abcd", "xy"]);
  assert.deepEqual(keysOf([]), []);
});

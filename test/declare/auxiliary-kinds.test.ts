import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  AUXILIARY_KINDS,
  fileNameNow,
  isAuxiliaryKind,
  isText,
  signOf,
  textFault,
} from "../../src/declare/auxiliary-kinds";
import { observe } from "../../src/ini/observe";

const dump = (...lines: string[]) => observe(lines.map((line) => `${line}\n`).join(""));

test("the kinds are those of the manual", () => {
  const kinds = ["amd", "castable", "codertable", "cpt", "dialplan", "prt", "voiceprompts"];
  assert.deepEqual(Object.keys(AUXILIARY_KINDS).sort(), kinds);
  assert.ok(kinds.every(isAuxiliaryKind));
  for (const other of ["CPT", "ini", "toString", "", 7, undefined])
    assert.equal(isAuxiliaryKind(other), false);
});

test("the sign of a file is the name in its parameter, whatever the case", () => {
  const after = dump("callprogresstonesFileName = 'tones.dat'", "PrerecordedTonesFileName = 'other.dat'");
  assert.deepEqual(signOf("cpt", undefined, after, "x.dat"), {
    parameter: "callprogresstonesFileName",
    fileName: "tones.dat",
  });
});

test("each kind has its parameter in the ini", () => {
  for (const [kind, parameter] of [
    ["amd", "AMDSensitivityFileName"],
    ["castable", "CASFileName_0"],
    ["codertable", "CoderTblFileName"],
    ["cpt", "CallProgressTonesFilename"],
    ["dialplan", "DialPlanFileName"],
    ["prt", "PrerecordedTonesFileName"],
    ["voiceprompts", "VoicePromptsFileName"],
  ] as const) {
    const sign = signOf(kind, undefined, dump("EnableSyslog = 1", `${parameter} = 'a.dat'`), "x.dat");
    assert.deepEqual(sign, { parameter, fileName: "a.dat" });
  }
});

test("a parameter that is absent, empty or withheld is no sign", () => {
  for (const line of [
    "EnableSyslog = 1",
    "CallProgressTonesFilename = ''",
    ";CallProgressTonesFilename is hidden but has non-default value",
  ])
    assert.equal(signOf("cpt", dump(), dump(line), "tones.dat"), undefined, line);
});

test("of several CAS tables the one whose name changed is ours, else the one that is called as ours", () => {
  const one = "CASFileName_0 = 'a.dat'";
  const two = "CASFileName_1 = 'b.dat'";
  const ours = (parameter: string, fileName: string) => ({ parameter, fileName });
  assert.deepEqual(signOf("castable", dump(one), dump(one, two), "x.dat"), ours("CASFileName_1", "b.dat"));
  assert.deepEqual(
    signOf("castable", dump(one, two), dump(one, two), "a.dat"),
    ours("CASFileName_0", "a.dat"),
  );
  assert.deepEqual(signOf("castable", undefined, dump(one, two), "b.dat"), ours("CASFileName_1", "b.dat"));
  assert.equal(signOf("castable", dump(one, two), dump(one, two), "x.dat"), undefined);
  assert.deepEqual(signOf("castable", dump(one), dump(one), "x.dat"), ours("CASFileName_0", "a.dat"));
  const others = ["SyslogServerIP = '10.0.0.1'", "CASFileNames = 'c.dat'", "OldCASFileName_1 = 'd.dat'"];
  assert.deepEqual(
    signOf("castable", undefined, dump("casfilename_0 = 'a.dat'", ...others), "x.dat"),
    ours("casfilename_0", "a.dat"),
  );
});

test("a later dump shows the name, that of the sign where it is withheld, or none", () => {
  const sign = { parameter: "CallProgressTonesFilename", fileName: "tones.dat" };
  assert.equal(fileNameNow(sign, dump("CallProgressTonesFilename = 'other.dat'")), "other.dat");
  assert.equal(
    fileNameNow(sign, dump("; CallProgressTonesFilename is hidden but has non-default value")),
    "tones.dat",
  );
  assert.equal(fileNameNow(sign, dump()), undefined);
});

test("printable characters and line ends are text, whatever they say; one control character makes it binary", () => {
  const printable = fc.integer({ min: 0x20, max: 0xff }).filter((byte) => byte !== 0x7f);
  const text = fc.array(fc.oneof(printable, fc.constantFrom(0x09, 0x0a, 0x0d)), { minLength: 1 });
  fc.assert(fc.property(text, (bytes) => assert.equal(isText(Uint8Array.from(bytes)), true)));
  assert.equal(isText(Buffer.from("\ta b\v\f\r\n~")), true);
  for (const byte of [0x08, 0x0e, 0x1f, 0x7f]) assert.equal(isText(Uint8Array.of(0x61, byte)), false);
  const control = fc.constantFrom(0, 1, 2, 7, 0x1b, 0x1f, 0x7f);
  fc.assert(fc.property(text, control, text, (a, byte, b) => !isText(Uint8Array.from([...a, byte, ...b]))));
});

test("each kind has words of its own", () => {
  const words = Object.values(AUXILIARY_KINDS).map((kind) => kind.words);
  assert.ok(words.every((one) => /^[a-zA-Z]/.test(one)));
  assert.equal(new Set(words).size, words.length);
});

test("a text file is refused with what to do about it", () => {
  const rest = "in binary form only: make the .dat of it with AudioCodes' DConvert";
  assert.equal(textFault("cpt"), `is text, and the device takes call progress tones ${rest}`);
  assert.equal(textFault(undefined), `is text, and the device takes auxiliary files ${rest}`);
});

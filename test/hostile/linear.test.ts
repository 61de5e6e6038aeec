import assert from "node:assert/strict";
import { trace } from "../../src/cli/canonical";
import { compareScripts } from "../../src/cli/compare";
import { parseScript } from "../../src/cli/parse";
import { judgeScript } from "../../src/cli/whole";
import { readLicenseFile } from "../../src/declare/license-file";
import { parseAlarmPage } from "../../src/device/answers/alarms";
import { parseSections } from "../../src/device/connect/credentials-text";
import { judgeIni } from "../../src/ini/whole";
import { safeLine } from "../../src/text/describe";
import { sanitise } from "../../src/text/sanitise";
import { stepsIn, testOfSteps } from "../shared/steps";

/*
 * Four times the text takes about four times the steps: counted by V8's own counters, for texts that would be slow to
 * read for a reader that looks at anything twice. test/ini/linear.test.ts does the same for parsing and writing ini.
 */

/** Texts of about n characters. */
const HARD: Record<string, (n: number) => string> = {
  blanks: (n) => " ".repeat(n),
  "line ends": (n) => "\r\n".repeat(n / 2),
  "carriage returns": (n) => "\r".repeat(n),
  semicolons: (n) => `${";".repeat(n)}\u2028`,
  quotes: (n) => '"'.repeat(n),
  "quotes and blanks": (n) => '" '.repeat(n / 2),
  "open brackets": (n) => `{${"[".repeat(n)}`,
  "open objects": (n) => '{"a":'.repeat(n / 5),
  "whole brackets": (n) => "[".repeat(n / 2) + "]".repeat(n / 2),
  "members of one name": (n) => `{${'"a":1,'.repeat(n / 6)}`,
  "strings without an end": (n) => `{${'"a\n'.repeat(n / 3)}`,
  "alarms without an end": (n) => `{"alarms": [${'{"id": 1},'.repeat(n / 10)}`,
  "serial numbers with blanks": (n) => `S/N${" ".repeat(n)}=`,
  "many serial numbers": (n) => Array.from({ length: n / 12 }, (_, at) => `S/N ${at}\nkey\n`).join(""),
  "a key of many lines": (n) => `S/N 1\n${"abc\n".repeat(n / 4)}`,
  "many sections": (n) => Array.from({ length: n / 20 }, (_, at) => `[s${at}]\nurl = x\n`).join(""),
  "a section of many dots": (n) => `[${"a.".repeat(n / 2)}]\nurl = x\n`,
  "many modes": (n) => "configure voip\n".repeat(n / 15),
  "many rows": (n) =>
    `configure voip\n${Array.from({ length: n / 30 }, (_, at) => ` ip-group ${at}\n  name x\n`).join("")}`,
  "many fields": (n) => `configure voip\n${Array.from({ length: n / 10 }, (_, at) => `f${at} x\n`).join("")}`,
  "one field many times": (n) => `configure voip\n${" f x\n".repeat(n / 5)}`,
  "fields and activates": (n) => `configure voip\n${"a 1\nb 2\nactivate\n".repeat(n / 18)}`,
  exits: (n) => `configure voip\n${"exit\n".repeat(n / 5)}`,
  "deeper and deeper": (n) =>
    `configure voip\n${Array.from({ length: Math.sqrt(n) }, (_, at) => `${" ".repeat(at)}a\n`).join("")}`,
  escapes: (n) => "&amp;".repeat(n / 5),
  "escapes of escapes": (n) => "%25".repeat(n / 3),
  "tables without an end": (n) => "[ X ]\nFORMAT Index = A;\n".repeat(n / 24),
  colours: (n) => "\u001b[31m".repeat(n / 5),
};

const READERS: Record<string, (text: string) => void> = {
  script: (text) => {
    const shown = trace(parseScript(text, { tolerant: true }));
    compareScripts(shown, shown);
    judgeScript(text);
  },
  dump: judgeIni,
  answer: parseAlarmPage,
  "licence file": readLicenseFile,
  "credentials file": (text) => {
    try {
      parseSections(text, "file");
    } catch {
      // Refused is as good as read.
    }
  },
  "text to show": (text) => {
    sanitise(text, ["secret", "ab"]);
    safeLine(text);
  },
};

const steps = (work: () => void): number => stepsIn(/\/src\/(ini|cli|text|secrets|declare|device)\//, work);

for (const [reader, read] of Object.entries(READERS)) {
  testOfSteps(`the time of a ${reader} is linear`, () => {
    for (const [what, make] of Object.entries(HARD)) {
      const small = make(500);
      const large = make(2000);
      const few = steps(() => read(small));
      const many = steps(() => read(large));
      assert.ok(many <= 4.5 * few + 500, `${what}: ${few} steps, then ${many}`);
    }
  });
}

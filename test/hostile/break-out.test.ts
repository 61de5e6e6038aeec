import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { readDeclared } from "../../src/cli/declared";
import { renderScript } from "../../src/cli/render";
import { parseAlarmPage } from "../../src/device/answers/alarms";
import { defaultLog } from "../../src/device/log";
import { multipartFrame, nameInForm } from "../../src/device/upload/multipart";
import { readConfiguration } from "../../src/ini/configuration";
import { renderConfiguration } from "../../src/ini/render";
import { readWords } from "../../src/simulator/cli/words";
import { readIni, scalarText } from "../../src/simulator/config/grammar";
import { describeChange, safeLine } from "../../src/text/describe";
import { sanitise } from "../../src/text/sanitise";
import { SIGNS } from "./mutate";
import { assertPlain } from "./parsers";

/*
 * What a user writes stays in its place, by the word of the simulator's own grammar; what a device says in its words
 * steers no terminal.
 */

/** Text in which what may end a value is frequent. */
const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...SIGNS) }, fc.string({ maxLength: 5 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(""));

/** What is written, or undefined if the text is refused. */
function accepted(write: () => string): string | undefined {
  try {
    return write();
  } catch (error) {
    assert.match((error as Error).name, /^(IniError|CliSyntaxError)$/);
    return undefined;
  }
}

test("a text in an ini is the value of its parameter and of its cell, or refused", () => {
  let taken = 0;
  fc.assert(
    fc.property(text, (value) => {
      const parameters = { Before: "1", Mine: value, Behind: "2" };
      const tables = { Table: { "0": { A: "x", B: value, C: "y" } } };
      const written = accepted(() =>
        renderConfiguration(readConfiguration({ parameters, tables }).configuration),
      );
      if (written === undefined) return;
      taken++;
      const { entries } = readIni(written);
      const read = entries.map((entry) =>
        entry.kind === "parameter"
          ? [entry.name, scalarText(entry.raw)]
          : [entry.name, entry.rows.map(({ cells }) => cells.map((cell) => cell.text))],
      );
      assert.deepEqual(read, [
        ["Before", "1"],
        ["Mine", value],
        ["Behind", "2"],
        ["Table", [["x", value, "y"]]],
      ]);
    }),
    { numRuns: 600 },
  );
  assert.ok(taken > 20);
});

test("a value in a script is one word of its line, or refused", () => {
  let taken = 0;
  fc.assert(
    fc.property(text, (value) => {
      const script = 'configure voip\n before 1\n mine {{value}} "{{value}}" last\n behind 2\nexit\n';
      const written = accepted(() => renderScript(readDeclared(script, { variables: { value } })));
      if (written === undefined) return;
      taken++;
      const lines = written.split("\r\n").map((line) => readWords(line.trim()));
      assert.deepEqual(
        lines.filter((words) => words?.[0] === "mine"),
        [["mine", value, value, "last"]],
      );
      assert.deepEqual(
        lines.map((words) => words?.[0]),
        ["configure", "before", "mine", "behind", "exit", undefined],
      );
    }),
    { numRuns: 600 },
  );
  assert.ok(taken > 20);
});

test("the name of a file stays in its quotes, and the boundary in no file", () => {
  fc.assert(
    fc.property(text, (name) => {
      const { head, tail, headers } = multipartFrame(name);
      assert.match(nameInForm(name), /^[ !#-:<-[\]-~]*$/);
      assert.match(
        head.toString("latin1"),
        /^--[\w-]+\r\nContent-Disposition: form-data; name="file"; filename="[^"\r\n;\\]*"\r\nContent-Type: [\w/-]+\r\n\r\n$/,
      );
      assert.doesNotMatch(headers["content-type"], /[\r\n]/);
      assert.match(tail.toString("latin1"), /^\r\n--[\w-]+--\r\n$/);
    }),
  );
  assert.notEqual(multipartFrame("a").headers["content-type"], multipartFrame("a").headers["content-type"]);
});

test("a device's words steer no terminal, wherever they are shown", (t) => {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  fc.assert(
    fc.property(text, (words) => {
      const [alarm] =
        parseAlarmPage(JSON.stringify({ alarms: [{ id: 1, description: words }] }))?.alarms ?? [];
      const description = alarm?.description ?? "";
      assertPlain(sanitise(description));
      assertPlain(safeLine(description));
      for (const secret of [true, false])
        assertPlain(describeChange({ address: `X ${words}`, before: words, after: "1" }, { secret }));
      defaultLog(description);
    }),
    { numRuns: 300 },
  );
  for (const line of lines) assertPlain(line);
});

test("all that is printed goes through what escapes it", () => {
  const SOURCE = join(__dirname, "../../src");
  /** Each escapes what it is given, or prints words of ours alone, or a document as it was asked for. */
  const PRINTERS = [
    "bin/files/textconv.ts",
    "bin/simulate.ts",
    "bin/terminal.ts",
    "bin/written-file.ts",
    "device/log.ts",
    "provider.ts",
  ];
  const printing = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .filter((file) =>
      /^(?!\s*(?:\*|\/\*|\/\/)).*(?:\bconsole\.\w|stdout\.write\()/m.test(
        readFileSync(join(SOURCE, file), "utf8"),
      ),
    )
    .map((file) => file.replaceAll("\\", "/"));
  assert.deepEqual(printing.sort(), PRINTERS);
});

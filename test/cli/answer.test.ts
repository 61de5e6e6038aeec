import assert from "node:assert/strict";
import { test } from "node:test";
import { readCliAnswer } from "../../src/cli/answer";
import { parseAnswer } from "../../src/device/answers/lenient-json";

const answer = (body: string, script = "") => readCliAnswer(body, parseAnswer(body), script);

test("the manual's object of two strings, whole and cut short as it is printed", () => {
  const expected = {
    ok: true,
    description: "Incremental CLI script file was loaded",
    output: "Uptime: 1 days, 0 hours, 36 minutes, 40 seconds",
  };
  const body = `{\n"Incremental CLI script file was loaded",\n"Uptime: 1 days, 0 hours, 36 minutes, 40 seconds"\n`;
  assert.deepEqual(answer(`${body}}`), expected);
  assert.deepEqual(answer(body), expected);
});

test("description and output", () => {
  const body = JSON.stringify({ description: "Incremental CLI Script file was loaded.", output: "a\r\nb" });
  assert.deepEqual(answer(body), {
    ok: true,
    description: "Incremental CLI Script file was loaded.",
    output: "a\r\nb",
  });
});

test("a status other than success is a failure, whatever else is said", () => {
  const script = "configure voip\n proxy-set 3\n proxy-nam PS_A\n activate\n exit\n";
  const body = (status: string) =>
    JSON.stringify({ status, description: "loaded", output: 'Invalid command "proxy-nam PS_A"' });
  assert.deepEqual(answer(body("failure"), script), {
    ok: false,
    description: "loaded",
    output: 'Invalid command "proxy-nam PS_A"',
    failedLine: 3,
  });
  assert.equal(answer(body("Success"), script).failedLine, 3);
  assert.equal(answer('{"status": "", "output": ""}').ok, false);
});

test("a failure without a status is known by the device's complaint, at the beginning of a sentence", () => {
  assert.deepEqual(
    answer('{"description": "loaded", "output": "Done. Invalid parameter in line 12. Done"}'),
    {
      ok: false,
      description: "loaded",
      output: "Done. Invalid parameter in line 12. Done",
      failedLine: 12,
    },
  );
  assert.equal(answer('{"description":"Failed in line 2","output":""}').failedLine, 2);
  assert.equal(answer('{"description":"loaded","output":"Counters: invalid command lines 0"}').ok, true);
});

test("plain text is all output, its line ends kept; no body is no output", () => {
  assert.deepEqual(answer("Board: 77\r\nUptime: 3\r\n"), {
    ok: true,
    description: "",
    output: "Board: 77\r\nUptime: 3\r\n",
  });
  assert.equal(answer("Board: 77\r\nInvalid command: foo bar\r\n", "show board\nfoo bar").failedLine, 2);
  assert.deepEqual(answer(""), { ok: true, description: "", output: "" });
});

test("words of refusal count beside a status of success, unless a query may have printed them", () => {
  const body = (output: string) => JSON.stringify({ status: "success", description: "loaded", output });
  const script = "configure voip\n proxy-set 3\n  proxy-colour blue\n";
  for (const words of [
    "Done\r\n% Error: no such field",
    "Failed. Done",
    "Done. Cannot set proxy-colour blue",
  ])
    assert.equal(answer(body(words), script).ok, false, words);
  assert.equal(answer(body("Done. Cannot set proxy-colour blue"), script).failedLine, 3);
  const asking = `${script}show log\n`;
  assert.equal(answer(body("Error: trunk 1 is down"), asking).ok, true);
  assert.equal(answer(body("Invalid command seen in the log"), asking).ok, true);
  assert.equal(answer(body("Invalid command: proxy-colour blue"), asking).failedLine, 3);
  assert.equal(answer(body("Done. Done"), script).ok, true);
});

test("blank lines may come before an answer, and what a failure leaves out is empty", () => {
  assert.deepEqual(answer('\r\n {"status": "failure"}'), { ok: false, output: "", description: "" });
});

test("a device may say in either sentence at which line it stopped", () => {
  const stopped = (description: string, output: string) =>
    answer(JSON.stringify({ status: "failure", description, output }));
  assert.equal(stopped("Stopped at line 7", "").failedLine, 7);
  assert.equal(stopped("loaded", "Stopped at line 7").failedLine, 7);
});

test("a script that ran has no line that failed, though its output repeats one", () => {
  const echoed = answer('{"description":"loaded","output":"proxy-set 3"}', "configure voip\nproxy-set 3\n");
  assert.deepEqual(echoed, { ok: true, description: "loaded", output: "proxy-set 3" });
});

test("loose words in what a query prints are no failure, though no status tells", () => {
  assert.equal(answer("Error: trunk 1 is down\r\n", "show log\n").ok, true);
  assert.equal(answer("Error: trunk 1 is down\r\n", "configure voip\n").ok, false);
});

test("the line that failed is the first of the longest that the device repeats, quotes aside", () => {
  const failed = (words: string, script: string) => answer(`Invalid command ${words}`, script).failedLine;
  const script = 'configure voip\nproxy-set 33\nproxy-name "PS A"\nproxy-set 3\nproxy-set 33\nexit\n';
  assert.equal(failed("proxy-set 33", script), 2);
  assert.equal(failed("proxy-name PS A", script), 3);
  assert.equal(failed('proxy-name "PS A"', script), 3);
  assert.equal(failed("behind an exit", script), undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalScript } from "../../src/cli/canonical";
import type { ShownLines } from "../../src/cli/compare";
import { readDeclared } from "../../src/cli/declared";
import { judgeScript, type ScriptVerdict } from "../../src/cli/judge";
import { parseScript } from "../../src/cli/parse";
import { renderScript } from "../../src/cli/render";
import { failuresOf, provenSecrets, refusal, tellVerdict } from "../../src/reconcile/cli/verify";

/* The words for what a device did not take of a script, and for what a person should know of one that it took. */

const OLD = "$1$b2xkLW9uZQ==";
const NEW = "$1$bmV3LW9uZQ==";

const system = (...lines: string[]) =>
  `configure system\n${lines.map((line) => ` ${line}\n`).join("")}exit\n`;
const read = (text: string) => canonicalScript(parseScript(text, { tolerant: true }));
const judge = (text: string, before: string, after: string) => {
  const declared = readDeclared(text);
  return { declared, verdict: judgeScript(declared, { before: read(before), after: read(after) }) };
};

/** What is told of a script of the mode `system`, by the lines that the device shows before and after it. */
function failures(lines: string[], before: string[], after: string[]): string[] {
  const { declared, verdict } = judge(system(...lines), system(...before), system(...after));
  return failuresOf(verdict, declared, read(system(...after)));
}

const answer = (words: { description?: string; output?: string; failedLine?: number }) => ({
  ok: false,
  ...{ description: "", output: "" },
  ...words,
});

test("a refusal names the declared line at which the device stopped, and repeats its words", () => {
  const declared = readDeclared(
    `# a note\n\n${system("hostname a", "mtu 9", "ntp", " server 1", "exit", "mtu 9")}`,
  );
  const sent = renderScript(declared);
  const at = (failedLine: number, live?: string) =>
    refusal(
      { ...answer({ output: "Invalid value" }), sent, failedLine },
      declared,
      live === undefined ? live : read(live),
    );
  const line = (text: string) => sent.split("\r\n").findIndex((one) => one.trim() === text) + 1;
  const others = ", and may have run the others: Invalid value";
  assert.equal(
    at(line("hostname a")),
    `the device refused script line 4 (configure system / hostname)${others}`,
  );
  assert.equal(at(line("ntp")), `the device refused script line 6 (configure system / ntp)${others}`);
  assert.equal(at(line("mtu 9")), `the device refused script line 5 (configure system / mtu)${others}`);
  const last = sent.split("\r\n").findLastIndex((one) => one.trim() === "mtu 9") + 1;
  assert.equal(at(last), `the device refused script line 9 (configure system / mtu)${others}`);
  const meant = `the device refused script line 4 (configure system / hostname; did you mean hostnam?)${others}`;
  assert.equal(at(line("hostname a"), system("hostnam b")), meant);
  for (const elsewhere of [line("exit"), 99])
    assert.equal(at(elsewhere), `the device refused a line of the script${others}`);
});

test("a refusal that names no line says so, and one without words as well; a secret is not repeated", () => {
  const declared = readDeclared(system("password hunter2", "hostname hunter2"));
  const of = (words: Parameters<typeof answer>[0]) => refusal({ ...answer(words), sent: "" }, declared);
  const began = "the device refused a line of the script, and may have run the others:";
  assert.equal(of({}), `${began} it gave no reason`);
  assert.equal(of({ description: "Failed", output: "near\nhunter2" }), `${began} Failed near [secret]`);
  assert.equal(of({ output: "no" }), `${began} no`);
  const sent = renderScript(declared);
  const told = refusal({ ...answer({ output: "x" }), sent, failedLine: 2 }, declared);
  assert.equal(
    told,
    "the device refused script line 2 (configure system / password), and may have run the others: x",
  );
  const row = readDeclared("configure voip\n table-of-users hunter2\n  password hunter2\n exit\nexit\n");
  assert.match(
    refusal({ ...answer({ output: "x" }), sent: renderScript(row), failedLine: 2 }, row),
    /^the device refused script line 2 \(configure voip \/ table-of-users \[secret\]\)/,
  );
});

test("what did not come true is told a sentence each, with what the device has instead", () => {
  assert.deepEqual(failures(["mtu 1500"], ["mtu 1500"], ["mtu 1500"]), []);
  assert.deepEqual(failures(["mtu 1500"], ["mtu 9000"], ["mtu 9000"]), [
    'configure system / mtu: the device kept "9000": refused, or its own word for what is declared, which the script ' +
      "should then have",
  ]);
  assert.deepEqual(failures(["no hostname"], ["hostname a"], ["hostname a"]), [
    "configure system / hostname: the device still has it, although the script takes it away",
  ]);
  const row = "configure voip\n proxy-set 3\n exit\nexit\n";
  const { declared, verdict } = judge(row, "", "");
  assert.deepEqual(failuresOf(verdict, declared), [
    "configure voip / proxy-set 3: the device does not show the row that was declared",
  ]);
});

test("a secret that the device kept is not shown, nor where its text stands elsewhere", () => {
  assert.deepEqual(failures(["password hunter2"], ["password hunter1"], ["password hunter1"]), [
    "configure system / password: not taken by the device: it shows the secret that it showed before; set another " +
      "value if it obscures secrets in another way now",
  ]);
  assert.match(
    failures(
      ["password hunter2", "hostname a"],
      ["password hunter2", "hostname x-hunter2"],
      ["password hunter2", "hostname x-hunter2"],
    ).join("\n"),
    /^configure system \/ hostname: the device kept "x-\[secret\]": refused/,
  );
});

test("lines that were never shown are told once, each with what to paste and what it may be meant to be", () => {
  const shown = ["hostname b", "contact c"];
  const [told, ...more] = failures(["hostnme a", "hostnme a", 'mtu "1 5"', "contakt d"], shown, shown);
  assert.deepEqual(more, []);
  assert.equal(
    told,
    "the device does not show configure system / hostnme a, configure system / mtu 1 5, configure system / contakt d: " +
      "misspelt, ignored, at its default, or withheld; if it is at its default or withheld, say so: atDefault: " +
      '["configure system / hostnme a", "configure system / mtu 1 5", "configure system / contakt d"]; ' +
      "hostnme: did you mean hostname?; contakt: did you mean contact?",
  );
});

test("what to paste has no secret: its value goes, or the whole line stays an address", () => {
  const pasted = (...lines: string[]) =>
    /atDefault: (\[.*?\])/.exec(failures(lines, [], []).join("\n"))?.[1] ?? "";
  assert.equal(pasted("password hunter2"), '["configure system / password"]');
  const both = '["configure system / password", "configure system / hostname"]';
  assert.equal(pasted("password hunter2", "hostname hunter2"), both);
  // Words and numbers that stand anywhere are not taken out of texts, and are not to be pasted either.
  assert.equal(pasted("password on"), '["configure system / password"]');
  const nothing = read("");
  for (const [line, h] of [
    ["hostname {{h}}", "sbc"],
    ["mtu 15{{h}}", "7"],
  ] as const) {
    const declared = readDeclared(system(line), { variables: { h }, secretVariables: ["h"] });
    const verdict = judgeScript(declared, { before: nothing, after: nothing });
    const [told = ""] = failuresOf(verdict, declared);
    assert.ok(told.endsWith(`atDefault: ["configure system / ${line.split(" ")[0]}"]`), told);
    assert.doesNotMatch(told, /sbc|7/);
  }
});

/** The lines about a script that came true. */
function told(lines: string[], before: string[], after: string[]): string[] {
  const { declared, verdict } = judge(system(...lines), system(...before), system(...after));
  const said: string[] = [];
  tellVerdict((line) => said.push(line), verdict, declared);
  return said;
}

test("of a script that came true a person learns what is at its default, what looks otherwise and what is open", () => {
  assert.deepEqual(told(["mtu 1500"], [], ["mtu 1500"]), []);
  assert.deepEqual(told(["mtu 1500", "ttl 64"], ["mtu 9", "ttl 9"], []), [
    "at its default now, so not shown by the device: configure system / mtu, configure system / ttl",
  ]);
  assert.deepEqual(told(["ttl 064"], ["ttl 64"], ["ttl 64"]), [
    'configure system / ttl: the device shows "64" for what is declared',
  ]);
  assert.deepEqual(told(["password new"], [`password ${OLD}`], [`password ${OLD}`]), [
    "obscured as before, so the device had this secret already or did not take it; it does not say which: " +
      "configure system / password",
  ]);
  assert.deepEqual(told(["password hunter2", "hostname a"], [], ["password hunter2", "hostname a-hunter2"]), [
    'configure system / hostname: the device shows "a-[secret]" for what is declared',
  ]);
});

test("a value from a secret variable is not shown in the device's form of it", () => {
  const declared = readDeclared(system("hostname {{h}}"), {
    variables: { h: "SBC" },
    secretVariables: ["h"],
  });
  const device = read(system("hostname sbc"));
  const said: string[] = [];
  tellVerdict((line) => said.push(line), judgeScript(declared, { before: device, after: device }), declared);
  assert.deepEqual(said, ["configure system / hostname: the device shows another form for what is declared"]);
});

test("many rewritten lines are told up to fifty", () => {
  const lines = (zero: string) => Array.from({ length: 60 }, (_, at) => `s${at} ${zero}5`);
  assert.equal(told(lines("0"), lines(""), lines("")).length, 50);
});

const SCRIPT = (password: string, more = "") =>
  system(`password ${password}`, ...(more === "" ? [] : [more]));
const KEY = "configure system / password new";

/** What is known of the declared secret after a second look, and whether there was one. */
async function proven(forms: { before: string; first: string; second: string }, earlier: ShownLines = {}) {
  const declared = readDeclared(SCRIPT("new", "hostname A"));
  const exported = (form: string) => read(SCRIPT(form, "hostname a"));
  const judged = (after: string): ScriptVerdict =>
    judgeScript(declared, { before: exported(forms.before), after: exported(after) });
  const verdict = judged(forms.first);
  const lines: string[] = [];
  let looks = 0;
  const again = async () => {
    looks += 1;
    return judged(forms.second).shown;
  };
  const shown = await provenSecrets(declared, { verdict, earlier, log: (line) => lines.push(line) }, again);
  return { form: shown[KEY], unproven: verdict.unproven.length, looks, lines };
}

const as = (form: string) => `password ${form}`;

test("a second look is taken for a secret in a new form alone", async () => {
  const steady = { before: OLD, first: NEW, second: NEW };
  assert.deepEqual(await proven(steady), { form: as(NEW), unproven: 0, looks: 1, lines: [] });
  assert.deepEqual(await proven(steady, { [KEY]: as(NEW) }), {
    form: as(NEW),
    unproven: 0,
    looks: 0,
    lines: [],
  });
  const open = { before: "old", first: "new", second: "new" };
  assert.deepEqual(await proven(open), { form: undefined, unproven: 0, looks: 0, lines: [] });
});

test("a secret that looks otherwise each time is said to be so, once", async () => {
  const unsteady = { before: OLD, first: NEW, second: "$1$b3RoZXItb25l" };
  const { lines, ...known } = await proven(unsteady);
  assert.deepEqual(known, { form: "*", unproven: 0, looks: 1 });
  assert.deepEqual(lines, [
    "configure system / password: the device obscures it anew each time: a change of it by hand cannot be seen",
  ]);
  assert.deepEqual(await proven(unsteady, { [KEY]: "*" }), { ...known, lines });
});

test("a secret that is shown late is proven by its new form, and one that stays is not", async () => {
  const late = { before: OLD, first: OLD, second: NEW };
  assert.deepEqual(await proven(late), { form: as(NEW), unproven: 0, looks: 1, lines: [] });
  const same = { before: OLD, first: OLD, second: OLD };
  assert.deepEqual(await proven(same), { form: as(OLD), unproven: 1, looks: 1, lines: [] });
  // Gone from view is no form.
  assert.equal((await proven({ before: OLD, first: OLD, second: "new" })).unproven, 1);
});

test("whatever a device kept, no sentence shows a secret of the script", () => {
  const secret = fc.stringMatching(/^[a-z]{6,9}[0-9]{2}$/);
  fc.assert(
    fc.property(secret, fc.constantFrom("hostname", "password", "mtu"), (hidden, name) => {
      const lines = [`password ${hidden}`, `${name} x-${hidden}`];
      for (const device of [[], [`password ${hidden}x`, `${name} y-${hidden}`]]) {
        const said = [...failures(lines, device, device), ...told(lines, device, device)];
        assert.ok(said.length > 0);
        assert.ok(!said.join("\n").includes(hidden), said.join("\n"));
      }
    }),
    { numRuns: 25 },
  );
});

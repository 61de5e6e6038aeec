import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { bench } from "../simulator/harness";
import { ADMIN, command, scratch } from "./command";

/** Writes files into an empty folder, and gives their paths. */
function files(t: TestContext, texts: Record<string, string | Buffer>): string[] {
  const folder = scratch(t);
  return Object.entries(texts).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
}

describe("fmt", () => {
  it("writes the canonical layout, in the encoding of the file, and names what it changed", async (t) => {
    const latin = Buffer.from("UpLabelName='Köln'\r\n", "latin1");
    const [a = "", b = "", c = ""] = files(t, {
      "a.ini": latin,
      "b.cli": "configure voip\nproxy-set 0\nproxy-name A\nactivate\nexit\nexit\n",
      "c.ini": "P = 1\n",
    });
    assert.deepEqual(await command(["fmt", "--check", a, b, c]), {
      code: 7,
      stdout: `${a}\n${b}\n`,
      stderr: "in another layout: `npx pulumi-mediant fmt` with these files mends it\n",
    });
    assert.deepEqual(readFileSync(a), latin, "--check writes nothing");
    assert.deepEqual(await command(["fmt", a, b, c]), { code: 0, stdout: `${a}\n${b}\n`, stderr: "" });
    assert.deepEqual(readFileSync(a), Buffer.from("UpLabelName = 'Köln'\r\n", "latin1"));
    assert.match(readFileSync(b, "utf8"), /^ {4}proxy-name A$/m);
    assert.deepEqual(await command(["fmt", "--check", a, b, c]), { code: 0, stdout: "", stderr: "" });
  });

  it("leaves a file that cannot be read as it is, names the place, and does the rest", async (t) => {
    const [bad = "", good = ""] = files(t, { "bad.ini": "P=1\nnonsense\n", "good.ini": "P=1\n" });
    const { code, stdout, stderr } = await command(["fmt", bad, good]);
    assert.deepEqual([code, stdout], [1, `${good}\n`]);
    assert.match(stderr, /bad\.ini: ini line 2, column 1: neither a parameter/);
    assert.equal(readFileSync(bad, "utf8"), "P=1\nnonsense\n");
  });
});

describe("lint", () => {
  const LINTED = "P = 1\np = 2\nAUPDDigestPassword = 'Sturdy-Harbour-88'\n";
  const lintOf = (...args: string[]) => command(["lint", ...args]);

  it("prints a finding a line, and ends with 7 for --fail-on and worse", async (t) => {
    const [bad = "", note = "", dump = ""] = files(t, {
      "bad.ini": LINTED,
      "note.ini": "Unheard = 1\n",
      "dump.ini": "P = 1\n",
    });
    const { code, stdout, stderr } = await lintOf(bad);
    assert.deepEqual([code, stderr], [7, ""]);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(bad.length).replace(/: [^:]*:.* \(/, " (")),
      [":2:1 (duplicate-parameter)", ":3:1 (plain-secret)"],
    );
    assert.equal((await lintOf(note, "--dump", dump)).code, 0);
    assert.equal((await lintOf(note, "--dump", dump, "--fail-on", "note")).code, 7);
    assert.equal((await lintOf(note, "--fail-on", "any")).code, 2);
  });

  it("prints SARIF for annotations, without the value of a secret", async (t) => {
    const [bad = ""] = files(t, { "bad.ini": LINTED });
    const { code, stdout } = await lintOf("--sarif", bad);
    assert.equal(code, 7);
    assert.doesNotMatch(stdout, /Harbour/);
    const { version, runs } = JSON.parse(stdout);
    assert.equal(version, "2.1.0");
    const [{ tool, results }] = runs;
    assert.deepEqual(
      results.map((result: (typeof results)[number]) => {
        const { artifactLocation, region } = result.locations[0].physicalLocation;
        assert.equal(tool.driver.rules[result.ruleIndex].id, result.ruleId);
        return [
          result.ruleId,
          result.level,
          artifactLocation.uri.replace(/.*\//, ""),
          region.startLine,
          region.startColumn,
        ];
      }),
      [
        ["duplicate-parameter", "error", "bad.ini", 2, 1],
        ["plain-secret", "error", "bad.ini", 3, 1],
      ],
    );
  });
});

describe("diff", () => {
  const FILE = "EnableSyslog = 1\nAUPDDigestPassword = 'Sturdy-Harbour-88'\n";

  it("of two files ends with 7 if something differs, and shows no secret", async (t) => {
    const [a = "", b = "", c = "", d = ""] = files(t, {
      "a.ini": FILE,
      "b.ini": FILE.replace("1", "0").replace("88", "89"),
      "c.cli": "configure voip\nexit\n",
      "d.ini": "nonsense\n",
    });
    assert.deepEqual(await command(["diff", a, a]), { code: 0, stdout: "", stderr: "" });
    assert.deepEqual(await command(["diff", a, b]), {
      code: 7,
      stdout: 'EnableSyslog: "1" => "0"\nAUPDDigestPassword: (secret) changed\n',
      stderr: "",
    });
    const { code, stdout } = await command(["diff", a, b, "--json"]);
    assert.equal(code, 7);
    assert.deepEqual(JSON.parse(stdout), {
      changes: [
        { address: "EnableSyslog", kind: "change", before: "1", after: "0", secret: false },
        { address: "AUPDDigestPassword", kind: "change", secret: true },
      ],
      uncompared: [],
    });
    assert.equal((await command(["diff", a, c])).code, 2);
    assert.equal((await command(["diff", a])).code, 2);
    assert.equal((await command(["diff", a, b, "--profile", "sbc1"])).code, 2);
    const unsound = await command(["diff", a, d]);
    assert.deepEqual([unsound.code, /d\.ini: ini line 1, column 1: /.test(unsound.stderr)], [1, true]);
  });

  it("with a device sends GETs only and shows what the file would change there", async (t) => {
    const { simulator } = await bench(t, { ini: "EnableSyslog = 1\nSyslogServerIP = 10.1.1.20\n" });
    const [ini = "", cli = ""] = files(t, {
      "a.ini": "SyslogServerIP = 10.1.1.21\n",
      "a.cli": "configure troubleshoot\n syslog\n  syslog off\n  exit\nexit\n",
    });
    const some = await command(["diff", ini, "--url", simulator.url], ADMIN);
    assert.deepEqual(some, { code: 7, stdout: 'SyslogServerIP: "10.1.1.20" => "10.1.1.21"\n', stderr: "" });
    const all = await command(["diff", ini, "--url", simulator.url, "--full"], ADMIN);
    assert.match(all.stdout, /^EnableSyslog: "1" => \(none\)$/m);
    const script = await command(["diff", cli, "--url", simulator.url], ADMIN);
    assert.deepEqual([script.code, script.stderr], [7, ""]);
    assert.match(script.stdout, /^configure troubleshoot \/ syslog/);
    assert.equal(simulator.writes.length, 0);
  });
});

describe("merge", () => {
  const three = (t: TestContext, base: string, ours: string, theirs: string) =>
    files(t, { base, ours, theirs });

  it("writes what both changed into ours", async (t) => {
    const paths = three(t, "P = 1\nQ = 1\n", "P = 2\nQ = 1\n", "P = 1\nQ = 2\n");
    assert.deepEqual(await command(["merge", ...paths]), { code: 0, stdout: "", stderr: "" });
    assert.equal(readFileSync(paths[1] ?? "", "utf8"), "P = 2\nQ = 2\n");
  });

  it("leaves both values of a conflict between markers, and ends with 1", async (t) => {
    const paths = three(t, "P = 1\n", "P = 2\n", "P = 3\n");
    const said = await command(["merge", ...paths, "--path", "config/a.ini", "--marker-size", "9"]);
    assert.deepEqual(said, { code: 1, stdout: "", stderr: "config/a.ini: one conflict\n" });
    const text = `${"<".repeat(9)} ours\nP = 2\n${"=".repeat(9)}\nP = 3\n${">".repeat(9)} theirs\n`;
    assert.equal(readFileSync(paths[1] ?? "", "utf8"), text);
  });

  it("leaves to git what it cannot read, and loses neither side", async (t) => {
    const paths = three(t, "nonsense\n", "nonsense 1\n", "nonsense 2\n");
    const { code, stderr } = await command(["merge", ...paths]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /ours: merged line by line, because one side cannot be read: ini line 1, column 1: /,
    );
    assert.match(
      readFileSync(paths[1] ?? "", "utf8"),
      /^<{7} ours\nnonsense 1\n={7}\nnonsense 2\n>{7} theirs\n$/,
    );
  });
});

describe("types", () => {
  it("writes the names of dumps and of a device, and replaces no file of another making", async (t) => {
    const { simulator } = await bench(t, { ini: "EnableSyslog = 1\n" });
    const [dump = "", own = ""] = files(t, {
      "dump.ini": "Kept = 'Sturdy-Harbour-88'\n",
      "own.d.ts": "// mine\n",
    });
    const out = `${dump}.d.ts`;
    const made = await command(["types", "--from", dump, "--url", simulator.url, "--out", out], ADMIN);
    assert.deepEqual(made, { code: 0, stdout: `${out}\n`, stderr: "" });
    const text = readFileSync(out, "utf8");
    assert.match(text, /^ {4}EnableSyslog: ParameterArg;\n {4}Kept: ParameterArg;$/m);
    assert.doesNotMatch(text, /Harbour/);
    assert.equal(simulator.writes.length, 0);
    assert.equal((await command(["types", "--from", dump, "--out", out])).code, 0, "it is made again");
    assert.equal((await command(["types", "--from", dump, "--out", own])).code, 2);
    assert.equal(readFileSync(own, "utf8"), "// mine\n");
    assert.equal((await command(["types", "--out", out])).code, 2);
    assert.equal((await command(["types", "--from", dump, "--out", "a.ts"])).code, 2);
  });
});

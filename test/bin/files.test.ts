import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { fmtCommand } from "../../src/bin/files/fmt";
import { scratch } from "./command";
import { inProcess } from "./in-process";

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
    assert.deepEqual(await inProcess(fmtCommand(), "--check", a, b, c), {
      code: 7,
      stdout: `${a}\n${b}\n`,
      stderr: "",
    });
    assert.deepEqual(readFileSync(a), latin, "--check writes nothing");
    assert.deepEqual(await inProcess(fmtCommand(), a, b, c), { code: 0, stdout: `${a}\n${b}\n`, stderr: "" });
    assert.deepEqual(readFileSync(a), Buffer.from("UpLabelName = 'Köln'\r\n", "latin1"));
    assert.match(readFileSync(b, "utf8"), /^ {4}proxy-name A$/m);
    assert.deepEqual(await inProcess(fmtCommand(), "--check", a, b, c), { code: 0, stdout: "", stderr: "" });
  });

  it("leaves a file that cannot be read as it is, names the place, and does the rest", async (t) => {
    const [bad = "", good = ""] = files(t, { "bad.ini": "P=1\nnonsense\n", "good.ini": "P=1\n" });
    const { code, stdout, stderr } = await inProcess(fmtCommand(), bad, good);
    assert.deepEqual([code, stdout], [1, `${good}\n`]);
    assert.match(stderr, /bad\.ini: ini line 2, column 1: neither a parameter/);
    assert.equal(readFileSync(bad, "utf8"), "P=1\nnonsense\n");
  });
});

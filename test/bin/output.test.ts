import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const PROGRAM = join(__dirname, "..", "..", "dist", "bin", "pulumi-mediant.js");

/** Prints its help into `stdout`. */
function help(stdout: "pipe" | number) {
  return spawn(process.execPath, [PROGRAM, "doctor", "--help"], {
    stdio: ["ignore", stdout, "pipe"],
  });
}

async function ended(child: ReturnType<typeof help>) {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, stderr };
}

test("a reader that hangs up, as head does, is no failure", async () => {
  const child = help("pipe");
  child.stdout?.destroy();
  assert.deepEqual(await ended(child), { code: 0, stderr: "" });
});

test("output that is lost is one", { skip: !existsSync("/dev/full") }, async () => {
  assert.deepEqual(await ended(help(openSync("/dev/full", "w"))), {
    code: 1,
    stderr: "pulumi-mediant: the output cannot be written (ENOSPC)\n",
  });
});

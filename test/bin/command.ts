import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

const ROOT = join(__dirname, "..", "..");
/** As it is installed. */
const PROGRAM = join(ROOT, "dist", "bin", "pulumi-mediant.js");

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line to its end; nothing of the surroundings says who asks a device, and there is no terminal. */
export function command(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const { MEDIANT_USERNAME, MEDIANT_PASSWORD, MEDIANT_CREDENTIALS, ...surroundings } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: ROOT,
      env: { ...surroundings, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended: Ended = { code: null, stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        ended[stream] += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...ended, code }));
  });
}

/** The factory's user of the simulator. */
export const ADMIN = { MEDIANT_USERNAME: "Admin", MEDIANT_PASSWORD: "Admin" };

/** An empty folder, gone when the test is done. */
export function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "command-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

import { AsyncLocalStorage } from "node:async_hooks";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { runProgram } from "../../src/bin/program";

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Where a command prints, as its surroundings know it. */
const printing = new AsyncLocalStorage<Ended>();
let listens = false;

function listen(): void {
  if (listens) return;
  listens = true;
  for (const [name, stream] of [
    ["log", "stdout"],
    ["error", "stderr"],
  ] as const) {
    const print = console[name];
    console[name] = (...texts: unknown[]) => {
      const ended = printing.getStore();
      if (ended === undefined) return print(...texts);
      ended[stream] += `${texts.join(" ")}\n`;
    };
    const write = process[stream].write.bind(process[stream]) as (...args: unknown[]) => boolean;
    process[stream].write = (...args: unknown[]) => {
      const ended = printing.getStore();
      if (ended === undefined) return write(...args);
      ended[stream] += String(args[0]);
      return true;
    };
  }
  // Nobody is there to be asked.
  Object.defineProperty(process.stdin, "isTTY", { value: false });
}

/** One at a time: the environment is the whole process's. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command line to its end, in this process; nothing of the surroundings says who asks a device, and there is no
 * terminal.
 */
export function command(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const run = async () => {
    listen();
    const before = process.env;
    const { MEDIANT_USERNAME, MEDIANT_PASSWORD, MEDIANT_CREDENTIALS, ...surroundings } = before;
    process.env = { ...surroundings, ...env };
    const ended: Ended = { code: 0, stdout: "", stderr: "" };
    try {
      ended.code = await printing.run(ended, () => runProgram(args));
    } finally {
      process.env = before;
    }
    return ended;
  };
  const running = last.then(run);
  last = running.catch(() => {});
  return running;
}

/** The factory's user of the simulator. */
export const ADMIN = { MEDIANT_USERNAME: "Admin", MEDIANT_PASSWORD: "Admin" };

/** An empty folder, gone when the test is done. */
export function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "command-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

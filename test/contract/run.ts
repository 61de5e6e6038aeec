import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The environment of a child: ours, without what the test runner says to its own children. */
export function childEnv(additions: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return { ...env, ...additions };
}

/** Runs a program to its end. @throws where it fails, with what it printed */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<{ stdout: string; stderr: string }> {
  const env = childEnv(options.env);
  // npm is a script of the shell on Windows.
  const shell = command === "npm" && process.platform === "win32";
  return execute(command, args, { cwd: options.cwd, env, shell, maxBuffer: 64 * 1024 * 1024 });
}

/** Child processes: how they are started, what they print, how they are ended, and that none is left behind. */
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

/** How long a process may take to end after SIGINT, as Pulumi waits for its plugins. */
const GRACE_MS = 5_000;

const running = new Set<Child>();
process.on("exit", () => {
  for (const child of running) child.kill();
});

export interface ChildOptions {
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Ends the process at once. */
  kill?: AbortSignal;
  /** Takes each line that is printed; empty lines are left out. */
  onLine(line: string, stream: "stdout" | "stderr"): void;
}

export class Child {
  /** Settles when the process has ended and all that it printed has been read; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  private readonly process: ChildProcess;

  constructor(options: ChildOptions) {
    // Its own process group: a Ctrl-C in the terminal is for the engine, which ends its children in order.
    this.process = spawn(process.execPath, options.args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(this);
    const kill = () => this.kill();
    options.kill?.addEventListener("abort", kill, { once: true });
    if (options.kill?.aborted) this.kill();
    for (const name of ["stdout", "stderr"] as const) {
      const stream = this.process[name];
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        if (line.trim() !== "") options.onLine(line, name);
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.process.on("error", reject);
      this.process.on("close", (code) => {
        running.delete(this);
        options.kill?.removeEventListener("abort", kill);
        resolve(code);
      });
    });
  }

  /** SIGKILL, to the process and all that it started. */
  kill(): void {
    this.signal("SIGKILL");
  }

  /** SIGINT, and SIGKILL where that does not end it in time. */
  async stop(): Promise<void> {
    this.signal("SIGINT");
    await this.stopLater();
  }

  /** Leaves it the time to end by itself. */
  async stopLater(): Promise<void> {
    const timer = setTimeout(() => this.kill(), GRACE_MS);
    await this.ended.catch(() => {});
    clearTimeout(timer);
  }

  private signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended in this very moment.
    }
  }
}

/** The environment of a child: ours, without what the test runner says to its own children. */
export function childEnv(...additions: (Record<string, string> | undefined)[]): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  // A program's types are checked by a test of their own, once.
  return Object.assign(env, { PULUMI_NODEJS_TRANSPILE_ONLY: "true" }, ...additions);
}

/**
 * Runs a command to its end, or until it is abandoned: SIGKILL to it alone, not to what it has started.
 * @param onStart takes its process id
 */
export function runAbandonable(
  command: string,
  args: string[],
  options: SpawnOptions,
  { abandon, onStart }: { abandon?: AbortSignal; onStart?: (pid: number) => void },
): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const kill = () => child.kill("SIGKILL");
    abandon?.addEventListener("abort", kill, { once: true });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const end = (code: number | null) => {
      abandon?.removeEventListener("abort", kill);
      resolve({ exitCode: code ?? 137, output });
    };
    child.on("error", reject);
    child.on("close", end);
    // What it left behind may hold its output open.
    child.on("exit", (code) => abandon?.aborted && end(code));
    if (child.pid !== undefined) onStart?.(child.pid);
  });
}

/** The processes that a process has started, and those that these have started: the command line by process id. */
export function descendantsOf(root: number): Map<number, string> {
  const { stdout } = spawnSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const all = stdout.split("\n").flatMap((line) => {
    const [, pid, parent, args = ""] = /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
  const found = new Map<number, string>();
  const parents = [root];
  for (const parent of parents) {
    for (const each of all.filter((one) => one.parent === parent)) {
      found.set(each.pid, each.args);
      parents.push(each.pid);
    }
  }
  return found;
}

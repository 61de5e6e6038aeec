/** One face for both engines, the one in this folder and a real `pulumi`, so that every end-to-end scenario runs on both. */
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { QUICK_START } from "../shared/quick-node";
import { runEngine } from "./engine";
import type { Inline } from "./inline";
import { childEnv, runAbandonable } from "./processes";
import { openPulumi } from "./pulumi";
import type { Operation } from "./report";

/** `inline` runs program and provider in this process as well, see `inline.ts`; a run that is killed has a provider of its own. */
export type EngineKind = "in-process" | "pulumi" | "inline";

export interface RunOptions {
  /** @default what `options.refresh` of `Pulumi.yaml` says */
  refresh?: boolean;
  /** Changes make the exit code 7. */
  expectNoChanges?: boolean;
  /** Shows properties in full. */
  diff?: boolean;
  /** The folder of a policy pack and the file of its configuration; of a real `pulumi` alone. */
  policyPack?: { folder: string; config: string };
  /** How many resources are worked on at once. @default four for each processor */
  parallel?: number;
  /** Logical names: nothing else is checked, changed or deleted. @default all */
  targets?: readonly string[];
  /** Logical names: these are neither checked nor changed, and not made if they are not there. @default none */
  excludes?: readonly string[];
  /** Is added to the environment of the program and the provider. */
  env?: Record<string, string>;
  /** Ends engine, program and provider with SIGKILL; the exit code is then 137. */
  signal?: AbortSignal;
  /** Ends the engine alone with SIGKILL, and leaves program and provider to themselves; the exit code is then 137. */
  abandon?: AbortSignal;
  /** Takes the id of the engine's process, of a run that can be abandoned. */
  onStart?: (pid: number) => void;
}

export interface RunResult {
  exitCode: number;
  /** Everything printed. */
  output: string;
}

/** A stack on one of the engines. An update is made without a preview before it. */
export interface Engine {
  readonly name: EngineKind;
  preview(options?: RunOptions): Promise<RunResult>;
  up(options?: RunOptions): Promise<RunResult>;
  refresh(options?: RunOptions): Promise<RunResult>;
  destroy(options?: RunOptions): Promise<RunResult>;
  /** The state as `pulumi stack export` gives it, secrets encrypted. */
  state(): Promise<ExportedState>;
  /** `pulumi import --file`, of the real one alone. */
  importing?(file: string, options?: RunOptions): Promise<RunResult>;
  /** Takes the stack away with all its files; what it made stays. */
  dispose(): Promise<void>;
}

export interface ExportedState {
  version: number;
  deployment: {
    resources?: ExportedResource[];
    pending_operations?: { resource: ExportedResource; type: string }[];
  };
}
export interface ExportedResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
  [name: string]: unknown;
}

export interface StackOptions {
  /** The folder of `Pulumi.yaml`; nothing is written there. */
  cwd: string;
  stack: string;
  /** A key without a namespace is the project's. */
  config?: Record<string, string>;
  secrets?: Record<string, string>;
  /** What the kind `inline` runs in place of the program. */
  inline?: Inline;
}

/** Both engines, or ours alone where no `pulumi` is on PATH. */
export function availableEngines(): EngineKind[] {
  const isOnPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .some((folder) => isExecutable(join(folder, "pulumi")));
  return isOnPath ? ["in-process", "pulumi"] : ["in-process"];
}

/** The same with program and provider in this process, for what no process of theirs has a part in. */
export function quickEngines(): EngineKind[] {
  return availableEngines().map((kind) => (kind === "in-process" ? "inline" : kind));
}

/** One of them with processes after all. */
export function withProcesses(kind: EngineKind): EngineKind {
  return kind === "inline" ? "in-process" : kind;
}

/** Opens a new, empty stack. */
export async function openEngine(kind: EngineKind, options: StackOptions): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), "engine-"));
  try {
    return await (kind === "pulumi" ? openPulumi(folder, options) : openInProcess(folder, kind, options));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function openInProcess(folder: string, kind: EngineKind, { inline, ...options }: StackOptions): Engine {
  const state = join(folder, "state.json");
  if (kind === "inline" && inline === undefined) throw new Error("nothing says what the inline engine runs");
  const run = async (
    operation: Operation,
    { signal, diff, abandon, onStart, ...given }: RunOptions = {},
  ): Promise<RunResult> => {
    if (abandon !== undefined) return runApart(operation, state, options, { ...given, abandon, onStart });
    const { exitCode, output } = await runEngine({
      ...options,
      ...given,
      operation,
      state,
      detailed: diff,
      kill: signal,
      // Of what is to be killed the provider needs a process.
      ...(kind === "inline" && inline && { inline: signal ? { program: inline.program } : inline }),
    });
    return { exitCode, output };
  };
  return {
    name: kind,
    preview: (given) => run("preview", given),
    up: (given) => run("up", given),
    refresh: (given) => run("refresh", given),
    destroy: (given) => run("destroy", given),
    state: async () =>
      existsSync(state) ? JSON.parse(readFileSync(state, "utf8")) : { version: 3, deployment: {} },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The engine in a process of its own, which alone can be killed without its children. */
function runApart(
  operation: Operation,
  state: string,
  { cwd, stack, config = {}, secrets = {} }: StackOptions,
  { env, abandon, onStart }: RunOptions,
): Promise<RunResult> {
  const settings = [
    ...Object.entries(config).flatMap(([key, value]) => ["--config", `${key}=${value}`]),
    ...Object.entries(secrets).flatMap(([key, value]) => ["--secret", `${key}=${value}`]),
  ];
  const cli = [...QUICK_START, join(__dirname, "cli.ts")];
  // As the runs in this process encrypt it, whatever the environment says.
  const where = ["--cwd", cwd, "--stack", stack, "--state", state, "--passphrase", "test"];
  const args = [...cli, operation, ...where, ...settings];
  return runAbandonable(process.execPath, args, { env: childEnv(env) }, { abandon, onStart });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

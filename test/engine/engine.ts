/** One run of the engine, from the state that is there to the state that it leaves. */
import { availableParallelism } from "node:os";
import { displayable } from "./changes";
import { deleteUnwanted } from "./deletes";
import { Terminating } from "./engine-service";
import { Executor } from "./executor";
import { Generator, type Run } from "./generator";
import { type Inline, inlineProgram } from "./inline";
import { serveMonitor } from "./monitor";
import { showPresence } from "./presence";
import { startProgram } from "./program";
import { loadProject, type Project } from "./project";
import { isProvider, Providers } from "./providers";
import { refresh } from "./refresh";
import { type Operation, Report, type StepRecord, textOf } from "./report";
import { Snapshot } from "./snapshot";
import { StateFile } from "./state";
import { encodeMap, type PropertyMap, Secret } from "./values";

export interface EngineOptions {
  operation: Operation;
  /** The folder of `Pulumi.yaml`. */
  cwd: string;
  stack: string;
  /** The state file; it need not exist. */
  state: string;
  /** Encrypts the secrets of the state. @default "test" */
  passphrase?: string;
  /** The stack's configuration: a key without a namespace is the project's. */
  config?: Record<string, string>;
  secrets?: Record<string, string>;
  /** Reads every resource first. @default what `options.refresh` of `Pulumi.yaml` says */
  refresh?: boolean;
  /** Changes make the exit code 7. */
  expectNoChanges?: boolean;
  /** Shows the properties of what is created too. */
  detailed?: boolean;
  /** How many resources are worked on at once. @default four for each processor */
  parallel?: number;
  /** An update shows a preview first, in processes of its own, and stops where that fails. */
  preview?: boolean;
  /** Logical names: nothing else is checked, changed or deleted. @default all */
  targets?: readonly string[];
  /** Logical names: these are neither checked nor changed, and not made if they are not there. @default none */
  excludes?: readonly string[];
  /** Is added to the environment of the program and the provider. */
  env?: Record<string, string>;
  /** Takes the text while it comes. */
  onText?: (text: string) => void;
  /** Runs program and provider in this process, which costs next to nothing; neither `env` nor `kill` reaches them. */
  inline?: Inline;
  /** Ctrl-C: what is under way ends, nothing else begins. */
  cancel?: AbortSignal;
  /** SIGKILL: the processes are gone at once, and nothing more is written. */
  kill?: AbortSignal;
}

export interface EngineResult {
  /** 0, 1 after an error, 7 where changes were not expected, 137 after a kill. */
  exitCode: number;
  /** All that was printed. */
  output: string;
  /** What the program, the provider and the engine said, one entry a message. */
  diagnostics: string[];
  steps: StepRecord[];
  /** How many resources were created, updated, deleted, replaced, or stayed the same. */
  counts: Record<string, number>;
  /** The outputs of the stack, `[secret]` for secrets. */
  outputs: Record<string, unknown>;
  /** What `pulumi preview --json` would print. */
  digest: () => unknown;
}

export async function runEngine(options: EngineOptions): Promise<EngineResult> {
  if (options.preview && options.operation === "up") {
    const preview = await runEngine({
      ...options,
      operation: "preview",
      preview: false,
      expectNoChanges: false,
    });
    if (preview.exitCode !== 0) return preview;
    const update = await runEngine({ ...options, preview: false });
    return { ...update, output: `${preview.output}\n${update.output}` };
  }
  const report = new Report(options.operation, options.stack, options.detailed ?? false, options.onText);
  try {
    await operate(options, report);
  } catch (error) {
    // What a Terminating stands for is in the report already.
    if (!(error instanceof Terminating)) {
      report.diagnostic("error", error instanceof Error ? error.message : String(error));
    }
  }
  const { operation } = options;
  if (report.failed) report.diagnostic("error", `${operation === "preview" ? "preview" : "update"} failed`);
  const exitCode = exitCodeOf(options, report);
  if (exitCode !== KILLED) report.finish();
  if (exitCode === CHANGED) {
    report.print(`error: no changes were expected for ${operation} but changes were proposed`);
  }
  return {
    exitCode,
    output: report.text,
    diagnostics: report.diagnostics.map(textOf),
    steps: report.steps,
    counts: report.counts(),
    outputs: displayable(report.outputs) as Record<string, unknown>,
    digest: () => report.digest(),
  };
}

const KILLED = 137;
const CHANGED = 7;

function exitCodeOf({ kill, expectNoChanges }: EngineOptions, report: Report): number {
  if (kill?.aborted) return KILLED;
  if (report.failed) return 1;
  return expectNoChanges && report.hasChanges() ? CHANGED : 0;
}

async function operate(options: EngineOptions, report: Report): Promise<void> {
  const project = loadProject(options.cwd);
  const { operation, stack, kill } = options;
  const dryRun = operation === "preview";
  const file = StateFile.open(options.state, options.passphrase ?? "test");
  const snapshot = new Snapshot(file.stored, (state) => {
    if (!dryRun && !kill?.aborted) file.write(state);
  });
  const onLine = (line: string) => report.diagnostic("info", line);
  const presence = await showPresence((severity, message) => report.diagnostic(severity, message));
  const engineAddress = presence.address;
  const providers = new Providers(
    project,
    { env: options.env, kill, engineAddress, onLine },
    options.inline?.provider,
  );
  const run: Run = {
    project: project.name,
    stack,
    config: qualify(options, project),
    dryRun,
    parallel: options.parallel ?? 4 * availableParallelism(),
    isTarget: (urn) => {
      const resource = urn.split("::").at(-1) ?? "";
      return (options.targets?.includes(resource) ?? true) && !options.excludes?.includes(resource);
    },
    snapshot,
    providers,
    report,
  };
  for (const resource of snapshot.before()) if (isProvider(resource)) providers.configure(resource);
  const unfinished = file.stored.pendingOperations.map(({ resource, type }) => `${type} ${resource.urn}`);
  if (unfinished.length > 0) {
    report.diagnostic("warning", `an earlier run ended while ${unfinished.join(", ")}`);
  }

  const executor = new Executor(run);
  const cancel = () => {
    report.diagnostic("error", `${operation} canceled`);
    executor.cancel();
  };
  if (options.cancel?.aborted) cancel();
  options.cancel?.addEventListener("abort", cancel, { once: true });
  try {
    if (operation === "refresh" || (options.refresh ?? project.refreshAlways)) await refresh(run, executor);
    if (operation === "destroy") await deleteUnwanted(run, executor, new Set());
    else if (operation !== "refresh") await deploy(options, project, run, executor);
  } finally {
    options.cancel?.removeEventListener("abort", cancel);
    await providers.stop();
    presence.close();
  }
}

/** Runs the program, then deletes what it no longer registers. */
async function deploy(options: EngineOptions, project: Project, run: Run, executor: Executor): Promise<void> {
  const { report, config } = run;
  const generator = new Generator(run, executor);
  const monitor = await serveMonitor({
    register: (goal) => generator.register(goal),
    read: (goal) => generator.read(goal),
    registerOutputs: (urn, outputs) => generator.registerOutputs(urn, outputs),
    log: (severity, message, urn) => report.diagnostic(severity, message, urn),
  });
  try {
    const start = options.inline === undefined ? startProgram : inlineProgram(options.inline.program);
    const program = start({
      ...{ project, stack: options.stack, address: monitor.address, dryRun: run.dryRun },
      parallel: run.parallel,
      config: encodeMap(config) as Record<string, string>,
      secretKeys: Object.keys(config).filter((key) => config[key] instanceof Secret),
      ...{ env: options.env, kill: options.kill, onLine: (line: string) => report.diagnostic("info", line) },
    });
    // The SDK ends a program whose calls are refused; a program that makes no more calls is ended.
    executor.onCancel(() => void program.stopLater());
    const code = await program.ended;
    await executor.idle();
    if (code === 0 && !executor.cancelled) await deleteUnwanted(run, executor, generator.seen);
    else if (!executor.cancelled && code !== ALREADY_LOGGED) {
      report.diagnostic("error", `the program ended with exit code ${code}`);
    }
    generator.finishStack();
  } finally {
    monitor.close();
  }
}

/** By the SDK's own word, the error is in the log. */
const ALREADY_LOGGED = 32;

function qualify({ config = {}, secrets = {} }: EngineOptions, { name }: Project): PropertyMap {
  const key = (text: string) => (text.includes(":") ? text : `${name}:${text}`);
  return Object.fromEntries([
    ...Object.entries(config).map(([text, value]) => [key(text), value] as const),
    ...Object.entries(secrets).map(([text, value]) => [key(text), new Secret(value)] as const),
  ]);
}

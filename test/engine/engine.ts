/** One run of the engine, from the state that is there to the state that it leaves. */
import { availableParallelism } from "node:os";
import { displayable } from "./changes";
import { deleteUnwanted } from "./deletes";
import { Executor } from "./executor";
import { Generator, type Run } from "./generator";
import { serveMonitor, Terminating } from "./monitor";
import { startProgram } from "./program";
import { killChildren } from "./processes";
import { loadProject, type Project } from "./project";
import { isProvider, Providers } from "./providers";
import { refresh } from "./refresh";
import { type Operation, Report, type StepRecord, textOf } from "./report";
import { Snapshot } from "./snapshot";
import { StateFile } from "./state";
import { type PropertyMap, Secret } from "./values";

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
  /** Is added to the environment of the program and the provider. */
  env?: Record<string, string>;
  /** Takes the text while it comes. */
  onText?: (text: string) => void;
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
}

export async function runEngine(options: EngineOptions): Promise<EngineResult> {
  if (options.preview && options.operation === "up") {
    const preview = await runEngine({ ...options, operation: "preview", preview: false, expectNoChanges: false });
    if (preview.exitCode !== 0) return preview;
    const update = await runEngine({ ...options, preview: false });
    return { ...update, output: `${preview.output}\n${update.output}` };
  }
  const report = new Report(options.operation, options.stack, options.detailed ?? false, options.onText);
  const isKilled = await untilKilled(options.kill, (track) => operate(options, report, track));
  const exitCode = isKilled ? 137 : report.failed ? 1 : options.expectNoChanges && report.hasChanges() ? 7 : 0;
  if (exitCode === 7) report.print(`error: no changes were expected for ${options.operation} but changes were proposed`);
  return {
    exitCode,
    output: report.text,
    diagnostics: report.diagnostics.map(textOf),
    steps: report.steps,
    counts: report.counts(),
    outputs: displayable(report.outputs) as Record<string, unknown>,
  };
}

async function operate(options: EngineOptions, report: Report, scope: Scope): Promise<void> {
  const project = loadProject(options.cwd);
  const { operation, stack } = options;
  const dryRun = operation === "preview";
  const file = StateFile.open(options.state, options.passphrase ?? "test");
  const snapshot = new Snapshot(file.stored, dryRun ? undefined : scope.guard(file));
  const providers = new Providers(project, options.env, scope, (line) => report.diagnostic("info", line));
  const config = qualify(options, project);
  const run: Run = { project: project.name, stack, config, dryRun, snapshot, providers, report };
  for (const resource of snapshot.before()) if (isProvider(resource)) providers.configure(resource);
  if (file.stored.pendingOperations.length > 0) {
    const urns = file.stored.pendingOperations.map(({ resource, type }) => `${type} ${resource.urn}`);
    report.diagnostic("warning", `an earlier run ended in the middle of:\n${urns.join("\n")}`);
  }
  const executor = new Executor(run, options.parallel ?? 4 * availableParallelism());
  const cancel = () => {
    report.diagnostic("error", `${operation} canceled`);
    executor.cancel();
  };
  options.cancel?.addEventListener("abort", cancel, { once: true });
  try {
    if (options.refresh ?? (operation === "refresh" || project.refreshAlways)) await refresh(run, executor);
    if (operation === "destroy") await deleteUnwanted(run, executor, new Set());
    else if (operation !== "refresh") await deploy(options, project, run, executor, scope);
  } catch (error) {
    // What a Terminating stands for is in the report already.
    if (!(error instanceof Terminating)) throw error;
  } finally {
    options.cancel?.removeEventListener("abort", cancel);
    await providers.stop();
  }
  if (report.failed) report.diagnostic("error", `${dryRun ? "preview" : "update"} failed`);
  report.finish();
}

/** Runs the program, then deletes what it no longer registers. */
async function deploy(options: EngineOptions, project: Project, run: Run, executor: Executor): Promise<void> {
}

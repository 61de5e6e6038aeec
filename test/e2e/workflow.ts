import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

/** A step of a GitHub Actions workflow, as far as its file says. */
export interface WorkflowStep {
  name?: string;
  uses?: string;
  if?: string;
  run?: string;
  shell?: string;
  env?: Record<string, string>;
}

export interface Workflow {
  name: string;
  permissions?: Record<string, string>;
  env?: Record<string, string>;
  jobs: Record<string, WorkflowJob>;
}

export interface WorkflowJob {
  needs?: string;
  environment?: string;
  concurrency?: unknown;
  env?: Record<string, string>;
  steps: WorkflowStep[];
}

export function readWorkflow(text: string): Workflow {
  return parse(text) as Workflow;
}

export interface StepResult {
  name: string;
  exitCode: number;
  output: string;
}

export interface RunnerOptions {
  cwd: string;
  /** What `${{ … }}` stands for, by its text without blanks around it. One that is missing is an error. */
  expressions: Record<string, string>;
  /** The environment of every step, before what the workflow says. */
  env: Record<string, string>;
}

/** The conditions of steps that are understood; any other would be skipped or run wrongly. */
const RUNS_AFTER_FAILURE: Record<string, boolean> = { "": false, "!cancelled()": true };

/**
 * Runs the `run` steps of a workflow's jobs, in their order and in the shells that GitHub takes. Of a step that uses an
 * action nothing is run: what it installs is there.
 */
export async function runWorkflow(workflow: Workflow, options: RunnerOptions): Promise<StepResult[]> {
  const results: StepResult[] = [];
  let previous: string | undefined;
  for (const [name, job] of Object.entries(workflow.jobs)) {
    if (job.needs !== previous) throw new Error(`the job ${name} does not wait for the one before it`);
    previous = name;
    for (const step of job.steps) {
      const always = RUNS_AFTER_FAILURE[(step.if ?? "").replace(/^\$\{\{|\}\}$/g, "").trim()];
      if (always === undefined) throw new Error(`the condition ${step.if} is not understood`);
      const failed = results.some(({ exitCode }) => exitCode !== 0);
      if (step.run === undefined || (failed && !always)) continue;
      const fill = (text: string) => withExpressions(String(text), options.expressions);
      const declared = Object.entries({ ...workflow.env, ...job.env, ...step.env });
      const env = Object.fromEntries(declared.map(([key, value]) => [key, fill(value)]));
      const result = await runScript(fill(step.run), step.shell, options.cwd, { ...options.env, ...env });
      results.push({ name: step.name ?? step.run, ...result });
    }
  }
  return results;
}

function withExpressions(text: string, expressions: Record<string, string>): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const value = expressions[expression];
    if (value === undefined) throw new Error(`nothing says what \${{ ${expression} }} is`);
    return value;
  });
}

async function runScript(
  script: string,
  shell: string | undefined,
  cwd: string,
  env: Record<string, string>,
): Promise<{ exitCode: number; output: string }> {
  if (shell !== undefined && shell !== "bash") throw new Error(`no way is known to run ${shell}`);
  const folder = await mkdtemp(join(tmpdir(), "step-"));
  const file = join(folder, "script.sh");
  await writeFile(file, script);
  // A step that names bash gets another command line than one that names no shell.
  const flags = shell === undefined ? ["-e"] : ["--noprofile", "--norc", "-eo", "pipefail"];
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn("bash", [...flags, file], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      child.on("error", reject);
      child.on("close", (code) => resolve({ exitCode: code ?? 137, output }));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

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

/** A job of GitLab, with what it extends. */
export interface GitLabJob {
  stage?: string;
  extends?: string;
  rules?: { if: string }[];
  environment?: { name: string };
  resource_group?: string;
  variables?: Record<string, string>;
  before_script?: string[];
  script?: string[];
}

/** The jobs of a `.gitlab-ci.yml`, each with what it extends and with the defaults; those that only others extend are left out. */
export function gitLabJobs(text: string): Record<string, GitLabJob> {
  const { stages, default: defaults, variables, ...rest } = parse(text) as Record<string, unknown>;
  const jobs = rest as Record<string, GitLabJob>;
  const extended = Object.entries(jobs).map(([name, job]) => {
    const base = job.extends === undefined ? {} : jobs[job.extends];
    if (base === undefined) throw new Error(`the job ${name} extends ${job.extends}, which is not there`);
    const all = { ...(variables as GitLabJob["variables"]), ...base.variables, ...job.variables };
    return [name, { ...(defaults as GitLabJob), ...base, ...job, variables: all }] as const;
  });
  return Object.fromEntries(extended.filter(([name]) => !name.startsWith(".")));
}

/** Runs the script of a job of GitLab, in the shell and with the options that its runner takes. */
export async function runJob(
  text: string,
  name: string,
  { cwd, env }: Omit<RunnerOptions, "expressions">,
): Promise<StepResult> {
  const job = gitLabJobs(text)[name];
  if (job === undefined) throw new Error(`no job ${name}`);
  const lines = [...(job.before_script ?? []), ...(job.script ?? [])];
  const result = await runScript(lines.join("\n"), "bash", cwd, { ...env, ...job.variables });
  return { name, ...result };
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

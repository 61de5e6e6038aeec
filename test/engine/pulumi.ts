/** A stack on the real `pulumi`, with a backend, a home and a configuration of its own in a temporary folder. */
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Engine, RunOptions, RunResult, StackOptions } from "./engines";
import { childEnv, descendantsOf, runAbandonable } from "./processes";

export async function openPulumi(folder: string, options: StackOptions): Promise<Engine> {
  const cwd = resolve(options.cwd);
  const configFile = join(folder, `Pulumi.${options.stack}.yaml`);
  const surroundings = {
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  await mkdir(join(folder, "backend"));
  const pulumi = (args: string[], { dir = cwd, ...run }: RunOptions & { dir?: string } = {}) =>
    spawnPulumi(
      [...args, "--non-interactive", "--color", "never"],
      dir,
      { ...surroundings, ...run.env },
      run,
    );
  const mustDo = async (args: string[], dir?: string) => {
    const { exitCode, output } = await pulumi(args, { dir });
    if (exitCode !== 0) throw new Error(`pulumi ${args.slice(0, 2).join(" ")} failed: ${output}`);
  };

  // Made in a folder with the same project file: a new stack writes its settings beside it, and that is not to be the user's.
  await copyFile(join(cwd, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  await mustDo(["stack", "init", options.stack], folder);
  const settings = [
    ...Object.entries(options.config ?? {}).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]),
    ...Object.entries(options.secrets ?? {}).flatMap(([key, value]) => ["--secret", `${key}=${value}`]),
  ];
  const which = ["--stack", options.stack];
  if (settings.length > 0) await mustDo(["config", "set-all", ...which, ...settings], folder);

  const run = async (command: string[], given: RunOptions = {}) => {
    const flags = [
      ...(given.refresh === undefined || command[0] === "refresh" ? [] : [`--refresh=${given.refresh}`]),
      ...(given.expectNoChanges && command[0] !== "destroy" ? ["--expect-no-changes"] : []),
      ...(given.diff ? ["--diff"] : []),
      ...(given.policyPack === undefined
        ? []
        : ["--policy-pack", given.policyPack.folder, "--policy-pack-config", given.policyPack.config]),
      ...(given.targets ?? []).flatMap((name) => ["--target", `**::${name}`]),
      ...(given.excludes ?? []).flatMap((name) => ["--exclude", `**::${name}`]),
      ...(given.parallel === undefined ? [] : ["--parallel", String(given.parallel)]),
    ];
    const result = await pulumi([...command, ...which, "--config-file", configFile, ...flags], given);
    // A killed run leaves its lock on the stack.
    if (given.signal?.aborted || given.abandon?.aborted) await mustDo(["cancel", "--yes", ...which]);
    return result;
  };
  const changing = ["--yes", "--skip-preview"];
  return {
    name: "pulumi",
    preview: (given) => run(["preview"], given),
    up: (given) => run(["up", ...changing], given),
    refresh: (given) => run(["refresh", ...changing], given),
    destroy: (given) => run(["destroy", ...changing], given),
    importing: (file, given) =>
      run(["import", "--file", file, "--protect=false", "--generate-code=false", ...changing], given),
    state: async () => {
      const file = join(folder, "export.json");
      await mustDo(["stack", "export", ...which, "--file", file]);
      return JSON.parse(await readFile(file, "utf8"));
    },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

async function spawnPulumi(
  args: string[],
  cwd: string,
  env: Record<string, string>,
  { signal, abandon, onStart }: RunOptions,
): Promise<RunResult> {
  let killAll = () => {};
  const started = (pid: number) => {
    killAll = () => killTree(pid);
    onStart?.(pid);
  };
  const kill = () => killAll();
  signal?.addEventListener("abort", kill, { once: true });
  try {
    const options = { cwd, env: childEnv(env) };
    return await runAbandonable("pulumi", args, options, { abandon, onStart: started });
  } finally {
    signal?.removeEventListener("abort", kill);
  }
}

/** SIGKILL to a process and all its descendants: Pulumi's plugins have process groups of their own and would outlive it. */
function killTree(root: number): void {
  for (const pid of [root, ...descendantsOf(root).keys()]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended in this very moment.
    }
  }
}

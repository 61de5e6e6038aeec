/** The user's program in the SDK's own runner, unmodified. */
import { QUICK_START } from "../shared/quick-node";
import { Child, childEnv } from "./processes";
import { type Project, sdkFile } from "./project";
import type { Surroundings } from "./provider";

export interface ProgramOptions extends Omit<Surroundings, "engineAddress"> {
  project: Project;
  stack: string;
  /** `host:port` of the two services. */
  address: string;
  dryRun: boolean;
  parallel: number;
  /** By `<namespace>:<key>`. */
  config: Record<string, string>;
  secretKeys: string[];
}

export function startProgram(options: ProgramOptions): Child {
  const { project, address } = options;
  const { typescript = true, nodeargs, tsconfig } = project.runtimeOptions;
  return new Child({
    args: [
      ...QUICK_START,
      ...(nodeargs?.split(/\s+/).filter(Boolean) ?? []),
      sdkFile("cmd/run", project.programDir),
      ...["--monitor", address, "--engine", address],
      ...["--organization", "organization", "--project", project.name, "--stack", options.stack],
      ...["--root-directory", project.root, "--pwd", project.programDir],
      ...["--parallel", String(options.parallel)],
      ...(options.dryRun ? ["--dry-run"] : []),
      project.entryPoint,
    ],
    cwd: project.programDir,
    env: childEnv(
      {
        PULUMI_CONFIG: JSON.stringify(options.config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(options.secretKeys),
        ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
        ...(tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
      },
      options.env,
    ),
    kill: options.kill,
    onLine: options.onLine,
  });
}

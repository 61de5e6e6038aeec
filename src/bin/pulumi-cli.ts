import { execFile } from "node:child_process";
import { IMPORTING_CLI } from "../generate/project";

/** The version of the `pulumi` on PATH, such as `v3.259.0`; undefined if there is none. */
export function cliVersion(): Promise<string | undefined> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((resolve) => {
    execFile("pulumi", ["version"], { env }, (error, stdout) => {
      resolve(error === null ? /^v?\d+\.\d+\.\d+\S*/m.exec(stdout)?.[0] : undefined);
    });
  });
}

/** Whether a CLI takes a dynamic resource into a state by an import file. */
export function takesImports(version: string): boolean {
  const [major = 0, minor = 0] = numbers(version);
  const [firstMajor = 0, firstMinor = 0] = numbers(IMPORTING_CLI);
  return major > firstMajor || (major === firstMajor && minor >= firstMinor);
}

function numbers(version: string): number[] {
  return version.replace(/^v/, "").split(".").map(Number);
}

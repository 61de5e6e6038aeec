/** What `Pulumi.yaml` says about a program: its name, where it stands, how it is run, when it is refreshed. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";

export interface Project {
  name: string;
  /** The folder of `Pulumi.yaml`. */
  root: string;
  /** The folder in which program and provider run: the root, or the one `main` names. */
  programDir: string;
  /** What is run there: `.`, or the file `main` names. */
  entryPoint: string;
  /** Programs are compiled on the fly by ts-node unless the options of the runtime say `typescript: false`. */
  runtimeOptions: { typescript?: boolean; nodeargs?: string; tsconfig?: string };
  /** `options: {refresh: always}`: every run begins with a refresh unless it says otherwise. */
  refreshAlways: boolean;
}

/** @throws Error where there is no project, or not one of Node's */
export function loadProject(cwd: string): Project {
  const root = resolve(cwd);
  const file = join(root, "Pulumi.yaml");
  if (!existsSync(file)) throw new Error(`there is no Pulumi.yaml in ${root}`);
  const yaml = parseYaml(readFileSync(file, "utf8"), root);
  const runtime = typeof yaml.runtime === "string" ? { name: yaml.runtime } : yaml.runtime;
  if (runtime?.name !== "nodejs") throw new Error(`${file}: the runtime is not nodejs`);
  const main = resolve(root, yaml.main ?? ".");
  const isFolder = statSync(main).isDirectory();
  return {
    name: yaml.name,
    root,
    programDir: isFolder ? main : dirname(main),
    entryPoint: isFolder ? "." : basename(main),
    runtimeOptions: runtime.options ?? {},
    refreshAlways: yaml.options?.refresh === "always",
  };
}

interface ProjectFile {
  name: string;
  main?: string;
  runtime?: string | { name: string; options?: Project["runtimeOptions"] };
  options?: { refresh?: string };
}

/** Reads with the parser that the SDK itself brings along, as its own code does. */
function parseYaml(text: string, root: string): ProjectFile {
  const sdk = createRequire(sdkFile("package.json", root));
  return (sdk("js-yaml") as { load(text: string): unknown }).load(text) as ProjectFile;
}

/** The path of a file of the SDK that the program in `programDir` loads. */
export function sdkFile(name: string, programDir: string): string {
  return createRequire(join(programDir, "index.js")).resolve(`@pulumi/pulumi/${name}`);
}

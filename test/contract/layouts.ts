/** The places in which a user's program can stand, and what Pulumi stores of the package in each. */
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { installAsPnpm, installTarball, linkRepository, packTarball, REPOSITORY } from "./install";
import { run } from "./run";

const FIXTURES = join(REPOSITORY, "test", "fixtures", "programs", "registered");

/** How Pulumi stores a thunk: the name of its module, or the text of its methods. */
export type Form = "reference" | "value";

export interface Layout {
  name: string;
  /** Where the program and the provider run: the folder of Pulumi.yaml, or the one that its `main` names. */
  programDir: string;
  form: Form;
}

/** Makes all of them below `folder`. */
export async function makeLayouts(folder: string): Promise<Layout[]> {
  const installed = join(folder, "installed");
  // The serializer looks for the package's name in paths: here it stands in front of node_modules as well.
  const clashing = join(folder, "pulumi-mediant-lab");
  const pnpm = join(folder, "pnpm");
  const symlinked = join(folder, "symlinked");
  const tarball = await packTarball(folder);
  await installTarball(installed, tarball);
  await installTarball(clashing, tarball);
  await installAsPnpm(pnpm, tarball);
  await linkRepository(symlinked);
  const layouts: Layout[] = [
    { name: "installed", programDir: installed, form: "reference" },
    { name: "installed, in a subfolder", programDir: join(installed, "infra"), form: "reference" },
    { name: "installed, in a folder of that name", programDir: clashing, form: "reference" },
    { name: "installed by pnpm", programDir: pnpm, form: "value" },
    { name: "symlinked", programDir: symlinked, form: "value" },
    { name: "symlinked, in a subfolder", programDir: join(symlinked, "infra"), form: "value" },
  ];
  for (const { programDir } of layouts) {
    await mkdir(programDir, { recursive: true });
    await cp(FIXTURES, programDir, { recursive: true });
  }
  return layouts;
}

export type Properties = Record<string, unknown>;

/** One resource of a program: a class of the package, its name and its arguments. */
export interface Declared {
  type: string;
  name: string;
  args: Properties;
}

export const PROGRAMS = ["program.cjs", "program.mjs"] as const;
type Program = (typeof PROGRAMS)[number];

/**
 * Runs a program that declares `resources`, as CommonJS or as an ES module.
 * @returns what it hands to the engine, by name, secrets in plain as a provider gets them
 */
export async function registeredInputs(
  programDir: string,
  resources: readonly Declared[],
  program: Program = "program.cjs",
): Promise<Record<string, Properties & { __provider: string }>> {
  const env = { RESOURCES: JSON.stringify(resources) };
  const { stdout } = await run(process.execPath, [program], { cwd: programDir, env });
  return JSON.parse(stdout, (_key, value) => (isSecret(value) ? value.value : value));
}

/** Marks a secret on the wire between program and engine. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

function isSecret(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && (value as Properties)[SIGNATURE] === SECRET;
}

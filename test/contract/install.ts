/** The package as users have it: installed from its tarball, by npm or pnpm, or symlinked into their project. */
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { run } from "./run";

export const REPOSITORY = join(__dirname, "..", "..");
const MODULES = join(REPOSITORY, "node_modules");
const NAME = "pulumi-mediant";
const SDK = "@pulumi/pulumi";

/** What of package.json the tests judge. */
export interface Manifest {
  version: string;
  type?: string;
  main: string;
  types: string;
  bin: Record<string, string>;
  exports: Record<string, string | Record<string, string>>;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  pulumi?: unknown;
}

export async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}

/** A folder for one test file, which removes it: packed files and projects of users stand in it. */
export function openFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "contract-"));
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

export interface Tarball {
  file: string;
  /** What is in it, sorted. */
  paths: string[];
}

/**
 * Packs what the last build left in `dist`, without a build of its own: other tests read that folder. All test files of
 * a run share what the first one packs.
 */
export async function packTarball(folder: string): Promise<Tarball> {
  const shared = process.env["TEST_RUN_FOLDER"];
  if (shared === undefined) return packInto(folder);
  const own = join(shared, "tarball");
  const told = join(shared, "tarball.json");
  while (!existsSync(told)) {
    const isFirst = await mkdir(own).then(
      () => true,
      () => false,
    );
    if (!isFirst) await setTimeout(50);
    else
      await writeWhole(told, packInto(own)).catch((error) =>
        removeFolder(own).then(() => Promise.reject(error)),
      );
  }
  return JSON.parse(await readFile(told, "utf8"));
}

/** Other processes read it. */
async function writeWhole(file: string, content: Promise<unknown>): Promise<void> {
  await writeFile(`${file}.half`, JSON.stringify(await content));
  await rename(`${file}.half`, file);
}

async function packInto(folder: string): Promise<Tarball> {
  const args = ["pack", REPOSITORY, "--ignore-scripts", "--json", "--pack-destination", folder];
  const [packed] = JSON.parse((await run("npm", args, { cwd: folder })).stdout);
  return {
    file: join(folder, packed.filename),
    paths: packed.files.map(({ path }: { path: string }) => path).sort(),
  };
}

/** As `npm install <tarball>` does. Nothing but what the manifests declare can be found from the project. */
export async function installTarball(project: string, tarball: Tarball): Promise<void> {
  const modules = join(project, "node_modules");
  await unpack(tarball, join(modules, NAME));
  const { dependencies } = await readManifest(join(modules, NAME));
  await link(modules, Object.keys(dependencies));
  // A copy: the serializer looks the package up from where the SDK really stands.
  await cp(join(MODULES, SDK), join(modules, SDK), { recursive: true });
  await link(modules, Object.keys((await readManifest(join(modules, SDK))).dependencies));
}

/** As pnpm does: packages stand in a store of their own, with what they depend on beside them. */
export async function installAsPnpm(project: string, tarball: Tarball): Promise<void> {
  const modules = join(project, "node_modules");
  const store = join(modules, ".pnpm", `${NAME}@${(await readManifest(REPOSITORY)).version}`, "node_modules");
  await unpack(tarball, join(store, NAME));
  const { dependencies } = await readManifest(join(store, NAME));
  await link(store, [...Object.keys(dependencies), SDK]);
  await link(modules, [SDK]);
  await symlink(join(store, NAME), join(modules, NAME), "junction");
}

/** As `npm link`, `file:` and workspaces do. */
export async function linkRepository(project: string): Promise<void> {
  const modules = join(project, "node_modules");
  await link(modules, [SDK]);
  await symlink(REPOSITORY, join(modules, NAME), "junction");
}

/** The types of Node, which every TypeScript project of Pulumi has. */
export function linkTypes(project: string): Promise<void> {
  return link(join(project, "node_modules"), ["@types/node"]);
}

async function unpack(tarball: Tarball, into: string): Promise<void> {
  await mkdir(dirname(into), { recursive: true });
  await run("tar", ["-xzf", tarball.file, "-C", dirname(into)], { cwd: dirname(into) });
  await rename(join(dirname(into), "package"), into);
}

/** What is linked finds what it needs itself from where it really stands. */
async function link(modules: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(MODULES, name), join(modules, name), "junction").catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

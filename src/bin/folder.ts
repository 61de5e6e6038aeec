import { constants, existsSync } from "node:fs";
import { access, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "./outcome";

/** A file to write; its path is relative, with slashes. */
export interface FolderFile {
  path: string;
  text: string;
  /** Only the owner may read it. */
  secret?: boolean;
}

export interface FolderRules {
  /** Whether files that stand there already may be replaced; without it, only an empty folder will do. */
  replace?: boolean;
  /** The paths that are left alone where they stand there already. */
  keep?: readonly string[];
}

/**
 * Writes files into a folder, which is made if it does not exist. They are written beside their place and moved
 * when all are whole, so that an error leaves nothing half-written; other files in the folder stay.
 *
 * @returns the files that were written
 * @throws UsageError as {@link checkFolder}
 */
export async function writeFolder<File extends FolderFile>(
  out: string,
  files: readonly File[],
  { replace = false, keep = [] }: FolderRules,
): Promise<File[]> {
  const { folder, exists } = await checkFolder(out, replace);
  const wanted = files.filter(({ path }) => !keep.includes(path) || !existsSync(join(folder, path)));
  // Read before anything is moved: what stands in the way of one file is told while all are as they were.
  for (const { path } of exists ? wanted : []) await textIn(out, path);
  try {
    await writeAll(folder, exists, wanted);
  } catch (error) {
    throw new Error(`--out ${out}: it cannot be written to (${codeOf(error)})`);
  }
  return wanted;
}

/**
 * Looks whether files can be written into a folder, which may not exist yet.
 *
 * @param replace whether it may hold files already
 * @throws UsageError if the folder is not empty or cannot be written to, or if no folder can be
 */
export async function checkFolder(
  out: string,
  replace = false,
): Promise<{ folder: string; exists: boolean }> {
  // An unset variable of the shell, most likely: it would mean the folder one stands in.
  if (out.trim() === "") throw new UsageError("--out: must name a folder");
  const folder = resolve(out);
  const present = await entriesOf(folder, out);
  await checkWritable(present === undefined ? dirname(folder) : folder, out);
  if (present !== undefined && present.length > 0 && !replace) {
    throw new UsageError(`--out ${out}: the folder is not empty; --force writes into it all the same`);
  }
  return { folder, exists: present !== undefined };
}

/** The text that stands in a folder under a path; undefined if there is none. @throws UsageError if it is no file */
export async function textIn(out: string, path: string): Promise<string | undefined> {
  try {
    return await readFile(join(out, path), "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new UsageError(`--out ${out}: ${path} cannot be read (${codeOf(error)})`);
  }
}

async function writeAll(folder: string, exists: boolean, files: readonly FolderFile[]): Promise<void> {
  // Renaming works within one file system only.
  const parent = exists ? folder : dirname(folder);
  await mkdir(parent, { recursive: true });
  const draft = await mkdtemp(join(parent, `.${basename(folder)}-`));
  const made = join(draft, "made");
  try {
    await mkdir(made);
    for (const { path, text, secret } of files) {
      await mkdir(dirname(join(made, path)), { recursive: true });
      await writeFile(join(made, path), text, { mode: secret ? 0o600 : 0o666 });
    }
    if (exists) await moveEach(files, made, folder);
    else await rename(made, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function moveEach(files: readonly FolderFile[], from: string, to: string): Promise<void> {
  for (const { path } of files) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await rename(join(from, path), join(to, path));
  }
}

/** What is in a folder; undefined if there is none. */
async function entriesOf(folder: string, out: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = codeOf(error);
    // A link that leads nowhere is something, yet cannot be read.
    if (code === "ENOENT" && !(await isThere(folder))) return undefined;
    if (code === "ENOENT" || code === "ENOTDIR") throw new UsageError(`--out ${out}: it is not a folder`);
    throw new UsageError(`--out ${out}: it cannot be read (${code})`);
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

/** Looks at the folder, or the nearest one above it that exists. */
async function checkWritable(folder: string, out: string): Promise<void> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" && dirname(folder) !== folder) return checkWritable(dirname(folder), out);
    throw new UsageError(`--out ${out}: it cannot be written to (${code})`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown cause";
}

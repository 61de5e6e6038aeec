import { accessSync, constants, statSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { digestFile, type SourceFile } from "../device/upload/source-file";
import { isLate } from "./outputs";
import { runError, type Subject } from "./run-error";

/** A file on the machine that runs the program: its path, from the program's folder, or a `FileAsset` of it. */
export type SourceArg = pulumi.Input<string | pulumi.asset.FileAsset>;

/** What a resource sends of a file in place of its content. */
export interface SourceInputs {
  /** The path as it was given. */
  source: pulumi.Input<string>;
  /** 64 hex digits, lower case; known in previews. */
  sha256: pulumi.Output<string>;
  /** Bytes. */
  __mediantSize: pulumi.Output<number>;
}

/** What is wrong with a file for its purpose, as the end of a sentence that begins with its path. */
export type Examine = (path: string) => string | undefined;

/**
 * Reads what is to be known of a file. A path that is there at once is looked at at once.
 *
 * @param argument the name that errors give the argument
 * @param subject the resource that errors name
 * @param examine a further look at a file that can be read and is not empty
 * @throws RunError for a file that is missing, empty, no file or unreadable, or that `examine` refuses; for a path
 * that is an output, and for an asset, the resource's inputs fail with it
 */
export function sourceInputs(
  argument: string,
  source: SourceArg,
  subject: Subject,
  examine?: Examine,
): SourceInputs {
  const look = (path: string) => {
    const fault = faultOf(path) ?? examine?.(path);
    if (fault !== undefined) throw runError(`${argument}: ${JSON.stringify(path)} ${fault}`, subject);
    return path;
  };
  if (typeof source === "string") return described(look(source), pulumi.output(digestOnce(source)));
  if (!isLate(source) && !pulumi.asset.Asset.isInstance(source)) throw noFile(argument, subject);
  const path = pulumi.output(source).apply((known) => look(pathOf(argument, known, subject)));
  return described(path, path.apply(digestOnce));
}

function described(source: pulumi.Input<string>, file: pulumi.Output<SourceFile>): SourceInputs {
  return { source, sha256: file.sha256, __mediantSize: file.size };
}

/** An output has the promises within an asset resolved, and no longer its class. */
function pathOf(argument: string, source: unknown, subject: Subject): string {
  if (typeof source === "string") return source;
  const path = pulumi.asset.Asset.isInstance(source) && "path" in source ? source.path : undefined;
  if (typeof path !== "string") throw noFile(argument, subject);
  return path;
}

function noFile(argument: string, subject: Subject): pulumi.RunError {
  return runError(`${argument} must be the path of a file, or a FileAsset`, subject);
}

function faultOf(path: string): string | undefined {
  try {
    const found = statSync(path);
    if (found.isDirectory()) return "is a folder, not a file";
    if (!found.isFile()) return "is no ordinary file";
    accessSync(path, constants.R_OK);
    return found.size === 0 ? "is empty" : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      return "does not exist (a relative path starts in the program's folder)";
    }
    return `cannot be read (${code})`;
  }
}

const digests = new Map<string, Promise<SourceFile>>();

/** One file often serves a whole fleet: it is read once, as long as it stays what it was. */
function digestOnce(path: string): Promise<SourceFile> {
  const { size, mtimeMs, ino } = statSync(path);
  const key = JSON.stringify([path, size, mtimeMs, ino]);
  let digest = digests.get(key);
  if (digest === undefined) {
    digest = digestFile(path);
    digests.set(key, digest);
  }
  return digest;
}

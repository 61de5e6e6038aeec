/** Files to upload, and the lines that are told of them. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Simulator } from "../../src/simulator";

/** A folder that ends with the test. Its method writes a file there and returns the path. */
export async function folderOf(
  t: TestContext,
): Promise<(name: string, content: string | Buffer) => Promise<string>> {
  const folder = await mkdtemp(join(tmpdir(), "uploads-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return async (name, content) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
}

/** As DConvert makes them: binary from the first bytes on. */
export function binary(seed: string, size = 12_000): Buffer {
  const head = Buffer.from([0, 1, 2, 3]);
  const block = createHash("sha512").update(seed).digest();
  return Buffer.concat([head, ...Array.from({ length: Math.ceil(size / 64) }, () => block)]).subarray(
    0,
    size,
  );
}

export function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** How often a device was asked for this, as `PUT /files/cpt`. */
export function countOf({ requests }: Simulator, request: string): number {
  return requests.filter(({ method, path }) => `${method} ${path.replace("/api/v1", "")}` === request).length;
}

export const SAVE = "POST /actions/saveConfiguration";

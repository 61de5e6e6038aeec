/** Files to upload, and the lines that are told of them. */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Simulator } from "../../src/simulator";
import { temporaryFolder } from "./files";
import { requestText } from "./simulated";

/** A folder that ends with the test. Its method writes a file there and returns the path. */
export async function folderOf(
  t: TestContext,
): Promise<(name: string, content: string | Buffer) => Promise<string>> {
  const folder = await temporaryFolder(t, "uploads-");
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

/** How often a device was asked for this, as `PUT /files/cpt`. */
export function countOf({ requests }: Simulator, request: string): number {
  return requests.filter((each) => requestText(each) === request).length;
}

export const SAVE = "POST /actions/saveConfiguration";

import { createHash } from "node:crypto";
import type { Unwrapper } from "./file-part";

/** What is known of an uploaded file that is too large to be held. */
export interface StreamedFile {
  /** As the form named it. */
  fileName: string | undefined;
  /** In bytes. */
  size: number;
  /** In hexadecimal, lower case. */
  sha256: string;
  /** Its first 4 KiB. */
  head: Buffer;
}

const HEAD_BYTES = 4096;

/** Reads an upload to its end in constant memory. @throws Refusal, and what the chunks throw */
export async function readStreamedFile(
  chunks: AsyncIterable<Buffer>,
  unwrapper: Unwrapper,
): Promise<StreamedFile> {
  const hash = createHash("sha256");
  let size = 0;
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = unwrapper.push(chunk);
    hash.update(bytes);
    if (size < HEAD_BYTES) head = Buffer.concat([head, bytes.subarray(0, HEAD_BYTES - size)]);
    size += bytes.length;
  }
  unwrapper.end();
  return { fileName: unwrapper.fileName, size, sha256: hash.digest("hex"), head };
}

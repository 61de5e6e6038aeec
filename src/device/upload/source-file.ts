import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

/**
 * Bytes. More than a socket takes before it asks for patience (64 KiB at most): so the HTTP client waits after each
 * piece until it has left the process, and its buffer can be filled anew. Each piece costs a turn of the event loop, a
 * timer and a read, so it is not smaller than it must be.
 */
const pieceSize = 512 * 1024;

/** A file on this machine, as it was when it was looked at. */
export interface SourceFile {
  path: string;
  /** Bytes. */
  size: number;
  /** SHA-256 of the content, 64 hex digits in lower case. */
  sha256: string;
}

/** Looks at a file of any size, a piece at a time. @throws what Node says of a file that cannot be read */
export async function digestFile(path: string): Promise<SourceFile> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const piece of piecesOf(path)) {
    hash.update(piece);
    size += piece.length;
  }
  return { path, size, sha256: hash.digest("hex") };
}

/**
 * A file in pieces of one size, the last one excepted; the next one is read while a piece is worked on. They lie in a few
 * buffers that are filled in turn: new ones for each piece would pile up faster than they are collected. A piece is good
 * until three more were asked for.
 * @throws what Node says of a file that cannot be read
 */
export async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  const buffers = Array.from({ length: 4 }, () => Buffer.allocUnsafeSlow(pieceSize));
  const read = async (at: number) => {
    const buffer = buffers[at % buffers.length] as Buffer;
    return buffer.subarray(0, await fill(file, buffer));
  };
  let next = read(0);
  try {
    for (let at = 1; ; at++) {
      const piece = await next;
      const isLast = piece.length < pieceSize;
      if (!isLast) next = read(at);
      if (piece.length > 0) yield piece;
      if (isLast) return;
    }
  } finally {
    // Whoever breaks off does not ask for what is being read.
    await next.catch(() => undefined);
    await file.close();
  }
}

/** Bytes read; fewer than the buffer holds only at the end of the file. */
async function fill(file: FileHandle, buffer: Buffer): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

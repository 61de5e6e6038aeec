import { createHash } from "node:crypto";
import { BrokenOff } from "../http/failures";
import type { StreamedBody } from "../http/sending-body";
import type { UploadFrame } from "./multipart";
import { piecesOf, type SourceFile } from "./source-file";

/**
 * A file as the body of a request, read while it is sent and in constant memory.
 * @param begin called at each attempt; what it returns is told how many bytes of the body were taken so far
 */
export function fileBody(
  file: SourceFile,
  { head, tail }: UploadFrame,
  begin: () => (sent: number) => void,
): StreamedBody {
  return {
    length: head.length + file.size + tail.length,
    async *open() {
      const onSent = begin();
      let sent = 0;
      for await (const piece of framed(head, verified(file, piecesOf(file.path)), tail)) {
        yield piece;
        sent += piece.length;
        onSent(sent);
      }
    },
  };
}

/**
 * The pieces of a file, each held back until the next is there, and the last until size and digest are right: a device
 * never gets the whole of a wrong file, however it changed.
 * @throws BrokenOff MEDIANT_FILE
 */
export async function* verified(file: SourceFile, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  let size = 0;
  let held: Buffer | undefined;
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > file.size) throw changed(file);
      hash.update(piece);
      if (held !== undefined) yield held;
      held = piece;
    }
  } catch (error) {
    // It could be read when it was looked at.
    throw error instanceof BrokenOff ? error : changed(file, error);
  }
  if (size !== file.size || hash.digest("hex") !== file.sha256) throw changed(file);
  if (held !== undefined) yield held;
}

async function* framed(head: Buffer, pieces: AsyncIterable<Buffer>, tail: Buffer): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* pieces;
  if (tail.length > 0) yield tail;
}

function changed({ path }: SourceFile, error?: unknown): BrokenOff {
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  const sentence = `${JSON.stringify(path)} changed while it was sent${code}`;
  return new BrokenOff({ kind: "permanent", code: "MEDIANT_FILE", detail: "file changed", sentence });
}

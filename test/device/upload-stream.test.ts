import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFile, rm } from "node:fs/promises";
import { describe, it, test } from "node:test";
import fc from "fast-check";
import { BrokenOff } from "../../src/device/http/failures";
import { SendingBody } from "../../src/device/http/sending-body";
import { fileBody, verified } from "../../src/device/upload/file-body";
import { bareFrame, multipartFrame } from "../../src/device/upload/multipart";
import { digestFile, type SourceFile } from "../../src/device/upload/source-file";
import { fileOf } from "./uploading";

const content = fc
  .array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 12 })
  .map((pieces) => pieces.map((piece) => Buffer.from(piece)));

function fileFrom(pieces: Buffer[]): SourceFile {
  const whole = Buffer.concat(pieces);
  return { path: "load.cmp", size: whole.length, sha256: createHash("sha256").update(whole).digest("hex") };
}

async function* each(pieces: Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

/** What came out, and how it ended. A piece is taken when it comes: its buffer is used again. */
async function drained(pieces: AsyncIterable<Buffer>): Promise<{ bytes: Buffer; error?: unknown }> {
  const chunks: Buffer[] = [];
  try {
    for await (const piece of pieces) chunks.push(Buffer.from(piece));
  } catch (error) {
    return { bytes: Buffer.concat(chunks), error };
  }
  return { bytes: Buffer.concat(chunks) };
}

test("the file that was looked at comes out as it is, however it is cut in pieces", async () => {
  await fc.assert(
    fc.asyncProperty(content, async (pieces) => {
      const { bytes, error } = await drained(verified(fileFrom(pieces), each(pieces)));
      assert.equal(error, undefined);
      assert.deepEqual(bytes, Buffer.concat(pieces));
    }),
  );
});

test("of a file that changed, less than the whole comes out, and never more than was looked at", async () => {
  await fc.assert(
    fc.asyncProperty(content, content, async (looked, now) => {
      const file = fileFrom(looked);
      fc.pre(file.sha256 !== fileFrom(now).sha256);
      const { bytes, error } = await drained(verified(file, each(now)));
      assert.ok(error instanceof BrokenOff);
      assert.equal(error.failure.code, "MEDIANT_FILE");
      assert.equal(error.failure.sentence, '"load.cmp" changed while it was sent');
      if (file.size > 0) assert.ok(bytes.length < file.size);
      else assert.equal(bytes.length, 0);
    }),
  );
});

test("one bit at the end: all but the last piece, and not the last", async () => {
  const looked = [Buffer.from("first"), Buffer.from("second"), Buffer.from("third")];
  const now = [...looked.slice(0, 2), Buffer.from("thirt")];
  const { bytes, error } = await drained(verified(fileFrom(looked), each(now)));
  assert.equal(bytes.toString(), "firstsecond");
  assert.ok(error instanceof BrokenOff);
});

test("a body is as long as it says, in both forms and for every size", async (t) => {
  const sizes = [1, 131_071, 131_072, 131_073, 524_288, 1_000_000];
  for (const size of sizes) {
    const file = await fileOf(t, size);
    for (const frame of [bareFrame, multipartFrame("load.cmp")]) {
      const told: number[] = [];
      const body = fileBody(file, frame, () => (sent) => told.push(sent));
      const { bytes, error } = await drained(body.open());
      assert.equal(error, undefined);
      assert.equal(bytes.length, body.length);
      assert.equal(bytes.length, frame.head.length + size + frame.tail.length);
      assert.deepEqual(bytes.subarray(0, frame.head.length), frame.head);
      assert.deepEqual(bytes.subarray(bytes.length - frame.tail.length), frame.tail);
      assert.equal(told.at(-1), body.length);
    }
  }
});

test("a file that changed on the disk since, and one that is gone", async (t) => {
  const file = await fileOf(t, 100_000);
  assert.deepEqual(await digestFile(file.path), file);
  await appendFile(file.path, "x");
  for (const [what, expected] of [
    ["longer", `${JSON.stringify(file.path)} changed while it was sent`],
    ["gone", `${JSON.stringify(file.path)} changed while it was sent (ENOENT)`],
  ] as const) {
    if (what === "gone") await rm(file.path);
    const frame = multipartFrame("load.cmp");
    const { bytes, error } = await drained(fileBody(file, frame, () => () => {}).open());
    assert.ok(error instanceof BrokenOff);
    assert.equal(error.failure.sentence, expected);
    assert.ok(bytes.length < frame.head.length + file.size);
  }
});

test("a file name cannot break out of the form", () => {
  const { head } = multipartFrame('a"b\r\nX: y\\ä.cmp');
  assert.match(
    head.toString(),
    /; filename="a_b__X: y__.cmp"\r\nContent-Type: application\/octet-stream\r\n\r\n$/,
  );
});

describe("a body on its way", () => {
  /** Hands out pieces of 512 KiB to a wire that takes so many milliseconds for each part. */
  async function partsTaken(partMs: number): Promise<number[]> {
    let now = 0;
    const piece = Buffer.alloc(512 * 1024);
    const body = {
      length: 3 * piece.length,
      async *open() {
        for (let at = 0; at < 3; at++) yield piece;
      },
    };
    const parts: number[] = [];
    for await (const part of new SendingBody(body, 60_000, undefined, () => now)) {
      parts.push(part.length / 1024);
      now += partMs;
    }
    return parts;
  }

  it("goes to a slow wire in small parts, each of which must be taken in time, and to a fast one in whole pieces", async () => {
    assert.deepEqual(await partsTaken(400), Array(12).fill(128));
    assert.deepEqual(await partsTaken(2), [128, 128, 128, 128, 512, 512]);
  });
});

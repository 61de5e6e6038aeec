import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { FilePart } from "../../src/simulator/bodies/file-part";
import { formFile } from "./uploads";

const BOUNDARY = "edge";

/** Bytes among which pieces of a delimiter are frequent. */
const file = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom("\r", "\n", "\r\n", "--", "\r\n--", "\r\n--edg", "--edge--", "\r\r\n-")
        .map((text) => Buffer.from(text)),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => Buffer.concat(pieces))
  .filter((bytes) => !bytes.includes(`\r\n--${BOUNDARY}`));

/** The body as the network may cut it. */
function* chunks(body: Buffer, lengths: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (let turn = 0; at < body.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    yield body.subarray(at, at + length);
    at += length;
  }
}

const lengths = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 });

test("the file comes out of its form byte for byte, wherever the network cuts it", () => {
  fc.assert(
    fc.property(file, lengths, (bytes, cuts) => {
      const part = new FilePart(BOUNDARY);
      const body = formFile(bytes, "tones.dat", BOUNDARY).body as Buffer;
      const pieces = [...chunks(body, cuts)].map((chunk) => Buffer.from(part.push(chunk)));
      part.end();
      assert.deepEqual(Buffer.concat(pieces), bytes);
      assert.equal(part.fileName, "tones.dat");
    }),
  );
});

test("a form that ends too soon is no file", () => {
  fc.assert(
    fc.property(file, lengths, fc.nat(), (bytes, cuts, cut) => {
      const part = new FilePart(BOUNDARY);
      const body = formFile(bytes, "tones.dat", BOUNDARY).body as Buffer;
      const whole = body.length - "\r\n".length;
      for (const chunk of chunks(body.subarray(0, cut % whole), cuts)) part.push(chunk);
      assert.throws(() => part.end(), /multipart body is incorrect/);
    }),
  );
});

test("a form with two files, of another boundary, or with endless headers is refused", () => {
  const first = (formFile(Buffer.from("a")).body as Buffer)
    .toString()
    .replace("--edge--", "--edge\r\n--edge--");
  assert.throws(() => new FilePart(BOUNDARY).push(Buffer.from(first)), /incorrect/);
  assert.throws(() => new FilePart("other").push(formFile(Buffer.from("a")).body as Buffer), /incorrect/);
  assert.throws(() => new FilePart(BOUNDARY).push(Buffer.alloc(9000, "x")), /incorrect/);
  const nameless = (formFile(Buffer.from("a")).body as Buffer).toString().replace("filename", "file");
  assert.throws(() => new FilePart(BOUNDARY).push(Buffer.from(nameless)), /no file/);
});

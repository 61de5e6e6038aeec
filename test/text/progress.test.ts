import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { percentOf, sizeText, UploadProgress } from "../../src/text/progress";

test("sizes are decimal and short", () => {
  const table: [number, string][] = [
    [0, "0 bytes"],
    [1.25, "1 bytes"],
    [948, "948 bytes"],
    [1000, "1 kB"],
    [12_345, "12 kB"],
    [999_499, "999 kB"],
    [999_500, "1 MB"],
    [1_500_000, "1.5 MB"],
    [9_940_000, "9.9 MB"],
    [9_950_000, "10 MB"],
    [210_000_000, "210 MB"],
    [1_400_000_000, "1.4 GB"],
    [12_000_000_000_000, "12000 GB"],
  ];
  for (const [bytes, text] of table) assert.equal(sizeText(bytes), text);
});

test("a hundred per cent is all of it", () => {
  assert.equal(percentOf(999_999, 1_000_000), 99);
  assert.equal(percentOf(1_000_000, 1_000_000), 100);
  assert.equal(percentOf(0, 0), 100);
});

test("lines come after 10 s, with the speed since the line before", () => {
  const progress = new UploadProgress(210_000_000, 1_000);
  assert.equal(progress.line(50_000_000, 10_999), undefined);
  assert.equal(progress.line(90_300_000, 11_000), "43 % of 210 MB, 9 MB/s");
  assert.equal(progress.line(150_000_000, 20_000), undefined);
  assert.equal(progress.line(210_000_000 - 1, 31_000), "99 % of 210 MB, 6 MB/s");
  assert.equal(progress.line(210_000_000, 99_000), undefined, "the end tells itself");
});

test("whatever the course: never two lines within 10 s", () => {
  const steps = fc.array(fc.tuple(fc.nat(1_000_000), fc.nat(20_000)), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      const progress = new UploadProgress(100_000_000, 0);
      let [sent, now, told] = [0, 0, 0];
      for (const [bytes, ms] of all) {
        sent += bytes;
        now += ms;
        const line = progress.line(sent, now);
        assert.equal(line !== undefined, now - told >= 10_000 && sent < 100_000_000);
        if (line === undefined) continue;
        assert.match(line, /^\d{1,2} % of 100 MB, [\d.]+ (bytes|kB|MB|GB)\/s$/);
        told = now;
      }
    }),
  );
});

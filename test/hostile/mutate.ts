import type { Random } from "./random";

/** Names that every object of JavaScript has already, one way or another. */
export const INHERITED = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "__defineGetter__",
];

/** What may end a value, a line, a header or a terminal's patience. */
export const SIGNS = [
  ...["\r", "\n", "\r\n", "\0", "\u0085", "\u2028", "\u2029", "\t", " ", "\u00a0", "\ufeff", "\x7f"],
  ...['"', "'", "`", "\\", ";", "#", "!", ",", "=", ":", "[", "]", "{", "}", "<", ">", "%", "&", "$$", "/"],
  ...["\x1b[2J", "\x1b]0;x\x07", "\u009b31m", "\u202e", "\u2066", "\ud800", "\udfff", "\u{1f600}"],
  ...["--", "*** TABLE X ***", "{{a}}", "{{__proto__}}", "$1$AAAA", "FORMAT Index = A;", "[ \\X ]"],
  ...["exit", "activate", "configure voip", "no", "show", "display", "S/N 1: ", "\\u0000", "\\ud800"],
  ...["0", "-1", "1e999", "99999999999999999999", "00", "null", "true", "NaN", "Infinity"],
];

const TOKENS = [...INHERITED, ...SIGNS].map((token) => Buffer.from(token));
/** Half of UTF-8, bytes that it never has, and the form of a lone surrogate. */
const BYTES = [[0xc3], [0xff], [0xe2, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xed, 0xa0, 0x80]].map((bytes) =>
  Buffer.from(bytes),
);
const LONGEST = 1024;

/** A piece of the corpus with one to four changes. */
export function mutate(corpus: readonly Buffer[], random: Random): Buffer {
  let bytes = random.pick(corpus);
  for (let left = 1 + random.below(4); left > 0; left--) bytes = change(bytes, corpus, random);
  return bytes.subarray(0, LONGEST);
}

function change(bytes: Buffer, corpus: readonly Buffer[], random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + 1 + random.below(random.below(4) === 0 ? 64 : 4));
  const put = (...middle: Buffer[]) => Buffer.concat([bytes.subarray(0, at), ...middle, bytes.subarray(to)]);
  const piece = bytes.subarray(at, to);
  switch (random.below(9)) {
    case 0:
      return put(); // cut out
    case 1:
      return bytes.subarray(0, at); // cut off
    case 2:
      return put(piece, random.pick(TOKENS), Buffer.alloc(0));
    case 3:
      return put(random.pick(TOKENS));
    case 4:
      return put(random.pick(BYTES));
    case 5:
      return put(Buffer.from([random.below(256)]));
    case 6:
      return put(...new Array<Buffer>(2 + random.below(12)).fill(piece)); // repeated
    case 7: {
      const other = random.pick(corpus);
      const from = random.below(other.length + 1);
      return put(other.subarray(from, from + 1 + random.below(80)));
    }
    default:
      return nameFor(bytes, random);
  }
}

/** One of the words, wherever it stands, is another name from then on. */
function nameFor(bytes: Buffer, random: Random): Buffer {
  const words = bytes.toString("latin1").match(/[A-Za-z_]{3,40}/g);
  if (words === null) return bytes;
  const text = bytes.toString("latin1").replaceAll(random.pick(words), random.pick(INHERITED));
  return Buffer.from(text, "latin1");
}

import type { Range } from "../secrets/values";

/** A text without escapes, and where each part of it stands in the text as it came. */
export interface Decoded {
  text: string;
  range: (start: number, end: number) => Range;
}

/** Escapes may be escaped in turn: `&amp;#x27;`, `%2541`. */
const ROUNDS = 4;

/**
 * A text as it is, and with every character in the place of its escape, whoever wrote it and in whatever case:
 * `&apos;`, `&#39;`, `&#x27;`, `%27`, `\u0027`, `\x27`, `\"`; again and again, up to a text without escapes. What looks like
 * an escape may be none, `%aa` or `\n` in a page: of several kinds each is decoded by itself as well.
 */
export function decodings(text: string): [Decoded, ...Decoded[]] {
  const kinds = KINDS.filter(({ sign }) => text.includes(sign));
  const patterns = kinds.map(({ pattern }) => pattern);
  return [
    { text, range: (start, end) => ({ start, end }) },
    ...(kinds.length > 1 ? patterns.flatMap((pattern) => decoded(text, pattern)) : []),
    ...decoded(text, ANY),
  ];
}

/** What a text is after each round, from the first one on. */
function decoded(text: string, pattern: RegExp): Decoded[] {
  const layers: Decoded[] = [];
  let plain = text;
  let starts: number[] | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = decodeOnce(plain, pattern, starts);
    if (next === undefined) break;
    ({ text: plain, starts } = next);
    const at = next.starts;
    layers.push({
      text: plain,
      range: (start, end) => ({ start: at[start] ?? 0, end: at[end] ?? text.length }),
    });
  }
  return layers;
}

const KINDS = [
  {
    sign: "&",
    pattern:
      /&(?:#(?<decimal>[0-9]{1,27})|#[xX](?<hex>[0-9a-fA-F]{1,26})|(?<named>[A-Za-z][A-Za-z0-9]{1,7}));?/g,
  },
  { sign: "%", pattern: /(?<percents>(?:%[0-9a-fA-F]{2}){1,4})/g },
  {
    sign: "\\",
    pattern:
      /\\{1,8}u(?:\{(?<braced>[0-9a-fA-F]{1,6})\}|(?<unit>[0-9a-fA-F]{4}))|(?<bytes>(?:\\x[0-9a-fA-F]{2}){1,4})|\\(?<sign>[^ux])/g,
  },
];
const ANY = new RegExp(KINDS.map(({ pattern }) => pattern.source).join("|"), "g");

/**
 * @param before where each character of the text stands in the text of the first round
 * @returns undefined if there is nothing to decode
 */
function decodeOnce(
  text: string,
  pattern: RegExp,
  before: readonly number[] | undefined,
): { text: string; starts: number[] } | undefined {
  const parts: string[] = [];
  const starts: number[] = [];
  let done = 0;
  const origin = (at: number) => before?.[at] ?? at;
  const keep = (to: number) => {
    parts.push(text.slice(done, to));
    for (let at = done; at < to; at += 1) starts.push(origin(at));
    done = to;
  };
  let changed = false;
  const search = new RegExp(pattern);
  for (let match = search.exec(text); match !== null; match = search.exec(text)) {
    const meant = meaning(match);
    if (meant === undefined) continue;
    changed = true;
    keep(match.index);
    parts.push(meant.character);
    for (let unit = 0; unit < meant.character.length; unit += 1) starts.push(origin(match.index));
    done = match.index + meant.length;
    // Of several bytes one character was taken; the rest may begin another.
    search.lastIndex = done;
  }
  if (!changed) return undefined;
  keep(text.length);
  // The end of the last character is that of the text.
  starts.push(origin(text.length));
  return { text: parts.join(""), starts };
}

/** The character that an escape stands for, and how long the escape is. */
interface Meaning {
  character: string;
  length: number;
}

function meaning(match: RegExpMatchArray): Meaning | undefined {
  const one = (character: string | undefined) =>
    character === undefined ? undefined : { character, length: match[0].length };
  const { decimal, hex, named, percents, braced, unit, bytes, sign } = match.groups ?? {};
  if (percents !== undefined) return bytesMeaning(percents, 3);
  if (bytes !== undefined) return bytesMeaning(bytes, 4);
  if (sign !== undefined) return one(SIGNS[sign] ?? sign);
  if (named !== undefined) return one(ENTITIES.get(named) ?? ENTITIES.get(named.toLowerCase()));
  const digits = hex ?? braced ?? unit;
  const code = digits === undefined ? Number(decimal) : Number.parseInt(digits, 16);
  return code <= 0x10ffff ? one(String.fromCodePoint(code)) : undefined;
}

/** Bytes of UTF-8, or of Latin-1 if they are not UTF-8. */
function bytesMeaning(escapes: string, width: number): Meaning {
  const bytes = Buffer.from(escapes.replace(/%|\\x/g, ""), "hex");
  const lead = bytes[0] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
  const text = bytes.toString("utf8", 0, length);
  return text.includes("\ufffd")
    ? { character: bytes.toString("latin1", 0, 1), length: width }
    : { character: text, length: length * width };
}

const SIGNS: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
};

/** The names that HTML has for signs of ASCII and, in their order, for those of Latin-1. */
const ENTITIES = new Map<string, string>([
  ...Object.entries({
    ...{ quot: '"', amp: "&", apos: "'", lt: "<", gt: ">", Tab: "\t", NewLine: "\n", excl: "!", num: "#" },
    ...{ dollar: "$", percnt: "%", lpar: "(", rpar: ")", ast: "*", midast: "*", plus: "+", comma: "," },
    ...{ period: ".", sol: "/", colon: ":", semi: ";", equals: "=", quest: "?", commat: "@", lsqb: "[" },
    ...{ lbrack: "[", bsol: "\\", rsqb: "]", rbrack: "]", Hat: "^", lowbar: "_", grave: "`", lcub: "{" },
    ...{ lbrace: "{", verbar: "|", vert: "|", rcub: "}", rbrace: "}" },
  }),
  ..."nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml"
    .split(" ")
    .map((name, at): [string, string] => [name, String.fromCharCode(0xa0 + at)]),
]);

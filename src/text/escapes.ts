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
 * `&apos;`, `&#39;`, `&#x27;`, `%27`, `\u0027`, `\x27`, `\"`; again and again, up to a text without escapes.
 */
export function decodings(text: string): [Decoded, ...Decoded[]] {
  const layers: [Decoded, ...Decoded[]] = [{ text, range: (start, end) => ({ start, end }) }];
  let plain = text;
  let starts: number[] | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = decodeOnce(plain, starts);
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

const ESCAPE =
  /&(?:#([0-9]{1,27})|#[xX]([0-9a-fA-F]{1,26})|([A-Za-z][A-Za-z0-9]{1,7}));?|((?:%[0-9a-fA-F]{2}){1,4})|\\{1,8}u(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))|((?:\\x[0-9a-fA-F]{2}){1,4})|\\([^ux])/g;

/**
 * @param before where each character of the text stands in the text of the first round
 * @returns undefined if there is nothing to decode
 */
function decodeOnce(
  text: string,
  before: readonly number[] | undefined,
): { text: string; starts: number[] } | undefined {
  if (!/[&%\\]/.test(text)) return undefined;
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
  const pattern = new RegExp(ESCAPE);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const meant = meaning(match);
    if (meant === undefined) continue;
    changed = true;
    keep(match.index);
    parts.push(meant.character);
    for (let unit = 0; unit < meant.character.length; unit += 1) starts.push(origin(match.index));
    done = match.index + meant.length;
    // Of several bytes one character was taken; the rest may begin another.
    pattern.lastIndex = done;
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
  const [, decimal, hex, named, percents, braced, unit, bytes, sign] = match;
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

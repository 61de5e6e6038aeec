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
export function decodings(text: string): Decoded[] {
  const layers: Decoded[] = [{ text, range: (start, end) => ({ start, end }) }];
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
  /&(?:#0{0,20}([0-9]{1,7})|#[xX]0{0,20}([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,7}));?|((?:%[0-9a-fA-F]{2})+)|\\+u(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))|((?:\\x[0-9a-fA-F]{2})+)|\\([^ux])/g;

/**
 * @param before where each character of the text stands in the text of the first round
 * @returns undefined where there is nothing to decode
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
  for (const match of text.matchAll(ESCAPE)) {
    const characters = meaning(match);
    if (characters === undefined) continue;
    changed = true;
    keep(match.index);
    for (const { text: character, at } of characters) {
      parts.push(character);
      for (let unit = 0; unit < character.length; unit += 1) starts.push(origin(match.index + at));
    }
    done = match.index + match[0].length;
  }
  if (!changed) return undefined;
  keep(text.length);
  // The end of the last character is that of the text.
  starts.push(origin(text.length));
  return { text: parts.join(""), starts };
}

interface Character {
  text: string;
  /** Where its escape begins within the match. */
  at: number;
}

function meaning(match: RegExpMatchArray): Character[] | undefined {
  const [, decimal, hex, named, percents, braced, unit, bytes, sign] = match;
  if (percents !== undefined) return bytesMeaning(percents, 3);
  if (bytes !== undefined) return bytesMeaning(bytes, 4);
  if (sign !== undefined) return one(SIGNS[sign] ?? sign);
  if (named !== undefined) return one(ENTITIES.get(named) ?? ENTITIES.get(named.toLowerCase()));
  const code = decimal === undefined ? Number.parseInt(hex ?? braced ?? unit ?? "", 16) : Number(decimal);
  return code <= 0x10ffff ? one(String.fromCodePoint(code)) : undefined;
}

function one(character: string | undefined): Character[] | undefined {
  return character === undefined ? undefined : [{ text: character, at: 0 }];
}

/** Bytes of UTF-8, or, where they are none, of Latin-1. */
function bytesMeaning(escapes: string, width: number): Character[] {
  const bytes = Buffer.from(escapes.replace(/%|\\x/g, ""), "hex");
  const characters: Character[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    const text = bytes.toString("utf8", at, at + length);
    const whole = lead < 0x80 || (length > 1 && !text.includes("\ufffd"));
    characters.push({ text: whole ? text : bytes.toString("latin1", at, at + 1), at: at * width });
    at += whole ? length : 1;
  }
  return characters;
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

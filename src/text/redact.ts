import { type Range, REDACTED, secretRanges, withoutRanges } from "../secrets/values";
import { type Decoded, decodings } from "./escapes";

/**
 * A text without the secrets that are known, in the forms in which they are likely to be met: as they are, in base64,
 * and with any of their characters escaped as JSON, a URL or HTML does it; and without what is secret by its look.
 * All are found before any is taken out, so that secrets that overlap leave nothing of each other behind. A secret
 * of fewer than three characters goes only if it stands alone: everywhere, it would shred the text and show by its
 * places what it is.
 *
 * @param mark what stands in the place of each
 */
export function redact(text: string, secrets: Iterable<string>, mark = REDACTED): string {
  const found = secretRanges(text);
  const known = [...new Set(secrets)].filter((secret) => secret !== "");
  if (known.length === 0) return withoutRanges(text, found, mark);
  const plain: Range[] = [];
  const [whole, ...layers] = decodings(text);
  for (const secret of known)
    for (const form of new Set([...formsOf(secret), ...writtenFormsOf(secret)]))
      for (const place of places(whole, form, secret)) plain.push(place);
  // The last sign of a secret that stands there as it is may look like the begin of the next escape.
  const between = plain.length === 0 ? [] : gaps(text, plain).flatMap(decodedGap);
  const unescaped = [...layers, ...between];
  for (const secret of unescaped.length === 0 ? [] : known)
    for (const form of escapedFormsOf(secret))
      for (const layer of unescaped) for (const place of places(layer, form, secret)) plain.push(place);
  return withoutRanges(text, [...found, ...plain], mark);
}

/** What of a text lies outside of some ranges. */
function gaps(text: string, ranges: readonly Range[]): { start: number; text: string }[] {
  const left: { start: number; text: string }[] = [];
  let done = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    left.push({ start: done, text: text.slice(done, start) });
    done = Math.max(done, end);
  }
  left.push({ start: done, text: text.slice(done) });
  return left;
}

function decodedGap(gap: { start: number; text: string }): Decoded[] {
  return decodings(gap.text)
    .slice(1)
    .map(({ text, range }) => ({
      text,
      range: (from, to) => {
        const { start, end } = range(from, to);
        return { start: gap.start + start, end: gap.start + end };
      },
    }));
}

/**
 * As JSON, a URL and HTML write it most often: found exactly, whatever the text behind it would make of its last sign.
 */
function writtenFormsOf(secret: string): string[] {
  // Half a surrogate pair has no URL form: its bytes are those of another character.
  const whole = Buffer.from(secret).toString();
  const html = secret.replace(/[&<>"']/g, (sign) => HTML[sign] ?? sign);
  return [JSON.stringify(secret).slice(1, -1), encodeURIComponent(whole), html];
}

const HTML: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A secret may look like an escape itself: if it is escaped, no text without escapes has it. */
function escapedFormsOf(secret: string): string[] {
  return [...new Set(decodings(secret).flatMap(({ text }) => formsOf(text)))];
}

/** The text itself, and its base64 in both alphabets, with and without the signs at its end. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString("base64");
  const url = bytes.toString("base64url");
  return [
    ...new Set([
      secret,
      base64,
      base64.replace(/={1,2}$/, ""),
      url,
      base64.replaceAll("+", "-").replaceAll("/", "_"),
    ]),
  ];
}

/** Where a form stands in a text, by the places of the text as it came; it can overlap with itself. */
function places({ text, range }: Decoded, form: string, secret: string): Range[] {
  const short = Math.min(form.length, secret.length) < 3;
  const found: Range[] = [];
  for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
    const end = start + form.length;
    if (!short || standsAlone(text, start, end)) found.push(range(start, end));
  }
  return found;
}

const LETTER_OR_DIGIT = /^[\p{L}\p{N}]/u;

/** The sign before is looked at alone: not every version of Node finds one of two units from the end of a text. */
function standsAlone(text: string, start: number, end: number): boolean {
  const before = [...text.slice(Math.max(0, start - 2), start)].at(-1) ?? "";
  return !LETTER_OR_DIGIT.test(before) && !LETTER_OR_DIGIT.test(text.slice(end, end + 2));
}

import { type Range, REDACTED, secretRanges, withoutRanges } from "../secrets/values";
import { type Decoded, decodings } from "./escapes";

/**
 * A text without the secrets that are known, in the forms in which they are likely to be met: as they are, in base64,
 * and with any of their characters escaped as JSON, a URL or HTML does it; and without what is secret by its look.
 * All are found before any is taken out, so that secrets that overlap leave nothing of each other behind. A secret
 * of fewer than three characters would shred the text, and each place of it would tell what it is: only where it
 * stands alone does it go.
 *
 * @param mark what stands in the place of each
 */
export function redact(text: string, secrets: Iterable<string>, mark = REDACTED): string {
  const found = secretRanges(text);
  let layers: Decoded[] | undefined;
  for (const secret of new Set(secrets)) {
    if (secret === "") continue;
    layers ??= decodings(text);
    // A secret may look like an escape itself: where it is escaped, no text without escapes has it.
    for (const form of new Set([secret, decodings(secret).at(-1)?.text ?? ""].flatMap(formsOf)))
      for (const layer of layers) found.push(...places(layer, form, secret.length < 3 || form.length < 3));
  }
  return withoutRanges(text, found, mark);
}

/** The text itself, and its base64 in both alphabets, with and without the signs at its end. */
function formsOf(secret: string): string[] {
  if (secret === "") return [];
  const bytes = Buffer.from(secret, "utf8");
  const base64 = bytes.toString("base64");
  const url = bytes.toString("base64url");
  return [
    ...new Set([
      secret,
      base64,
      base64.replace(/=+$/, ""),
      url,
      base64.replaceAll("+", "-").replaceAll("/", "_"),
    ]),
  ];
}

/** Where a form stands in a text, by the places of the text as it came; it can overlap with itself. */
function places({ text, range }: Decoded, form: string, whole: boolean): Range[] {
  const found: Range[] = [];
  for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
    const end = start + form.length;
    if (!whole || standsAlone(text, start, end)) found.push(range(start, end));
  }
  return found;
}

function standsAlone(text: string, start: number, end: number): boolean {
  return (
    !/[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, start - 2), start)) &&
    !/^[\p{L}\p{N}]/u.test(text.slice(end, end + 2))
  );
}

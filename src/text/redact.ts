/** What stands in the place of a secret. */
export const REDACTED = "[secret]";

/**
 * A value that a device obscured, anywhere in a text: it can be turned back, so it is as secret as the plain one.
 * Devices from 7.2 on know further forms than `$1$`; a back-reference such as `$1` or `$1$2` is none.
 */
const OBSCURED = /\$\d{1,2}\$[A-Za-z0-9+/=]{4,}/;

/** A text without the obscured values in it. */
export function withoutObscured(text: string): string {
  return redact(text, []);
}

/**
 * A text without the secrets that are known, in the forms in which they are likely to be met: as they are, as
 * JSON, a URL or HTML writes them, in base64; and without obscured values. All are found before any is taken out,
 * so that secrets that overlap leave nothing of each other behind. A secret of fewer than three characters would
 * shred the text, and each place of it would tell what it is: only where it stands alone does it go.
 *
 * @param mark what stands in the place of each
 */
export function redact(text: string, secrets: Iterable<string>, mark = REDACTED): string {
  const patterns = new Map([...secrets].flatMap(patternsOf).map((pattern) => [String(pattern), pattern]));
  const found = [OBSCURED, ...patterns.values()].flatMap((pattern) => appearances(text, pattern));
  found.sort((a, b) => a.start - b.start);
  let redacted = "";
  let done = 0;
  for (const { start, end } of found) {
    // Secrets that touch or overlap are taken out as one.
    if (start > done || (start === 0 && done === 0)) redacted += text.slice(done, start) + mark;
    done = Math.max(done, end);
  }
  return redacted + text.slice(done);
}

function appearances(text: string, pattern: RegExp): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const next = new RegExp(pattern, `${pattern.flags}g`);
  for (let match = next.exec(text); match !== null; match = next.exec(text)) {
    found.push({ start: match.index, end: match.index + match[0].length });
    // A secret can overlap with itself, as "aa" does in "aaa"; with the flag u, the next place may be within a character.
    if (!next.unicode) next.lastIndex = match.index + 1;
  }
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function patternsOf(secret: string): RegExp[] {
  if (secret === "") return [];
  const bytes = Buffer.from(secret, "utf8");
  const written = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    // Half a surrogate pair has no URL form: its bytes are those of another character.
    encodeURIComponent(bytes.toString("utf8")),
    secret.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign),
  ].map(literal);
  const unpadded = bytes.toString("base64url");
  const encoded = [unpadded.replace(/-/g, "+").replace(/_/g, "/"), unpadded].map(
    (form) => `${literal(form)}={0,2}`,
  );
  const forms = [...written, ...encoded];
  if (secret.length >= 3) return forms.map((form) => new RegExp(form));
  return forms.map((form) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${form})(?![\\p{L}\\p{N}])`, "u"));
}

function literal(text: string): string {
  return text.replace(/[\\^$.|?+()[\]{}*/]/g, "\\$&");
}

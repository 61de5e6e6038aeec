/** What stands in the place of a secret. */
export const REDACTED = "[secret]";

/** A value that a device obscured, anywhere in a text: it can be turned back, so it is as secret as the plain one. */
const OBSCURED = /\$1\$[A-Za-z0-9+/=]{4,}/g;

/** A text without the obscured values in it. */
export function withoutObscured(text: string): string {
  return text.replace(OBSCURED, REDACTED);
}

/**
 * A text without the secrets that are known, in the forms in which they are likely to be met: as they are, as
 * JSON or a URL writes them, in base64; and without obscured values. All are found before any is taken out, so
 * that secrets that overlap leave nothing of each other behind. A secret of fewer than three characters would
 * shred the text: only its whole-word appearances go.
 */
export function redact(text: string, secrets: Iterable<string>): string {
  const forms = new Set([...secrets].filter((secret) => secret !== "").flatMap(formsOf));
  const found = [OBSCURED, ...[...forms].map(patternOf)].flatMap((pattern) => appearances(text, pattern));
  found.sort((a, b) => a.start - b.start);
  let redacted = "";
  let done = 0;
  for (const { start, end } of found) {
    // Secrets that touch or overlap are taken out as one.
    if (start > done || (start === 0 && done === 0)) redacted += text.slice(done, start) + REDACTED;
    done = Math.max(done, end);
  }
  return redacted + text.slice(done);
}

function appearances(text: string, pattern: RegExp): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const next = new RegExp(pattern, "g");
  for (let match = next.exec(text); match !== null; match = next.exec(text)) {
    found.push({ start: match.index, end: match.index + match[0].length });
    // A secret can overlap with itself, as "aa" does in "aaa".
    next.lastIndex = match.index + 1;
  }
  return found;
}

function formsOf(secret: string): string[] {
  const forms = [secret, JSON.stringify(secret).slice(1, -1), Buffer.from(secret, "utf8").toString("base64")];
  // Half a surrogate pair has no URL form.
  return /\p{Surrogate}/u.test(secret) ? forms : [...forms, encodeURIComponent(secret)];
}

function patternOf(form: string): RegExp {
  const literal = form.replace(/[\\^$.|?+()[\]{}*]/g, "\\$&");
  return new RegExp(form.length >= 3 ? literal : `(?<!\\w)${literal}(?!\\w)`);
}

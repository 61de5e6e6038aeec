/** What stands in the place of a secret. */
export const REDACTED = "[secret]";

/** A value that a device obscured, anywhere in a text: it can be turned back, so it is as secret as the plain one. */
const OBSCURED = /\$1\$[A-Za-z0-9+/=]{4,}/g;

/**
 * A text without the secrets that are known, in the forms in which they are likely to be met: as they are, as
 * JSON or a URL writes them, in base64. Longer secrets are replaced first, so that one that holds another leaves
 * nothing behind. A secret of fewer than three characters would shred the text: only its whole-word
 * appearances go.
 */
export function redact(text: string, secrets: Iterable<string>): string {
  let redacted = text.replace(OBSCURED, REDACTED);
  const forms = [...new Set([...secrets].filter((secret) => secret !== "").flatMap(formsOf))];
  forms.sort((a, b) => b.length - a.length);
  for (const form of forms) {
    redacted =
      form.length >= 3
        ? redacted.replaceAll(form, REDACTED)
        : redacted.replace(new RegExp(`(?<![\\w])${escapePattern(form)}(?![\\w])`, "g"), REDACTED);
  }
  return redacted;
}

function formsOf(secret: string): string[] {
  const forms = [secret, JSON.stringify(secret).slice(1, -1), Buffer.from(secret, "utf8").toString("base64")];
  // Half a surrogate pair has no URL form.
  return /\p{Surrogate}/u.test(secret) ? forms : [...forms, encodeURIComponent(secret)];
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.|?+()[\]{}*]/g, "\\$&");
}

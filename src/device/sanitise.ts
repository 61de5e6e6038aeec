import { stripVTControlCharacters } from "node:util";

const longest = 300;
const shown = "[secret]";
// Stands for a secret until the end, so that the placeholder's own letters are never taken for one.
const mark = "\uE000";

/**
 * Text of the device made safe to show: one line, no control characters, at most 300 characters,
 * every secret given and every obscured value (`$1$…`) replaced by `[secret]`.
 */
export function sanitise(text: string, secrets: readonly string[] = []): string {
  const hidden = secretPattern(secrets);
  // Twice: control characters may split a secret, or be a part of one.
  let safe = hide(text.replaceAll(mark, ""), hidden);
  safe = stripVTControlCharacters(safe).replace(/\t|\r|\n/g, " ");
  safe = hide(safe.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ""), hidden);
  safe = safe.replace(/\s+/g, " ").trim();
  const shownText = safe.replaceAll(mark, shown);
  return shownText.length <= longest
    ? shownText
    : `${shownText.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

function hide(text: string, secrets: RegExp | undefined): string {
  const withoutSecrets = secrets === undefined ? text : text.replace(secrets, mark);
  return withoutSecrets.replace(/\$\d{1,2}\$[A-Za-z0-9+/]+={0,2}/g, mark);
}

function secretPattern(secrets: readonly string[]): RegExp | undefined {
  const forms = new Set(secrets.filter((secret) => secret.trim() !== "").flatMap(formsOf));
  if (forms.size === 0) return undefined;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(toPattern).join("|"), "gu");
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The ways in which a secret may come back: as it is, in JSON, in a url, in HTML, in base64. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inHtml = secret.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
  return [
    secret,
    inJson,
    encodeURIComponent(bytes.toString()),
    inHtml,
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
  ];
}

/** A very short secret is hidden where it stands alone only: each "1" of a text replaced would tell what it is. */
function toPattern(secret: string): string {
  const literal = secret.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return secret.length >= 4 ? `${literal}={0,2}` : `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`;
}

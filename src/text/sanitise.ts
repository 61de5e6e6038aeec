import { stripVTControlCharacters } from "node:util";
import { REDACTED } from "../secrets/values";
import { redact } from "./redact";

const longest = 300;
// Stands for a secret until the end, so that the placeholder's own letters are never taken for one.
const mark = "\uE000";

/**
 * Text of the device made safe to show: one line, no control characters, at most 300 characters,
 * every secret given and every obscured value (`$1$…`) replaced by `[secret]`.
 */
export function sanitise(text: string, secrets: readonly string[] = []): string {
  const hidden = secrets.filter((secret) => secret.trim() !== "");
  // Twice: control characters may split a secret, or be a part of one.
  let safe = redact(text.replaceAll(mark, ""), hidden, mark);
  safe = stripVTControlCharacters(safe).replace(/\t|\r|\n/g, " ");
  safe = redact(safe.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ""), hidden, mark);
  const shown = safe.split(/\s/).filter(Boolean).join(" ").replaceAll(mark, REDACTED);
  return shown.length <= longest ? shown : `${shown.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

import { REDACTED, withoutObscured } from "../diff/redact";
import { isObscured, sameText } from "../ini/secrets";

/**
 * A value as a backup shows it. Every secret looks the same, for a device may obscure it in another form at each
 * read; only that there is none stays to be seen, so that a password that was set or removed makes a difference.
 */
export function shownValue(text: string, secret: boolean): string {
  if (sameText(text, "")) return "";
  return secret || isObscured(text) ? REDACTED : withoutObscured(text);
}

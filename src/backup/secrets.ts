import { isObscured, sameText } from "../ini/secrets";
import { REDACTED, withoutObscured } from "../text/redact";

/** The password in an address with credentials, as those of automatic updates may have them. */
const PASSWORD_IN_URL = /(:\/\/[^\s/?#:@]*:)[^\s/?#]+(?=@)/g;

/**
 * A value as a backup shows it. Every secret looks the same, for a device may obscure it in another form at each
 * read; only that there is none stays to be seen, so that a password that was set or removed makes a difference.
 */
export function shownValue(text: string, secret: boolean): string {
  if (sameText(text, "")) return "";
  if (secret || isObscured(text)) return REDACTED;
  return withoutObscured(text.replace(PASSWORD_IN_URL, `$1${REDACTED}`));
}

import { sameText, shownValue } from "../secrets/values";

/**
 * A value as a backup shows it. Every secret looks the same, for a device may obscure it in another form at each
 * read; only that there is none stays to be seen, so that a password that was set or removed makes a difference.
 */
export function steadyValue(text: string, secret: boolean): string {
  return sameText(text, "") ? "" : shownValue(text, secret);
}

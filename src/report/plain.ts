import { isRecord } from "../declare/rules";
import { SECRET, SIGNATURE } from "../secrets/engine-mark";
import { REDACTED } from "../secrets/values";

/*
 * Values as Pulumi writes them into previews, events and states, made plain. A secret comes in three forms: as the text
 * `[secret]`, as an envelope with a ciphertext, and, with `--show-secrets`, as an envelope with the plain text.
 */

/** What a secret begins with here; no value of a device has it. What follows tells two secrets apart, if that is known. */
const MARK = "\uE000";

/** Whether a plain value is a secret, or a text of several values that holds one. */
export function isSecretMark(value: unknown): value is string {
  return typeof value === "string" && value.includes(MARK);
}

/** Whether two secrets may be told apart at all: of a masked one nothing is known. */
export function isMasked(value: string): boolean {
  return value === MARK;
}

/** Values without envelopes. */
export class PlainReader {
  /** The plain texts of secrets that were met, to be found elsewhere. */
  readonly secrets = new Set<string>();

  plain(value: unknown): unknown {
    if (value === REDACTED) return MARK;
    if (typeof value === "string") return value.replaceAll(MARK, "");
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => this.plain(each));
    const record = value as Record<string, unknown>;
    if (record[SIGNATURE] === SECRET) return this.#secret(record);
    // Assets and resource references have other signatures; they are shown as they are.
    return Object.fromEntries(Object.entries(record).map(([key, each]) => [key, this.plain(each)]));
  }

  /** An object of a state. */
  object(value: unknown): Record<string, unknown> {
    const plain = this.plain(value);
    return isRecord(plain) ? plain : {};
  }

  /** The same secret has another ciphertext each time it is written, so of that nothing is told. */
  #secret({ plaintext, value }: Record<string, unknown>): string {
    const open = plaintext ?? value;
    if (open === undefined || open === REDACTED) return MARK;
    this.#remember(typeof open === "string" ? parsed(open) : open);
    return `${MARK}${typeof open === "string" ? open : JSON.stringify(open)}`;
  }

  #remember(value: unknown): void {
    if (typeof value === "string" || typeof value === "number") this.secrets.add(String(value));
    else if (typeof value === "object" && value !== null) {
      for (const each of Object.values(value)) this.#remember(each);
    }
  }
}

/** The plain text of a secret is JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

import { randomBytes } from "node:crypto";

/**
 * The device's obscured form of a secret: `$1$` and base64. It hides nothing from who knows the key; here as there.
 * The text ends with a zero byte, so that the empty secret is the well-known `$1$gQ==`, and so that random bytes
 * may follow where a device shows another form in each dump.
 */
const FORM = /^\$1\$((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4}))$/;
const KEY = Buffer.from([0x81, 0x5c, 0x2f, 0xe3, 0x47, 0x9a, 0x16, 0xd8, 0x6b, 0xb4, 0x0d]);

const mask = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.map((byte, at) => byte ^ (KEY[at % KEY.length] ?? 0)));

/** @param salted whether each call gives another form; the empty secret keeps its own */
export function obscure(secret: string, salted: boolean): string {
  if (isForeign(secret)) return secret;
  const padding = salted && secret !== "" ? randomBytes(4) : Buffer.alloc(0);
  return `$1$${mask(Buffer.concat([Buffer.from(`${secret}\0`), padding])).toString("base64")}`;
}

/** The plain text of an obscured form. Any other text, and a form that was made elsewhere, comes back unchanged. */
export function reveal(text: string): string {
  return decode(text) ?? text;
}

/** Whether the secret is an obscured form that another device made: it is held and shown as it came. */
export function isForeign(secret: string): boolean {
  return FORM.test(secret) && decode(secret) === undefined;
}

function decode(text: string): string | undefined {
  const encoded = FORM.exec(text)?.[1];
  if (encoded === undefined) return undefined;
  const bytes = mask(Buffer.from(encoded, "base64"));
  const end = bytes.indexOf(0);
  if (end < 0) return undefined;
  const plain = bytes.toString("utf8", 0, end);
  return Buffer.from(plain).equals(bytes.subarray(0, end)) ? plain : undefined;
}

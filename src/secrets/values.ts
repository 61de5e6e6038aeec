/*
 * What is secret by its look, whatever its name: what a device obscured, the credentials in an address, a private
 * key.
 */

/** What stands in the place of a secret. */
export const REDACTED = "[secret]";

/** Whether a value, or the credentials in an address, are what stands in the place of a secret: in a file of `backup`. */
export function isMark(value: string): boolean {
  return value === REDACTED || value.includes(`://${REDACTED}@`);
}

/** What is said of such a value where a value is needed. */
export const IS_MARK = `is ${REDACTED}, which stands for a secret in a backup: give the value, or leave it out`;

/** How the device shows a secret that is empty (device dumps fill unused password columns with it). */
const OBSCURED_EMPTY = "$1$gQ==";

/**
 * Whether the device obscured this value: the whole of it is `$1$` and base64 whose length is a multiple of 4.
 * A manipulation's back-reference such as `$1` or `$1$2` is not.
 */
export function isObscured(text: string): boolean {
  return (
    text.startsWith("$1$") && text.length > 3 && (text.length - 3) % 4 === 0 && BASE64.test(text.slice(3))
  );
}
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Two texts that mean the same to the device: equal, or both the empty secret. */
export function sameText(a: string, b: string): boolean {
  return a === b || (isEmptySecret(a) && isEmptySecret(b));
}

function isEmptySecret(text: string): boolean {
  return text === "" || text === OBSCURED_EMPTY;
}

/** Part of a text, its end excluded. */
export interface Range {
  start: number;
  end: number;
}

/** A private key in PEM form, as it is pasted behind a CLI command. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/;

/**
 * A value that a device obscured can be turned back. Devices from 7.2 on know further forms than `$1$`; a
 * back-reference such as `$1` or `$1$2` is none.
 */
const OBSCURED = /\$\d{1,2}\$[A-Za-z0-9+/=]{4,}/;

/** What is obscured in a text, in its order. */
export function obscuredParts(text: string): string[] {
  return text.match(EACH_OBSCURED) ?? [];
}

/** A text with one form in the place of whatever is obscured in it, so that two texts compare without that. */
export function withoutObscured(text: string): string {
  return text.replace(EACH_OBSCURED, "$$1$$");
}

const EACH_OBSCURED = /\$\d{1,2}\$[A-Za-z0-9+/]+={0,2}/g;

/** Whether something in a text is obscured. */
export function holdsObscured(text: string): boolean {
  return OBSCURED.test(text);
}

const PATTERNS: readonly RegExp[] = [
  new RegExp(OBSCURED, "g"),
  // The credentials in an address, up to its last `@` before the path: `https://user:password@host`. A name alone
  // is none, if it is not as long as a token.
  /(?<=:\/\/)(?:[^\s/?#:]*:[^\s/?#]*|[^\s/?#:@]{16,})(?=@)/g,
  // A password with a character that an address cannot have: `https://user:pa/ss@host`. A port is no password.
  /(?<=:\/\/)[^\s/?#:@]{1,100}:(?!\d{1,5}(?:[/?#]|$))[^\s@]{1,200}(?=@)/g,
  // A password or a token in the query of an address.
  /(?<=[?&][\w-]{0,30}(?:passw(?:or)?d|passphrase|pwd|token|secret|api-?key|access-?key|signature)=)[^\s&#"'<>]+/gi,
  new RegExp(PRIVATE_KEY, "g"),
];

/** The parts of a text that are secret by their look; they may overlap. */
export function secretRanges(text: string): Range[] {
  if (!mayHoldSecret(text)) return [];
  return PATTERNS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
  );
}

/** Each of the patterns needs one of these. */
function mayHoldSecret(text: string): boolean {
  return /[$@=]|PRIVATE KEY/.test(text);
}

/** A text with a mark in the place of each of its parts; parts that touch or overlap get one mark together. */
export function withoutRanges(text: string, ranges: readonly Range[], mark = REDACTED): string {
  if (ranges.length === 0) return text;
  let shown = "";
  let done = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start > done || (start === 0 && done === 0)) shown += text.slice(done, start) + mark;
    done = Math.max(done, end);
  }
  return shown + text.slice(done);
}

/** A text without what is secret by its look; of an address only the credentials go. */
export function withoutSecretParts(text: string): string {
  return withoutRanges(text, secretRanges(text));
}

/** A value, as an ini file or a script has it. */
type SomeValue = string | readonly string[];

/** How much of a value is secret by its look: all of it, a part of it, nothing. */
export function secretShare(value: SomeValue): "all" | "part" | "none" {
  const texts = typeof value === "string" ? [value] : value;
  if (!texts.some(mayHoldSecret)) return "none";
  const shown = texts.map(withoutSecretParts);
  if (shown.length > 0 && shown.every((text, at) => text === REDACTED && texts[at] !== REDACTED))
    return "all";
  return shown.some((text, at) => text !== texts[at]) ? "part" : "none";
}

/** Whether a value must be kept as a secret, in part or as a whole, whatever its name. */
export function isSecretValue(value: SomeValue | undefined): boolean {
  return value !== undefined && secretShare(value) !== "none";
}

/**
 * A value as it may be shown.
 *
 * @param named whether it is a secret by its name, or because a user says so: all of it goes then
 */
export function shownValue<V extends SomeValue>(value: V, named: boolean): V | string {
  if (named) return REDACTED;
  if (typeof value === "string") return withoutSecretParts(value);
  return (value as readonly string[]).map(withoutSecretParts) as SomeValue as V;
}

/** The texts that are secret by their look in a value, for finding them elsewhere: of credentials the password, too. */
export function secretPartsOf(value: SomeValue): string[] {
  const texts = typeof value === "string" ? [value] : value;
  if (!texts.some(mayHoldSecret)) return [];
  const parts = texts.flatMap((text) => secretRanges(text).map(({ start, end }) => text.slice(start, end)));
  return parts.flatMap((part) => [part, part.slice(part.indexOf(":") + 1)]).filter((part) => part !== "");
}

/** Whether a secret by its look stands in a text as it is written: what placeholders bring in does not count. */
export function holdsPlainSecretPart(text: string): boolean {
  return secretRanges(text).some(({ start, end }) => {
    const own = text.slice(start, end).replace(/\{\{[^{}]*\}\}/g, "");
    return own.slice(own.indexOf(":") + 1) !== "";
  });
}

/** Every line of the private keys in a text emptied: each other line keeps its number. */
export function withoutPrivateKeys(text: string): string {
  return text.replace(new RegExp(PRIVATE_KEY, "g"), (block) => block.replace(/[^\r\n]+/g, ""));
}

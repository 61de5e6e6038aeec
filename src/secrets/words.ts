import { REDACTED, secretShare, withoutSecretParts } from "./values";

/*
 * What is secret in a line of the CLI by the words before it: `password X`, `crypto isakmp key X`,
 * `ip ospf message-digest-key 1 md5 X`, `snmp-server user U v3 auth sha X`.
 */

/** Words behind which a secret follows, and names of settings whose value is one. */
const SECRET_WORD = new RegExp(
  [
    "pass(?:word|phrase|wd|code)",
    "(?:^|-)(?:pwd|pass|psk|pin|token|otp)$",
    "(?:^|-)pin-",
    "nonce|secret|credential|community",
    // `key`, `shared-key`, `message-digest-key`, `key-string`; not `key-size`
    "(?:^|-)key(?:-(?:string|ascii|hex|text|value|data))?$",
    "(?:auth|priv|shared|enc)[a-z]*-key|private-key",
  ].join("|"),
);

/** Keys that are no secret. */
const OPEN_KEY = /^(?:public|host|function|speed|hot|flash|hook)-?key$/;

/** `auth md5 X` and `priv aes 128 X`: the word alone tells nothing, together with an algorithm it does. */
const PROTECTION = /^(?:auth|authentication|priv|privacy|encryption)$/;
const ALGORITHM = /^(?:md5|sha[0-9-]*|des|3des|aes[0-9-]*)$/;

/** Behind a secret: words that begin something else. */
const OPEN_WORD =
  /^(?:address|hostname|host|privilege(?:-level)?|level|role|port|auth-port|acct-port|vrf|timeout|retransmit|no-xauth|ro|rw|read-only|read-write|priv|privacy|access|description|name|user|status)$/;

/** Behind it: says of the word before that it is a secret (`3xYp== obscured`). */
const OBSCURED_BEFORE = /^(?:obscured|encrypted)$/;

/** Words that stand beside a secret and tell nothing of it: how it is written, what it is for. */
const PLAIN_WORD =
  /^(?:md5|sha[0-9-]*|hmac-[\w-]+|des|3des|aes[0-9-]*|ascii|hex|text|plain|clear|cipher|obscured|encrypted)$/;

/** Whether a word says that what follows is a secret. */
function announces(word: string): boolean {
  return SECRET_WORD.test(word) && !OPEN_KEY.test(word);
}

/**
 * The places of the words that are secrets, by what stands before them; how they are written (`1 md5`) goes with
 * them.
 *
 * @param name of the line, in one word or several
 * @param args the words behind the name
 */
function secretPlaces(name: string, args: readonly string[]): Set<number> {
  const names = name.toLowerCase().split(" ");
  const words = args.map((word) => word.toLowerCase());
  const secret = new Set<number>();
  if (isNameOfKey(name, words)) return secret;
  // The name of a setting says so of all that follows, a word among others of what comes up to the next such word.
  if (names.some(announces)) return new Set(args.keys());
  let before = names.at(-1) ?? "";
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const next = words[at + 1];
    const protects = PROTECTION.test(before) && ALGORITHM.test(word) && next !== undefined;
    const start = announces(before) ? at : protects ? at + 1 : undefined;
    before = word;
    if (start === undefined) continue;
    let end = start;
    do secret.add(end++);
    while (end < words.length && !OPEN_WORD.test(words[end] ?? ""));
    at = end;
    before = words[end] ?? "";
  }
  const last = words.length - 1;
  if (last > 0 && OBSCURED_BEFORE.test(words[last] ?? "")) secret.add(last - 1).add(last);
  return secret;
}

/** `key chain backbone` and `key 1` name a chain and a key in it. */
function isNameOfKey(name: string, [first = "", ...more]: readonly string[]): boolean {
  if (name.toLowerCase() !== "key") return false;
  return first === "chain" || (more.length === 0 && /^[0-9]{1,3}$/.test(first));
}

/** The texts of a line that are secrets by the words before them or by their look. */
export function secretTexts(name: string, args: readonly string[]): string[] {
  const places = secretPlaces(name, args);
  const texts = args.filter((word, at) => places.has(at) || secretShare(word) === "all");
  const telling = texts.filter((word) => !PLAIN_WORD.test(word.toLowerCase()));
  return telling.length > 0 ? telling : texts;
}

/** Whether the value of a line is a secret; one with a secret in a part of a word (an address) is not. */
export function isSecretLine(name: string, args: readonly string[]): boolean {
  return secretTexts(name, args).length > 0;
}

/**
 * The words of a line as they may be shown.
 *
 * @param mark what stands in the place of secrets that follow each other
 */
export function shownWords(
  name: string,
  args: readonly string[],
  mark: (secrets: readonly string[]) => string = () => REDACTED,
): string[] {
  const places = secretPlaces(name, args);
  const shown: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    let end = at;
    while (places.has(end)) end += 1;
    if (end === at) shown.push(withoutSecretParts(args[at] ?? ""));
    else {
      shown.push(mark(args.slice(at, end)));
      at = end - 1;
    }
  }
  return shown;
}

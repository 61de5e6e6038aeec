/*
 * What is secret by its name. An ini parameter is called `Param`, a column `Table.Column`; `*` stands for any run of
 * characters within one part, and case does not count.
 */

/** The last part of the names that hold a secret, of parameters and of columns. */
const SECRET_ENDINGS: readonly string[] = [
  "*Password",
  "*Password_*",
  "*Passwd",
  "*PrevPassw*",
  "*Passphrase",
  "*Passcode",
  "*PrivateKeyPass*",
  "*Nonce",
  "*Secret",
  "*SharedSecret*",
  "*SecretKey",
  "*CommunityString*",
  "*AuthToken",
  "*AccessToken",
  "*SharedKey",
  "*PreSharedKey*",
  "*PSK",
  "*AuthKey",
  "*PrivKey",
  "*AuthKeyObscured",
  "*PrivKeyObscured",
  "*AuthenticationKey",
  "*EncryptionKey",
  "*EncKey",
  "*CryptoKey",
  "*PrivateKey",
  "*ApiKey",
  "*AccessKey",
  // wireless networks
  "*SecurityKey*",
  "*NetworkKey*",
  "*WEPKey*",
  "*WPAKey*",
  "*RadiusKey",
];

/** Whether an argument of ours, or of a file that people write for us, holds a secret by its name. */
export function isSecretArgument(name: string): boolean {
  return /^(?:password|passwd|pwd|secret|token|key)$/i.test(name);
}

/** Whether a name (`Param`, `Table.Column`) is matched by one of `patterns`. */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.length === 0) return () => false;
  const compiled = patterns.map(pattern);
  return (name) => compiled.some((one) => one.test(name.toLowerCase()));
}

/**
 * Whether a name holds a secret, by the built-in list and by a user's own `secretNames`. Each name is looked up
 * once.
 */
export function secretNameTest(more: readonly string[] = []): (name: string) => boolean {
  const parameter = nameMatcher(more.filter((name) => !name.includes(".")));
  const column = nameMatcher(more.filter((name) => name.includes(".")));
  const known = new Map<string, boolean>();
  return (name) => {
    const key = name.toLowerCase();
    let secret = known.get(key);
    if (secret === undefined) {
      secret = key.includes(".")
        ? isSecretColumn(key) || column(key)
        : isSecretParameter(key) || parameter(key);
      known.set(key, secret);
    }
    return secret;
  };
}

// Compiled once: each resource asks them in each step of its life.
const isSecretParameter = nameMatcher(SECRET_ENDINGS);
const isSecretColumn = nameMatcher(SECRET_ENDINGS.map((name) => `*.${name}`));

function pattern(name: string): RegExp {
  return starPattern(name.toLowerCase(), "[^.]*");
}

/** A text in which each `*` stands for what `any` matches, and all else for itself. */
export function starPattern(text: string, any: string, flags?: string): RegExp {
  const parts = text.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(any)}$`, flags);
}

import { type Address, splitAddress } from "./address";
import { nameKey } from "./names";

/** How the device shows a secret that is empty (device dumps fill unused password columns with it). */
const OBSCURED_EMPTY = "$1$gQ==";

/**
 * Whether the device obscured this value: the whole of it is `$1$` and base64 whose length is a multiple of 4.
 * A manipulation's back-reference such as `$1` or `$1$2` is none.
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

/**
 * The names that are secret without being asked: `*` stands for any run of characters, `Table.Column` is a
 * column, a name without a dot is a parameter, `*.Column` that column of any table; case does not count.
 */
export const SECRET_NAMES: readonly string[] = [
  // parameters
  "*Password",
  "*Passwd",
  "*Passphrase",
  "*SharedSecret",
  "*SecretKey",
  "*CommunityString*",
  "*PreSharedKey",
  "*AuthToken",
  "*PrivateKeyPass*",
  // columns
  "*.*Password",
  "*.*Passwd",
  "*.*Passphrase",
  "*.PwNonce",
  "*.*Secret",
  "*.*SecretKey",
  "*.AuthKey",
  "*.PrivKey",
  "*.AuthKeyObscured",
  "*.PrivKeyObscured",
  "*.*PreSharedKey",
  "*.AuthToken",
  "*.SharedKey",
  "*.CommunityString",
];

/** What tells which addresses hold secrets. */
export type SecretTest = (address: Address) => boolean;

/** The built-in list together with a user's own `secretNames`. */
export function secretTest(more: readonly string[] = []): SecretTest {
  const { parameters, columns } = compile([...SECRET_NAMES, ...more]);
  const known = new Map<string, boolean>();
  return (address) => {
    const split = splitAddress(address);
    if (split.kind === "row") return false;
    const name = nameKey(split.kind === "parameter" ? split.name : `${split.table}.${split.column}`);
    let secret = known.get(name);
    if (secret === undefined) {
      secret = (split.kind === "parameter" ? parameters : columns).some((pattern) => pattern.test(name));
      known.set(name, secret);
    }
    return secret;
  };
}

/** Whether a name is matched by one of `patterns`, in the form of {@link SECRET_NAMES}. */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  const compiled = patterns.map(pattern);
  return (name) => compiled.some((one) => one.test(nameKey(name)));
}

function compile(names: readonly string[]): { parameters: RegExp[]; columns: RegExp[] } {
  return {
    parameters: names.filter((name) => !name.includes(".")).map(pattern),
    columns: names.filter((name) => name.includes(".")).map(pattern),
  };
}

function pattern(name: string): RegExp {
  const parts = nameKey(name)
    .split("*")
    .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^.]*")}$`);
}

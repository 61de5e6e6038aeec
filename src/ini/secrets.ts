import { secretNameTest } from "../secrets/names";
import { type Address, splitAddress } from "./address";

/** What tells which addresses hold secrets. */
export type SecretTest = (address: Address) => boolean;

/** The built-in names of secrets together with a user's own `secretNames`, by address. */
export function secretTest(more: readonly string[] = []): SecretTest {
  const isSecret = secretNameTest(more);
  return (address) => {
    const split = splitAddress(address);
    if (split.kind === "row") return false;
    return isSecret(split.kind === "parameter" ? split.name : `${split.table}.${split.column}`);
  };
}

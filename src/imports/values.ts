import * as pulumi from "@pulumi/pulumi";
import { isLate, settledValue } from "../resources/outputs";
import { SECRET, SIGNATURE } from "../secrets/engine-mark";

/** A value that is a secret as a whole. */
export class Secret {
  constructor(readonly value: unknown) {}
}

/** The values of a program once they have come; a secret among them stays marked. What is undefined is left out. */
export async function settled(value: unknown): Promise<unknown> {
  if (isLate(value)) {
    const output = pulumi.output(value);
    const inner = await settled(await settledValue(output));
    return (await pulumi.isSecret(output)) ? new Secret(plain(inner)) : inner;
  }
  if (Array.isArray(value)) {
    const items = await Promise.all(value.map(settled));
    // The engine keeps a list with a secret in it as one secret.
    return items.some(holdsSecret) ? new Secret(plain(items)) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, part]) => [key, await settled(part)] as const),
  );
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
}

/** Values without their marks, as a provider gets them: the engine sends the keys of an object sorted. */
export function plain(value: unknown): unknown {
  return mapped(value, (secret) => secret);
}

/** Values as a state file holds them, secrets still to be encrypted: by the CLI, which alone has the stack's key. */
export function stored(value: unknown): unknown {
  return mapped(value, (secret) => ({
    [SIGNATURE]: SECRET,
    plaintext: JSON.stringify(secret),
  }));
}

function mapped(value: unknown, onSecret: (secret: unknown) => unknown): unknown {
  if (value instanceof Secret) return onSecret(value.value);
  if (Array.isArray(value)) return value.map((item) => mapped(item, onSecret));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, mapped(part, onSecret)]));
}

function holdsSecret(value: unknown): boolean {
  if (value instanceof Secret) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

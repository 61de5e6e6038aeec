/**
 * Property values as the engine holds them: JSON, plus secrets and unknowns as objects of their own,
 * and the encodings in which the SDK, the provider process and the state file exchange them.
 */
import { isDeepStrictEqual } from "node:util";

export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | PropertyValue[]
  | PropertyMap
  | Secret
  | Unknown;
export interface PropertyMap {
  [name: string]: PropertyValue;
}

/** A value that is encrypted in the state and never displayed. */
export class Secret {
  constructor(readonly value: PropertyValue) {}
}

/** What a preview cannot know before the update has run. */
export class Unknown {
  // Makes the type nominal: an empty class would accept every object.
  protected readonly brand = "unknown";
}
export const UNKNOWN = new Unknown();

/** The key that marks an object on the wire as something else than an object. */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const UNKNOWN_SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** JSON as protobuf's Struct takes and gives it. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown)
  );
}

/** Reads what came over the wire. A reference to a resource becomes its id, as for every provider that takes no references. */
export function decode(json: unknown): PropertyValue {
  if (json === UNKNOWN_SENTINEL) return UNKNOWN;
  if (Array.isArray(json)) return json.map(decode);
  if (typeof json !== "object" || json === null) return (json ?? null) as PropertyValue;
  const object = json as Record<string, unknown>;
  switch (object[SIGNATURE_KEY]) {
    case SECRET_SIGNATURE:
      return new Secret(decode(object["value"]));
    case OUTPUT_SIGNATURE: {
      const value = "value" in object ? decode(object["value"]) : UNKNOWN;
      return object["secret"] === true ? new Secret(value) : value;
    }
    case RESOURCE_SIGNATURE:
      return decode(object["id"] || object["urn"]);
    default:
      return decodeMap(object);
  }
}

export function decodeMap(object: Record<string, unknown>): PropertyMap {
  return mapValues(object, decode);
}

/**
 * Writes a value for the wire.
 * @param wrapSecret how a secret is written; left out, it is written in plain, as to a provider that takes no secrets.
 */
function encode(value: PropertyValue, wrapSecret?: (plain: Json) => Json): Json {
  if (value instanceof Secret) {
    const plain = encode(value.value);
    return wrapSecret === undefined ? plain : wrapSecret(plain);
  }
  if (value instanceof Unknown) return UNKNOWN_SENTINEL;
  if (Array.isArray(value)) return value.map((element) => encode(element, wrapSecret));
  if (isMap(value)) return mapValues(value, (member) => encode(member, wrapSecret));
  return value;
}

export function encodeMap(map: PropertyMap, wrapSecret?: (plain: Json) => Json): { [name: string]: Json } {
  return mapValues(map, (value) => encode(value, wrapSecret));
}

/** The SDK's form of a secret. */
export function wrapSecret(plain: Json): Json {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: plain };
}

/** The value without the marks of secrecy. */
export function unwrap(value: PropertyValue): PropertyValue {
  return value instanceof Secret || Array.isArray(value) || isMap(value) ? decode(encode(value)) : value;
}

export function equal(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  return isDeepStrictEqual(a, b);
}

export function containsSecret(value: PropertyValue): boolean {
  if (value instanceof Secret) return true;
  if (Array.isArray(value)) return value.some(containsSecret);
  return isMap(value) && Object.values(value).some(containsSecret);
}

/**
 * Marks what a provider that takes no secrets gave back: each member that has a secret of the same name in `marked`
 * becomes one, objects member by member, anything else (arrays, other types) whole.
 */
export function annotateSecrets(plain: PropertyMap, marked: PropertyMap): PropertyMap {
  const result = { ...plain };
  for (const [name, mark] of Object.entries(marked)) {
    const value = result[name];
    if (value === undefined) continue;
    if (isMap(value) && isMap(mark)) result[name] = annotateSecrets(value, mark);
    else if (!(value instanceof Secret) && containsSecret(mark)) result[name] = new Secret(value);
  }
  return result;
}

export function markSecret(map: PropertyMap, names: Iterable<string>): PropertyMap {
  const result = { ...map };
  for (const name of names) {
    const value = result[name];
    if (value !== undefined && !(value instanceof Secret)) result[name] = new Secret(value);
  }
  return result;
}

export function mapValues<V, R>(map: Record<string, V>, convert: (value: V) => R): Record<string, R> {
  const result: Record<string, R> = {};
  // defineProperty: a property may be called "__proto__".
  for (const [name, value] of Object.entries(map)) {
    if (value !== undefined) Object.defineProperty(result, name, { value: convert(value), ...OPEN });
  }
  return result;
}
const OPEN = { enumerable: true, configurable: true, writable: true };

/** What the engine passes to check and diff in place of a value that only an update will bring, of any type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** What is wrong with inputs that have to be true or false if they are known. */
export function flagProblems<Name extends string>(
  inputs: Partial<Record<Name, unknown>>,
  ...names: Name[]
): string[] {
  const isFlag = (value: unknown) => value === undefined || isUnknown(value) || typeof value === "boolean";
  return names.filter((name) => !isFlag(inputs[name])).map((name) => `${name} must be true or false`);
}

/** A value as it comes out of the engine: keys sorted, what is undefined gone. */
export function onTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, sortKeys)) as T;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

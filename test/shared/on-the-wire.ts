/** A value as it comes out of the engine: keys sorted, what is undefined gone. */
export function onTheWire<T>(value: T): T {
  return copied(value) as T;
}

function copied(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  if (typeof value !== "object" || value === null) return value;
  if ("toJSON" in value && typeof value.toJSON === "function") return copied(value.toJSON());
  if (Array.isArray(value)) return value.map((item) => copied(item) ?? null);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const item = copied((value as Record<string, unknown>)[key]);
    if (item !== undefined) copy[key] = item;
  }
  return copy;
}

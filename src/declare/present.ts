/** The properties that have a value: states leave out what they do not know. */
export function present<T extends object>(properties: T): T {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as T;
}

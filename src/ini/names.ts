/** The device compares the names of parameters, tables and columns without case. */
export function nameKey(name: string): string {
  return name.toLowerCase();
}

/**
 * What a name of the device may look like (`3WayConferenceMode` is one): it can then never break a line, a section
 * or an address, nor be the key `__proto__`.
 */
export const NAME = /^[0-9]{0,9}[A-Za-z][A-Za-z0-9_-]{0,99}$/;

/** The same in words, to follow what the name is of. */
export const NAME_RULE =
  "name begins with a letter (digits may stand before it), then letters, digits, '_' and '-'";

/** Whether a parameter or a table may be called so: their names begin lines, and FORMAT begins one of its own. */
export function canBeginLine(name: string): boolean {
  return NAME.test(name) && nameKey(name) !== "format";
}

/** The name under which an object has a property, whatever the case; undefined if it has none. */
export function spellingIn(record: object, name: string): string | undefined {
  if (Object.hasOwn(record, name)) return name;
  const key = nameKey(name);
  for (const spelling in record) if (nameKey(spelling) === key) return spelling;
  return undefined;
}

/** What can be asked of a map whose keys are names of the device. */
export interface Names<T> extends Iterable<[string, T]> {
  get(name: string): T | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** A map whose keys are names of the device: found without case, listed in the spelling that came first. */
export class NameMap<T> implements Names<T> {
  private readonly entriesByKey = new Map<string, [string, T]>();

  constructor(entries: Iterable<readonly [string, T]> = []) {
    for (const [name, value] of entries) this.set(name, value);
  }

  get size(): number {
    return this.entriesByKey.size;
  }

  get(name: string): T | undefined {
    return this.entriesByKey.size === 0 ? undefined : this.entriesByKey.get(nameKey(name))?.[1];
  }

  has(name: string): boolean {
    return this.entriesByKey.size > 0 && this.entriesByKey.has(nameKey(name));
  }

  /** The spelling under which `name` was first set. */
  spelling(name: string): string | undefined {
    return this.entriesByKey.get(nameKey(name))?.[0];
  }

  set(name: string, value: T): this {
    const key = nameKey(name);
    const entry = this.entriesByKey.get(key);
    if (entry === undefined) this.entriesByKey.set(key, [name, value]);
    else entry[1] = value;
    return this;
  }

  delete(name: string): boolean {
    return this.entriesByKey.delete(nameKey(name));
  }

  /** The value of `name`; if there is none, the one that `make` gives is set first. */
  ensure(name: string, make: () => T): T {
    const found = this.entriesByKey.get(nameKey(name));
    if (found !== undefined) return found[1];
    const made = make();
    this.set(name, made);
    return made;
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.entriesByKey.values()) yield name;
  }

  *values(): IterableIterator<T> {
    for (const [, value] of this.entriesByKey.values()) yield value;
  }

  [Symbol.iterator](): Iterator<[string, T]> {
    return this.entriesByKey.values();
  }

  toObject(): Record<string, T> {
    return Object.fromEntries(this);
  }
}

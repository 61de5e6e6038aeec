/** A map whose keys are the device's names: without case, first spelling kept, in order of entry. */
export class NameMap<V> {
  readonly #entries: Map<string, { readonly name: string; readonly value: V }>;
  /** As long as nothing changes. */
  #values: readonly V[] | undefined;

  /** @param other what it begins with */
  constructor(other?: NameMap<V>) {
    this.#entries = new Map(other === undefined ? [] : other.#entries);
  }

  get(name: string): V | undefined {
    return this.#entries.get(name.toLowerCase())?.value;
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  get size(): number {
    return this.#entries.size;
  }

  set(name: string, value: V): void {
    this.#values = undefined;
    const key = name.toLowerCase();
    this.#entries.set(key, { name: this.#entries.get(key)?.name ?? name, value });
  }

  delete(name: string): void {
    this.#values = undefined;
    this.#entries.delete(name.toLowerCase());
  }

  clear(): void {
    this.#values = undefined;
    this.#entries.clear();
  }

  names(): string[] {
    return [...this.#entries.values()].map((entry) => entry.name);
  }

  *entries(): Iterable<[name: string, value: V]> {
    for (const { name, value } of this.#entries.values()) yield [name, value];
  }

  values(): readonly V[] {
    this.#values ??= [...this.#entries.values()].map((entry) => entry.value);
    return this.#values;
  }
}

/** A map whose keys are the device's names: without case, first spelling kept, in order of entry. */
export class NameMap<V> {
  readonly #entries = new Map<string, { name: string; value: V }>();

  get(name: string): V | undefined {
    return this.#entries.get(name.toLowerCase())?.value;
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  set(name: string, value: V): void {
    const key = name.toLowerCase();
    this.#entries.set(key, { name: this.#entries.get(key)?.name ?? name, value });
  }

  delete(name: string): void {
    this.#entries.delete(name.toLowerCase());
  }

  clear(): void {
    this.#entries.clear();
  }

  names(): string[] {
    return [...this.#entries.values()].map((entry) => entry.name);
  }

  values(): V[] {
    return [...this.#entries.values()].map((entry) => entry.value);
  }
}

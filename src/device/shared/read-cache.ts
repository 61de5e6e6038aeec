import { type Clock, systemClock } from "../clock";

const keepMs = 5 * 60_000;

interface Entry {
  document: Promise<Buffer>;
  /** When it was whole; undefined while it is fetched. */
  readAt?: number;
}

/**
 * The documents read from one device, so that resources that read the same one at the same time send one request.
 * A write drops them all.
 */
export class ReadCache {
  readonly #entries = new Map<string, Entry>();
  #generation = 0;

  /** Goes up with every write of ours: what was read under another one may be outdated by ourselves. */
  get generation(): number {
    return this.#generation;
  }

  constructor(private readonly clock: Clock = systemClock) {}

  /**
   * The document of that key: the one being fetched, one at most five minutes old, else what `fetch` brings.
   * The bytes are shared: do not change them. A fetch that fails is not kept.
   */
  get(key: string, fetch: () => Promise<Buffer>): Promise<Buffer> {
    const known = this.#entries.get(key);
    if (known !== undefined && (known.readAt === undefined || this.clock.now() - known.readAt < keepMs)) {
      return known.document;
    }
    const entry: Entry = { document: fetch() };
    this.#entries.set(key, entry);
    entry.document.then(
      () => {
        entry.readAt = this.clock.now();
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry.document;
  }

  /** Forgets every document, also those still being fetched: they may show what was before. */
  drop(): void {
    this.#entries.clear();
    this.#generation++;
  }
}

import type { KnownTable } from "../document";

/**
 * The tables and rows of the last text, by the line that they stand in. A device that is read again shows almost all of
 * them again: they are not taken apart a second time, and comparing two dumps can pass over them. The places of rows
 * are those of the first text.
 */
export class KnownRows {
  private earlier = new Map<string, KnownTable>();
  private now = new Map<string, KnownTable>();

  /** A text begins: what it does not show is forgotten with the next one. */
  begin(): void {
    this.earlier = this.now;
    this.now = new Map();
    // Nothing older is held by what is known.
    for (const table of this.earlier.values()) table.earlier = new Map();
  }

  /** A row means the same in a table of the same name below the same FORMAT line. */
  of(name: string, format: string): KnownTable {
    const key = `${name}\n${format}`;
    let table = this.now.get(key);
    if (table === undefined) {
      const { columns, writable, now = new Map() } = this.earlier.get(key) ?? {};
      table = { columns, writable, earlier: now, now: new Map() };
      this.now.set(key, table);
    }
    return table;
  }
}

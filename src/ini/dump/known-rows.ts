import type { IniRow, IniTable } from "../document";

type RowsByLine = Map<string, IniRow>;

/**
 * The rows of the last text, by the line that they stand in. A device that is read again shows almost all of them
 * again: they are not taken apart a second time, and comparing two dumps can pass over them. Their places are those of
 * the first text.
 */
export class KnownRows {
  private earlier = new Map<string, RowsByLine>();
  private now = new Map<string, RowsByLine>();

  /** A text begins: what it does not show is forgotten with the next one. */
  begin(): void {
    this.earlier = this.now;
    this.now = new Map();
  }

  /** A line means the same in a table of the same name and columns. */
  of({ name, columns }: IniTable): { earlier: ReadonlyMap<string, IniRow>; now: RowsByLine } {
    const key = [name, ...columns].join(" ");
    const now = this.now.get(key) ?? new Map<string, IniRow>();
    this.now.set(key, now);
    return { earlier: this.earlier.get(key) ?? new Map(), now };
  }
}

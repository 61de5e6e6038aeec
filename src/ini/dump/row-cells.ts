import { NameMap, type Names, nameKey } from "../names";

export interface IniCell {
  /** The value without quotes. */
  text: string;
  /** The value as it stands in the line, quotes included: what is sent back for a cell that is not ours. */
  raw: string;
  /** Where it begins, from the beginning of its row. */
  offset: number;
}

/** Where the columns of a table stand in its rows. All rows share it, so that a cell is found by one look. */
export class Columns {
  private readonly byKey: ReadonlyMap<string, number>;
  /** By the spellings that were asked for, of which there are few. */
  private readonly asked = new Map<string, number | undefined>();

  /** @param names each once */
  constructor(readonly names: readonly string[]) {
    this.byKey = new Map(names.map((name, at) => [nameKey(name), at]));
  }

  placeOf(name: string): number | undefined {
    const known = this.asked.get(name);
    if (known !== undefined || this.asked.has(name)) return known;
    const place = this.byKey.get(nameKey(name));
    this.asked.set(name, place);
    return place;
  }
}

/** The cells of a row by column. */
export class RowCells implements Names<IniCell> {
  constructor(
    private readonly columns: Columns,
    private readonly cells: readonly IniCell[],
  ) {}

  get(column: string): IniCell | undefined {
    const place = this.columns.placeOf(column);
    return place === undefined ? undefined : this.cells[place];
  }

  has(column: string): boolean {
    return this.columns.placeOf(column) !== undefined;
  }

  keys(): readonly string[] {
    return this.columns.names;
  }

  *[Symbol.iterator](): IterableIterator<[string, IniCell]> {
    const { names } = this.columns;
    for (let at = 0; at < names.length; at++) yield [names[at] as string, this.cells[at] as IniCell];
  }

  /** The same row with what another block of its table says of it. */
  with(more: RowCells): RowCells {
    const all = new NameMap([...this, ...more]);
    return new RowCells(new Columns([...all.keys()]), [...all.values()]);
  }
}

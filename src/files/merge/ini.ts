import { NameMap, nameKey } from "../../ini/names";
import { type Format, type Item, type Row, readIniFile, type Written } from "../ini/items";
import { lineOf, withTags } from "../ini/layout";
import { type MergedFile, MergedText } from "./text";
import { type Merged, mergePieces, numbered, type Piece, type Rules } from "./three-way";

/**
 * Merges what two people made of one ini file, by parameter, row and cell. The layout and the comments of ours stay,
 * with those that theirs has added. Where both changed one value, both lines stand between conflict markers.
 *
 * @throws IniError if one of the files is no sound ini text
 */
export function mergeIni(base: string, ours: string, theirs: string, marker: number): MergedFile {
  const [o, a, b] = [base, ours, theirs].map((text) => readIniFile(text));
  if (o === undefined || a === undefined || b === undefined)
    throw new Error("internal error: three files were read");
  const merged = mergePieces(
    { base: piecesOf(o.items), ours: piecesOf(a.items), theirs: piecesOf(b.items) },
    RULES,
  );
  const writer = new Writer(a.eol, marker);
  writer.all(merged);
  return writer.file;
}

/** Tables are blocks: what stands between their tags is in them. */
function piecesOf(items: readonly Item[]): Piece<Item>[] {
  const pieces: Piece<Item>[] = [];
  let open: Piece<Item>[] | undefined;
  for (const item of withTags(items)) {
    if (item.kind === "begin") {
      open = [];
      pieces.push({ key: `table ${nameKey(item.table)}`, value: item, inner: open });
    } else {
      const piece = { key: keyOf(item), value: item, ...(item.kind === "comment" && { comment: true }) };
      (open ?? pieces).push(piece);
      if (item.kind === "end") open = undefined;
    }
  }
  return numbered(pieces.map((piece) => (piece.inner ? { ...piece, inner: numbered(piece.inner) } : piece)));
}

function keyOf(item: Item): string {
  switch (item.kind) {
    case "comment":
      return `; ${item.text}`;
    case "heading":
      return `[${nameKey(item.title)}]`;
    case "parameter":
      return `parameter ${nameKey(item.name)}`;
    case "row":
      return `row ${item.index}`;
    default:
      return item.kind;
  }
}

const RULES: Rules<Item> = {
  same(a, b) {
    if (a.kind === "parameter" && b.kind === "parameter") return sameTexts(a.values, b.values);
    if (a.kind === "row" && b.kind === "row") return sameCells(a, b) && a.behind === b.behind;
    if (a.kind === "format" && b.kind === "format")
      return sameNames(a.columns, b.columns) && a.behind === b.behind;
    return true;
  },
  mix(base, ours, theirs) {
    if (ours.kind === "row" && theirs.kind === "row")
      return mixRows(base?.kind === "row" ? base : undefined, ours, theirs);
    if (ours.kind === "format" && theirs.kind === "format")
      return { value: mixFormats(base?.kind === "format" ? base : undefined, ours, theirs) };
    return { ours, theirs };
  },
  row(item) {
    return item.kind === "row" ? { table: nameKey(item.table), index: Number(item.index) } : undefined;
  },
};

function sameTexts(a: readonly Written[], b: readonly Written[]): boolean {
  return a.length === b.length && a.every(({ text }, at) => text === b[at]?.text);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => nameKey(name) === nameKey(b[at] ?? ""));
}

function sameCells(a: Row, b: Row): boolean {
  const others = new NameMap(b.cells);
  return (
    a.cells.size === b.cells.size &&
    [...a.cells].every(([column, { text }]) => others.get(column)?.text === text)
  );
}

/** A row with the cells of both; where both changed one cell, two rows that differ there alone. */
function mixRows(base: Row | undefined, ours: Row, theirs: Row): { value: Row } | { ours: Row; theirs: Row } {
  const [old, own, other] = [base, ours, theirs].map((row) => new NameMap(row?.cells ?? []));
  const left = new Map<string, Written>();
  const right = new Map<string, Written>();
  let conflicts = 0;
  for (const column of new NameMap([...ours.cells, ...theirs.cells]).keys()) {
    const [before, a, b] = [old, own, other].map((cells) => cells?.get(column));
    const chosen =
      a?.text === b?.text || before?.text === b?.text ? a : before?.text === a?.text ? b : undefined;
    const isAgreed = a?.text === b?.text || before?.text === b?.text || before?.text === a?.text;
    if (!isAgreed) conflicts += 1;
    const [mine, yours] = isAgreed ? [chosen, chosen] : [a, b];
    if (mine !== undefined) left.set(column, mine);
    if (yours !== undefined) right.set(column, yours);
  }
  const behind = base !== undefined && base.behind === ours.behind ? theirs.behind : ours.behind;
  const made = { written: [], behind };
  const mixed: Row = { ...ours, ...made, cells: left };
  return conflicts === 0 ? { value: mixed } : { ours: mixed, theirs: { ...theirs, ...made, cells: right } };
}

/** The columns of ours without those that theirs took away, and with those that theirs added. */
function mixFormats(base: Format | undefined, ours: Format, theirs: Format): Format {
  const old = new NameMap((base?.columns ?? []).map((column) => [column, true]));
  const other = new NameMap(theirs.columns.map((column) => [column, true]));
  const own = new NameMap(ours.columns.map((column) => [column, true]));
  const columns = [
    ...ours.columns.filter((column) => other.has(column) || !old.has(column)),
    ...theirs.columns.filter((column) => !own.has(column) && !old.has(column)),
  ];
  const behind = base !== undefined && base.behind === ours.behind ? theirs.behind : ours.behind;
  return { ...ours, written: [], columns, behind };
}

class Writer extends MergedText {
  /** The columns of the FORMAT line that stands above. */
  private format: Format | undefined;

  all(merged: readonly Merged<Item>[]): void {
    for (const one of merged) {
      if (one.kind === "conflict") this.both(one.ours, one.theirs);
      else {
        this.item(one.value);
        if (one.inner !== undefined) this.all(one.inner);
      }
    }
  }

  private item(item: Item): void {
    if (item.kind === "row") this.row(item);
    else this.add(linesOf(item), item.blank);
    if (item.kind === "format") this.format = item;
    else if (item.kind !== "row" && item.kind !== "comment") this.format = undefined;
  }

  private row(row: Row): void {
    this.ensureFormat(row);
    this.add(this.rowLines(row), row.blank);
  }

  /** Rows with other columns than those above take a FORMAT line of their own. */
  private ensureFormat(row: Row): void {
    const columns = [...row.cells.keys()];
    const { format } = this;
    if (format !== undefined && sameNames([...format.columns].sort(byKey), columns.sort(byKey))) return;
    const longHeader = format?.longHeader ?? false;
    const own: Format = {
      kind: "format",
      table: row.table,
      columns: [...row.cells.keys()],
      longHeader,
      behind: undefined,
      written: [],
      blank: false,
    };
    this.add(linesOf(own));
    this.format = own;
  }

  /** As it was written, if the columns above are still the same; else with its cells under them. */
  private rowLines(row: Row): readonly string[] {
    const columns = this.format?.columns ?? [];
    if (row.written.length > 0 && sameNames([...row.cells.keys()], columns)) return row.written;
    const cells = new NameMap(row.cells);
    const ordered = columns.map((column): [string, Written] => [
      column,
      cells.get(column) ?? { text: "", raw: "" },
    ]);
    return [lineOf({ ...row, cells: new Map(ordered) })];
  }

  private both(ours: Piece<Item> | undefined, theirs: Piece<Item> | undefined): void {
    this.conflict(this.side(ours), this.side(theirs));
  }

  private side(piece: Piece<Item> | undefined): readonly string[] {
    if (piece === undefined) return [];
    const own = piece.value.kind === "row" ? this.rowLines(piece.value) : linesOf(piece.value);
    return [...own, ...(piece.inner ?? []).flatMap(({ value }) => linesOf(value))];
  }
}

function byKey(a: string, b: string): number {
  return nameKey(a) < nameKey(b) ? -1 : 1;
}

function linesOf(item: Item): readonly string[] {
  return item.written.length > 0 ? item.written : [lineOf(item)];
}

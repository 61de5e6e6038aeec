/** A piece of a file, found by its key among those beside it. */
export interface Piece<T> {
  /** Unique in its list. */
  key: string;
  value: T;
  /** What stands in it, if it is a block. */
  inner?: Piece<T>[];
  /** Whether it only speaks to readers: it never stands in the way of a deletion. */
  comment?: boolean;
}

/** What became of a piece: one of its sides or a mixture of both; or both, for a person to choose. */
export type Merged<T> =
  | { kind: "kept"; value: T; inner?: Merged<T>[] }
  | { kind: "conflict"; ours: Piece<T> | undefined; theirs: Piece<T> | undefined };

export interface Rules<T> {
  /** Whether two pieces of one key say the same. */
  same(a: T, b: T): boolean;
  /** Two sides of a piece that is no block and that both changed: one that has both changes, or none. */
  mix(base: T | undefined, ours: T, theirs: T): { value: T } | { ours: T; theirs: T };
  /** The table and the index of a row, so that rows which both sides added come in order. */
  row(value: T): { table: string; index: number } | undefined;
}

interface Trio<T> {
  base: readonly Piece<T>[];
  ours: readonly Piece<T>[];
  theirs: readonly Piece<T>[];
}

/**
 * Merges what two sides made of one list, piece by piece. It keeps the order of ours; what only theirs has comes behind
 * what it stands behind there.
 */
export function mergePieces<T>({ base, ours, theirs }: Trio<T>, rules: Rules<T>): Merged<T>[] {
  const [o, a, b] = [base, ours, theirs].map((pieces) => new Map(pieces.map((piece) => [piece.key, piece])));
  return interleave(ours, theirs, rules).flatMap((key) => {
    const merged = mergePiece(o?.get(key), a?.get(key), b?.get(key), rules);
    return merged === undefined ? [] : [merged];
  });
}

function mergePiece<T>(
  base: Piece<T> | undefined,
  ours: Piece<T> | undefined,
  theirs: Piece<T> | undefined,
  rules: Rules<T>,
): Merged<T> | undefined {
  if (ours !== undefined && theirs !== undefined) return mergeBoth(base, ours, theirs, rules);
  const left = ours ?? theirs;
  if (left === undefined) return undefined;
  if (base === undefined) return whole(left);
  if (left.comment || sameWhole(base, left, rules)) return undefined;
  return { kind: "conflict", ours, theirs };
}

function mergeBoth<T>(
  base: Piece<T> | undefined,
  ours: Piece<T>,
  theirs: Piece<T>,
  rules: Rules<T>,
): Merged<T> {
  if (ours.inner !== undefined && theirs.inner !== undefined) {
    const inner = { base: base?.inner ?? [], ours: ours.inner, theirs: theirs.inner };
    return { kind: "kept", value: ours.value, inner: mergePieces(inner, rules) };
  }
  if (rules.same(ours.value, theirs.value)) return { kind: "kept", value: ours.value };
  if (base !== undefined && rules.same(base.value, ours.value)) return { kind: "kept", value: theirs.value };
  if (base !== undefined && rules.same(base.value, theirs.value)) return { kind: "kept", value: ours.value };
  const mixed = rules.mix(base?.value, ours.value, theirs.value);
  if ("value" in mixed) return { kind: "kept", value: mixed.value };
  return {
    kind: "conflict",
    ours: { ...ours, value: mixed.ours },
    theirs: { ...theirs, value: mixed.theirs },
  };
}

function whole<T>({ value, inner }: Piece<T>): Merged<T> {
  return inner === undefined ? { kind: "kept", value } : { kind: "kept", value, inner: inner.map(whole) };
}

function sameWhole<T>(a: Piece<T>, b: Piece<T>, rules: Rules<T>): boolean {
  if (!rules.same(a.value, b.value)) return false;
  const [left, right] = [a, b].map(({ inner = [] }) => inner.filter(({ comment }) => !comment));
  if (left === undefined || right === undefined || left.length !== right.length) return false;
  const others = new Map(right.map((piece) => [piece.key, piece]));
  return left.every((piece) => {
    const other = others.get(piece.key);
    return other !== undefined && sameWhole(piece, other, rules);
  });
}

/** The keys of both sides: those of ours in their order, each of theirs alone behind the one that it follows there. */
function interleave<T>(ours: readonly Piece<T>[], theirs: readonly Piece<T>[], rules: Rules<T>): string[] {
  const own = new Set(ours.map(({ key }) => key));
  const both = new Set(theirs.map(({ key }) => key).filter((key) => own.has(key)));
  const behind = new Map<string | undefined, Piece<T>[]>();
  let anchor: string | undefined;
  for (const piece of theirs) {
    if (both.has(piece.key)) anchor = piece.key;
    else behind.set(anchor, [...(behind.get(anchor) ?? []), piece]);
  }
  const keys: string[] = [];
  let run: Piece<T>[] = [];
  let above: string | undefined;
  const flush = () => {
    keys.push(...sideBySide(run, behind.get(above) ?? [], rules).map(({ key }) => key));
    run = [];
  };
  for (const piece of ours) {
    if (!both.has(piece.key)) {
      run.push(piece);
      continue;
    }
    flush();
    keys.push(piece.key);
    above = piece.key;
  }
  flush();
  return keys;
}

/** What both sides have at one place: rows of one table in the order of their indexes, else ours first. */
function sideBySide<T>(ours: readonly Piece<T>[], theirs: readonly Piece<T>[], rules: Rules<T>): Piece<T>[] {
  const found =
    ours.length > 0 && theirs.length > 0 ? [rowsOf(ours, rules), rowsOf(theirs, rules)].flat() : [];
  const [first] = found;
  if (first === undefined || found.some((one) => one?.table !== first.table)) return [...ours, ...theirs];
  return found
    .filter((one) => one !== undefined)
    .sort((a, b) => a.index - b.index)
    .flatMap(({ pieces }) => pieces);
}

/** Rows, each with the comments above it; undefined among them stands for anything else. */
function rowsOf<T>(
  pieces: readonly Piece<T>[],
  rules: Rules<T>,
): ({ table: string; index: number; pieces: Piece<T>[] } | undefined)[] {
  let comments: Piece<T>[] = [];
  const found = pieces.flatMap((piece) => {
    if (piece.comment) {
      comments.push(piece);
      return [];
    }
    const row = rules.row(piece.value);
    const own = [...comments, piece];
    comments = [];
    return [row && { ...row, pieces: own }];
  });
  return comments.length > 0 ? [undefined] : found;
}

/** Pieces with keys that are unique: of those with one name, the first keeps it. */
export function numbered<T>(pieces: readonly Piece<T>[]): Piece<T>[] {
  const seen = new Map<string, number>();
  return pieces.map((piece) => {
    const count = (seen.get(piece.key) ?? 0) + 1;
    seen.set(piece.key, count);
    return count === 1 ? piece : { ...piece, key: `${piece.key}\n${count}` };
  });
}

import { isMap, isScalar, isSeq, type LineCounter, type Node, type ParsedNode, type Scalar } from "yaml";

export type Path = readonly (string | number)[];

/** Where in the text something stands, of which only the keys that lead to it are known. */
export class Places {
  readonly #root: ParsedNode | null;
  readonly #lines: LineCounter;
  constructor(root: ParsedNode | null, lines: LineCounter) {
    this.#root = root;
    this.#lines = lines;
  }

  /** The place of a key, and of its value if `value` is set; of the nearest above it if it is not there. */
  of(path: Path, value = false): { line: number; column: number } {
    let node: unknown = this.#root;
    let offset = startOf(this.#root) ?? 0;
    for (const [depth, key] of path.entries()) {
      const found = entryOf(node, key);
      if (found === undefined) break;
      node = found.value;
      const last = depth === path.length - 1;
      offset = (last && value ? (startOf(node) ?? startOf(found.key)) : startOf(found.key)) ?? offset;
    }
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function entryOf(node: unknown, key: string | number): { key: unknown; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(
      (each) => isScalar(each.key) && String((each.key as Scalar).value) === String(key),
    );
    return pair === undefined ? undefined : { key: pair.key, value: pair.value };
  }
  if (!isSeq(node)) return undefined;
  const item = node.items[Number(key)];
  return item === undefined ? undefined : { key: item, value: item };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

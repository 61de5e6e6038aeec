import { isWord, type Line, lineText, scanLines } from "../../cli/lines";
import { parseScript } from "../../cli/parse";
import type { CliNode } from "../../cli/tree";

/** A line of a script with its place in it: a command, or a comment. */
export interface PlacedLine {
  /** From 1. */
  number: number;
  /** With one blank between its words. */
  text: string;
  comment: boolean;
  /** How many modes and rows it stands in. */
  depth: number;
  /** Whether a blank line stands above it. */
  blank: boolean;
  /** As it stands. */
  written: string;
  /** What it says or opens; undefined for a comment, `activate` and `exit`. */
  node: CliNode | undefined;
}

export interface CliFile {
  lines: PlacedLine[];
  /** The line end of its first line. */
  eol: string;
}

/**
 * Reads a CLI script that people keep, without losing a comment.
 *
 * @throws CliSyntaxError if it is no script, or can be read in two ways
 */
export function readCliFile(text: string): CliFile {
  const { nodes } = parseScript(text);
  const scanned = new Map(scanLines(text).map((line) => [line.number, line]));
  const { placed, blocks } = placesOf(nodes);
  const lines: PlacedLine[] = [];
  const open: Block[] = [];
  let next = 0;
  let blank = false;
  splitLines(text).forEach((written, at) => {
    const number = at + 1;
    const line = scanned.get(number);
    const body = written.trim();
    if (body === "") {
      blank = true;
      return;
    }
    for (let block = blocks[next]; block !== undefined && block.from <= number; block = blocks[++next])
      open.push(block);
    while ((open.at(-1)?.to ?? number) < number) open.pop();
    const own = placed.get(number);
    lines.push({
      number,
      text: line === undefined ? body : commandText(line, own?.node),
      comment: line === undefined,
      depth: own?.depth ?? (line === undefined ? 0 : endDepth(line, open.at(-1))),
      blank,
      written,
      node: own?.node,
    });
    blank = false;
  });
  return {
    lines: withCommentDepths(lines),
    eol: firstLineEnd(text),
  };
}

interface Block {
  from: number;
  to: number;
  depth: number;
}

interface Placed {
  node: CliNode;
  depth: number;
}

/** What each line says and how deep it stands, and what opens where, in the order of the text. */
function placesOf(nodes: readonly CliNode[]): { placed: Map<number, Placed>; blocks: Block[] } {
  const placed = new Map<number, Placed>();
  const blocks: Block[] = [];
  const visit = (inside: readonly CliNode[], depth: number): void => {
    for (const node of inside) {
      if (node.kind !== "submode") {
        placed.set(node.line.number, { node, depth });
        continue;
      }
      const from = node.from.number;
      // One line can open a mode and a row of it.
      const own = placed.get(from) ?? { node, depth };
      placed.set(from, own);
      blocks.push({ from, to: node.to.number, depth: own.depth });
      visit(node.children, own.depth + 1);
    }
  };
  visit(nodes, 0);
  return { placed, blocks };
}

/** `activate` stands in what it applies to, `exit` below the line that opened it. */
function endDepth(line: Line, block: Block | undefined): number {
  if (block === undefined) return 0;
  return isWord(line, "exit") ? block.depth : block.depth + 1;
}

/** A line with one blank between its words; `configure` and its mode in full. */
function commandText(line: Line, node: CliNode | undefined): string {
  const text = lineText(line);
  if (node?.kind !== "submode" || node.name !== "configure") return text;
  const [, , ...inside] = text.split(" ");
  return ["configure", node.args[0] ?? "", ...inside].join(" ");
}

/** A comment stands as deep as what comes below it, at the end of a block as deep as what is in it. */
function withCommentDepths(lines: readonly PlacedLine[]): PlacedLine[] {
  let depth = 0;
  return lines
    .toReversed()
    .map((line) => {
      if (line.comment) return { ...line, depth };
      depth = line.text.toLowerCase() === "exit" ? line.depth + 1 : line.depth;
      return line;
    })
    .reverse();
}

/** The lines of a script as the parser counts them. */
function splitLines(text: string): string[] {
  return text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((piece) => {
      let end = piece.length;
      while (end > 0 && piece[end - 1] === "\r") end -= 1;
      return piece.slice(0, end).split("\r");
    });
}

/** CR CR LF, as a telnet session leaves it, is meant as CR LF. */
function firstLineEnd(text: string): string {
  const at = text.search(/[\r\n]/);
  if (at === -1 || text[at] === "\n") return "\n";
  return /^\r+\n/.test(text.slice(at)) ? "\r\n" : "\r";
}

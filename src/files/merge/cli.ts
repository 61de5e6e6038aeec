import { headerText } from "../../cli/canonical";
import type { CliNode } from "../../cli/tree";
import { type PlacedLine, readCliFile } from "../cli/lines";
import { type MergedFile, MergedText } from "./text";
import { type Merged, mergePieces, numbered, type Piece, type Rules } from "./three-way";

/**
 * Merges what two people made of one CLI script, by the address of its lines. The layout and the comments of ours stay,
 * with those that theirs has added. Where both changed one value, both lines stand between conflict markers.
 *
 * @throws CliSyntaxError if one of the files is no script
 */
export function mergeCli(base: string, ours: string, theirs: string, marker: number): MergedFile {
  const [o, a, b] = [base, ours, theirs].map((text) => readCliFile(text));
  if (o === undefined || a === undefined || b === undefined)
    throw new Error("internal error: three files were read");
  const lists = new Set([o, a, b].flatMap(({ lines }) => listsIn(lines)));
  const merged = mergePieces(
    {
      base: piecesOf(o.lines, lists),
      ours: piecesOf(a.lines, lists),
      theirs: piecesOf(b.lines, lists),
    },
    RULES,
  );
  const writer = new Writer(a.eol, marker);
  writer.all(merged);
  return writer.file;
}

interface Command {
  /** What it says, whatever it looks like. */
  text: string;
  written: string;
  blank: boolean;
  /** The `exit` of what it opens. */
  tail: string[];
  row: { table: string; index: number } | undefined;
}

const RULES: Rules<Command> = {
  same: (a, b) => a.text === b.text,
  mix: (_base, ours, theirs) => ({ ours, theirs }),
  row: ({ row }) => row,
};

interface Open {
  depth: number;
  path: string;
  piece: Piece<Command> & { inner: Piece<Command>[] };
}

/** Modes and rows are blocks. @param lists the settings that have several values, by {@link settingOf} */
function piecesOf(lines: readonly PlacedLine[], lists: ReadonlySet<string>): Piece<Command>[] {
  const pieces: Piece<Command>[] = [];
  const open: Open[] = [];
  for (const line of lines) {
    const isExit = isExitLine(line);
    while ((open.at(-1)?.depth ?? -1) >= line.depth + (isExit ? 1 : 0)) open.pop();
    const block = open.at(-1);
    if (isExit && block?.depth === line.depth) {
      block.piece.value.tail.push(line.written);
      continue;
    }
    const beside = block?.piece.inner ?? pieces;
    const last = beside.at(-1);
    // The second `exit` of a line that opened a mode and a row of it.
    if (isExit && last?.inner !== undefined) {
      last.value.tail.push(line.written);
      continue;
    }
    const path = block?.path ?? "";
    const value: Command = {
      text: meaningOf(line),
      written: line.written,
      blank: line.blank,
      tail: [],
      row: rowOf(line.node),
    };
    const { node } = line;
    if (node?.kind === "submode") {
      const inner: Piece<Command>[] = [];
      const piece = { key: value.text, value, inner };
      beside.push(piece);
      open.push({ depth: line.depth, path: `${path}\n${value.text}`, piece });
    } else if (node?.kind === "field" && !lists.has(settingOf(path, node))) {
      beside.push({ key: `field ${settingName(node)}`, value });
    } else beside.push({ key: value.text, value, ...(line.comment && { comment: true }) });
  }
  return withNumbers(pieces);
}

function withNumbers(pieces: readonly Piece<Command>[]): Piece<Command>[] {
  return numbered(pieces).map((piece) =>
    piece.inner === undefined ? piece : { ...piece, inner: withNumbers(piece.inner) },
  );
}

/** The settings that one place of a script gives more than once: all their values count. */
function listsIn(lines: readonly PlacedLine[]): string[] {
  const seen = new Set<string>();
  const lists: string[] = [];
  const path: string[] = [];
  for (const line of lines) {
    const { node, depth } = line;
    if (node === undefined || isExitLine(line)) continue;
    path.length = Math.min(path.length, depth);
    if (node.kind === "submode") path[depth] = meaningOf(line);
    if (node.kind !== "field") continue;
    const setting = settingOf(path.map((text) => `\n${text}`).join(""), node);
    if (seen.has(setting)) lists.push(setting);
    seen.add(setting);
  }
  return lists;
}

type Field = Extract<CliNode, { kind: "field" }>;

/** `no proxy-set 3` is about the row, `no proxy-name` about the setting. */
function settingName({ name, args, negated }: Field): string {
  return negated && args.length > 0 ? headerText(name, args) : name;
}

function settingOf(path: string, field: Field): string {
  return `${path}\n${settingName(field)}`;
}

function meaningOf({ node, text }: PlacedLine): string {
  if (node?.kind === "submode" && !text.toLowerCase().startsWith("configure"))
    return headerText(node.name, node.args);
  if (node?.kind === "field") return `${node.negated ? "no " : ""}${headerText(node.name, node.args)}`;
  return text;
}

function rowOf(node: CliNode | undefined): Command["row"] {
  if (node?.kind !== "submode" || !node.row) return undefined;
  const last = node.args.at(-1) ?? "";
  if (!/^[0-9]+$/.test(last)) return undefined;
  return { table: headerText(node.name, node.args.slice(0, -1)), index: Number(last) };
}

function isExitLine({ node, comment, text }: PlacedLine): boolean {
  return node === undefined && !comment && text.toLowerCase() === "exit";
}

class Writer extends MergedText {
  all(merged: readonly Merged<Command>[]): void {
    for (const one of merged) {
      if (one.kind === "conflict") this.conflict(side(one.ours), side(one.theirs));
      else {
        this.add([one.value.written], one.value.blank);
        if (one.inner !== undefined) this.all(one.inner);
        this.add(one.value.tail);
      }
    }
  }
}

function side(piece: Piece<Command> | undefined): string[] {
  if (piece === undefined) return [];
  return [piece.value.written, ...(piece.inner ?? []).flatMap(side), ...piece.value.tail];
}

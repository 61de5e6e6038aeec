import type { Inventory } from "../text/inventory";
import { isLastLineEnded, lineCount } from "../text/last-line";
import { isWord, type Line, lineText, scanLines, startsWith } from "./lines";
import { parseExport } from "./parse";
import type { CliNode } from "./tree";

/** An export that can be believed, with the names that it shows; or what shows that it is not a whole one. */
export type CliVerdict = { inventory: Inventory; fault?: undefined } | { fault: string };

/**
 * Judges whether a text is the whole running script of a device (LTRT-41760 section 6.2.1), and not a part of one or
 * something else: each line is ended, each `configure` mode ends with its `exit`, and nothing stands outside of the
 * modes. Scripts that people write need none of this.
 *
 * A script that is cut between two modes looks whole: only another read can tell.
 */
export function judgeScript(text: string): CliVerdict {
  const scanned = scanLines(text);
  const lines = scanned.filter((line) => !NOISE.test(lineText(line)));
  const complaint = lines.find((line) => lineText(line).startsWith("%"));
  if (complaint !== undefined) {
    return { fault: `line ${complaint.number}: an error message stands in the place of configuration` };
  }
  const modes = modesOf(lines);
  const foreign = foreignLine(lines, modes);
  if (foreign !== undefined) {
    return { fault: `line ${foreign.number}: text that is no part of a script stands outside of every mode` };
  }
  if (modes.length === 0) return { fault: "it has no line `configure …`" };
  const { tree, unclosed } = parseExport(scanned);
  const open = unendedMode(modes, unclosed);
  if (open !== undefined) return { fault: `line ${open.number}: the mode that opens here has no \`exit\`` };
  if (!isLastLineEnded(text)) return { fault: `line ${lineCount(text)}: the last line has no line end` };
  const inventory = new Set<string>();
  collect(tree.nodes, "", inventory);
  return inventory.size === 0 ? { fault: "it shows no configuration" } : { inventory };
}

/** Old firmware appends the request line of its own web page to downloads. */
const NOISE = /^GET \/\S+$/;

/** A `configure` line and all lines up to the next one. */
interface Mode {
  from: Line;
  lines: Line[];
  /** Whether its lines stand deeper than its first one, which its `exit` then does not. */
  indented: boolean;
}

function modesOf(lines: readonly Line[]): Mode[] {
  const modes: Mode[] = [];
  for (const line of lines) {
    const mode = modes.at(-1);
    if (startsWith(line, "configure")) modes.push({ from: line, lines: [], indented: false });
    else if (mode !== undefined) {
      mode.lines.push(line);
      mode.indented ||= line.indent > mode.from.indent;
    }
  }
  return modes;
}

/** The first line before all modes, or behind the end of an indented one. */
function foreignLine(lines: readonly Line[], modes: readonly Mode[]): Line | undefined {
  const [first] = lines;
  if (first !== undefined && first !== modes[0]?.from) return first;
  for (const { from, lines: inside, indented } of modes) {
    if (!indented) continue;
    const end = inside.findIndex((line) => isWord(line, "exit") && line.indent <= from.indent);
    const behind = end === -1 ? undefined : inside[end + 1];
    if (behind !== undefined) return behind;
  }
  return undefined;
}

/**
 * The first mode without an end. If a device prints the `exit` of a mode under its `configure`, as all known ones do,
 * no other `exit` ends it; else the `exit`s are counted.
 */
function unendedMode(modes: readonly Mode[], unclosed: Line | undefined): Line | undefined {
  const ends = ({ from, lines }: Mode): boolean => {
    const last = lines.at(-1);
    return last !== undefined && isWord(last, "exit") && last.indent <= from.indent;
  };
  if (!modes.some((mode) => mode.indented && ends(mode))) return unclosed;
  return modes.find((mode) => !ends(mode))?.from;
}

/** Fields of one name are a list: each counts. */
function collect(nodes: readonly CliNode[], path: string, names: Set<string>): void {
  const count = new Map<string, number>();
  for (const node of nodes) {
    if (node.kind !== "submode" && node.kind !== "field") continue;
    const key = node.kind === "submode" ? [node.name, ...node.args].join(" ") : node.name;
    const place = path === "" ? key : `${path} / ${key}`;
    const nth = (count.get(key) ?? 0) + 1;
    count.set(key, nth);
    names.add(nth === 1 || node.kind === "submode" ? place : `${place} (${nth})`);
    if (node.kind === "submode") collect(node.children, place, names);
  }
}

import { CliSyntaxError } from "./errors";
import {
  type Ahead,
  beginsQuoted,
  endsQuoted,
  faultOf,
  isQuery,
  isWord,
  type Line,
  lineText,
  lookAhead,
  type Meter,
  scanLines,
  wordsOf,
} from "./lines";
import {
  type Identity,
  identify,
  identityOf,
  isIndex,
  type KnownHeader,
  knownHeader,
  MODES,
  mayBeHeader,
} from "./names";
import { commandOf, mayBeCommand } from "./refused";
import type { CliNode, CliTree, Field, SubMode } from "./tree";

export interface ParseOptions {
  /** For what a device exports: nothing is refused, and what stands outside of every mode is passed over. */
  tolerant?: boolean;
  /** For tests: counts the steps taken. */
  meter?: Meter;
}

/**
 * Reads a CLI script (LTRT-41760 section 6.2) into its modes: indented or flat, with or without `activate`, `exit`
 * and a last line end. A script is written for a device that ignores indentation and knows all its commands; we
 * do not, so a line opens a row or a sub-mode
 *
 * 1. when it is `configure <mode>`, in full or shortened, alone or with a row or a sub-mode of the mode that
 *    `names.ts` knows,
 * 2. when the next line is indented deeper,
 * 3. when `names.ts` knows it, in its mode or in the row around it; inside a flat row that is still open, a known
 *    row of the mode begins the next one only if it cannot be a field: after `activate`, or with the name of
 *    the open row, or with a name of several words,
 * 4. when a flat text goes on to an `activate`, or an `exit` that is not the mode's own, with nothing else that
 *    they could belong to: the first line since the mode or the last `exit` that reads as a header (one word, or a
 *    bare index at its end), if it is the only such line or the row after it opens with the same words.
 *
 * Everything else is a field; `set` before its name is kept, and is no part of the name. `exit` closes what was opened last, as on the device; a line that is indented no
 * deeper than an indented row closes the row, and `configure` closes everything.
 *
 * @throws {CliSyntaxError} if a user's text is not a script or can be read in two ways; never when tolerant.
 */
export function parseScript(text: string, options: ParseOptions = {}): CliTree {
  const meter = options.meter ?? { steps: 0 };
  return new Builder(scanLines(text, meter), options.tolerant === true, meter).build();
}

/** The lines of a device's export, and the line that opened the first mode which no `exit` ends. */
export function parseExport(lines: readonly Line[]): { tree: CliTree; unclosed: Line | undefined } {
  const builder = new Builder(lines, true, { steps: 0 });
  const tree = builder.build();
  return { tree, unclosed: builder.unclosed };
}

/** A sub-mode that is open at the line being read. */
interface Frame {
  node: SubMode;
  known: KnownHeader | undefined;
  /** Whether its lines stand deeper than its header; unknown before the first. */
  indented: boolean | undefined;
  /** Whether `activate` came after its last field. */
  activated: boolean;
}

/** What is known of a word that lines begin with. */
interface FirstWord {
  /** In lower case. */
  name: string;
  /** Whether it enters a mode. */
  configures: boolean;
  mayBeCommand: boolean;
  mayBeHeader: boolean;
}

const CONFIGURE = /^conf(?:i(?:g(?:u(?:re?)?)?)?)?$/;

/** The device has four levels; a text with more is no script, and reading it must not exhaust the stack. */
const DEEPEST = 8;

class Builder {
  readonly #tree: CliTree = { nodes: [] };
  readonly #open: Frame[] = [];
  /** Fields that stand in the mode itself since it or its last row ended, by their place among its children. */
  #run: number[] = [];
  /** Header words that rule 4 has found in this text. */
  readonly #learned = new Set<string>();
  /** Hardly a script needs it. */
  #ahead: Ahead | undefined;
  /** Those of the line that is being read. */
  readonly #words: string[] = [];
  /** What is known of the words that lines begin with, by the words as they are written: there are few of them. */
  readonly #firstWords = new Map<string, FirstWord>();
  /** The `exit` that ended the last mode. */
  #closedBy: Line | undefined;
  /** The line that opened the first mode which no `exit` ends. */
  unclosed: Line | undefined;

  constructor(
    readonly lines: readonly Line[],
    readonly tolerant: boolean,
    readonly meter: Meter,
  ) {}

  build(): CliTree {
    this.lines.forEach((line, i) => {
      this.meter.steps += 1;
      this.#line(line, i);
    });
    this.#closeAll();
    return this.#tree;
  }

  #line(line: Line, i: number): void {
    if (!this.tolerant) this.#check(line);
    const words = wordsOf(line, this.#words);
    const quoted = beginsQuoted(line);
    const first = this.#firstWord(words[0] ?? "");
    const command = first.mayBeCommand ? commandOf(line, this.#open.length > 0) : undefined;
    if (first.configures && !quoted) this.#configure(line, words);
    else if (words.length === 1 && first.name === "exit" && !quoted) this.#exit(line, i);
    else if (words.length === 1 && first.name === "activate" && !quoted) this.#activate(line, i);
    else if (isQuery(line, words) || (this.#open.length > 1 && isWord(line, "display")))
      this.#add({ kind: "query", text: lineText(line), line });
    else if (command !== undefined) this.#add({ kind: "command", name: command, line });
    else if (this.#open.length === 0) this.#outside(line);
    else this.#configuration(line, i, words, first);
  }

  #check(line: Line): void {
    const fault = faultOf(line);
    if (fault !== undefined) this.#refuse(fault.message, line, fault.column);
    if (beginsQuoted(line)) this.#refuse("a line begins with the name of a command", line);
  }

  #firstWord(word: string): FirstWord {
    let known = this.#firstWords.get(word);
    if (known !== undefined) return known;
    const name = word.toLowerCase();
    known = {
      name,
      // People abbreviate it (`config`, `conf`); a device does not.
      configures: this.tolerant ? name === "configure" : CONFIGURE.test(name),
      mayBeCommand: mayBeCommand(name),
      mayBeHeader: mayBeHeader(name),
    };
    this.#firstWords.set(word, known);
    return known;
  }

  #isConfigure(line: Line): boolean {
    const [first = ""] = wordsOf(line);
    return !beginsQuoted(line) && this.#firstWord(first).configures;
  }

  #configure(line: Line, [, written = "", ...inside]: readonly string[]): void {
    const mode = this.#modeCalled(written.toLowerCase());
    if (mode === undefined) this.#refuse(`\`configure\` takes one of ${MODES.join(", ")}, in full`, line);
    this.#closeAll();
    if (mode === undefined) return;
    const known = knownHeader(mode, inside);
    if (inside.length > 0 && known === undefined)
      this.#refuse(
        `one command a line: \`configure ${mode}\` takes a line of its own, and so does each command in it`,
        line,
      );
    this.#enter(line, { name: "configure", args: [mode], row: false }, undefined);
    if (known !== undefined) this.#enter(line, identify(mode, inside), known);
  }

  /** The mode that a word means: its name, or three letters and more of its beginning. */
  #modeCalled(word: string): string | undefined {
    const isMeant = (mode: string) =>
      mode === word || (!this.tolerant && word.length > 2 && mode.startsWith(word));
    return MODES.find(isMeant);
  }

  #configuration(line: Line, i: number, words: readonly string[], first: FirstWord): void {
    this.#dedent(line);
    if (first.name === "no" && !beginsQuoted(line)) {
      this.#negation(line, words.slice(1));
      return;
    }
    const known = first.mayBeHeader ? knownHeader(this.#mode(), words) : undefined;
    if (this.#isHeader(line, i, words, known)) {
      this.#enter(line, identityOf(known, words), known);
      return;
    }
    if (first.name === "set" && words.length > 1) {
      const [, name = "", ...args] = words;
      this.#field({ kind: "field", name: name.toLowerCase(), args, negated: false, set: true, line });
      return;
    }
    this.#field({ kind: "field", name: first.name, args: words.slice(1), negated: false, line });
  }

  #negation(line: Line, words: readonly string[]): void {
    if (words.length === 0) {
      this.#refuse("`no` needs the name of what to remove", line);
      return;
    }
    const set = words.length > 1 && words[0]?.toLowerCase() === "set";
    // What `no` takes away may be a row, which is compared under the name that its header has.
    const { name, args } = identify(this.#mode(), set ? words.slice(1) : words);
    this.#field({ kind: "field", name, args, negated: true, ...(set && { set }), line });
  }

  #field(field: Field): void {
    const top = this.#open[this.#open.length - 1];
    if (top === undefined) return;
    if (this.#open.length === 1) this.#run.push(top.node.children.length);
    this.#add(field);
    top.activated = false;
  }

  /** Whether the line opens something, by rules 2 and 3; closes the flat rows that it does not stand in. */
  #isHeader(line: Line, i: number, words: readonly string[], known: KnownHeader | undefined): boolean {
    const top = this.#open[this.#open.length - 1];
    if (top === undefined || this.#open.length >= DEEPEST) return false;
    const learned = this.#learned.size > 0 && this.#learned.has(headerKey(words));
    if (this.#goesDeeper(line, i, top)) return true;
    if (known !== undefined && top.known?.children.includes(known.name)) return true;
    if (this.#open.length === 1) return known !== undefined || learned;
    if (line.indent > top.node.from.indent) return false;
    if (this.#repeats(top, words)) {
      this.#close();
      return true;
    }
    if (known === undefined && !learned) return false;
    if (words.length === 2 && !top.activated)
      this.#refuse(
        `\`${words[0]}\` may be a field of the row above or begin the next row: end that row with \`exit\`, or indent`,
        line,
      );
    const parent = this.#open.findLastIndex((frame) => frame.known?.children.includes(known?.name ?? ""));
    while (this.#open.length > Math.max(parent, 0) + 1) this.#close();
    return true;
  }

  /** Whether the next line is indented below this one. */
  #goesDeeper(line: Line, i: number, top: Frame): boolean {
    const next = this.lines[i + 1];
    if (next === undefined || next.indent <= line.indent) return false;
    // In flat text an `activate` may stand deeper than the fields that it applies.
    return line.indent > top.node.from.indent || !(isWord(next, "activate") || isWord(next, "exit"));
  }

  /** Whether the words are those of the open row, with another key. */
  #repeats(frame: Frame, words: readonly string[]): boolean {
    const { name, args, row } = identify(this.#mode(), words);
    return row && name === frame.node.name && args.length === frame.node.args.length;
  }

  #activate(line: Line, i: number): void {
    if (this.#run.length > 0 && !this.#openRun(line, i))
      this.#refuse("no line above opens the row that this `activate` ends: indent its lines", line);
    const top = this.#open[this.#open.length - 1];
    if (top === undefined || this.#open.length === 1) return;
    top.activated = true;
    this.#touch(line);
  }

  #exit(line: Line, i: number): void {
    if (this.#run.length > 0) {
      // After the mode's own `exit` there is nothing more of the mode.
      const { next: followers, exits } = this.#whatComes();
      const next = followers[i];
      const goesOn = next !== undefined && !this.#isConfigure(next) && !isQuery(next);
      if ((goesOn && commandOf(next, false) === undefined) || (exits[i] ?? 0) > 1) this.#openRun(line, i);
    }
    if (this.#open.length === 1) this.#closedBy = line;
    this.#touch(line);
    this.#close();
  }

  /** Rule 4: finds the header among the fields of the run and opens it around those that follow. */
  #openRun(end: Line, i: number): boolean {
    const mode = this.#open[0] as Frame;
    this.meter.steps += this.#run.length;
    const candidates = this.#run.flatMap((at) => {
      const field = mode.node.children[at];
      return field?.kind === "field" && readsAsHeader(field) ? [{ at, line: field.line }] : [];
    });
    this.#run = [];
    const [first] = candidates;
    if (first === undefined) return false;
    const words = wordsOf(first.line);
    const next = this.#whatComes().next[i];
    const again = words.length > 1 && next !== undefined && headerKey(wordsOf(next)) === headerKey(words);
    if (candidates.length > 1 && !again)
      this.#refuse(
        `this line may end more than one of the lines above (the first is line ${first.line.number}): indent the lines that belong together`,
        end,
      );
    this.#learned.add(headerKey(words));
    const [, ...inside] = mode.node.children.splice(first.at);
    this.meter.steps += inside.length;
    this.#enter(first.line, identify(this.#mode(), words), undefined, inside);
    return true;
  }

  #whatComes(): Ahead {
    this.#ahead ??= lookAhead(this.lines);
    return this.#ahead;
  }

  #enter(from: Line, identity: Identity, known: KnownHeader | undefined, children: CliNode[] = []): void {
    const node: SubMode = { kind: "submode", ...identity, children, from, to: from };
    this.#add(node);
    this.#open.push({ node, known, indented: undefined, activated: false });
    this.#run = [];
  }

  #add(node: CliNode): void {
    const top = this.#open[this.#open.length - 1];
    this.#touch(node.kind === "submode" ? node.from : node.line);
    (top?.node.children ?? this.#tree.nodes).push(node);
  }

  #touch(line: Line): void {
    const top = this.#open[this.#open.length - 1];
    if (top === undefined) return;
    top.indented ??= line.indent > top.node.from.indent;
    top.node.to = line;
  }

  #close(): void {
    const closed = this.#open.pop();
    if (closed === undefined) return;
    // A copy has no room for more, and there are as many of these as rows.
    closed.node.children = closed.node.children.slice();
    const top = this.#open[this.#open.length - 1];
    if (top !== undefined) top.node.to = closed.node.to;
    this.#run = [];
  }

  #closeAll(): void {
    this.unclosed ??= this.#open[0]?.node.from;
    while (this.#open.length > 0) this.#close();
  }

  /** Closes the rows that an indentation no deeper than their header ends. */
  #dedent(line: Line): void {
    for (;;) {
      const top = this.#open[this.#open.length - 1];
      if (top === undefined || this.#open.length === 1) return;
      const { indent } = top.node.from;
      if (line.indent > indent || (line.indent === indent && top.indented !== true)) return;
      this.meter.steps += 1;
      this.#close();
    }
  }

  #mode(): string {
    return this.#open[0]?.node.args[0] ?? "";
  }

  #outside(line: Line): void {
    const why =
      this.#closedBy === undefined
        ? "begin with `configure <mode>`"
        : `the \`exit\` of line ${this.#closedBy.number} ended the mode; indent the lines of rows and sub-modes, or enter the mode again`;
    this.#refuse(`this line stands outside of every mode: ${why}`, line);
  }

  #refuse(message: string, line: Line, column = line.column): void {
    if (!this.tolerant) throw new CliSyntaxError(message, { line: line.number, column });
  }
}

function readsAsHeader(field: Field): boolean {
  const words = wordsOf(field.line);
  const last = words[words.length - 1];
  // Devices and people write an index bare and a value of digits in quotes.
  return (
    !field.negated &&
    !field.set &&
    (words.length === 1 || (last !== undefined && !endsQuoted(field.line, words) && isIndex(last)))
  );
}

/** What two rows of one table have in common: their words, but not the index. */
function headerKey(words: readonly string[]): string {
  const index = isIndex(words[words.length - 1] ?? "");
  return (index ? [...words.slice(0, -1), ""] : words).join(" ").toLowerCase();
}

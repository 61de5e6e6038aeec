/** One word of a line. */
export interface Word {
  /** Without its quotes. */
  text: string;
  quoted: boolean;
  /** Where it begins in the whole text, its quote included. */
  start: number;
}

/** A line that says something: neither blank nor a comment. */
export interface Line {
  /** From 1. */
  number: number;
  /** Of its first word, from 1. */
  column: number;
  /** Where its first word begins in the whole text. */
  start: number;
  /** Where its last word ends in the whole text. */
  end: number;
  /** Columns of blanks before the first word; a tab reaches the next multiple of 8. */
  indent: number;
  words: Word[];
  /** A quote that the device would not read as it was meant. */
  fault?: { message: string; column: number };
}

/** Counts the steps that reading takes, so that tests see linear time without a clock. */
export interface Meter {
  steps: number;
}

const COMMENT = "#!;";
const TAB_WIDTH = 8;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * The lines of a script, in every form of line end that devices and terminals give: LF, CRLF, CR, and the
 * CR CR LF of a telnet session. Never throws.
 */
export function scanLines(text: string, meter: Meter = { steps: 0 }): Line[] {
  const lines: Line[] = [];
  let number = 0;
  let offset = text.startsWith("\uFEFF") ? 1 : 0;
  for (const piece of text.slice(offset).split("\n")) {
    let end = piece.length;
    while (end > 0 && piece[end - 1] === "\r") end -= 1;
    let start = offset;
    const line = piece.slice(0, end);
    // Hardly a line has a lone CR.
    for (const content of line.includes("\r") ? line.split("\r") : [line]) {
      number += 1;
      meter.steps += content.length + 1;
      const scanned = scanLine(content, start, number);
      if (scanned !== undefined) lines.push(scanned);
      start += content.length + 1;
    }
    meter.steps += piece.length - end;
    offset += piece.length + 1;
  }
  return lines;
}

function scanLine(content: string, offset: number, number: number): Line | undefined {
  let at = 0;
  let indent = 0;
  for (; isBlankAt(content, at); at += 1)
    indent = content[at] === "\t" ? indent + TAB_WIDTH - (indent % TAB_WIDTH) : indent + 1;
  const first = content[at];
  if (first === undefined || COMMENT.includes(first)) return undefined;
  const line: Line = { number, column: at + 1, start: offset + at, end: offset + at, indent, words: [] };
  while (at < content.length) {
    const start = at;
    const quoted = content[at] === '"';
    const { text, end, fault } = quoted ? quotedWord(content, at) : bareWord(content, at);
    if (fault !== undefined) line.fault ??= { message: fault.message, column: fault.offset + 1 };
    line.words.push({ text, quoted, start: offset + start });
    line.end = offset + end;
    for (at = end; isBlankAt(content, at); ) at += 1;
  }
  return line;
}

interface Scanned {
  text: string;
  end: number;
  fault?: { message: string; offset: number };
}

function bareWord(content: string, start: number): Scanned {
  let end = start;
  while (end < content.length && !isBlankAt(content, end)) end += 1;
  const text = content.slice(start, end);
  const quote = text.indexOf('"');
  if (quote !== -1) return { text, end, fault: { message: "a quote inside a word", offset: start + quote } };
  const semicolon = text.indexOf(";");
  if (semicolon === -1) return { text, end };
  const message = "a ';' outside of quotes: a value takes quotes, a comment a line of its own";
  return { text, end, fault: { message, offset: start + semicolon } };
}

/**
 * The device knows no escape for a quote, yet its own export may print one inside a value: a quote closes only
 * where a blank or the line's end follows.
 */
function quotedWord(content: string, start: number): Scanned {
  let fault: Scanned["fault"];
  for (let next = content.indexOf('"', start + 1); next !== -1; next = content.indexOf('"', next + 1)) {
    if (next + 1 === content.length || isBlankAt(content, next + 1))
      return { text: content.slice(start + 1, next), end: next + 1, fault };
    fault ??= { message: "a quote inside a quoted value: the device knows no escape for it", offset: next };
  }
  fault ??= { message: "the quote that opens here is never closed", offset: start };
  return { text: content.slice(start + 1), end: content.length, fault };
}

/** Whether the line is this one word. */
export function isWord(line: Line, word: string): boolean {
  return line.words.length === 1 && startsWith(line, word);
}

/** Whether the line begins with this word, unquoted. */
export function startsWith(line: Line, word: string): boolean {
  const first = line.words[0];
  return first !== undefined && !first.quoted && isCalled(first.text, word);
}

/** Whether the line asks and changes nothing: `show …`, `do show …`, or a table's `… display`. */
export function isQuery(line: Line): boolean {
  const [, second] = line.words;
  const last = line.words[line.words.length - 1];
  if (startsWith(line, "show")) return true;
  if (startsWith(line, "do") && second !== undefined && isCalled(second.text, "show")) return true;
  return line.words.length > 1 && last?.quoted === false && isCalled(last.text, "display");
}

/** Whether a text is the word in any case. Most are not, which their length tells. */
function isCalled(text: string, word: string): boolean {
  return text.length === word.length && text.toLowerCase() === word;
}

/** What comes after each line, by its place among the lines. */
export interface Ahead {
  /** The next line that is neither `exit` nor `activate`. */
  next: (Line | undefined)[];
  /** How many `exit` in a row begin with the line. */
  exits: number[];
}

export function lookAhead(lines: readonly Line[]): Ahead {
  const next = new Array<Line | undefined>(lines.length);
  const exits = new Array<number>(lines.length + 1).fill(0);
  let follower: Line | undefined;
  for (let i = lines.length - 1; i >= 0; i -= 1) {
    const line = lines[i];
    if (line === undefined) continue;
    next[i] = follower;
    if (isWord(line, "exit")) exits[i] = (exits[i + 1] ?? 0) + 1;
    else if (!isWord(line, "activate")) follower = line;
  }
  return { next, exits };
}

/** The words of a line, without quotes. */
export function wordsOf(line: Line): string[] {
  return line.words.map((word) => word.text);
}

/** The line with one blank between its words. */
export function lineText(line: Line): string {
  return line.words.map((word) => (word.quoted ? `"${word.text}"` : word.text)).join(" ");
}

/** Behind the end of a text nothing is blank. */
function isBlankAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === SPACE || code === TAB;
}

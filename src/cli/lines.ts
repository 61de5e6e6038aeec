/** One word of a line. */
export interface Word {
  /** Without its quotes. */
  text: string;
  quoted: boolean;
  /** Where it begins in the whole text, its quote included. */
  start: number;
}

/**
 * A line that says something: neither blank nor a comment. There are as many of these as a script has lines, so they
 * hold no more than where they stand; `wordsOf` and `placesOf` read the words.
 */
export interface Line {
  /** The whole text. */
  text: string;
  /** From 1. */
  number: number;
  /** Of its first word, from 1. */
  column: number;
  /** Where its first word begins in the whole text. */
  start: number;
  /** Where it ends in the whole text, without the blanks behind it. */
  end: number;
  /** Columns of blanks before the first word; a tab reaches the next multiple of 8. */
  indent: number;
}

/** Counts the steps that reading takes, so that tests see linear time without a clock. */
export interface Meter {
  steps: number;
}

const TAB_WIDTH = 8;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;
const SEMICOLON = 0x3b;
const HASH = 0x23;
const EXCLAMATION = 0x21;

/**
 * The lines of a script, in every form of line end that devices and terminals give: LF, CRLF, CR, and the
 * CR CR LF of a telnet session. Never throws.
 */
export function scanLines(text: string, meter: Meter = { steps: 0 }): Line[] {
  const lines: Line[] = [];
  let number = 0;
  let lone = -1;
  for (let at = text.startsWith("\uFEFF") ? 1 : 0; at < text.length; ) {
    const end = placeOf("\n", text, at);
    let last = end;
    while (last > at && text.charCodeAt(last - 1) === CR) last -= 1;
    // Hardly a line has a lone CR.
    for (let start = at; start <= last; ) {
      if (lone < start) lone = placeOf("\r", text, start);
      const stop = Math.min(lone, last);
      number += 1;
      scanLine(text, start, stop, number, lines);
      start = stop + 1;
    }
    meter.steps += end + 1 - at;
    at = end + 1;
  }
  return lines;
}

/** Where a character comes next; the end of the text if it does not. */
function placeOf(character: string, text: string, from: number): number {
  const at = text.indexOf(character, from);
  return at === -1 ? text.length : at;
}

function scanLine(text: string, from: number, to: number, number: number, lines: Line[]): void {
  let start = from;
  let indent = 0;
  for (; start < to && isBlank(text.charCodeAt(start)); start += 1)
    indent = text.charCodeAt(start) === TAB ? indent + TAB_WIDTH - (indent % TAB_WIDTH) : indent + 1;
  if (start === to) return;
  const first = text.charCodeAt(start);
  if (first === HASH || first === EXCLAMATION || first === SEMICOLON) return;
  let end = to;
  while (isBlank(text.charCodeAt(end - 1))) end -= 1;
  lines.push({ text, number, column: start - from + 1, start, end, indent });
}

/**
 * The words of a line, without quotes.
 *
 * @param words the list to fill, for a caller that reads many lines and keeps none of their lists
 */
export function wordsOf({ text, start, end }: Line, words: string[] = []): string[] {
  words.length = 0;
  for (let at = start; at < end; ) {
    const quoted = text.charCodeAt(at) === QUOTE;
    const stop = quoted ? quotedEnd(text, at, end) : bareEnd(text, at, end);
    words.push(quoted ? unquoted(text, at, stop) : text.slice(at, stop));
    for (at = stop; isBlank(text.charCodeAt(at)); ) at += 1;
  }
  return words;
}

/** The words of a line with their places. */
export function placesOf({ text, start, end }: Line): Word[] {
  const words: Word[] = [];
  for (let at = start; at < end; ) {
    const quoted = text.charCodeAt(at) === QUOTE;
    const stop = quoted ? quotedEnd(text, at, end) : bareEnd(text, at, end);
    words.push({ text: quoted ? unquoted(text, at, stop) : text.slice(at, stop), quoted, start: at });
    for (at = stop; isBlank(text.charCodeAt(at)); ) at += 1;
  }
  return words;
}

/** What of a line a device would not read as it was meant. */
export interface LineFault {
  message: string;
  /** From 1. */
  column: number;
  /** A `;` outside of quotes. */
  semicolon?: true;
}

/** The first such place; undefined for a line without one. */
export function faultOf({ text, start, end, column }: Line): LineFault | undefined {
  for (let at = start; at < end; ) {
    const quoted = text.charCodeAt(at) === QUOTE;
    const stop = quoted ? quotedEnd(text, at, end) : bareEnd(text, at, end);
    const fault = quoted ? quotedFault(text, at, stop) : bareFault(text, at, stop);
    if (fault !== undefined) {
      const { offset, ...rest } = fault;
      return { ...rest, column: column + offset - start };
    }
    for (at = stop; isBlank(text.charCodeAt(at)); ) at += 1;
  }
  return undefined;
}

interface Fault extends Omit<LineFault, "column"> {
  offset: number;
}

function bareFault(text: string, start: number, stop: number): Fault | undefined {
  let semicolon = -1;
  for (let at = start; at < stop; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return { message: "a quote inside a word", offset: at };
    if (code === SEMICOLON && semicolon === -1) semicolon = at;
  }
  if (semicolon === -1) return undefined;
  const message = "a ';' outside of quotes: a value takes quotes, a comment a line of its own";
  return { message, offset: semicolon, semicolon: true };
}

function quotedFault(text: string, start: number, stop: number): Fault | undefined {
  const closed = stop - 1 > start && text.charCodeAt(stop - 1) === QUOTE;
  for (let at = start + 1; at < stop - 1; at += 1) {
    if (text.charCodeAt(at) !== QUOTE) continue;
    return { message: "a quote inside a quoted value: the device knows no escape for it", offset: at };
  }
  return closed ? undefined : { message: "the quote that opens here is never closed", offset: start };
}

function bareEnd(text: string, start: number, end: number): number {
  let at = start + 1;
  while (at < end && !isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

/**
 * The device knows no escape for a quote, yet its own export may print one inside a value: a quote closes only
 * where a blank or the line's end follows.
 */
function quotedEnd(text: string, start: number, end: number): number {
  for (let at = start + 1; at < end; at += 1) {
    if (text.charCodeAt(at) !== QUOTE) continue;
    if (isBlank(text.charCodeAt(at + 1))) return at + 1;
  }
  return end;
}

function unquoted(text: string, start: number, stop: number): string {
  const closed = stop - 1 > start && text.charCodeAt(stop - 1) === QUOTE;
  return text.slice(start + 1, closed ? stop - 1 : stop);
}

/** Whether the line is this one word, unquoted; `word` in lower case. */
export function isWord(line: Line, word: string): boolean {
  return line.end - line.start === word.length && startsWith(line, word);
}

/** Whether the line begins with this word, unquoted; `word` in lower case. */
export function startsWith({ text, start, end }: Line, word: string): boolean {
  const stop = start + word.length;
  if (stop < end && !isBlank(text.charCodeAt(stop))) return false;
  return text.slice(start, stop).toLowerCase() === word;
}

/** Whether the first word of a line has quotes. */
export function beginsQuoted({ text, start }: Line): boolean {
  return text.charCodeAt(start) === QUOTE;
}

/** Whether the last of a line's words has quotes. */
export function endsQuoted({ text, end }: Line, words: readonly string[]): boolean {
  const last = words[words.length - 1] ?? "";
  return text.charCodeAt(end - 1) === QUOTE || text.charCodeAt(end - 1 - last.length) === QUOTE;
}

/** Whether the line asks and changes nothing: `show …`, `do show …`, or a table's `… display`. */
export function isQuery(line: Line, words: readonly string[] = wordsOf(line)): boolean {
  const [first = "", second] = words;
  const bare = !beginsQuoted(line);
  if (bare && isCalled(first, "show")) return true;
  if (second === undefined) return false;
  if (bare && isCalled(first, "do") && isCalled(second, "show")) return true;
  return isCalled(words[words.length - 1] ?? "", "display") && !endsQuoted(line, words);
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
  const exits = new Array<number>(lines.length).fill(0);
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

/** The line with one blank between its words. */
export function lineText(line: Line): string {
  return placesOf(line)
    .map(({ text, quoted }) => (quoted ? `"${text}"` : text))
    .join(" ");
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

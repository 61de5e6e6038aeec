import type { Quote } from "./scalar";

/** One value of a comma-separated line. Offsets count from 0 in the line. */
export interface Token {
  text: string;
  raw: string;
  quote: Quote | "";
  offset: number;
}

export interface Fault {
  message: string;
  offset: number;
  /** Whether the values after it could not be told apart. */
  fatal: boolean;
}

export interface Tokens {
  tokens: Token[];
  faults: Fault[];
}

/**
 * Splits `line` from `start` on at the commas outside quotes.
 *
 * The manual knows no escape for a quote inside a quoted value, yet devices print such values. A quote
 * therefore closes only if a comma or the end follows; any other is kept in the text, with a fault.
 * Each character is looked at a bounded number of times.
 */
export function splitValues(line: string, start: number, quotes: readonly Quote[]): Tokens {
  const tokens: Token[] = [];
  const faults: Fault[] = [];
  walkValues(line, start, quotes, faults, (quote, offset, textEnd, rawEnd) => {
    const raw = line.slice(offset, rawEnd);
    tokens.push({ text: quote === "" ? raw : line.slice(offset + 1, textEnd), raw, quote, offset });
  });
  return { tokens, faults };
}

/** How many values {@link splitValues} finds, without making them; undefined if they cannot be told apart. */
export function countValues(line: string, start: number, quotes: readonly Quote[]): number | undefined {
  const faults: Fault[] = [];
  let count = 0;
  walkValues(line, start, quotes, faults, () => {
    count += 1;
  });
  return faults.some(({ fatal }) => fatal) ? undefined : count;
}

/** Finds each value: its quote, where it begins with it, and where its text and all of it end. */
function walkValues(
  line: string,
  start: number,
  quotes: readonly Quote[],
  faults: Fault[],
  take: (quote: Quote | "", offset: number, textEnd: number, rawEnd: number) => void,
): void {
  let at = start;
  for (;;) {
    at = skipBlanks(line, at);
    const opening = line[at];
    if (isQuote(opening) && quotes.includes(opening)) {
      const closing = closingQuote(line, at, opening, faults);
      const behind = Math.min(closing + 1, line.length);
      take(opening, at, closing, behind);
      at = skipBlanks(line, behind);
    } else {
      const comma = line.indexOf(",", at);
      const next = comma === -1 ? line.length : comma;
      const textEnd = endWithoutBlanks(line, at, next);
      take("", at, textEnd, textEnd);
      at = next;
    }
    if (at >= line.length) return;
    at += 1; // the comma
  }
}

/**
 * Where the first `;` stands behind a value of a row, outside of quotes; undefined if none does. A quote closes where
 * a comma or a `;` follows.
 */
export function endOfRow(line: string, start: number): number | undefined {
  let at = start;
  for (;;) {
    at = skipBlanks(line, at);
    if (line[at] === '"') {
      const closing = line.indexOf('"', at + 1);
      if (closing === -1) return undefined;
      at = skipBlanks(line, closing + 1);
    }
    while (at < line.length && line[at] !== "," && line[at] !== ";") at += 1;
    if (at === line.length) return undefined;
    if (line[at] === ";") return at;
    at += 1; // the comma
  }
}

/** Where the quote opened at `at` closes; the end of the line if it never does. */
function closingQuote(line: string, at: number, quote: Quote, faults: Fault[]): number {
  for (let next = line.indexOf(quote, at + 1); next !== -1; next = line.indexOf(quote, next + 1)) {
    const after = skipBlanks(line, next + 1);
    if (after === line.length || line[after] === ",") return next;
    faults.push({
      message: `a quote (${quote}) inside a quoted value: the device knows no escape for it`,
      offset: next,
      fatal: false,
    });
  }
  faults.push({ message: `the quote (${quote}) that opens here is never closed`, offset: at, fatal: true });
  return line.length;
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (line[at] === " " || line[at] === "\t") at += 1;
  return at;
}

function endWithoutBlanks(line: string, from: number, end: number): number {
  let at = end;
  while (at > from && (line[at - 1] === " " || line[at - 1] === "\t")) at -= 1;
  return at;
}

function isQuote(character: string | undefined): character is Quote {
  return character === "'" || character === '"';
}

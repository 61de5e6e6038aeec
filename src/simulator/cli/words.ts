/** The words of a CLI line, and values written as such words. */

/** Blanks part words; `"` and `'` at the start of a word quote up to their like. Undefined if a quote stays open. */
export function readWords(line: string): string[] | undefined {
  const words: string[] = [];
  const word = /[ \t]*(?:"([^"]*)"|'([^']*)'|([^ \t"'][^ \t]*))(?=[ \t]|$)|[ \t]*$/y;
  while (word.lastIndex < line.length) {
    const match = word.exec(line);
    if (!match) return undefined;
    const text = match[1] ?? match[2] ?? match[3];
    if (text !== undefined) words.push(text);
  }
  return words;
}

/** The value in quotes; undefined if it has both kinds inside, for which the CLI has no form. */
export function quoteWord(value: string): string | undefined {
  if (!value.includes('"')) return `"${value}"`;
  return value.includes("'") ? undefined : `'${value}'`;
}

/** The manual's own examples of JSON, slips included (LTRT-41760 sections 4, 5.1, 6, 9 and 10): a client must bear them. */

const print = (value: unknown): string => JSON.stringify(value, undefined, 2);

/** A comma after the last item of the list in which the object ends; where it ends in none, after the last member. */
export const withTrailingComma = (value: unknown): string =>
  print(value).replace(/(?=(?:\s*\])?\s*\}$)/, ",");

/** No comma after the first member of the first item. */
export const withMissingComma = (value: unknown): string => print(value).replace(/",(\s*")/, '"$1');

/** No quote at the end of the last text. */
export const withMissingQuote = (value: unknown): string => print(value).replace(/"(\s*\})$/, "$1");

/** Line breaks within texts as they are, not escaped. */
export const withRawLineBreaks = (value: unknown): string => print(value).replaceAll("\\n", "\n");

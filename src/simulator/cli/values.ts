import { obscure } from "../config/secrets";
import { normalise } from "../config/values";
import type { CliField } from "./model";
import { quoteWord } from "./words";

const SWITCH: ReadonlyMap<string, string> = new Map([
  ["off", "0"],
  ["disable", "0"],
  ["on", "1"],
  ["enable", "1"],
]);

/**
 * The items that the words after a field's name set: keywords and the ini's own values alike, one for a single
 * value. Undefined if the device refuses them.
 */
export function readItems({ field, keywords }: CliField, words: readonly string[]): string[] | undefined {
  if (field.type === "list") return words.length > 0 ? [...words] : undefined;
  const [word] = words;
  if (word === undefined || words.length > 1) return undefined;
  const named = [...keywords].find(([, keyword]) => keyword === word.toLowerCase())?.[0];
  const isSwitch = keywords.get("1") === "on" || keywords.get("1") === "enable";
  const value = normalise(field, named ?? (isSwitch ? SWITCH.get(word.toLowerCase()) : undefined) ?? word);
  return value === undefined ? undefined : [value];
}

/**
 * What an export prints after the field's name: keywords, numbers and addresses bare, text in quotes, secrets
 * obscured. Undefined for a value that the CLI cannot carry.
 */
export function printItems(
  { field, keywords }: CliField,
  items: readonly string[],
  salted: boolean,
): string | undefined {
  const words = items.map((item) => {
    const bare = field.type === "integer" || field.type === "address" || field.type === "bare";
    if (bare && /^[\w.:+-]+$/.test(item)) return keywords.get(item) ?? item;
    return quoteWord(field.secret ? obscure(item, salted) : item);
  });
  return words.includes(undefined) ? undefined : words.join(" ");
}

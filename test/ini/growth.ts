import { compareConfigurations } from "../../src/ini/compare";
import { readConfiguration } from "../../src/ini/configuration";
import { liveConfiguration, observe } from "../../src/ini/observe";
import { parseIni } from "../../src/ini/parse";
import { renderConfiguration } from "../../src/ini/render";
import { placeholders, replacePlaceholders } from "../../src/ini/variables";
import { isObscured } from "../../src/secrets/values";
import { describeValue } from "../../src/text/describe";
import { redact } from "../../src/text/redact";

const HEAD = "[ X ]\nFORMAT Index = A, B;\n";
const columns = (n: number) => Array.from({ length: n / 8 }, (_, at) => `C${at}`);

/** Texts of about n characters that would be slow to read for a reader that looks at anything twice. */
export const HARD: Record<string, (n: number) => string> = {
  blanks: (n) => " ".repeat(n),
  "blanks behind a name": (n) => `a${" ".repeat(n)}b`,
  "blanks behind FORMAT": (n) => `FORMAT${" ".repeat(n)}`,
  "blanks behind a header": (n) => `FORMAT a_Index${" ".repeat(n)}x`,
  "blanks behind a row's name": (n) => `${HEAD}X 0${" ".repeat(n)}x`,
  "blanks in a comment": (n) => `;${" ".repeat(n)}a${" ".repeat(n)}is`,
  "blanks in a cell": (n) => `${HEAD}X 0 = a${" ".repeat(n)}b, 1;`,
  "blanks behind quotes": (n) => `${HEAD}X 0 = ${`"${" ".repeat(9)}`.repeat(n / 10)};`,
  "blanks inside braces": (n) => `P = ${`{{${" ".repeat(19)}`.repeat(n / 21)}`,
  letters: (n) => "a".repeat(n),
  digits: (n) => `${HEAD}X ${"0".repeat(n)}`,
  "an index of many digits": (n) => `${HEAD}X ${"0".repeat(n)}1 = 1, 2;`,
  "equals signs": (n) => `a${"=".repeat(n)}`,
  "double quotes": (n) => `${HEAD}X 0 = ${'"'.repeat(n)};`,
  "single quotes": (n) => `P = ${"'".repeat(n)}x`,
  "quotes and commas": (n) => `${HEAD}X 0 = ${'",'.repeat(n / 2)};`,
  commas: (n) => `P = ${",".repeat(n)}`,
  semicolons: (n) => `P = ${";".repeat(n)}`,
  backslashes: (n) => `[${"\\ ".repeat(n / 2)}x`,
  "an end tag of backslashes": (n) => `[ X ]\n[${"\\ ".repeat(n / 2)}]`,
  stars: (n) => `; ${"*".repeat(n)}`,
  banners: (n) => `; ${"*** TABLE ".repeat(n / 10)}`,
  "a banner without an end": (n) => `; *** TABLE ${"*".repeat(n)}x`,
  "banners and hidden elements": (n) => "; *** TABLE X *** contains hidden elements\n".repeat(n / 42),
  "carriage returns": (n) => "\r".repeat(n),
  "line ends": (n) => "\r\n".repeat(n / 2),
  "lines at fault": (n) => "?\n".repeat(n / 2),
  "one parameter many times": (n) => "P = 1\n".repeat(n / 6),
  "many parameters": (n) => Array.from({ length: n / 8 }, (_, at) => `P${at} = 1\n`).join(""),
  "many tables": (n) => Array.from({ length: n / 40 }, (_, at) => HEAD.replace("X", `X${at}`)).join(""),
  "one table many times": (n) => HEAD.repeat(n / HEAD.length),
  "many rows": (n) => `${HEAD}${Array.from({ length: n / 12 }, (_, at) => `X ${at} = 1, 2;\n`).join("")}`,
  "one row many times": (n) => `${HEAD}${"X 0 = 1, 2;\n".repeat(n / 12)}`,
  "rows in another table": (n) => `${HEAD}${"Y 0 = 1, 2;\n".repeat(n / 12)}`,
  "rows outside tables": (n) => Array.from({ length: n / 12 }, (_, at) => `Y${at} 0 = 1, 2;\n`).join(""),
  "many columns": (n) => `[ X ]\nFORMAT Index = ${columns(n).join(", ")};\nX 0 = ${columns(n).join(", ")};`,
  "many columns in many tables": (n) =>
    `[ X ]\nFORMAT Index = ${columns(Math.sqrt(n)).join(", ")};\n`.repeat(Math.sqrt(n)),
  "one column many times": (n) => `[ X ]\nFORMAT Index = ${"A, ".repeat(n / 3)}A;`,
  "a read-only column many times": (n) =>
    `[ PREFIX ]\nFORMAT Index = ${"ConnectivityStatus, ".repeat(n / 40)}A;\nPREFIX 0 = ${",".repeat(n / 40)};`,
  "a prefix many times": (n) => `[ X ]\nFORMAT Index = ${"X_".repeat(n / 2)};`,
  "a long name of a table": (n) => `[ ${"a".repeat(n)} ]\nFORMAT Index = ${"A, ".repeat(n / 3)}A;`,
  "a header of many prefixes": (n) => `FORMAT ${"a_Index".repeat(n / 7)} = A;`,
  "obscured beginnings": (n) => `P = ${"$1$".repeat(n / 3)}`,
  "a long obscured value": (n) => `P = $1$${"A".repeat(n)}!`,
  "open braces": (n) => `P = ${"{{".repeat(n / 2)}`,
  "open placeholders": (n) => `P = ${"{{a".repeat(n / 3)}`,
  "placeholders of long names": (n) => `P = ${`{{${"a".repeat(98)}`.repeat(n / 100)}`,
  "numbers of many parts": (n) => `P = ${"1.".repeat(n / 2)}`,
  "byte order marks": (n) => "\uFEFF".repeat(n),
};

/** Everything that the room does with a text, from reading it to writing it again. */
export function readAndWrite(text: string): void {
  const live = liveConfiguration(observe(text));
  compareConfigurations(live, live);
  // The user's road is the strict one; here only its time counts, so what is at fault is passed over.
  const document = parseIni(text);
  const { configuration } = readConfiguration({
    document: { ...document, problems: [], parameters: uniqueParameters(document.parameters) },
  });
  try {
    renderConfiguration(configuration);
  } catch {
    // A value that no line can carry.
  }
  for (const value of Object.values(configuration.parameters).flat()) {
    isObscured(value);
    describeValue(value);
    redact(value, ["secret", "ab"]);
    if (placeholders(value).length > 0) replacePlaceholders(value, { a: 1 });
  }
}

function uniqueParameters<T extends { name: string }>(parameters: T[]): T[] {
  return [...new Map(parameters.map((one) => [one.name.toLowerCase(), one])).values()];
}

import fc from "fast-check";
import type { Configuration, Value } from "../../src/ini/configuration";

/** Texts that a careless reader or writer stumbles over. */
const DELICATE = [
  "",
  " ",
  " a ",
  "00",
  "0",
  "-1",
  "1.50",
  "10.0.0.1",
  "0x1F",
  "a, b",
  "a,",
  "; a",
  "a;",
  "X = 1",
  "[ X ]",
  "[ \\X ]",
  "FORMAT Index = A;",
  "\\",
  "$1",
  "$1$2",
  "$1$gQ==",
  "$$",
  "{{a}}",
  "GET /a",
  "é€😀",
  "\u00a0",
  "\ufeff",
  "__proto__",
];

const CONTROL_OR_HALF = /[\u0000-\u001f\u007f\u0085\u2028\u2029]|\p{Surrogate}/u;

/** Any text that a line of the device can carry inside `quote`. */
export const textWithout = (quote: string): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.constantFrom(...DELICATE),
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.string({ maxLength: 8 }),
    )
    .map((text) => text.replaceAll(quote, ""))
    .filter((text) => !CONTROL_OR_HALF.test(text));

const name = fc.oneof(
  fc.stringMatching(/^[0-9]{0,2}[A-Za-z][A-Za-z0-9_-]{0,6}$/),
  fc.constantFrom("constructor", "toString", "valueOf", "hasOwnProperty", "Index"),
);
const names = (maxLength: number) =>
  fc.uniqueArray(name, { selector: (one) => one.toLowerCase(), maxLength });

const index = fc.oneof(fc.nat(20), fc.constant(123_456_789)).map(String);

const value: fc.Arbitrary<Value> = fc.oneof(
  textWithout("'"),
  fc.array(textWithout("'"), { minLength: 2, maxLength: 4 }),
);

/** A table in which all rows declare the same columns, or one without rows. */
const table = (tableName: string) =>
  fc
    .tuple(
      names(4).map((columns) =>
        columns.filter((column) => !column.toLowerCase().startsWith(`${tableName.toLowerCase()}_`)),
      ),
      fc.uniqueArray(index, { maxLength: 4 }),
    )
    .chain(([columns, indexes]) => {
      const row = fc
        .tuple(...columns.map(() => textWithout('"')))
        .map((cells) => Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ""])));
      return fc
        .tuple(...(columns.length === 0 ? [] : indexes).map(() => row))
        .map((rows) => Object.fromEntries(rows.map((cells, at) => [indexes[at] ?? "", cells])));
    });

/** Any canonical configuration whose tables are rectangular. */
export const configuration: fc.Arbitrary<Configuration> = fc
  .tuple(names(4), names(3))
  .chain(([parameters, tables]) =>
    fc.record(
      {
        parameters: fc
          .tuple(...parameters.map(() => value))
          .map((values) => Object.fromEntries(parameters.map((one, at) => [one, values[at] ?? ""]))),
        tables: fc
          .tuple(...tables.map(table))
          .map((all) => Object.fromEntries(tables.map((one, at) => [one, all[at] ?? {}]))),
      },
      { noNullPrototype: true },
    ),
  );

/** Lines as devices and people write them, whole and in pieces, in any order. */
export const lineSoup: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom(
          "P = 5",
          "P = 'a', \"b\"",
          "[ X ]",
          "[ \\X ]",
          "[\\X",
          "[SIP Params]",
          "FORMAT X_Index = X_A, X_B;",
          "FORMAT Index = A, B;",
          "FORMAT Index =",
          'X 0 = "a", 5;',
          'X 0 = "a',
          'b", 5;',
          "X 1 = , ;",
          "Y 0 = 1;",
          ";P is hidden but has non-default value",
          "; *** TABLE X ***",
          "; This table contains hidden elements and will not be exposed",
          "GET /topAreaStaus.json",
        ),
        fc.string({ unit: fc.constantFrom(..."XP01=,;'\" \\[]{}*\t"), maxLength: 20 }),
        fc.string({ unit: "binary", maxLength: 20 }),
      ),
      fc.constantFrom("\n", "\r\n", "\r", ""),
    ),
    { maxLength: 30 },
  )
  .map((lines) => lines.map(([line, end]) => line + end).join(""));

import fc from "fast-check";
import type { Configuration } from "../../src/ini/configuration";
import { cellText, parameterText } from "../../src/ini/render";
import { configuration } from "../ini/arbitraries";

/** How a person may write an ini file. */
export interface Hand {
  eol: string;
  blanks: number;
  long: boolean;
  endTags: boolean;
  semicolons: boolean;
  comments: boolean;
  tight: boolean;
  headings: boolean;
  wrap: boolean;
}

export const hand: fc.Arbitrary<Hand> = fc.record({
  eol: fc.constantFrom("\n", "\r\n", "\r"),
  blanks: fc.nat(2),
  long: fc.boolean(),
  endTags: fc.boolean(),
  semicolons: fc.boolean(),
  comments: fc.boolean(),
  tight: fc.boolean(),
  headings: fc.boolean(),
  wrap: fc.boolean(),
});

/** An ini file as people write it: any configuration, in any of many hands, with comments. */
export const writtenIni: fc.Arbitrary<string> = fc
  .tuple(configuration, hand)
  .map(([configured, how]) => writeIni(configured, how));

/** Writes a configuration down as a person does. */
export function writeIni({ parameters, tables }: Configuration, how: Hand): string {
  const lines: string[] = [];
  let count = 0;
  const comment = () => {
    count += 1;
    if (how.comments) lines.push(`${" ".repeat(count % 3)}; comment ${count}, "of ${count}`);
  };
  const gap = () => lines.push(...Array.from({ length: how.blanks }, () => ""));
  comment();
  if (how.headings) lines.push("[ SIP Params ]");
  for (const [name, value] of Object.entries(parameters)) {
    comment();
    lines.push(`${name}${how.tight ? "=" : "  =  "}${parameterText(name, value)}`);
    gap();
  }
  for (const [name, rows] of Object.entries(tables)) {
    const columns = Object.keys(Object.values(rows)[0] ?? {});
    comment();
    gap();
    lines.push(how.tight ? `[${name}]` : `[ ${name} ]`);
    if (columns.length > 0) {
      const prefix = how.long ? `${name}_` : "";
      const end = how.semicolons ? (how.comments ? "; ; why" : ";") : "";
      const [first = "", ...more] = columns.map((column) => prefix + column);
      if (how.wrap && more.length > 0) {
        lines.push(`FORMAT ${prefix}Index = ${first},`);
        comment();
        lines.push(`  ${more.join(",")};`);
      } else lines.push(`FORMAT ${prefix}Index = ${[first, ...more].join(",")}${end}`);
      comment();
      for (const [index, cells] of Object.entries(rows)) {
        const texts = columns.map((column) => cellText(name, cells[column] ?? ""));
        lines.push(
          `${how.tight ? "" : "\t"}${name} ${index} = ${texts.join(how.tight ? "," : " , ")}${end || ";"}`,
        );
        gap();
      }
    }
    if (how.endTags || columns.length === 0) lines.push(`[ \\${name} ]`);
  }
  return lines.join(how.eol) + (how.semicolons ? how.eol : "");
}

/** The comments of a file that take a line of their own, in their order. */
export function commentsOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.replace(/^\uFEFF/, "").trim())
    .filter((line) => /^[;#!]/.test(line));
}

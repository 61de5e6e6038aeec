import type { Inventory } from "../text/inventory";
import { isLastLineEnded, lineCount } from "../text/last-line";
import { countValues } from "./lexer";
import { canBeginLine, nameKey } from "./names";
import {
  BYTE_ORDER_MARK,
  canonicalIndex,
  END_TAG,
  FORMAT,
  HIDDEN_TABLE,
  NOISE,
  PARAMETER,
  type RowHead,
  rowHead,
  TABLE_BANNER,
  withoutEnd,
} from "./parse";

/** A dump that can be believed, with the names that it shows; or what shows that it is not a whole one. */
export type IniVerdict = { inventory: Inventory; fault?: undefined } | { fault: string };

/**
 * Judges whether a text is the whole ini file of a device (LTRT-41760 section 6.1.1), and not a part of one or
 * something else. What a device prints in full ends each line, ends each table with its end tag (in the malformed
 * forms too), and gives each row a value for each column. Files that people write need none of this.
 *
 * A file that is cut between two tables looks whole: only another read can tell. Takes linear time.
 */
export function judgeIni(text: string): IniVerdict {
  const judge = new Judge();
  let number = 0;
  for (const line of text.replace(BYTE_ORDER_MARK, "").split(/\r\n|\n|\r/)) {
    number += 1;
    const fault = judge.line(line.trim(), number);
    if (fault !== undefined) return { fault: `line ${number}: ${fault}` };
  }
  const fault = judge.end();
  if (fault !== undefined) return { fault };
  if (!isLastLineEnded(text)) return { fault: `line ${lineCount(text)}: the last line has no line end` };
  return { inventory: judge.names };
}

interface OpenTable {
  name: string;
  key: string;
  line: number;
  /** 0 if FORMAT cannot be read to its end: then no row can be too short. */
  columns: number;
}

class Judge {
  readonly names = new Set<string>();
  /** The line between brackets above; it may be a heading for parameters, or name the table that FORMAT opens. */
  private section: { name: string; line: number } | undefined;
  private table: OpenTable | undefined;
  private banner: string | undefined;
  /** A line that belongs to no ini file, with nothing of one behind it. */
  private foreign: number | undefined;

  /** What is wrong with the next line, or shows that what stands above is not whole. */
  line(body: string, number: number): string | undefined {
    if (body === "") return undefined;
    if (body.startsWith(";")) return this.comment(body, number);
    if (body.startsWith("[")) return this.sectionLine(body, number);
    if (NOISE.test(body)) return undefined;
    if (/^FORMAT[ \t]/i.test(body)) return this.format(body, number);
    const head = rowHead(body);
    return head === undefined ? this.parameter(body, number) : this.row(body, head);
  }

  end(): string | undefined {
    if (this.table !== undefined) return this.unended(this.table);
    if (this.foreign !== undefined)
      return `line ${this.foreign}: it ends in text that is no part of an ini file`;
    return this.names.size === 0 ? "it shows no parameter and no table" : undefined;
  }

  private comment(body: string, line: number): undefined {
    this.banner = TABLE_BANNER.exec(body)?.[1] ?? this.banner;
    if (!HIDDEN_TABLE.test(body)) return;
    const name = this.banner ?? this.section?.name;
    if (name !== undefined) this.add(name);
    if (this.section !== undefined)
      this.table ??= { name: this.section.name, key: nameKey(this.section.name), line, columns: 0 };
  }

  private sectionLine(body: string, line: number): string | undefined {
    this.foreign = undefined;
    if (!body.endsWith("]")) return "a section begins and has no ']'";
    const content = body.slice(1, -1).trim();
    const [end] = END_TAG.exec(content) ?? [];
    if (end === undefined) {
      if (this.table !== undefined) return this.unended(this.table);
      this.section = { name: content, line };
      return undefined;
    }
    return this.endTag(content.slice(end.length));
  }

  private endTag(name: string): string | undefined {
    const begun = this.table?.name ?? this.section?.name ?? this.banner;
    if (begun === undefined) return "a table ends that has no beginning";
    if (nameKey(begun) !== nameKey(name)) {
      return this.table === undefined
        ? "a table ends that has no beginning"
        : `another table ends where table ${this.table.name} is open`;
    }
    this.add(name);
    this.table = undefined;
    this.section = undefined;
    this.banner = undefined;
    return undefined;
  }

  private format(body: string, line: number): string | undefined {
    if (this.section === undefined || !canBeginLine(this.section.name)) {
      return "a FORMAT line stands in no table";
    }
    const isWhole = FORMAT.test(body) && body.endsWith(";");
    const columns = isWhole ? (countValues(body, body.indexOf("="), []) ?? 0) : 0;
    this.table = { name: this.section.name, key: nameKey(this.section.name), line, columns };
    this.add(this.section.name);
    return undefined;
  }

  private row(body: string, [head, name, index]: RowHead): string | undefined {
    const { table } = this;
    // A name that is not known from the table's beginning may be a piece of some value, which no message shows.
    if (table === undefined) return "a row stands in no table";
    if (nameKey(name) !== table.key) return `a row of another table stands in table ${table.name}`;
    this.names.add(`${table.key} ${canonicalIndex(index)}`);
    // What stands behind a quote that never closes cannot be counted; the table is not sent then.
    const values = countValues(withoutEnd(body), head.length, ['"']) ?? Number.POSITIVE_INFINITY;
    const row = () => `row ${table.name} ${index}`;
    if (values < table.columns) return `${row()} has ${values} values for ${table.columns} columns`;
    return values === table.columns && !body.endsWith(";") ? `${row()} does not end with ';'` : undefined;
  }

  private parameter(body: string, line: number): string | undefined {
    const name = PARAMETER.exec(body)?.[1];
    if (name === undefined || !canBeginLine(name)) {
      // Inside a table it may be the rest of a row; such a table is never sent back, and its end tag comes behind it.
      this.foreign ??= line;
      return undefined;
    }
    if (this.table !== undefined) return this.unended(this.table);
    this.foreign = undefined;
    this.names.add(nameKey(name));
    return undefined;
  }

  private unended({ name, line }: OpenTable): string {
    return `table ${canBeginLine(name) ? name : "that"} (line ${line}) has no end tag`;
  }

  /** Under a name that no parameter has. */
  private add(table: string): void {
    this.names.add(`table ${nameKey(table)}`);
  }
}

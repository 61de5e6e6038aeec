import { type Address, byIndex, cellAddress, rowAddress } from "../ini/address";
import type { Value } from "../ini/configuration";
import type { IniDocument } from "../ini/document";
import { NAME, NameMap, nameKey } from "../ini/names";
import { liveValue, type Observed, type ObservedTable, observe, observedIn } from "../ini/observe";
import { parseIni } from "../ini/parse";
import { ALL_GROUPS, type Group, groupOfSection, groupOfTable, positionInGroup } from "./layout";
import { Values } from "./values";

/** What a device shows, divided into the files of a program; texts hold placeholders where a secret was. */
export interface Adoption {
  /** Those that have something to declare, in the order of their references. */
  parts: Part[];
  values: Values;
  /** What is not declared and why, in the order of the files. */
  leftOut: string[];
  /** The addresses of what the dump shows and the program does not declare. */
  undeclared: NameMap<true>;
  observed: Observed;
}

export interface Part {
  group: Group;
  sections: Section[];
  tables: AdoptedTable[];
}

/** The parameters under one heading of the dump. */
export interface Section {
  heading: string | undefined;
  parameters: { name: string; value: Value }[];
  /** What is left out here, and why. */
  comments: string[];
}

export interface AdoptedTable {
  name: string;
  rows: AdoptedRow[];
  comments: string[];
}

export interface AdoptedRow {
  index: string;
  /** Each with the quotes that it stands in. */
  cells: { column: string; raw: string }[];
}

/**
 * Divides a device's dump into what a program can declare and what it must leave to the device.
 *
 * @param dump the device's ini
 * @param again the same, read once more
 * @param username the user that Pulumi logs in with
 */
export function adopt(dump: string, again: string, username: string): Adoption {
  return new Adopter(dump, again, username).adoption();
}

class Adopter {
  private readonly document: IniDocument;
  private readonly observed: Observed;
  private readonly again: Observed;
  private readonly values = new Values();
  private readonly undeclared = new NameMap<true>();

  constructor(
    private readonly dump: string,
    again: string,
    private readonly username: string,
  ) {
    this.document = parseIni(dump, { dump: true });
    this.observed = observedIn(this.document);
    this.again = again === dump ? this.observed : observe(again);
  }

  adoption(): Adoption {
    const sections = this.sections();
    const tables = [...this.observed.tables.values()].map((table) => this.table(table));
    const parts = ALL_GROUPS.map((group) => ({
      group,
      sections: sections.filter(({ heading }) => groupOfSection(heading) === group),
      tables: tables
        .filter(({ name }) => groupOfTable(name) === group)
        .sort((a, b) => positionInGroup(group, a.name) - positionInGroup(group, b.name)),
    }));
    const comments = parts
      .flatMap((part) => [...part.sections, ...part.tables])
      .flatMap((one) => one.comments);
    return {
      parts: parts.filter(declaresSomething),
      values: this.values,
      leftOut: [...comments, ...this.unreadable()],
      undeclared: this.undeclared,
      observed: this.observed,
    };
  }

  /** Parameters by the heading that they stand under, both in the order of the dump. */
  private sections(): Section[] {
    const headings = headingsByLine(this.dump);
    const sections = new Map<string | undefined, Section>();
    const sectionAt = (line: number): Section => {
      const heading = headings[line - 1];
      const section = sections.get(heading) ?? { heading, parameters: [], comments: [] };
      sections.set(heading, section);
      return section;
    };
    const places = new NameMap(
      this.document.parameters.map(({ name, place }) => [name, place.line] as const),
    );
    for (const [name, value] of this.observed.parameters)
      this.parameter(sectionAt(places.get(name) ?? 1), name, value);
    const lines = this.dump.split(LINE_END);
    for (const name of this.observed.hiddenParameters.keys()) {
      const line = lines.findIndex((text) => text.startsWith(";") && text.includes(`${name} is hidden`));
      sectionAt(line + 1).comments.push(`${name}: the device hides its value`);
    }
    return [...sections.values()];
  }

  private parameter(section: Section, name: string, value: Value): void {
    const shown = typeof value === "string" ? [value] : value;
    const second = liveValue(this.again, name);
    const again = typeof second === "string" ? [second] : (second ?? []);
    const texts: string[] = [];
    for (const [at, text] of shown.entries()) {
      const written = this.values.write(name, text, again[at], shown.length > 1);
      if ("fault" in written) {
        section.comments.push(this.leaveOut(name, written.fault));
        return;
      }
      texts.push(written.text);
    }
    section.parameters.push({ name, value: texts.length > 1 ? texts : (texts[0] ?? "") });
  }

  private table(table: ObservedTable): AdoptedTable {
    const adopted: AdoptedTable = { name: table.name, rows: [], comments: [] };
    if (table.hidden) {
      adopted.comments.push(
        `table ${table.name}: the device hides elements of it, and an upload would lose them`,
      );
      return adopted;
    }
    if (table.unreadable.length > 0) {
      adopted.comments.push(
        `a part of table ${table.name}: line ${table.unreadable.join(", ")} of the device's ini could not be read`,
      );
    }
    for (const index of [...table.rows.keys()].sort(byIndex)) {
      const row = this.row(adopted, table, index);
      if (row.cells.length > 0) adopted.rows.push(row);
    }
    return adopted;
  }

  private row({ name, comments }: AdoptedTable, table: ObservedTable, index: string): AdoptedRow {
    const row: AdoptedRow = { index, cells: [] };
    const cells = table.rows.get(index);
    if (cells === undefined) return row;
    // Its password is the one we log in with: it belongs into no file, and a change of it can shut us out.
    if (nameKey(name) === "webusers" && cells.get("Username")?.text === this.username) {
      for (const column of cells.keys()) this.undeclared.set(cellAddress(name, index, column), true);
      comments.push(`${rowAddress(name, index)}: the user that Pulumi logs in with`);
      return row;
    }
    for (const [column, { text, raw }] of cells) {
      const address = cellAddress(name, index, column);
      if (!NAME.test(column)) {
        // Its FORMAT line is among those that could not be read, and the table says so.
        this.undeclared.set(address, true);
        continue;
      }
      const again = liveValue(this.again, address);
      const written = this.values.write(address, text, typeof again === "string" ? again : undefined);
      if ("fault" in written) comments.push(this.leaveOut(address, written.fault));
      else row.cells.push({ column, raw: written.text === text && isClean(raw) ? raw : `"${written.text}"` });
    }
    return row;
  }

  private leaveOut(address: Address, fault: string): string {
    this.undeclared.set(address, true);
    return `${address}: its value ${fault}`;
  }

  /** Lines that are neither a parameter nor of a table. */
  private unreadable(): string[] {
    const { parameters, tables, problems } = this.document;
    const known = new Set([
      ...parameters.map(({ place }) => place.line),
      ...tables.flatMap((table) => [...table.unreadable, ...table.rows.map(({ place }) => place.line)]),
    ]);
    const lines = problems.flatMap(({ place }) => (place && !known.has(place.line) ? [place.line] : []));
    return [...new Set(lines)].map((line) => `line ${line} of the device's ini: it could not be read`);
  }
}

const LINE_END = /\r\n|\n|\r/;

/** The heading (`SIP Params`) under which each line stands. */
function headingsByLine(dump: string): (string | undefined)[] {
  let heading: string | undefined;
  return dump.split(LINE_END).map((line) => {
    const found = /^\s*\[\s*([A-Za-z0-9]+(?: [A-Za-z0-9]+)* Params)\s*\]\s*$/.exec(line)?.[1];
    heading = found ?? heading;
    return heading;
  });
}

/** Whether a cell can stand as it stood in the dump: bare numbers, addresses and nothing, text in quotes. */
function isClean(raw: string): boolean {
  return /^(?:|[-.0-9]+|"[^"]*")$/.test(raw);
}

function declaresSomething({ sections, tables }: Part): boolean {
  return (
    sections.some(({ parameters }) => parameters.length > 0) || tables.some(({ rows }) => rows.length > 0)
  );
}

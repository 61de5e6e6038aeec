import { type CliLine, headerText } from "./canonical";

/** A line that still holds when its script is over, and the places in the script that say so. */
export interface Held {
  line: CliLine;
  /** Indexes among the canonical lines, in order. */
  at: number[];
}

/** What a script leaves in a mode, a sub-mode or a row. */
export interface Section {
  /** The line that opens it; undefined for the whole script. */
  header: Held | undefined;
  /** By name, then by text; several where the script gives several values, oldest first. */
  fields: Map<string, Map<string, Held>>;
  /** What is taken away, by its text. */
  removals: Map<string, Held>;
  /** By the text of their header. */
  sections: Map<string, Section>;
}

/**
 * What lines leave behind when they have run one after the other: `no X` drops what came before it, and a later X
 * drops `no X`. A name with several values may be a list (`access-list`) or a setting that was given twice; both
 * values stay, since only the device knows.
 */
export function effectOf(lines: readonly CliLine[]): Section {
  const root = newSection(undefined);
  let mode: readonly string[] = [];
  let section = root;
  lines.forEach((line, at) => {
    if (line.mode !== mode) {
      mode = line.mode;
      section = mode.reduce((outer, text) => outer.sections.get(text) ?? added(outer, text), root);
    }
    const text = lineText(line);
    if (line.opens !== undefined) {
      section.removals.delete(text);
      const inside = section.sections.get(text) ?? added(section, text);
      if (inside.header === undefined) inside.header = { line, at: [at] };
      else inside.header.at.push(at);
    } else if (line.negated) remove(section, line, at, text);
    else set(section, line, at, text);
  });
  return root;
}

/** The name and the value of a line, without `no`. */
export function lineText(line: CliLine): string {
  return headerText(line.name, line.args);
}

/** The fields that `no` with this name and these words takes away. */
export function fieldsNamed(section: Section, line: CliLine): Held[] {
  const fields = [...(section.fields.get(line.name)?.values() ?? [])];
  return fields.filter((held) => line.args.every((arg, i) => held.line.args[i] === arg));
}

/** Every line of a section, its header first, as they stood in the script. */
export function linesOf(section: Section): CliLine[] {
  const held: { line: CliLine; at: number }[] = [];
  const add = ({ line, at: [at = 0] }: Held) => held.push({ line, at });
  const visit = (inner: Section): void => {
    if (inner.header !== undefined) add(inner.header);
    for (const fields of inner.fields.values()) for (const field of fields.values()) add(field);
    for (const removal of inner.removals.values()) add(removal);
    for (const nested of inner.sections.values()) visit(nested);
  };
  visit(section);
  return held.sort((a, b) => a.at - b.at).map(({ line }) => line);
}

function set(section: Section, line: CliLine, at: number, text: string): void {
  for (let words = 0; section.removals.size > 0 && words <= line.args.length; words += 1)
    section.removals.delete(headerText(line.name, line.args.slice(0, words)));
  const fields = section.fields.get(line.name);
  const earlier = fields?.get(text)?.at;
  if (fields === undefined) section.fields.set(line.name, new Map([[text, { line, at: [at] }]]));
  else if (earlier === undefined) fields.set(text, { line, at: [at] });
  else {
    // What was said last stands last.
    fields.delete(text);
    fields.set(text, { line, at: [...earlier, at] });
  }
}

function remove(section: Section, line: CliLine, at: number, text: string): void {
  section.sections.delete(text);
  const fields = section.fields.get(line.name);
  for (const held of fieldsNamed(section, line)) fields?.delete(lineText(held.line));
  if (fields?.size === 0) section.fields.delete(line.name);
  section.removals.set(text, { line, at: [...(section.removals.get(text)?.at ?? []), at] });
}

function added(outer: Section, text: string): Section {
  const section = newSection(undefined);
  outer.sections.set(text, section);
  return section;
}

function newSection(header: Held | undefined): Section {
  return { header, fields: new Map(), removals: new Map(), sections: new Map() };
}

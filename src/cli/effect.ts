import { type CliLine, headerText } from "./canonical";

/** A line that still holds when its script is over. */
export interface Held {
  line: CliLine;
  /** The places in the script that say so: indexes among the canonical lines, the first one and any others, in order. */
  first: number;
  others: readonly number[] | undefined;
}

/** What a script says of one name: mostly one line, else the lines by their text, oldest first. */
export type Fields = Held | Map<string, Held>;

/** What a script leaves in a mode, a sub-mode or a row. There are as many as a script has rows, most without removals. */
export interface Section {
  /** The line that opens it; undefined for the whole script. */
  header: Held | undefined;
  /** By name. */
  fields: ReadonlyMap<string, Fields>;
  /** What is taken away, by its text. */
  removals: ReadonlyMap<string, Held>;
  /** By the text of their header. */
  sections: ReadonlyMap<string, Section>;
}

/**
 * What lines leave behind when they have run one after the other: `no X` drops what came before it, and a later X
 * drops `no X`. A name with several values may be a list (`access-list`) or a setting that was given twice; both
 * values stay, since only the device knows.
 */
export function effectOf(lines: readonly CliLine[]): Section {
  const known = EFFECTS.get(lines);
  if (known !== undefined) return known;
  const effect = effectNow(lines);
  EFFECTS.set(lines, effect);
  return effect;
}

/** Many resources compare themselves with one export, which is looked through once. */
const EFFECTS = new WeakMap<readonly CliLine[], Section>();

function effectNow(lines: readonly CliLine[]): Section {
  const root = new Built();
  let mode: readonly string[] = [];
  let section = root;
  lines.forEach((line, at) => {
    // Mostly it stands where the last one stood.
    if (line.mode !== mode) section = line.mode.reduce((outer, text) => outer.inside(text), root);
    mode = line.mode;
    if (line.opens !== undefined) section.open(line, at);
    else if (line.negated) section.remove(line, at);
    else section.set(line, at);
  });
  return root;
}

const NONE = new Map<string, never>();

class Built implements Section {
  header: Held | undefined;
  fields: ReadonlyMap<string, Fields> = NONE;
  removals: ReadonlyMap<string, Held> = NONE;
  sections: ReadonlyMap<string, Built> = NONE;

  /** The section with this header. */
  inside(text: string): Built {
    let section = this.sections.get(text);
    if (section !== undefined) return section;
    section = new Built();
    if (this.sections === NONE) this.sections = new Map();
    (this.sections as Map<string, Built>).set(text, section);
    return section;
  }

  open(line: CliLine, at: number): void {
    const text = lineText(line);
    (this.removals as Map<string, Held>).delete(text);
    const inside = this.inside(text);
    const { header } = inside;
    inside.header = header === undefined ? held(line, at) : saidAgain(header, header.line, at);
  }

  set(line: CliLine, at: number): void {
    for (let words = 0; this.removals.size > 0 && words <= line.args.length; words += 1)
      (this.removals as Map<string, Held>).delete(headerText(line.name, line.args.slice(0, words)));
    if (this.fields === NONE) this.fields = new Map();
    const all = this.fields as Map<string, Fields>;
    const fields = all.get(line.name);
    if (fields === undefined) all.set(line.name, held(line, at));
    else if (fields instanceof Map) addTo(fields, line, at);
    else all.set(line.name, addTo(new Map([[lineText(fields.line), fields]]), line, at));
  }

  remove(line: CliLine, at: number): void {
    const text = lineText(line);
    (this.sections as Map<string, Built>).delete(text);
    const gone = new Set(fieldsNamed(this, line));
    const left = heldOf(this.fields.get(line.name)).filter((field) => !gone.has(field));
    const all = this.fields as Map<string, Fields>;
    if (left.length === 0) all.delete(line.name);
    else all.set(line.name, new Map(left.map((field) => [lineText(field.line), field])));
    const earlier = this.removals.get(text);
    if (this.removals === NONE) this.removals = new Map();
    const removed = earlier === undefined ? held(line, at) : saidAgain(earlier, line, at);
    (this.removals as Map<string, Held>).set(text, removed);
  }
}

function held(line: CliLine, at: number): Held {
  return { line, first: at, others: undefined };
}

function saidAgain({ first, others = [] }: Held, line: CliLine, at: number): Held {
  return { line, first, others: [...others, at] };
}

/** What was said last stands last. */
function addTo(fields: Map<string, Held>, line: CliLine, at: number): Map<string, Held> {
  const text = lineText(line);
  const earlier = fields.get(text);
  fields.delete(text);
  return fields.set(text, earlier === undefined ? held(line, at) : saidAgain(earlier, line, at));
}

/** All places in the script that say what a line says. */
export function placesOf({ first, others = [] }: Held): readonly number[] {
  return [first, ...others];
}

/** The name and the value of a line, without `no`. */
export function lineText(line: CliLine): string {
  return headerText(line.name, line.args);
}

/** Whether lines of one name have the same words behind it. */
export function haveSameWords({ args: ours }: CliLine, { args: theirs }: CliLine): boolean {
  return ours.length === theirs.length && ours.every((word, at) => word === theirs[at]);
}

/** The lines of one name, oldest first. */
export function heldOf(fields: Fields | undefined): readonly Held[] {
  if (fields === undefined) return [];
  return fields instanceof Map ? [...fields.values()] : [fields];
}

/** The lines of one name, by their text. */
export function byText(fields: Fields | undefined): ReadonlyMap<string, Held> {
  if (fields === undefined) return NONE;
  return fields instanceof Map ? fields : new Map([[lineText(fields.line), fields]]);
}

/** The section that a mode path leads to. */
export function sectionAt(root: Section | undefined, mode: readonly string[]): Section | undefined {
  let section = root;
  for (const text of mode) section = section?.sections.get(text);
  return section;
}

/** Whether this very line is among those that hold: with its value, and `no` if it has one. */
export function hasLine(root: Section, line: CliLine): boolean {
  const section = sectionAt(root, line.mode);
  const text = lineText(line);
  if (line.negated) return section?.removals.has(text) === true;
  if (line.opens !== undefined) return section?.sections.get(text)?.header !== undefined;
  return heldOf(section?.fields.get(line.name)).some((field) => haveSameWords(field.line, line));
}

/** The fields that `no` with this name and these words takes away. */
export function fieldsNamed(section: Section, line: CliLine): Held[] {
  const fields = heldOf(section.fields.get(line.name));
  return fields.filter((field) => line.args.every((arg, i) => field.line.args[i] === arg));
}

/** Every line of a section, its header first, as they stood in the script. */
export function linesOf(section: Section): CliLine[] {
  const all: Held[] = [];
  const visit = (inner: Section): void => {
    if (inner.header !== undefined) all.push(inner.header);
    for (const fields of inner.fields.values()) for (const field of heldOf(fields)) all.push(field);
    for (const removal of inner.removals.values()) all.push(removal);
    for (const nested of inner.sections.values()) visit(nested);
  };
  visit(section);
  return all.sort((a, b) => a.first - b.first).map(({ line }) => line);
}

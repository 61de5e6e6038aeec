import { isSecretLine, shownWords } from "../secrets/words";
import { type CanonicalScript, type CliLine, headerText } from "./canonical";
import {
  byText,
  effectOf,
  type Fields,
  fieldsNamed,
  type Held,
  haveSameWords,
  linesOf,
  lineText,
  placesOf,
  type Section,
} from "./effect";
import { knownHeader } from "./names";

/**
 * How the device showed declared lines right after they were applied, by `lineKey`, for those that it did not show
 * as declared: the line as it stood in the export (`01` as `1`, a password obscured), null if it stood nowhere,
 * `*` where it looks different each time. Any other line was shown as declared. Holds secrets wherever the script
 * does.
 */
export type ShownLines = Readonly<Record<string, string | null>>;

/** In `ShownLines`: the device shows the line in another form each time. No line has this text. */
export const UNSTEADY = "*";

/**
 * What the device has instead of a declared line: another `value`, nothing in place of a line (`missing`) or of a
 * row (`missing row`), or what the script takes away with `no` (`present`).
 */
export type ChangeKind = "value" | "missing" | "missing row" | "present";

/** One declared line that the device does not hold as declared. */
export interface CliChange {
  /** Where it stands, as people write it: `configure voip / proxy-set 3 / proxy-name`. */
  address: string;
  kind: ChangeKind;
  /** On the device: a value, or `present` for a row; undefined if the device shows nothing. */
  before: string | undefined;
  /** Declared, in the same way; undefined if the script takes it away. */
  after: string | undefined;
  /** Whether the values are secrets, to be kept out of logs. */
  secret: boolean;
  /** The lines of the declared canonical form that say so, by index. */
  at: readonly number[];
  /** What the device has in its place; empty if it has nothing. */
  found: readonly CliLine[];
}

export interface CliComparison {
  /** In the order of the declared script. */
  changes: CliChange[];
  /** `no …` of a setting that the device does not show, though nothing tells that it knows the name. */
  unseen: CliChange[];
}

/**
 * Compares what a declared script leaves behind with what the device exports (`GET /files/cliScript`, LTRT-41760
 * section 6.2.1), line by line; what the script does not name does not count. A line that the export does not show is
 * a change, unless `shown` says that it was at its default, or withheld, when it was applied.
 */
export function compareScripts(
  declared: CanonicalScript,
  exported: CanonicalScript,
  shown: ShownLines = {},
): CliComparison {
  const comparison = new Comparison(shown);
  comparison.section(effectOf(declared.lines), effectOf(exported.lines));
  return {
    changes: comparison.changes.sort((a, b) => (a.at[0] ?? 0) - (b.at[0] ?? 0)),
    unseen: comparison.unseen,
  };
}

class Comparison {
  readonly changes: CliChange[] = [];
  readonly unseen: CliChange[] = [];

  constructor(readonly shown: ShownLines) {}

  section(declared: Section, device: Section | undefined): void {
    for (const [name, fields] of declared.fields) this.#fields(fields, device?.fields.get(name));
    for (const held of declared.removals.values()) this.#removal(held, device);
    for (const [text, inside] of declared.sections) {
      const there = device?.sections.get(text);
      const row = inside.header?.line.opens === "row" ? inside.header : undefined;
      if (row !== undefined && there === undefined)
        this.#change(row, "missing row", { before: undefined, after: "present" }, []);
      else this.section(inside, there);
    }
  }

  /** The lines of one name: a setting on both sides where each has one, else a list. */
  #fields(ours: Fields, theirs: Fields | undefined): void {
    // Most settings have one value, and the device shows it.
    const single = !(ours instanceof Map || theirs instanceof Map);
    if (single && theirs !== undefined && haveSameWords(ours.line, theirs.line)) return;
    const [declared, device] = [byText(ours), byText(theirs)];
    const left = new Map(device);
    const open: Held[] = [];
    for (const [text, held] of declared) {
      if (left.delete(text)) continue;
      const as = this.shown[lineKey(held.line)];
      const hidden = as === null && (device.size === 0 || declared.size > 1);
      if (typeof as === "string" && left.delete(as)) continue;
      if (!hidden && !(as === UNSTEADY && device.size > 0)) open.push(held);
    }
    // A list has no line in another one's place.
    const [instead] = open.length === 1 && device.size === 1 ? left.values() : [];
    for (const held of open) {
      const after = valueText(held.line);
      if (instead === undefined) this.#change(held, "missing", { before: undefined, after }, []);
      else this.#change(held, "value", { before: valueText(instead.line), after }, [instead.line]);
    }
  }

  #removal(held: Held, device: Section | undefined): void {
    const text = lineText(held.line);
    const section = device?.sections.get(text);
    const fields = device === undefined ? [] : fieldsNamed(device, held.line);
    const [field] = fields;
    const as = this.shown[lineKey(held.line)];
    const gone = { before: undefined, after: undefined };
    if (section !== undefined)
      this.#change(held, "present", { ...gone, before: "present" }, linesOf(section));
    else if (field !== undefined) {
      if (as === lineText(field.line)) return;
      const found = fields.map(({ line }) => line);
      this.#change(held, "present", { ...gone, before: valueText(field.line) }, found);
    } else if (as !== null && device?.removals.has(text) !== true && !namesRow(held.line, device))
      this.unseen.push(changeOf(held, "missing", gone, []));
  }

  #change(...change: Parameters<typeof changeOf>): void {
    this.changes.push(changeOf(...change));
  }
}

function changeOf(
  held: Held,
  kind: ChangeKind,
  values: { before: string | undefined; after: string | undefined },
  found: readonly CliLine[],
): CliChange {
  const { line } = held;
  const at = placesOf(held);
  const secret = [line, ...found].some(({ name, args }) => isSecretLine(name, args));
  return { address: addressOf(line), kind, ...values, secret, at, found };
}

/** Whether a line is about a row, which an export lists if it is there: a row command of the device's, or one of its. */
function namesRow({ mode, name, args }: CliLine, device: Section | undefined): boolean {
  if (args.length === 0) return false;
  const [configure = ""] = mode;
  const known = knownHeader(configure.replace("configure ", ""), [...name.split(" "), ...args]);
  if (known !== undefined) return true;
  return [...(device?.sections.values() ?? [])].some(({ header }) => header?.line.name === name);
}

/**
 * Where a line stands: a field by its name, a row and what `no` takes away by all its words; those that are secrets
 * are hidden.
 */
export function addressOf(line: CliLine): string {
  const { name, args } = line;
  const whole = line.opens !== undefined || (line.negated && !isSecretLine(name, args));
  return [...line.mode.map(shownHeader), whole ? headerText(name, shownWords(name, args)) : name].join(" / ");
}

/** The text of a mode without secrets. */
function shownHeader(text: string): string {
  const [name = "", ...args] = [...text.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
  return headerText(name, shownWords(name, args));
}

/** What tells a declared line from every other, its value included. */
export function lineKey(line: CliLine): string {
  return [...line.mode, `${line.negated ? "no " : ""}${lineText(line)}`].join(" / ");
}

/** A value as exact text; several words as they stand in a script. */
export function valueText(line: CliLine): string {
  const [first, ...others] = line.args;
  if (first === undefined) return "";
  return others.length === 0 ? first : lineText(line).slice(line.name.length + 1);
}

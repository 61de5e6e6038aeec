import { isPlausibleForm } from "../ini/plausible-form";
import { holdsObscured } from "../secrets/values";
import { isSecretLine } from "../secrets/words";
import { type LineMatcher, NO_LINE } from "./at-default";
import type { CanonicalScript, CliLine } from "./canonical";
import { type CliChange, compareScripts, lineKey, type ShownLines, UNSTEADY } from "./compare";
import { effectOf, hasLine, heldOf, lineText, type Section, sectionAt } from "./effect";

/** What is known of a script from its earlier applies. */
export interface KnownLines {
  /** How the device showed lines that it did not show as declared. */
  shown: ShownLines;
  /** The script that the device was last seen to hold whole. */
  held?: CanonicalScript;
  /** What the device kept in place of lines that it did not take: the line as text, null for none. By `lineKey`. */
  refused?: ShownLines;
}

/** What the export after an apply says of a script. */
export interface ScriptVerdict {
  /** How the device shows declared lines, for those that it does not show as declared. */
  shown: ShownLines;
  /** Rows that are not there, values that are not the declared ones, and what had to go and is still there. */
  refused: CliChange[];
  /** Lines that the device shows neither before nor after. */
  unconfirmed: CliChange[];
  /** Lines that it showed before with another value, and does not show now: they are at their default. */
  atDefault: CliChange[];
  /** Values that it shows in a form of its own. */
  rewritten: CliChange[];
  /** Secrets that look as they did before, of which nothing is known from earlier. */
  unproven: CliChange[];
}

/**
 * Judges by the device's export whether an applied script came true. Nothing counts as done because the device does
 * not show it: only what it showed before, or what a user says of it (`mayBeAtDefault`), lets a line be absent.
 *
 * @param before the export from before the apply; undefined if an earlier run has seen it
 */
export function judgeScript(
  declared: CanonicalScript,
  { before, after }: { before: CanonicalScript | undefined; after: CanonicalScript },
  known: KnownLines = { shown: {} },
  mayBeAtDefault: LineMatcher = NO_LINE,
): ScriptVerdict {
  const judge = new Judge(declared, { before, after }, known, mayBeAtDefault);
  const { changes, unseen } = compareScripts(declared, after, known.shown);
  for (const change of changes) judge.change(change);
  for (const change of unseen) judge.unseen(change);
  return judge.verdict;
}

class Judge {
  readonly #shown: Record<string, string | null> = {};
  readonly verdict: ScriptVerdict = {
    shown: this.#shown,
    refused: [],
    unconfirmed: [],
    atDefault: [],
    rewritten: [],
    unproven: [],
  };
  readonly #before: Section | undefined;
  readonly #after: Section;
  readonly #heldKeys: ReadonlySet<string>;
  /** Texts that stood for other values of a setting, by the setting: what was declared, and what the device showed. */
  readonly #formsOf = new Map<string, { declared: string; device: string }[]>();

  constructor(
    readonly declared: CanonicalScript,
    { before, after }: { before: CanonicalScript | undefined; after: CanonicalScript },
    readonly known: KnownLines,
    readonly mayBeAtDefault: LineMatcher,
  ) {
    this.#after = effectOf(after.lines);
    this.#before = before && effectOf(before.lines);
    const held = known.held?.lines.filter(({ opens, negated }) => opens === undefined && !negated) ?? [];
    this.#heldKeys = new Set(held.map(lineKey));
    for (const line of held) {
      const as = known.shown[lineKey(line)];
      if (as === null) continue;
      const setting = settingOf(line);
      const forms = this.#formsOf.get(setting) ?? [];
      this.#formsOf.set(setting, forms);
      forms.push({ declared: lineText(line), device: as ?? lineText(line) });
    }
    // What is remembered of lines that the device does not show as declared now, either.
    for (const line of declared.lines) {
      const key = lineKey(line);
      const as = known.shown[key];
      if (as !== undefined && !hasLine(this.#after, line)) this.#shown[key] = as;
    }
  }

  change(change: CliChange): void {
    const { verdict } = this;
    const [found] = change.found;
    if (change.kind === "missing row" || found?.opens !== undefined) verdict.refused.push(change);
    else if (found === undefined) this.#absent(change);
    else if (change.kind === "present") this.#stillThere(change, found);
    else this.#otherValue(change, found);
  }

  /** A `no` of something that the device never showed. */
  unseen(change: CliChange): void {
    const line = this.#line(change);
    const wasThere =
      fieldsOf(this.#before, line) > 0 ||
      sectionAt(this.#before, line.mode)?.sections.has(lineText(line)) === true;
    // The device has shown a setting of this name, so it is spelt right and absence tells.
    const isKnown = this.#formsOf.has(settingOf(line));
    if (wasThere || isKnown || this.mayBeAtDefault(line)) this.#learn(change, null);
    else this.verdict.unconfirmed.push(change);
  }

  #absent(change: CliChange): void {
    const line = this.#line(change);
    // Had it been shown with this very value, it would be shown now.
    const wasShown =
      !this.#showedBefore(line) && fieldsOf(this.#before, line) === 1 && fieldsOf(this.#after, line) === 0;
    if (wasShown) this.verdict.atDefault.push(change);
    if (wasShown || this.mayBeAtDefault(line)) this.#learn(change, null);
    else this.verdict.unconfirmed.push(change);
  }

  #stillThere(change: CliChange, found: CliLine): void {
    const line = this.#line(change);
    if (this.#showedBefore(found) && !this.mayBeAtDefault(line)) this.verdict.refused.push(change);
    else this.#learn(change, lineText(found));
  }

  #otherValue(change: CliChange, found: CliLine): void {
    const { verdict, known } = this;
    const line = this.#line(change);
    const text = lineText(found);
    const secret = isSecretLine(found.name, found.args);
    if (this.#showedBefore(found)) {
      if (known.refused?.[lineKey(line)] === text || this.#isOthersForm(line, found)) {
        verdict.refused.push(change);
        return;
      }
      if (secret && isObscuredLine(found)) verdict.unproven.push(change);
      else if (isPlausibleForm([...line.args], [...found.args])) verdict.rewritten.push(change);
      else {
        verdict.refused.push(change);
        return;
      }
    } else if (!secret) verdict.rewritten.push(change);
    this.#learn(change, text);
  }

  /** Whether what stands there from before is known to be the form of another value than the declared one. */
  #isOthersForm(line: CliLine, found: CliLine): boolean {
    const key = lineKey(line);
    const text = lineText(found);
    const own = this.known.shown[key] ?? (this.#heldKeys.has(key) ? lineText(line) : undefined);
    if (typeof own === "string" && own !== UNSTEADY) return own !== text;
    const secret = isSecretLine(found.name, found.args);
    const caseOnly = text.toLowerCase() === lineText(line).toLowerCase();
    if (!secret && !caseOnly) return false;
    const start = `${[...line.mode, line.name].join(" / ")} `;
    const keptBefore = Object.entries(this.known.refused ?? {});
    if (keptBefore.some(([other, as]) => as === text && other.startsWith(start))) return true;
    // A device that shows capitals as they were declared has no form of its own for them.
    const others = this.#formsOf.get(settingOf(line)) ?? [];
    return others.some(
      ({ declared, device }) =>
        device === text && declared !== lineText(line) && (secret || declared === text),
    );
  }

  /** Whether the device showed this line before the apply, too. Unknown before: it may be the form of what was applied. */
  #showedBefore(line: CliLine): boolean {
    return this.#before !== undefined && hasLine(this.#before, line);
  }

  #learn(change: CliChange, as: string | null): void {
    for (const line of this.#lines(change)) this.#shown[lineKey(line)] = as;
  }

  /** A change stands for one line at least, all of them with the same words. */
  #line(change: CliChange): CliLine {
    return this.#lines(change)[0] as CliLine;
  }

  #lines({ at }: CliChange): CliLine[] {
    return at.map((index) => this.declared.lines[index] as CliLine);
  }
}

/** What the next run has to know of lines that the device did not take. */
export function refusedLinesOf(declared: CanonicalScript, changes: readonly CliChange[]): ShownLines {
  return Object.fromEntries(
    changes.flatMap(({ at, found: [found] }) =>
      at.map((index) => [
        lineKey(declared.lines[index] as CliLine),
        found === undefined ? null : lineText(found),
      ]),
    ),
  );
}

/** How many fields of a line's name a device shows in its place. */
function fieldsOf(root: Section | undefined, line: CliLine): number {
  return heldOf(sectionAt(root, line.mode)?.fields.get(line.name)).length;
}

function settingOf({ mode, name }: CliLine): string {
  return [...mode, name].join("\n");
}

function isObscuredLine({ args }: CliLine): boolean {
  return args.some(holdsObscured);
}

/**
 * What two looks at a device agree on when nothing changed between them: a line that it shows in another form each
 * time (a secret obscured anew) cannot be compared.
 */
export function steadyLines(first: ShownLines, second: ShownLines): ShownLines {
  return Object.fromEntries(
    Object.entries(first).map(([key, as]) => [key, second[key] === as ? as : UNSTEADY]),
  );
}

import { present } from "../../declare/present";
import { type Address, rowAddress, type SplitAddress, splitAddress } from "../../ini/address";
import { sameValue, type Value } from "../../ini/configuration";
import { declaredBy } from "../../ini/declared";
import { unlikeLive } from "../../ini/dump/unlike";
import { NameMap, type Names } from "../../ini/names";
import { liveAt, liveValue, type Observed, sameLive } from "../../ini/observe";
import { isPlausibleForm } from "../../ini/plausible-form";
import { COLUMN_DEFAULT } from "../../ini/scalar";
import { isObscured, secretShare } from "../../secrets/values";
import { describeValue } from "../../text/describe";
import {
  asksForDefault,
  type DeviceForm,
  declaredIndexes,
  type Fragment,
  holds,
  holdsAt,
  isWithheld,
} from "./fragment";
import { LikelyCauses } from "./likely-causes";

/** What a read-back says of one fragment. */
export interface Verdict {
  /** The forms in which the device shows declared values, for those that it shows otherwise. */
  forms: NameMap<DeviceForm>;
  /** What the device did not take, and never will of itself. */
  problems: string[];
  /** What may come right when another resource has brought what it refers to. */
  mayComeLater: string[];
  /** Names that were absent before and after. */
  unconfirmed: string[];
  /** Secrets that were written now and came back obscured for the first time. */
  newlyObscured: Address[];
  /** Whether the dumps from before and after the upload are two: a secret that shows the same in both is steady. */
  lookedTwice: boolean;
  /** What a person should know, one sentence each. */
  notes: string[];
}

/**
 * Judges by the device's own dump whether a fragment came true.
 *
 * @param before the dump before the upload
 * @param after the dump after it
 * @param written the values that the uploads changed
 */
export function verifyFragment(
  fragment: Fragment,
  before: Observed,
  after: Observed,
  written: Names<Value>,
): Verdict {
  const verdict: Verdict = {
    forms: new NameMap(),
    problems: [],
    mayComeLater: [],
    unconfirmed: [],
    newlyObscured: [],
    lookedTwice: before !== after,
    notes: [],
  };
  const declared = declaredBy(fragment.declared).values;
  const dropped = new NameMap<{ table: string; index: string }>();
  for (const [table, rows] of Object.entries(fragment.declared.tables)) {
    const shown = after.tables.get(table)?.rows;
    for (const index of Object.keys(rows))
      if (!shown?.has(index)) dropped.set(rowAddress(table, index), { table, index });
  }
  const causes = new LikelyCauses({ fragment, before, after }, dropped);
  for (const row of dropped.values()) verdict.mayComeLater.push(causes.droppedRow(row));
  // What the device shows as it is declared holds.
  for (const { address, place, value } of unlikeLive(fragment.declared, after)) {
    if (place.kind === "cell" && dropped.has(rowAddress(place.table, place.index))) continue;
    judge(verdict, fragment, { address, place, value, before, after, written: written.has(address), causes });
  }
  for (const [address, value] of fragment.restored) {
    if (declared.has(address) || !written.has(address)) continue;
    judgeRestored(verdict, address, value, {
      was: liveValue(before, address),
      live: liveValue(after, address),
    });
  }
  verdict.notes.push(...notRestored(fragment, after));
  verdict.problems.push(...leftovers(fragment, after));
  return verdict;
}

interface Case {
  address: Address;
  place: SplitAddress;
  value: Value;
  before: Observed;
  after: Observed;
  /** Whether an upload carried the value. */
  written: boolean;
  causes: LikelyCauses;
}

/** What a read-back says of one declared value. */
type Outcome =
  | { is: "held"; form: DeviceForm }
  | { is: "hidden" | "at its default" | "absent" | "gone" | "kept secret" | "taken for a text" }
  | { is: "obscured" | "obscured as before" | "rewritten" | "refused"; live: Value };

function outcomeOf(fragment: Fragment, { address, place, value, before, after, written }: Case): Outcome {
  const form = fragment.forms.get(address);
  const live = liveAt(after, place);
  const asks = asksForDefault(address, value);
  // Of what is shown as it is declared, only this comes here.
  if (asks && live === value) return { is: "taken for a text" };
  if (!written && form !== undefined && holdsAt(after, { address, place }, value, form))
    return { is: "held", form };
  if (isWithheld(after, address)) return { is: "hidden" };
  const earlier = liveAt(before, place);
  if (live === undefined) {
    if (earlier === undefined && isShownValue(fragment, address, value)) return { is: "gone" };
    const known = earlier !== undefined || isKnown(fragment, address, value);
    return { is: known ? "at its default" : "absent" };
  }
  const obscures = typeof live === "string" && isObscured(live);
  if (obscures && !(typeof value === "string" && isObscured(value))) {
    const stayed = earlier !== undefined && sameValue(earlier, live);
    if (form !== undefined && keptItsForm(form, value, { live, stayed })) return { is: "kept secret" };
    return { is: stayed ? "obscured as before" : "obscured", live };
  }
  // What stood there already may be the device's form of what it accepted; anything else was refused.
  const stayed = earlier !== undefined && sameValue(earlier, live);
  const isForm = asks ? mayBeDefault(form, live) : isPlausibleForm(value, live);
  return { is: stayed && !isForm ? "refused" : "rewritten", live };
}

/** Whether a value that stays when `$$` is sent may be the default: another one may have been learnt. */
function mayBeDefault(form: DeviceForm | undefined, live: Value): boolean {
  const learnt = form?.declared === COLUMN_DEFAULT && !form.incomparable ? form.device : null;
  return learnt === null || isPlausibleForm(learnt, live);
}

function judgeRestored(
  verdict: Verdict,
  address: Address,
  value: Value,
  { was, live }: { was: Value | undefined; live: Value | undefined },
): void {
  if (live === undefined) return;
  const stayed = was !== undefined && sameValue(was, live);
  if (asksForDefault(address, value)) {
    if (live === value) verdict.problems.push(`${address} could not be restored: ${TAKEN_FOR_A_TEXT}`);
    else if (stayed)
      verdict.notes.push(`${address} was not there before: set to its default ($$), it shows what it showed`);
    return;
  }
  if (sameLive(value, live) || isPlausibleForm(value, live) || !stayed) return;
  verdict.problems.push(`${address} could not be restored: the device kept its value`);
}

/** Follows the address of a secret. */
export const OBSCURED_AS_BEFORE =
  " is obscured as before, so the device had this secret already or did not take it; it does not say which";

const TAKEN_FOR_A_TEXT =
  "the device took $$ for a text, so this firmware does not know it as the default of a column; declare the value itself";

function judge(verdict: Verdict, fragment: Fragment, one: Case): void {
  const { address, value, after, causes } = one;
  const outcome = outcomeOf(fragment, one);
  const secret = fragment.isSecret(address);
  switch (outcome.is) {
    case "held":
      verdict.forms.set(address, outcome.form);
      return;
    case "hidden":
      verdict.forms.set(address, { declared: value, device: null, incomparable: true });
      verdict.notes.push(`${address} is hidden on the device: not comparable`);
      return;
    case "at its default":
      verdict.forms.set(address, { declared: value, device: null, known: true });
      return;
    case "absent": {
      const name = nameIn(address);
      if (fragment.mayBeAtDefault(name)) verdict.forms.set(address, { declared: value, device: null });
      else if (!verdict.unconfirmed.includes(name)) verdict.unconfirmed.push(name);
      return;
    }
    case "gone": {
      const name = nameIn(address);
      if (fragment.mayBeAtDefault(name)) verdict.forms.set(address, { declared: value, device: null });
      else
        verdict.problems.push(
          `${name} was not taken by the device: it showed this value before, and shows none now; ` +
            `if the value is the default now, say so: atDefault: [${JSON.stringify(name)}]`,
        );
      return;
    }
    case "kept secret":
      verdict.problems.push(`${address} was not taken by the device: it shows what it showed before`);
      return;
    case "obscured":
    case "obscured as before":
      // What is not known to be refused holds.
      if (outcome.is === "obscured as before") verdict.notes.push(address + OBSCURED_AS_BEFORE);
      verdict.forms.set(address, {
        ...{ declared: value, device: outcome.live },
        ...present({ unproven: outcome.is === "obscured as before" || undefined }),
      });
      if (!secret) {
        verdict.notes.push(
          `${address} comes back obscured: name it in secretNames to keep it out of previews and state`,
        );
      }
      verdict.newlyObscured.push(address);
      return;
    case "taken for a text":
      verdict.problems.push(`${address}: ${TAKEN_FOR_A_TEXT}`);
      return;
    case "rewritten": {
      verdict.forms.set(address, { declared: value, device: outcome.live });
      // A form that is known already was told when it was learnt.
      if (holds(after, address, value, fragment.forms.get(address))) return;
      const shown = secret ? "another form" : describeValue(outcome.live);
      const what = asksForDefault(address, value) ? "the default ($$)" : "what is declared";
      verdict.notes.push(`${address}: the device shows ${shown} for ${what}`);
      return;
    }
    case "refused": {
      const { live } = outcome;
      const hidden = secret || secretShare(live) === "all";
      const text = hidden ? "" : `: it keeps ${describeValue(live)}`;
      if (asksForDefault(address, value)) {
        verdict.problems.push(
          `${address} was not set to its default ($$)${text}, and showed another one before; declare the value itself`,
        );
        return;
      }
      const message = `${address} was not taken by the device${text}`;
      if (splitAddress(address).kind === "cell")
        verdict.mayComeLater.push(message + causes.missingReference(address, value));
      else verdict.problems.push(message);
    }
  }
}

/** Whether the device has shown the name before, although not in this turn: then it cannot be misspelt. */
function isKnown(fragment: Fragment, address: Address, value: Value): boolean {
  const form = fragment.forms.get(address);
  if (form?.known || fragment.isKnown?.(address)) return true;
  // Said to be at its default in another form, `0` for `00`.
  return form?.device === null && !form.incomparable && isPlausibleForm(form.declared, value);
}

/** Whether the device has shown this very value, so that it is not the default. */
function isShownValue(fragment: Fragment, address: Address, value: Value): boolean {
  const shown = fragment.lastShown?.(address);
  return shown !== undefined && sameValue(shown, value);
}

function nameIn(address: Address): string {
  const split = splitAddress(address);
  return split.kind === "cell" ? `${split.table}.${split.column}` : address;
}

/**
 * Whether a secret came back in a form that is known not to be its own, on a device that obscures one value one way:
 * the form of another declared value, or a form that stayed and is another one than it had when it was taken.
 */
function keptItsForm(
  form: DeviceForm,
  value: Value,
  { live, stayed }: { live: Value; stayed: boolean },
): boolean {
  if (form.incomparable !== undefined || form.unproven !== undefined || form.device === null) return false;
  // The form of a secret that nobody knows may be that of this one.
  if (typeof form.declared === "string" && isObscured(form.declared)) return false;
  const isItsForm = sameValue(form.device, live);
  return sameValue(form.declared, value) ? stayed && !isItsForm : isItsForm;
}

/** Parameters that an incremental ini cannot set back: it has no word for a default, and the device does not tell it. */
function notRestored(fragment: Fragment, after: Observed): string[] {
  return fragment.unsetParameters
    .filter((name) => after.parameters.has(name) || after.hiddenParameters.has(name))
    .map((name) => `${name} was at its default before, which the device does not tell: it stays as it is`);
}

/** Rows that had to go and are still there. */
function leftovers(fragment: Fragment, after: Observed): string[] {
  const problems: string[] = [];
  const rows = new NameMap<true>(fragment.removedRows);
  for (const table of fragment.ownTables) {
    const declared = declaredIndexes(fragment.declared, table);
    for (const index of after.tables.get(table)?.rows.keys() ?? []) {
      if (!declared.has(index)) rows.set(rowAddress(table, index), true);
    }
  }
  for (const row of rows.keys()) {
    const split = splitAddress(row);
    if (split.kind === "row" && after.tables.get(split.table)?.rows.has(split.index)) {
      problems.push(`${row} stays on the device although it was to go: remove it by hand`);
    }
  }
  return problems;
}

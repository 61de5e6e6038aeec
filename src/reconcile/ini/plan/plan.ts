import { rowAddress, splitAddress } from "../../../ini/address";
import type { Value } from "../../../ini/configuration";
import { type DeclaredValue, declaredBy } from "../../../ini/declared";
import { unlikeLive } from "../../../ini/dump/unlike";
import { NameMap } from "../../../ini/names";
import { liveAt, type Observed } from "../../../ini/observe";
import { cellText, type IniText } from "../../../ini/render";
import { orderTables } from "../../../ini/table-order";
import { asksForDefault, type DeviceForm, type Fragment, holdsAt } from "../fragment";
import { renameNote, renamesOf } from "../references/renames";
import { refusals } from "./refusals";
import type { PlanRules } from "./rules";
import { TableOverlay } from "./table-overlay";
import { Taken } from "./taken";

/** What is sent to a device so that it holds what a list of fragments wants. */
export interface IniPlan {
  text: IniText;
  /** The values that the text changes, by address. */
  written: NameMap<Value>;
  /** The rows that the text leaves out so that they go. */
  removed: NameMap<{ table: string; index: string }>;
  /** Why a fragment is not in the plan at all. */
  refused: Map<Fragment, string[]>;
  /** What a person should know of what goes out, one sentence each. */
  notes: string[];
}

/** Whether there is nothing to send. */
export function isEmptyPlan(plan: IniPlan): boolean {
  return plan.text.parameters.length === 0 && plan.text.tables.length === 0;
}

/**
 * The one upload that brings an observed device to what all the fragments want; a pure function of both.
 *
 * A fragment that cannot be sent as it is (a hidden table, a table that could not be read whole, the row of our
 * own user, a value that another fragment declares otherwise) is refused whole and leaves the others alone.
 */
export function planIni(observed: Observed, fragments: readonly Fragment[], rules: PlanRules): IniPlan {
  const refused = new Map<Fragment, string[]>();
  const accepted: Fragment[] = [];
  const taken = new Taken();
  const wanted: Want[] = [];
  const notes: string[] = [];
  for (const fragment of fragments) {
    const differing = differences(observed, fragment);
    const going = removals(observed, [fragment]);
    const renames = renamesOf(observed, fragment, { differing, going });
    const problems = [
      ...taken.conflicts(fragment),
      ...refusals(observed, fragment, { differing, going, renames }, rules),
    ];
    if (problems.length > 0) refused.set(fragment, problems);
    else {
      accepted.push(fragment);
      taken.add(fragment);
      for (const want of differing) wanted.push(want);
      for (const rename of renames) notes.push(renameNote(rename));
    }
  }

  const overlay = new TableOverlay(observed, rules);
  const parameters: { name: string; value: Value }[] = [];
  const written = new NameMap<Value>();
  const forms = formsOf(accepted);
  for (const { address, place, value, isRestored } of wanted) {
    if (isRestored && taken.has(place)) continue;
    if (written.has(address) || holdsAt(observed, { address, place }, value, forms.get(address))) continue;
    written.set(address, value);
    if (place.kind === "parameter") parameters.push({ name: place.name, value });
    else if (place.kind === "cell" && typeof value === "string") {
      overlay.set(place.table, place.index, place.column, cellText(address, value));
    }
  }
  const removed: IniPlan["removed"] = new NameMap();
  for (const { table, index } of removals(observed, accepted)) {
    removed.set(rowAddress(table, index), { table, index });
    overlay.remove(table, index);
  }
  const order = accepted.map((fragment) => fragment.order);
  const tables = orderTables(overlay.tables(), order, observed.tables.keys());
  return {
    text: {
      parameters,
      tables: tables.map((name) => overlay.table(name)).filter((table) => table !== undefined),
    },
    written,
    removed,
    refused,
    notes: [...notes, ...overlay.notes],
  };
}

/** A value to bring to the device. */
interface Want extends DeclaredValue {
  /** A value from before, which goes back only if nobody declares another. */
  isRestored: boolean;
}

/** What the device does not hold of what a fragment declares and brings back. */
function differences(observed: Observed, fragment: Fragment): Want[] {
  const differing: Want[] = [];
  const look = ({ address, place, value }: DeclaredValue, isRestored: boolean) => {
    if (!holdsAt(observed, { address, place }, value, fragment.forms.get(address)))
      differing.push({ address, place, value, isRestored });
  };
  for (const one of unlikeLive(fragment.declared, observed)) look(one, false);
  for (const [address, value] of fragment.restored) {
    const place = splitAddress(address);
    // A column that is not shown, as before the first management, has nothing that could go back.
    const isGone = asksForDefault(address, value) && liveAt(observed, place) === undefined;
    if (!isGone) look({ address, place, value }, true);
  }
  return differing;
}

/** The rows that must go and that the device still has. */
function removals(observed: Observed, fragments: readonly Fragment[]): { table: string; index: string }[] {
  const rows: { table: string; index: string }[] = [];
  for (const fragment of fragments) {
    for (const address of fragment.removedRows.keys()) {
      const split = splitAddress(address);
      if (split.kind === "row") rows.push({ table: split.table, index: split.index });
    }
    for (const table of fragment.ownTables) {
      for (const index of observed.tables.get(table)?.rows.keys() ?? []) rows.push({ table, index });
    }
  }
  if (rows.length === 0) return rows;
  const wanted = wantedRows(fragments);
  return rows.filter(
    ({ table, index }) =>
      observed.tables.get(table)?.rows.has(index) === true && !wanted.has(rowAddress(table, index)),
  );
}

/** The rows that fragments declare or bring back. */
function wantedRows(fragments: readonly Fragment[]): NameMap<true> {
  const wanted = new NameMap<true>();
  for (const { declared, restored } of fragments) {
    for (const row of declaredBy(declared).rows.keys()) wanted.set(row, true);
    for (const address of restored.keys()) {
      const split = splitAddress(address);
      if (split.kind === "cell") wanted.set(rowAddress(split.table, split.index), true);
    }
  }
  return wanted;
}

/** The forms that any of the fragments knows; the first one's if several do. */
function formsOf(fragments: readonly Fragment[]): NameMap<DeviceForm> {
  const forms = new NameMap<DeviceForm>();
  for (const fragment of fragments)
    for (const [address, form] of fragment.forms) if (!forms.has(address)) forms.set(address, form);
  return forms;
}

import { addressOf, cellAddress, rowAddress, type SplitAddress, splitAddress } from "../../ini/address";
import { sameValue, type Value } from "../../ini/configuration";
import { type DeclaredValue, type DeclaredValues, declaredBy } from "../../ini/declared";
import { type Encoding, encodeIni } from "../../ini/encoding";
import { IniError } from "../../ini/errors";
import { NameMap, nameKey } from "../../ini/names";
import { liveAt, liveValue, type Observed } from "../../ini/observe";
import { cellText, type IniText, parameterText, type TableText } from "../../ini/render";
import { orderTables } from "../../ini/table-order";
import { asksForDefault, type DeviceForm, type Fragment, holdsAt } from "./fragment";
import { type Rename, renameNote, renameProblem, renamesOf } from "./references/renames";

/** What the plan must know of the device beside its dump. */
export interface PlanRules {
  /** `whole` sends every row of a table that changes; `rows` only those that differ. */
  incrementalTables: "whole" | "rows";
  /** The user that this connection logs in with. */
  username: string;
  /** The encoding of the dump, in which the upload goes out as well. */
  encoding: Encoding;
}

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
      ...refusals(observed, fragment, { differing, going, renames, rules }),
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

/** Tables as a device holds them with other cells laid over: what is sent, and what puts lost rows back. */
export class TableOverlay {
  readonly notes: string[] = [];
  private readonly cells = new NameMap<Map<string, NameMap<string>>>();
  private readonly gone = new NameMap<Set<string>>();

  constructor(
    private readonly observed: Observed,
    private readonly rules: Pick<PlanRules, "incrementalTables">,
  ) {}

  /** @param raw the cell as it stands in the line, quotes included */
  set(table: string, index: string, column: string, raw: string): void {
    const rows = this.cells.ensure(table, () => new Map());
    const row = rows.get(index) ?? new NameMap<string>();
    row.set(column, raw);
    rows.set(index, row);
  }

  remove(table: string, index: string): void {
    this.gone.ensure(table, () => new Set()).add(index);
  }

  tables(): string[] {
    // Rows go only where the table comes without them, which a table in rows mode never does.
    const shrinking = this.rules.incrementalTables === "whole" ? [...this.gone.keys()] : [];
    return [...new NameMap([...this.cells.keys(), ...shrinking].map((name) => [name, true])).keys()];
  }

  /** Undefined where there is nothing to send, or where the device withholds the table: an upload would lose it. */
  table(name: string): TableText | undefined {
    const live = this.observed.tables.get(name);
    if (live?.hidden) return undefined;
    const laid = this.cells.get(name) ?? new Map<string, NameMap<string>>();
    const gone = this.gone.get(name) ?? new Set<string>();
    const columns = new NameMap<true>((live?.columns ?? []).map((column) => [column, true]));
    for (const row of laid.values()) for (const column of row.keys()) columns.set(column, true);
    const names = [...columns.keys()];
    if (names.length === 0) return undefined;
    const whole = this.rules.incrementalTables === "whole";
    const indexes = new Set([...(whole ? (live?.rows.keys() ?? []) : []), ...laid.keys()]);
    const fresh = new Map<string, string[]>();
    const rows = [...indexes]
      .filter((index) => !gone.has(index))
      .sort(byNumber)
      .map((index) => {
        const before = live?.rows.get(index);
        const over = laid.get(index);
        if (before === undefined && over !== undefined) {
          const empty = names.filter((column) => !over.has(column)).join(", ");
          const alike = fresh.get(empty) ?? [];
          alike.push(index);
          if (empty !== "") fresh.set(empty, alike);
        }
        return { index, cells: names.map((column) => over?.get(column) ?? before?.get(column)?.raw ?? "") };
      });
    this.noteNewRows(name, fresh);
    return { name: live?.name ?? name, columns: names, rows };
  }

  /** What a line a table tells of new rows; those that leave the same columns to the device are told together. */
  private noteNewRows(table: string, rows: ReadonlyMap<string, readonly string[]>): void {
    const told = [...rows].map(([empty, indexes]) => `${indexesText(indexes)} (${empty} left to the device)`);
    if (told.length > 0) this.notes.push(`${table}: new ${told.join("; ")}`);
  }
}

/** Many indexes are counted: `rows 3 to 2002, 2000 in all`. */
function indexesText(indexes: readonly string[]): string {
  if (indexes.length === 1) return `row ${indexes[0]}`;
  if (indexes.length <= 10) return `rows ${indexes.join(", ")}`;
  return `rows ${indexes[0]} to ${indexes.at(-1)}, ${indexes.length} in all`;
}

function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

interface Want extends DeclaredValue {
  /** A value from before, which goes back only where nobody declares another. */
  isRestored: boolean;
}

/** What the device does not hold of what a fragment declares and brings back. */
function differences(observed: Observed, fragment: Fragment): Want[] {
  const differing: Want[] = [];
  const look = ({ address, place, value }: DeclaredValue, isRestored: boolean) => {
    if (!holdsAt(observed, { address, place }, value, fragment.forms.get(address)))
      differing.push({ address, place, value, isRestored });
  };
  for (const one of declaredBy(fragment.declared).values.items()) look(one, false);
  for (const [address, value] of fragment.restored) {
    const place = splitAddress(address);
    // A column that is not shown, as before the first management, has nothing that could go back.
    const isGone = asksForDefault(address, value) && liveAt(observed, place) === undefined;
    if (!isGone) look({ address, place, value }, true);
  }
  return differing;
}

/** What fragments declare that were accepted. One alone is looked up as it is, since most groups have no other. */
class Taken {
  private first: DeclaredValues | undefined;
  private all: NameMap<Value> | undefined;

  add({ declared }: Fragment): void {
    const { values } = declaredBy(declared);
    if (this.first === undefined) {
      this.first = values;
      return;
    }
    this.all ??= new NameMap(this.first);
    for (const [address, value] of values) this.all.set(address, value);
  }

  has(place: SplitAddress): boolean {
    return this.get(place) !== undefined;
  }

  /** Why a fragment cannot be beside those before it. */
  conflicts(fragment: Fragment): string[] {
    if (this.first === undefined) return [];
    const problems: string[] = [];
    for (const { address, place, value } of declaredBy(fragment.declared).values.items()) {
      const other = this.get(place, address);
      if (other !== undefined && !sameValue(other, value))
        problems.push(`${address} is declared with another value by another resource`);
    }
    return problems;
  }

  private get(place: SplitAddress, address = addressOf(place)): Value | undefined {
    return this.all === undefined ? this.first?.at(place) : this.all.get(address);
  }
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

/** The forms that any of the fragments knows; the first one's where several do. */
function formsOf(fragments: readonly Fragment[]): NameMap<DeviceForm> {
  const forms = new NameMap<DeviceForm>();
  for (const fragment of fragments)
    for (const [address, form] of fragment.forms) if (!forms.has(address)) forms.set(address, form);
  return forms;
}

function refusals(
  observed: Observed,
  fragment: Fragment,
  {
    differing,
    going,
    renames,
    rules,
  }: {
    differing: readonly Want[];
    going: readonly { table: string; index: string }[];
    renames: readonly Rename[];
    rules: PlanRules;
  },
): string[] {
  const problems: string[] = [];
  for (const want of differing) {
    const fault = unwritable(want, rules.encoding);
    if (fault !== undefined) problems.push(fault);
  }
  const changing = new NameMap<true>();
  for (const { place } of differing) if (place.kind === "cell") changing.set(place.table, true);
  for (const { table } of going) changing.set(table, true);
  const named = [...Object.keys(fragment.declared.tables), ...fragment.ownTables, ...changing.keys()];
  for (const table of new NameMap(named.map((name) => [name, true])).keys()) {
    if (!observed.tables.get(table)?.hidden) continue;
    problems.push(
      `table ${table} has hidden elements on the device and cannot be declared: an upload would lose them`,
    );
  }
  for (const table of changing.keys()) {
    const lines = observed.tables.get(table)?.unreadable ?? [];
    if (lines.length > 0 && rules.incrementalTables === "whole") {
      problems.push(
        `table ${table} cannot be sent back whole: line ${lines.join(", ")} of the device's dump could not be read`,
      );
    }
  }
  for (const rename of renames)
    if (rename.left.some(({ table }) => changing.has(table))) problems.push(renameProblem(rename));
  if (!fragment.allowLossOfAccess) problems.push(...lossOfAccess(observed, differing, going, rules.username));
  return problems;
}

function unwritable({ address, place, value }: Want, encoding: Encoding): string | undefined {
  try {
    const parameter = place.kind === "parameter";
    const text = parameter ? parameterText(address, value) : cellText(address, String(value));
    return encodeIni(text, encoding) === undefined
      ? `${address} has a character that the encoding of the device's configuration (${encoding}) lacks`
      : undefined;
  } catch (error) {
    if (error instanceof IniError) return error.message;
    throw error;
  }
}

const USERS = "webusers";

/** A change of the row of our own user can end the very session that makes it. */
function lossOfAccess(
  observed: Observed,
  differing: readonly Want[],
  shrinking: readonly { table: string; index: string }[],
  username: string,
): string[] {
  const isOurs = (table: string, index: string) =>
    nameKey(table) === USERS && liveValue(observed, cellAddress(table, index, "Username")) === username;
  const rows = new Set<string>();
  for (const { place } of differing) {
    if (place.kind === "cell" && isOurs(place.table, place.index))
      rows.add(rowAddress(place.table, place.index));
  }
  for (const { table, index } of shrinking) if (isOurs(table, index)) rows.add(rowAddress(table, index));
  return [...rows].map(
    (row) =>
      `${row} is the user that this connection logs in with: set allowLossOfAccess to change or remove it`,
  );
}

import { type Address, type SplitAddress, splitAddress } from "../../ini/address";
import { type Configuration, sameValue, type Value } from "../../ini/configuration";
import { declaredBy } from "../../ini/declared";
import { NameMap, nameKey } from "../../ini/names";
import { liveAt, liveValue, type Observed, sameLive } from "../../ini/observe";
import { COLUMN_DEFAULT } from "../../ini/scalar";
import type { SecretTest } from "../../ini/secrets";
import { isObscured, secretPartsOf } from "../../secrets/values";

/** What one resource wants of a device's ini configuration. */
export interface Fragment {
  /** The resource's logical name, for logs and errors. */
  label: string;
  declared: Configuration;
  /** Values from before the first management that go back to the device, by the address of a parameter or cell. */
  restored: NameMap<Value>;
  /** Rows that the declaration brought and that must go. */
  removedRows: NameMap<true>;
  /** What is known of those rows: a row that is no longer as it was made stays. */
  made?: NameMap<MadeRow>;
  /** Tables that were owned: their rows from before come back, also if they are gone. */
  returningTables?: readonly string[];
  /** Parameters that were at their default before: the device must not show them any more. */
  unsetParameters: readonly string[];
  /** Tables in which every row that is not declared must go. */
  ownTables: readonly string[];
  /** Whether the user says that a name (`Param`, `Table.Column`) may be absent from the dump, at its default. */
  mayBeAtDefault: (name: string) => boolean;
  /** Whether the device has shown the name at this address in an earlier run. */
  isKnown?: (address: Address) => boolean;
  /** Whether another resource of the run declares what is at this address, as far as the run knows. */
  isDeclaredElsewhere?: (address: Address) => boolean;
  /** The cells that other resources of the run declare with a text, as far as the run knows. */
  cellsElsewhere?: (text: string) => readonly { resource: string; address: Address }[];
  /** The value under which the device showed a parameter in an earlier run; undefined if it showed none. */
  lastShown?: (address: Address) => Value | undefined;
  forms: NameMap<DeviceForm>;
  /** The tables of the user's text in its order. */
  order: readonly string[];
  isSecret: SecretTest;
  allowLossOfAccess: boolean;
}

/** A row that a resource brought to the device. */
export interface MadeRow {
  /** The columns that the resource declares. */
  ours: readonly string[];
  /** What the device filled in, by column, and what the resource left there when it let go of a column. */
  filled: Readonly<Record<string, string>>;
}

/** How the device shows a value that it does not show as it was declared. */
export interface DeviceForm {
  /** The declared value to which this belongs. */
  declared: Value;
  /** What the dump shows in its place: rewritten or obscured; null if it shows nothing, being at the default. */
  device: Value | null;
  /** The device withholds the value, or obscures it anew each time: it cannot be compared. */
  incomparable?: true;
  /** The device has shown the name, so that one which it no longer shows is at its default and not misspelt. */
  known?: true;
  /** A secret was sent, and this form stood there already: it may be that of the secret before. */
  unproven?: true;
}

/** Whether a value asks for the default of its column. What that is, the device shows after it was sent, and only then. */
export function asksForDefault(address: Address, value: Value): boolean {
  return value === COLUMN_DEFAULT && splitAddress(address).kind === "cell";
}

/**
 * Whether the device holds the value, as far as its dump can tell. A dump that shows `$$` shows a text: no device
 * prints what is at its default so.
 */
export function holds(
  observed: Observed,
  address: Address,
  wanted: Value,
  form: DeviceForm | undefined,
): boolean {
  return holdsAt(observed, { address, place: splitAddress(address) }, wanted, form);
}

/** The same for an address that is in parts already. */
export function holdsAt(
  observed: Observed,
  { address, place }: { address: Address; place: SplitAddress },
  wanted: Value,
  form: DeviceForm | undefined,
): boolean {
  const live = liveAt(observed, place);
  if (live !== undefined && sameLive(wanted, live)) return !asksForDefault(address, wanted);
  if (form === undefined || !sameValue(form.declared, wanted)) return false;
  if (form.incomparable)
    return isWithheld(observed, address) || (typeof live === "string" && isObscured(live));
  if (form.device === null) return live === undefined && rowStands(observed, place);
  return live !== undefined && sameValue(form.device, live);
}

/** Whether the device says that the parameter exists and does not show its value. */
export function isWithheld(observed: Observed, address: Address): boolean {
  return observed.hiddenParameters.has(address);
}

function rowStands(observed: Observed, place: SplitAddress): boolean {
  return place.kind === "parameter" || observed.tables.get(place.table)?.rows.has(place.index) === true;
}

/** The indexes that a configuration declares in a table, whatever the case of the table's name. */
export function declaredIndexes(configuration: Configuration, table: string): Set<string> {
  const key = nameKey(table);
  const indexes = new Set<string>();
  for (const [name, rows] of Object.entries(configuration.tables)) {
    if (nameKey(name) === key) for (const index of Object.keys(rows)) indexes.add(index);
  }
  return indexes;
}

/**
 * A fragment that knows which of the written values the device has taken in a form of its own: where the answer
 * to an upload was lost, an obscured or rewritten value is no reason to send it again.
 */
export function withTaken(
  fragment: Fragment,
  written: NameMap<Value>,
  before: Observed,
  now: Observed,
): Fragment {
  const forms = new NameMap(fragment.forms);
  for (const [address, value] of written) {
    const was = liveValue(before, address);
    const live = liveValue(now, address);
    // Two obscured forms that differ tell nothing: a device may obscure one value anew each time.
    const obscured = typeof was === "string" && isObscured(was);
    if (live === undefined || obscured || (was !== undefined && sameLive(was, live))) continue;
    forms.set(address, { declared: value, device: live });
  }
  return { ...fragment, forms };
}

/** The secret texts of fragments: a device may repeat them in its words. They are looked for when it does speak. */
export function secretTexts(fragments: readonly Fragment[]): Iterable<string> {
  return { [Symbol.iterator]: () => eachSecretText(fragments) };
}

function* eachSecretText(fragments: readonly Fragment[]): Iterator<string> {
  for (const { declared, restored, isSecret } of fragments)
    for (const values of [declaredBy(declared).values, restored])
      for (const [address, value] of values) {
        if (!isSecret(address)) yield* secretPartsOf(value);
        else if (typeof value === "string") yield value;
        else yield* value;
      }
}

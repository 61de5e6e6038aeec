import { cellAddress } from "../../ini/address";
import type { Configuration, Row, Value } from "../../ini/configuration";
import { type DeclaredValue, withOtherValues } from "../../ini/declared";
import { unlikeLive } from "../../ini/dump/unlike";
import { nameKey } from "../../ini/names";
import { liveAt, type Observed } from "../../ini/observe";
import { isSecretValue, shownValue } from "../../secrets/values";
import { asksForDefault, declaredIndexes, type Fragment, holdsAt, isWithheld } from "./fragment";

/** What must be known of a resource to tell what a device holds of it. */
export type FoundFor = Pick<Fragment, "declared" | "forms" | "ownTables" | "isSecret">;

/**
 * The declared configuration as the device holds it: declared values if they hold, live ones if they do not, nothing
 * if the device shows nothing. The rows of owned tables that nobody declared are there too, without the text of their
 * secrets.
 */
export function foundOnDevice(observed: Observed, fragment: FoundFor): Configuration {
  const others = unlikeLive(fragment.declared, observed).map((one) => ({
    place: one.place,
    value: foundValue(observed, fragment, one),
  }));
  const found = withOtherValues(fragment.declared, others);
  for (const table of fragment.ownTables) {
    const stray = strayRows(observed, fragment, table);
    if (stray.length === 0) continue;
    const name = Object.keys(found.tables).find((one) => nameKey(one) === nameKey(table)) ?? table;
    found.tables[name] = { ...found.tables[name], ...Object.fromEntries(stray) };
  }
  return found;
}

/** Whether a dump lacks something declared, which may be gone or cut off. */
export function lacksDeclared(observed: Observed, fragment: FoundFor): boolean {
  return unlikeLive(fragment.declared, observed).some(
    (one) => foundValue(observed, fragment, one) === undefined,
  );
}

/** What stands for a declared value on the device; undefined if the device shows nothing there. */
function foundValue(
  observed: Observed,
  { forms, isSecret }: FoundFor,
  { address, place, value: declared }: DeclaredValue,
): Value | undefined {
  if (isWithheld(observed, address)) return declared;
  const form = forms.get(address);
  if (holdsAt(observed, { address, place }, declared, form)) return declared;
  // After a refresh that found drift `declared` is the drifted value; the form knows what the user wrote.
  if (form !== undefined && holdsAt(observed, { address, place }, form.declared, form)) return form.declared;
  const live = liveAt(observed, place);
  if (live === undefined) return undefined;
  // A row that an earlier refresh recorded without its secrets.
  if (declared === SECRET_IN_STRAY_ROW) return declared;
  // In quotes it differs from what was declared.
  if (asksForDefault(address, declared) && live === declared) return JSON.stringify(live);
  // The engine keeps as a secret what was declared as one; the rest of a state can be read.
  return isSecret(address) ? live : shownValue(live, false);
}

const SECRET_IN_STRAY_ROW = "(secret)";

/** The rows of a table that the fragment does not declare, by index. */
function strayRows(observed: Observed, fragment: FoundFor, table: string): [string, Row][] {
  const declared = declaredIndexes(fragment.declared, table);
  const rows = [...(observed.tables.get(table)?.rows ?? [])].filter(([index]) => !declared.has(index));
  return rows.map(([index, row]) => {
    const shown = ([column, { text }]: [string, { text: string }]) => {
      const isSecret = fragment.isSecret(cellAddress(table, index, column)) || isSecretValue(text);
      return [column, isSecret ? SECRET_IN_STRAY_ROW : text] as const;
    };
    return [index, Object.fromEntries([...row].map(shown))];
  });
}

import { cellAddress } from "../ini/address";
import type { Row, Value } from "../ini/configuration";
import { type DeclaredValue, declaredBy as declaredIn, withOtherValues } from "../ini/declared";
import { NameMap, nameKey } from "../ini/names";
import { liveAt, type Observed, sameLive } from "../ini/observe";
import { REDACTED, secretShare, shownValue } from "../secrets/values";
import { configurationOf, ownTables, type Properties, secretAddress } from "./differences";
import { isSecretMark, PlainReader } from "./plain";
import type { Run, RunResource } from "./run";

/*
 * A new resource, compared with the device that it is for: the first preview asks none, and knows what is declared alone.
 */

/** A resource that is to be made, and how its device is reached. */
export interface NewResource {
  resource: RunResource;
  /** As the preview shows it, so without secrets. */
  device: unknown;
}

/** The new resources whose values an ini can tell. */
export function newResources(runs: readonly Run[]): NewResource[] {
  return runs
    .flatMap(({ resources }) => resources)
    .filter(({ operation, type }) => operation === "create" && TYPE.test(type))
    .map((resource) => ({ resource, device: declaredBy(resource)["device"] }));
}

/** Gives a new resource what the device holds of it. */
export function compareWith(resource: RunResource, observed: Observed): void {
  const declared = declaredBy(resource);
  const isSecret = secretAddress(declared);
  let secrets = 0;
  const configuration = configurationOf(declared);
  const held = ({ address, place, value }: DeclaredValue): Value | undefined => {
    const live = liveAt(observed, place);
    if (live === undefined) return undefined;
    // The preview masks what is declared, and the device obscures what it holds.
    if (isSecret(address) || [value].flat().some(isSecretMark) || secretShare(live) === "all") {
      secrets += 1;
      return masked(value);
    }
    return sameLive(value, live) ? value : shownValue(live, false);
  };
  const others = [...declaredIn(configuration).values.items()].map((one) => ({
    place: one.place,
    value: held(one),
  }));
  const found = withOtherValues(configuration, others);
  // Nobody declares these rows of a table that is owned, so they go.
  const tables = new NameMap(Object.entries(found.tables).map(([name, rows]) => [name, { name, rows }]));
  for (const owned of ownTables(declared)) {
    const { name, rows } = tables.get(owned) ?? { name: owned, rows: {} };
    const stray = [...(observed.tables.get(owned)?.rows ?? [])].filter(
      ([index]) => !declares(declared, owned, index),
    );
    const shown = stray.map(([index, row]) => [index, shownRow(owned, index, row, isSecret)] as const);
    found.tables[name] = { ...rows, ...Object.fromEntries(shown) };
  }
  resource.found = { id: undefined, inputs: found, outputs: {} };
  resource.note = `compared with the device as it is now${secretWords(secrets)}`;
}

/** Says why a new resource could not be compared. */
export function notCompared(resource: RunResource, why: string): void {
  resource.note = `not compared with the device (${why}): this is what is declared`;
}

const TYPE = /^pulumi-nodejs:dynamic\/mediant:IncrementalIniConfig$/;

function declaredBy({ target }: RunResource): Properties {
  return new PlainReader().object(target?.inputs);
}

function declares(declared: Properties, table: string, index: string): boolean {
  return Object.entries(configurationOf(declared).tables).some(
    ([name, rows]) => nameKey(name) === nameKey(table) && Object.hasOwn(rows, index),
  );
}

function shownRow(
  table: string,
  index: string,
  cells: Iterable<[string, { text: string }]>,
  isSecret: (address: string) => boolean,
): Row {
  const shown = [...cells].map(([column, { text }]) => {
    const hidden = isSecret(cellAddress(table, index, column)) || secretShare(text) === "all";
    return [column, hidden ? REDACTED : String(shownValue(text, false))] as const;
  });
  return Object.fromEntries(shown);
}

/** A value in which each secret is masked as Pulumi does it, so that nothing seems to differ. */
function masked(value: Value): Value {
  const mask = (text: string) => (isSecretMark(text) ? REDACTED : text);
  return typeof value === "string" ? mask(value) : value.map(mask);
}

function secretWords(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "; 1 secret is not compared" : `; ${count} secrets are not compared`;
}

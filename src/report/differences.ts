import { scriptChanges } from "../cli/changes";
import { scriptOf } from "../declare/cli";
import { isRecord } from "../declare/rules";
import { isUnknown } from "../declare/unknown";
import { splitAddress } from "../ini/address";
import { compareConfigurations } from "../ini/compare";
import type { Configuration, Row, Table, Value } from "../ini/configuration";
import { NameMap } from "../ini/names";
import { secretTest } from "../ini/secrets";
import { isSecretArgument } from "../secrets/names";
import type { Fate } from "./model";
import { isMasked, isSecretMark } from "./plain";

/** The properties of a resource, plain. */
export type Properties = Readonly<Record<string, unknown>>;

/** One difference between two states of a resource, with its values; secrets still have their mark. */
export interface Difference {
  address: string;
  before: Value | undefined;
  after: Value | undefined;
  secret: boolean;
  /** What becomes of a value that is in `before` alone. */
  fate?: Fate;
  /** Whether it is a part of the device's configuration, and no setting of the resource. */
  onDevice: boolean;
}

const INI_TYPES = ["IncrementalIniConfig", "FullIniConfig"];
const CLI_TYPES = ["CliScriptConfig", "FullCliScriptConfig"];
const INI_PROPERTIES = ["parameters", "tables", "largeTables"];

/** Whether all that a resource is given are settings: a version, a path, triggers. */
export function hasNoConfiguration(type: string): boolean {
  return !INI_TYPES.includes(type) && !CLI_TYPES.includes(type);
}

/**
 * What leads from one state of a resource to another: a parameter, a cell, a line or a setting at a time.
 */
export function differencesOf(type: string, before: Properties, after: Properties): Difference[] {
  const settings = settingDifferences(type, before, after);
  if (INI_TYPES.includes(type)) return [...iniDifferences(type, before, after), ...settings];
  if (CLI_TYPES.includes(type)) return [...scriptDifferences(type, before, after), ...settings];
  return settings;
}

/** How many values of a device's configuration a resource declares. */
export function declaredCount(type: string, properties: Properties): number {
  return differencesOf(type, {}, properties).filter(({ onDevice }) => onDevice).length;
}

function iniDifferences(type: string, before: Properties, after: Properties): Difference[] {
  const owned = new NameMap(ownTables(after).map((name) => [name, true]));
  const fateOf = (address: string): Fate => {
    if (type === "FullIniConfig") return "default";
    const place = splitAddress(address);
    if (place.kind !== "parameter" && owned.has(place.table)) return "removed";
    return after["onRelease"] === "restore" ? "restored" : "stays";
  };
  const isSecret = secretAddress(before, after);
  const changes = compareConfigurations(configurationOf(before), configurationOf(after));
  return [
    ...changes.filter(differs).map(({ address, before, after }) => ({
      address,
      before,
      after,
      secret: isSecret(address) || holdsMark(before) || holdsMark(after),
      fate: after === undefined ? fateOf(address) : undefined,
      onDevice: true,
    })),
    ...wholeSecrets(["parameters", "tables", "__mediantTables"], before, after),
  ];
}

/** Of two masked secrets nothing tells that they differ, so they are no change. */
function differs({ before, after }: { before: Value | undefined; after: Value | undefined }): boolean {
  return !(
    typeof before === "string" &&
    typeof after === "string" &&
    isSecretMark(before) &&
    isSecretMark(after) &&
    (isMasked(before) || isMasked(after))
  );
}

function holdsMark(value: Value | undefined): boolean {
  return value !== undefined && [value].flat().some(isSecretMark);
}

export function ownTables({ ownTables }: Properties): string[] {
  return Array.isArray(ownTables) ? ownTables.filter((name) => typeof name === "string") : [];
}

export function secretAddress(...states: Properties[]): (address: string) => boolean {
  const texts = (name: string) =>
    states.flatMap((state) => {
      const list = state[name];
      return Array.isArray(list) ? list.filter((each): each is string => typeof each === "string") : [];
    });
  const byName = secretTest(texts("secretNames"));
  const listed = new NameMap(texts("__mediantSecrets").map((address) => [address, true]));
  return (address) => listed.has(address) || byName(address);
}

export function configurationOf({ parameters, tables, __mediantTables }: Properties): Configuration {
  return {
    parameters: isRecord(parameters) ? mapped(parameters, iniValue) : {},
    tables: { ...tablesOf(tables), ...tablesOf(__mediantTables) },
  };
}

function tablesOf(tables: unknown): Record<string, Table> {
  if (!isRecord(tables)) return {};
  return mapped(tables, (rows) =>
    isRecord(rows) ? mapped(rows, (cells): Row => (isRecord(cells) ? mapped(cells, String) : {})) : {},
  );
}

function iniValue(value: unknown): Value {
  if (!Array.isArray(value)) return String(value);
  return value.map(String);
}

function mapped<T>(record: Record<string, unknown>, of: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value)]));
}

/** Properties that are a secret, or not known yet, as a whole. */
function wholeSecrets(names: readonly string[], before: Properties, after: Properties): Difference[] {
  return names.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    const isWhole = (value: unknown) => isSecretMark(value) || isUnknown(value);
    if (!isWhole(old) && !isWhole(now)) return [];
    return leafDifferences(name, old, now).map((difference) => ({ ...difference, onDevice: true }));
  });
}

function scriptDifferences(type: string, before: Properties, after: Properties): Difference[] {
  const [old, now] = [before["script"], after["script"]];
  const open = [old, now].every((script) => script === undefined || isReadable(script));
  if (!open) return leafDifferences("script", old, now).map((each) => ({ ...each, onDevice: true }));
  const read = (properties: Properties, script: unknown) => {
    // Variables that are secret stand in the script as placeholders; with no value it would be no script.
    const variables = isRecord(properties["variables"]) ? properties["variables"] : {};
    const names = Object.keys(variables).filter((name) => isSecretMark(variables[name]));
    const filled = mapped(variables, (value) =>
      isSecretMark(value) || isUnknown(value) ? "secret" : String(value),
    );
    const secrets = Array.isArray(properties["__mediantSecrets"])
      ? properties["__mediantSecrets"].map(String)
      : [];
    return scriptOf(
      { variables: filled, __mediantSecrets: [...names, ...secrets] },
      String(script ?? ""),
      true,
    );
  };
  try {
    return scriptChanges(read(before, old), read(after, now)).map(
      ({ address, before, after, secret, stays }): Difference => ({
        address,
        before,
        after,
        secret,
        fate: after !== undefined ? undefined : type === "CliScriptConfig" && stays ? "stays" : "default",
        onDevice: true,
      }),
    );
  } catch {
    // No script that can be read: whole lines are compared.
    return lineDifferences(String(old ?? ""), String(now ?? ""));
  }
}

function isReadable(script: unknown): boolean {
  return typeof script === "string" && !isSecretMark(script) && !isUnknown(script);
}

function lineDifferences(before: string, after: string): Difference[] {
  const lines = (text: string) =>
    new Set(
      text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== ""),
    );
  const [old, now] = [lines(before), lines(after)];
  const one = (line: string, isNew: boolean): Difference => ({
    address: line,
    before: isNew ? undefined : "present",
    after: isNew ? "present" : undefined,
    secret: false,
    onDevice: true,
  });
  return [
    ...[...now].filter((line) => !old.has(line)).map((line) => one(line, true)),
    ...[...old].filter((line) => !now.has(line)).map((line) => one(line, false)),
  ];
}

/** Everything else that a resource is given: connection, options, version, path, triggers. */
function settingDifferences(type: string, before: Properties, after: Properties): Difference[] {
  const own = INI_TYPES.includes(type) ? INI_PROPERTIES : CLI_TYPES.includes(type) ? ["script"] : [];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return (
    [...names]
      .filter((name) => !name.startsWith("__") && !own.includes(name))
      .flatMap((name) => leafDifferences(name, before[name], after[name]))
      // What a variable changes is told by the lines that it stands in, if it can be told.
      .filter(
        ({ address, secret }) => secret || !CLI_TYPES.includes(type) || !address.startsWith("variables."),
      )
  );
}

function leafDifferences(path: string, before: unknown, after: unknown): Difference[] {
  if (isRecord(before) || isRecord(after)) {
    const [old, now] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
    const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
    const inside = [...keys].flatMap((key) => leafDifferences(`${path}.${key}`, old[key], now[key]));
    const isWhole = (value: unknown) => value !== undefined && !isRecord(value);
    if (!isWhole(before) && !isWhole(after)) return inside;
  }
  const [old, now] = [leafText(before), leafText(after)];
  if (JSON.stringify(old) === JSON.stringify(now)) return [];
  if (!differs({ before: old, after: now })) return [];
  const secret = holdsMark(old) || holdsMark(now) || isSecretArgument(path.split(".").at(-1) ?? "");
  return [{ address: path, before: old, after: now, secret, onDevice: false }];
}

function leafText(value: unknown): Value | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  if (Array.isArray(value))
    return value.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
  return JSON.stringify(value);
}

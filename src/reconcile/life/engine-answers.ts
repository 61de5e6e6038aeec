import type { DeviceSettings } from "../../declare/device";
import { isUnknown } from "../../declare/unknown";
import { deviceLabel, viewLocally } from "../../device/connect/connection";
import { safeLines } from "../../text/describe";
import { type Log, resourceLog } from "./log";

/*
 * What the lives of all resources have in common: id and log, what they answer to check and diff, and the error
 * that leaves something behind.
 */

/** What a reset does, for previews. */
export const RESET_WARNING = "applying this resets the device: calls end, and it is away for some minutes";

/** The same of a whole configuration, before the device was looked at. */
export const WHOLE_LOAD_WARNING = `${RESET_WARNING}; a device that holds this configuration already is left alone`;

/** What all resources have among their inputs. */
export interface Named {
  device: DeviceSettings;
  __mediantName: string;
  /** Where the resource stands below components, as `type/name`; two resources of one name differ in it. */
  __mediantParent?: string;
}

/** The id of a resource from its creation on. */
export function resourceId(type: string, inputs: Named): string {
  return `${deviceLabel(inputs.device)}/${type}/${pathOf(inputs)}`;
}

/** A resource as the others of its run know it and as messages name it: no two have the same. */
export function resourceName(type: string, inputs: Named): string {
  return `${type} ${pathOf(inputs)}`;
}

function pathOf({ __mediantName, __mediantParent }: Named): string {
  return __mediantParent === undefined ? __mediantName : `${__mediantParent}/${__mediantName}`;
}

/** What tells devices apart before anything is read; undefined if it is not known yet. */
export function deviceKey(device: DeviceSettings): string | undefined {
  return viewLocally(device).key;
}

/**
 * What is wrong with inputs that have the right form: what keeps this machine from reaching the device, else what
 * other resources of the run say otherwise.
 */
export function problemsInRun(
  device: DeviceSettings,
  contradictions: (device: string) => string[] = () => [],
): string[] {
  const { key, problems } = viewLocally(device);
  if (problems.length > 0 || key === undefined) return problems;
  return contradictions(key);
}

export function logFor(inputs: Named): Log {
  return resourceLog(deviceLabel(inputs.device), inputs.__mediantName);
}

/** The log of a diff: that of the device of before, where the one to come is not known yet. */
export function logForDiff(state: Named, inputs: Named): Log {
  return logFor(isUnknownDevice(inputs.device) ? state : inputs);
}

/** What a check answers. */
export interface Checked<Inputs> {
  inputs: Inputs;
  failures: { property: string; reason: string }[];
}

/**
 * What a check answers. A failure has no property: of one that it knows the engine prints the value, secret or not, of
 * another a `{<nil>}`. Without one it prints the reason alone.
 *
 * @param reasons what is wrong, one sentence each
 * @param words of a resource that is to be created, what that does to its device: diff is not asked about it, so the
 * preview says it here
 */
export function checked<Inputs extends Named>(
  inputs: Inputs,
  reasons: readonly string[],
  words?: () => string | undefined,
): Checked<Inputs> {
  const told = reasons.length > 0 || isUnknownDevice(inputs.device) ? undefined : words?.();
  if (told !== undefined) logFor(inputs)(told);
  return { inputs, failures: reasons.map((reason) => ({ property: "", reason: safeLines(reason) })) };
}

export interface Difference {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/**
 * What a diff answers. Another device name is another device, so it replaces; the old one is let go first, since
 * both may be one and the same device under a new name.
 */
export function difference(
  state: { device: DeviceSettings },
  inputs: { device: DeviceSettings },
  changes: boolean,
  replaces: readonly string[],
): Difference {
  const isOther = !isUnknownDevice(inputs.device) && deviceLabel(inputs.device) !== deviceLabel(state.device);
  const all = [...(isOther ? ["device"] : []), ...replaces];
  return {
    changes: changes || all.length > 0 || isUnknownDevice(inputs.device),
    replaces: all,
    deleteBeforeReplace: true,
  };
}

export function isUnknownDevice(device: DeviceSettings): boolean {
  return isUnknown(device) || isUnknown(device.name) || (device.name === undefined && isUnknown(device.url));
}

/** The shape in which the engine takes an error that leaves something behind. */
export class PartialState<State extends object> extends Error {
  readonly reasons: readonly string[];

  constructor(
    readonly id: string,
    reasons: readonly string[],
    readonly properties: State,
  ) {
    const safe = reasons.map(safeLines);
    super(safe.join("\n"));
    this.reasons = safe;
    this.stack = this.message;
  }
}

/** Whether two plain values are the same, the order of keys aside. */
export function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}

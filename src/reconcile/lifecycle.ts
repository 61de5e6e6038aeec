import { deviceLabel } from "../device/connection";
import type { DeviceSettings } from "../device/settings";
import { type Log, resourceLog } from "./log";
import { isUnknown } from "./unknown";

/*
 * What the lives of all resources have in common: id and log, what they answer to check and diff, and the error
 * that leaves something behind.
 */

/** What a reset does, for previews. */
export const RESET_WARNING = "applying this resets the device: calls end, and it is away for some minutes";

interface Named {
  device: DeviceSettings;
  __mediantName: string;
}

/** The id of a resource from its creation on. */
export function resourceId(type: string, inputs: Named): string {
  return `${deviceLabel(inputs.device)}/${type}/${inputs.__mediantName}`;
}

/**
 * What tells devices apart before anything is read: the origin of the url, else the profile; undefined where it
 * is not known yet.
 */
export function deviceKey(device: DeviceSettings): string | undefined {
  const { url, profile } = device;
  if (isUnknown(device) || isUnknown(url) || (url === undefined && isUnknown(profile))) return undefined;
  return url === undefined ? `profile ${profile}` : url.toLowerCase().replace(/\/+$/, "");
}

export function logFor(inputs: Named): Log {
  return resourceLog(deviceLabel(inputs.device), inputs.__mediantName);
}

/** The log of a diff: that of the device of before, where the one to come is not known yet. */
export function logForDiff(state: Named, inputs: Named): Log {
  return logFor(isUnknownDevice(inputs.device) ? state : inputs);
}

export interface CheckFailure {
  property: string;
  reason: string;
}

/** A failure names no input as its property: the engine would print that input's value, secret or not. */
export function checkFailures(reasons: readonly string[]): CheckFailure[] {
  return reasons.map((reason) => ({ property: "the declaration", reason }));
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
): Difference {
  const replaced =
    !isUnknownDevice(inputs.device) && deviceLabel(inputs.device) !== deviceLabel(state.device);
  return {
    changes: changes || replaced || isUnknownDevice(inputs.device),
    replaces: replaced ? ["device"] : [],
    deleteBeforeReplace: true,
  };
}

export function isUnknownDevice(device: DeviceSettings): boolean {
  return isUnknown(device) || isUnknown(device.name) || (device.name === undefined && isUnknown(device.url));
}

/** The shape in which the engine takes an error that leaves something behind. */
export class PartialState<State extends object> extends Error {
  constructor(
    readonly id: string,
    readonly reasons: readonly string[],
    readonly properties: State,
  ) {
    super(reasons.join("\n"));
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

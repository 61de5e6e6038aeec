import * as pulumi from "@pulumi/pulumi";
import { isPathPart } from "../declare/path-part";
import {
  PERFORMANCE_INTERVALS,
  type PerformanceInterval,
  type PerformanceMonitor,
  type PerformanceValue,
} from "../device/answers/performance";
import { readPerformanceMonitor, readPerformanceValue } from "../device/performance-reader";
import type { DeviceArgs } from "../resources/device";
import { runError } from "../resources/run-error";
import { askedDevice } from "./asked-device";
import { type OutputArgs, outputForm } from "./output-form";
import { resolveTracked } from "./resolve-tracked";

/** The arguments of {@link getPerformanceMonitor} for what a monitor can tell. */
export interface GetPerformanceMonitorArgs {
  device: DeviceArgs;
  /** As {@link getPerformanceMonitors} lists it; case does not count. */
  name: string;
  index?: undefined;
  interval?: undefined;
}

/** The arguments of {@link getPerformanceMonitorOutput} for what a monitor can tell. */
export interface GetPerformanceMonitorOutputArgs extends OutputArgs<GetPerformanceMonitorArgs> {}

/** The arguments of {@link getPerformanceMonitor} for a measurement. */
export interface GetPerformanceValueArgs {
  device: DeviceArgs;
  /** As {@link getPerformanceMonitors} lists it; case does not count. */
  name: string;
  /** One of the monitor's `indexes`. */
  index: number;
  /** One of the monitor's `intervals`. Default: `current`. */
  interval?: PerformanceInterval;
}

/** The arguments of {@link getPerformanceMonitorOutput} for a measurement. */
export interface GetPerformanceValueOutputArgs extends OutputArgs<GetPerformanceValueArgs> {}

/**
 * A performance monitor of a device, read now, in previews too (GET `/performanceMonitoring/<pm>`, LTRT-41760 section
 * 9.1): with an `index` what it measured, without one its indexes, intervals and thresholds.
 *
 * @throws DeviceError `MEDIANT_NOT_FOUND` for a name that the device does not have, `MEDIANT_REFUSED` for an index or
 * interval that the monitor does not have, and if the device cannot be reached or refuses; RunError for arguments
 * that are malformed or not known yet
 * @example
 * ```ts
 * const device = deviceFromConfig("sbc1");
 * const { indexes } = await getPerformanceMonitor({ device, name: "NetUtilKBytes" });
 * const { value } = await getPerformanceMonitor({ device, name: "NetUtilKBytes", index: 0, interval: "last15Minutes" });
 * ```
 */
export function getPerformanceMonitor(args: GetPerformanceValueArgs): Promise<PerformanceValue>;
export function getPerformanceMonitor(args: GetPerformanceMonitorArgs): Promise<PerformanceMonitor>;
export async function getPerformanceMonitor(
  args: GetPerformanceMonitorArgs | GetPerformanceValueArgs,
): Promise<PerformanceMonitor | PerformanceValue> {
  const { device, ...rest } = args;
  const [client, given] = await Promise.all([
    askedDevice(device, "getPerformanceMonitorOutput"),
    resolveTracked(rest, "getPerformanceMonitorOutput"),
  ]);
  const { name, index, interval } = checkedArguments(given.value as Record<string, unknown>);

  if (index === undefined) return readPerformanceMonitor(client, name);
  return readPerformanceValue(client, name, { index, interval: interval ?? "current" });
}

/** As {@link getPerformanceMonitor}, for arguments that are not known yet. */
export function getPerformanceMonitorOutput(
  args: GetPerformanceValueOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<PerformanceValue>;
export function getPerformanceMonitorOutput(
  args: GetPerformanceMonitorOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<PerformanceMonitor>;
export function getPerformanceMonitorOutput(
  args: GetPerformanceMonitorOutputArgs | GetPerformanceValueOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<PerformanceMonitor | PerformanceValue> {
  // What a password opens is no secret itself: the measurements tell nothing of it.
  return pulumi.unsecret(outputForm(measure, args as GetPerformanceValueOutputArgs, opts));
}

function measure(args: GetPerformanceValueArgs): Promise<PerformanceMonitor | PerformanceValue> {
  return getPerformanceMonitor(args);
}

interface Arguments {
  name: string;
  index?: number;
  interval?: PerformanceInterval;
}

function checkedArguments({ name, index, interval }: Record<string, unknown>): Arguments {
  if (!isPathPart(name)) throw runError("name must be the name of a performance monitor");
  if (index !== undefined && !(Number.isSafeInteger(index) && Number(index) >= 0)) {
    throw runError("index must be a whole number from 0");
  }
  if (interval !== undefined && index === undefined) throw runError("interval needs an index");
  if (interval !== undefined && !PERFORMANCE_INTERVALS.some((each) => each === interval)) {
    throw runError(`interval must be one of ${PERFORMANCE_INTERVALS.join(", ")}`);
  }
  return { name, index: index as number | undefined, interval: interval as PerformanceInterval | undefined };
}

import * as pulumi from "@pulumi/pulumi";
import { readPerformanceMonitors } from "../device/performance-reader";
import type { DeviceArgs } from "../resources/device";
import { askedDevice } from "./asked-device";
import { type OutputArgs, outputForm } from "./output-form";

/** The arguments of {@link getPerformanceMonitors}. */
export interface GetPerformanceMonitorsArgs {
  device: DeviceArgs;
}

/** The arguments of {@link getPerformanceMonitorsOutput}. */
export interface GetPerformanceMonitorsOutputArgs extends OutputArgs<GetPerformanceMonitorsArgs> {}

/**
 * The names of a device's performance monitors, those of its SNMP interface, read now, in previews too (GET
 * `/performanceMonitoring`, LTRT-41760 section 9).
 *
 * @throws DeviceError if the device cannot be reached or refuses, or its firmware has none; RunError if the device
 * is not known yet
 * @example
 * ```ts
 * const names = await getPerformanceMonitors({ device: deviceFromConfig("sbc1") });
 * ```
 */
export async function getPerformanceMonitors(args: GetPerformanceMonitorsArgs): Promise<string[]> {
  const client = await askedDevice(args.device, "getPerformanceMonitorsOutput");
  return readPerformanceMonitors(client);
}

/** As {@link getPerformanceMonitors}, for a device that is not known yet. */
export function getPerformanceMonitorsOutput(
  args: GetPerformanceMonitorsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<string[]> {
  // What a password opens is no secret itself: the names tell nothing of it.
  return pulumi.unsecret(outputForm(getPerformanceMonitors, args, opts));
}

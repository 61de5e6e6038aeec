import * as pulumi from "@pulumi/pulumi";
import type { DeviceStatus } from "../device/answers/status";
import type { DeviceArgs } from "../resources/device";
import { askedDevice } from "./asked-device";
import { type OutputArgs, outputForm } from "./output-form";

/** The arguments of {@link getStatus}. */
export interface GetStatusArgs {
  device: DeviceArgs;
}

/** The arguments of {@link getStatusOutput}. */
export interface GetStatusOutputArgs extends OutputArgs<GetStatusArgs> {}

/**
 * The state of a device (GET `/status`, LTRT-41760 section 8), asked anew at each call, in previews too.
 *
 * @throws DeviceError if the device cannot be reached or refuses; RunError if the device is not known yet
 * @example
 * ```ts
 * const { version, operationalState } = await getStatus({ device: deviceFromConfig("sbc1") });
 * ```
 */
export async function getStatus(args: GetStatusArgs): Promise<DeviceStatus> {
  const client = await askedDevice(args.device, "getStatusOutput");
  return client.status();
}

/** As {@link getStatus}, for a device that is not known yet. */
export function getStatusOutput(
  args: GetStatusOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<DeviceStatus> {
  // What a password opens is no secret itself: the status tells nothing of it.
  return pulumi.unsecret(outputForm(getStatus, args, opts));
}

import * as pulumi from "@pulumi/pulumi";
import type { License } from "../device/answers/license";
import type { DeviceArgs } from "../resources/device";
import { askedDevice } from "./asked-device";
import { type OutputArgs, outputForm } from "./output-form";

/** The arguments of {@link getLicense}. */
export interface GetLicenseArgs {
  device: DeviceArgs;
}

/** The arguments of {@link getLicenseOutput}. */
export interface GetLicenseOutputArgs extends OutputArgs<GetLicenseArgs> {}

/**
 * The licence of a device, read now (GET `/license`, LTRT-41760 section 10), on later firmware with that of the
 * redundant unit of a pair. The keys in it are secrets: where it goes into an output, use {@link getLicenseOutput}.
 *
 * @throws DeviceError if the device cannot be reached or refuses; RunError if the device is not known yet
 * @example
 * ```ts
 * const { serialNumber, keyDescription } = await getLicense({ device: deviceFromConfig("sbc1") });
 * ```
 */
export async function getLicense(args: GetLicenseArgs): Promise<License> {
  const client = await askedDevice(args.device, "getLicenseOutput");
  return client.license();
}

/**
 * As {@link getLicense}, as a secret, and for a device that is not known yet. What is no secret of
 * it can be shown with `pulumi.unsecret`.
 *
 * @example
 * ```ts
 * export const features = pulumi.unsecret(getLicenseOutput({ device }).apply((licence) => licence.keyDescription));
 * ```
 */
export function getLicenseOutput(
  args: GetLicenseOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<License> {
  // What comes of a secret is one.
  return pulumi.secret(outputForm(getLicense, args, opts)) as unknown as pulumi.Output<License>;
}

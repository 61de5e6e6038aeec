import * as pulumi from "@pulumi/pulumi";
import { THE_ONLY_ONE } from "../device/whole-document";
import type { Table, Value } from "../ini/configuration";
import { decodeIni } from "../ini/encoding";
import { liveConfiguration, observe } from "../ini/observe";
import type { DeviceArgs } from "../resources/device";
import { askedDevice } from "./asked-device";
import { type OutputArgs, outputForm } from "./output-form";

/** The arguments of {@link getIni}. */
export interface GetIniArgs {
  device: DeviceArgs;
}

/** The arguments of {@link getIniOutput}. */
export interface GetIniOutputArgs extends OutputArgs<GetIniArgs> {}

/** The ini configuration of a device; the passwords in it are obscured, which can be turned back. */
export interface DeviceIni {
  /** As the device gives it. */
  text: string;
  /** By name; a list where the device has several values. */
  parameters: Record<string, Value>;
  /** By table, index and column; columns without their table's prefix. */
  tables: Record<string, Table>;
}

/**
 * The running configuration of a device as an ini file, read now (GET `/files/ini`, LTRT-41760 section 6.1.1). Where
 * it goes into an output, use {@link getIniOutput}, which keeps it a secret.
 *
 * @throws DeviceError if the device cannot be reached or refuses; RunError if the device is not known yet
 * @example
 * ```ts
 * const { parameters, tables } = await getIni({ device: deviceFromConfig("sbc1") });
 * ```
 */
export async function getIni(args: GetIniArgs): Promise<DeviceIni> {
  const client = await askedDevice(args.device, "getIniOutput");
  const { text } = decodeIni(await client.ini(THE_ONLY_ONE));
  return { text, ...liveConfiguration(observe(text)) };
}

/** As {@link getIni}, as a secret, and for a device that is not known yet. */
export function getIniOutput(
  args: GetIniOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<DeviceIni> {
  return pulumi.secret(outputForm(getIni, args, opts));
}

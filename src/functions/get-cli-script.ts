import * as pulumi from "@pulumi/pulumi";
import { canonicalScript } from "../cli/canonical";
import { parseScript } from "../cli/parse";
import { present } from "../declare/present";
import { THE_ONLY_ONE } from "../device/whole-document";

import { decodeIni } from "../ini/encoding";
import type { DeviceArgs } from "../resources/device";
import { askedDevice } from "./asked-device";
import { type OutputArgs, outputForm } from "./output-form";

/** The arguments of {@link getCliScript}. */
export interface GetCliScriptArgs {
  device: DeviceArgs;
}

/** The arguments of {@link getCliScriptOutput}. */
export interface GetCliScriptOutputArgs extends OutputArgs<GetCliScriptArgs> {}

/** One configuration line of a CLI script. */
export interface CliScriptLine {
  /** The modes it stands in, outermost first: `["configure voip", "proxy-set 3"]`. */
  mode: string[];
  /** Lower case: `proxy-name`. */
  name: string;
  /** The words after the name, without quotes; a value with blanks is one. */
  args: string[];
  /** What the line opens, where it opens something; the lines inside follow with a longer `mode`. */
  opens?: "row" | "submode";
}

/** The running CLI script of a device; the passwords in it are obscured, which can be turned back. */
export interface DeviceCliScript {
  /** As the device gives it. */
  text: string;
  lines: CliScriptLine[];
}

/**
 * The running configuration of a device as a CLI script, read now (GET `/files/cliScript`, LTRT-41760 section
 * 6.2.1). If it goes into an output, use {@link getCliScriptOutput}, which keeps it a secret.
 *
 * @throws DeviceError if the device cannot be reached or refuses; RunError if the device is not known yet
 * @example
 * ```ts
 * const { text, lines } = await getCliScript({ device: deviceFromConfig("sbc1") });
 * ```
 */
export async function getCliScript(args: GetCliScriptArgs): Promise<DeviceCliScript> {
  const client = await askedDevice(args.device, "getCliScriptOutput");
  const { text } = decodeIni(await client.cliScript(THE_ONLY_ONE));
  const { lines } = canonicalScript(parseScript(text, { tolerant: true }));
  return {
    text,
    lines: lines.map(({ mode, name, args: words, opens }) =>
      present({ mode: [...mode], name, args: [...words], opens }),
    ),
  };
}

/** As {@link getCliScript}, as a secret, and for a device that is not known yet. */
export function getCliScriptOutput(
  args: GetCliScriptOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<DeviceCliScript> {
  return pulumi.secret(outputForm(getCliScript, args, opts));
}

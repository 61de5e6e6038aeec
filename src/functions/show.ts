import * as pulumi from "@pulumi/pulumi";
import { showCommandFault } from "../declare/checks";
import { printOf } from "../reconcile/health/look";
import { ReconcileError } from "../reconcile/life/errors";
import type { DeviceArgs } from "../resources/device";
import { runError } from "../resources/run-error";
import { askedDevice } from "./asked-device";
import { type OutputArgs, outputForm } from "./output-form";
import { resolveTracked } from "./resolve-tracked";

/** The arguments of {@link show}. */
export interface ShowArgs {
  device: DeviceArgs;
  /** One line that begins with `show`, without a line end, a `;` or a redirection (`>`, `|`). */
  command: string;
}

/** The arguments of {@link showOutput}. */
export interface ShowOutputArgs extends OutputArgs<ShowArgs> {}

/**
 * What a `show` command prints on a device, in previews too (PUT `/files/cliScript/incremental`, LTRT-41760 section
 * 6.2.2). It changes nothing and waits its turn among the writes to the device. Anything that is not one `show`
 * line is refused before it is sent. If the answer goes into an output, use {@link showOutput}, which keeps it a
 * secret.
 *
 * @throws RunError for another command, or one the device does not know, or arguments not known yet; DeviceError
 * if the device cannot be reached or refuses
 * @example
 * ```ts
 * const uptime = await show({ device: deviceFromConfig("sbc1"), command: "show system uptime" });
 * ```
 */
export async function show(args: ShowArgs): Promise<string> {
  const [client, given] = await Promise.all([
    askedDevice(args.device, "showOutput"),
    resolveTracked(args.command, "showOutput"),
  ]);
  const command = checkedCommand(given.value);

  try {
    return await client.device.queue.exclusive("show", () => printOf(client, command));
  } catch (error) {
    if (error instanceof ReconcileError) throw runError(`[${client.connection.name}] ${error.message}`);
    throw error;
  }
}

/** As {@link show}, as a secret, and for arguments that are known only later. */
export function showOutput(args: ShowOutputArgs, opts?: pulumi.InvokeOutputOptions): pulumi.Output<string> {
  return pulumi.secret(outputForm(show, args, opts));
}

/** @throws RunError, without the command: it may be a secret */
function checkedCommand(command: unknown): string {
  const fault = showCommandFault(command);
  if (fault !== undefined) throw runError(`command ${fault}`);
  return String(command).trim();
}

import * as pulumi from "@pulumi/pulumi";
import { runScript } from "../reconcile/cli/incremental-turn";
import type { DeviceArgs } from "../resources/device";
import { runError } from "../resources/run-error";
import { sanitise } from "../text/sanitise";
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
 * line is refused before it is sent. Where the answer goes into an output, use {@link showOutput}, which keeps it a
 * secret.
 *
 * @throws RunError for another command, or one the device does not know, or arguments not known yet; DeviceError
 * where the device cannot be reached or refuses
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

  const script = { lines: [], queries: [{ mode: [], text: command, at: 0 }] };
  const { ok, output, description } = await client.device.queue.exclusive("show", () =>
    runScript(client, script, { secrets: [], encoding: "utf-8" }),
  );
  if (ok) return output;
  const words = sanitise([description, output].filter((text) => text !== "").join(" "));
  throw runError(
    `[${client.connection.name}] the device refused the show command: ${words || "it gave no reason"}`,
  );
}

/** As {@link show}, as a secret, and for arguments that are known only later. */
export function showOutput(args: ShowOutputArgs, opts?: pulumi.InvokeOutputOptions): pulumi.Output<string> {
  return pulumi.secret(outputForm(show, args, opts));
}

/** @throws RunError, without the command: it may be a secret */
function checkedCommand(command: unknown): string {
  const fault = commandFault(command);
  if (fault !== undefined) throw runError(`command ${fault}`);
  return String(command).trim();
}

function commandFault(command: unknown): string | undefined {
  if (typeof command !== "string") return "must be a text";
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(command))
    return "has a line end or another control character: one line is sent";
  if (!/^ *show [^ ]/i.test(command)) return "must begin with `show`";
  const sign = /[;|<>]/.exec(command)?.[0];
  return sign === undefined ? undefined : `has \`${sign}\`, which would begin something else than a show`;
}

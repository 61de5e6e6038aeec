import * as pulumi from "@pulumi/pulumi";
import { type HealthChecks, healthProblems } from "../declare/checks";
import type { DeviceStatus } from "../device/answers/status";
import { printOf } from "../reconcile/health/look";
import type { DeviceArgs } from "../resources/device";
import { runError } from "../resources/run-error";
import { askedDevice } from "./asked-device";
import { awaitHealth } from "./await-health";
import { getStatus } from "./get-status";
import { type OutputArgs, outputForm } from "./output-form";
import { resolveTracked } from "./resolve-tracked";

/**
 * The arguments of {@link assertHealthy}. Only what is asked for is looked at; if no check is given, the device has to
 * be unlocked, without an active alarm above `minor`.
 */
export interface AssertHealthyArgs extends HealthChecks {
  device: DeviceArgs;
  /** Seconds for which a device that is not healthy, or not there, is asked again. Default: 0. */
  waitSeconds?: number;
}

/** The arguments of {@link assertHealthyOutput}. */
export interface AssertHealthyOutputArgs extends OutputArgs<AssertHealthyArgs> {}

/**
 * The status of a device that is healthy; an error that lists what is wrong with one that is not, which ends the run.
 * Asked now, in previews too, so that it stands before a change: a resource that is made after the `await` is only
 * made where the device was healthy. It only reads: `/status`, and what the checks ask for beside it.
 *
 * @throws RunError that lists what is wrong, a line each (at most 20 alarms, the worst first), or for arguments that
 * are malformed or not known yet; DeviceError if the device cannot be reached or refuses
 * @example
 * ```ts
 * const device = deviceFromConfig("sbc1");
 * await assertHealthy({ device, maxSeverity: "minor", unlocked: true });
 * new IncrementalIniConfig("base", { device, parameters: { EnableSyslog: true } });
 * ```
 */
export async function assertHealthy(args: AssertHealthyArgs): Promise<DeviceStatus> {
  const { device, ...rest } = args;
  const [client, given] = await Promise.all([
    askedDevice(device, "assertHealthyOutput"),
    resolveTracked(rest, "assertHealthyOutput"),
  ]);
  const { checks, waitSeconds } = checkedArguments(given.value as Arguments);
  const print = (command: string) => client.device.queue.exclusive("show", () => printOf(client, command));
  return awaitHealth(client, checks, { waitSeconds, print });
}

/**
 * As {@link assertHealthy}, for arguments that are not known yet, and after a change: with `dependsOn`
 * it waits for those resources, and a resource that depends on the answer waits for it in turn. In a preview, where
 * that change has not been made, it judges nothing and gives the status of now.
 *
 * @example
 * ```ts
 * const canary = new IncrementalIniConfig("canary", { device: deviceFromConfig("sbc1"), ini });
 * const healthy = assertHealthyOutput(
 *   { device: deviceFromConfig("sbc1"), maxSeverity: "minor", waitSeconds: 60 },
 *   { dependsOn: canary },
 * );
 * // Made only when the canary was seen to be healthy.
 * new IncrementalIniConfig(
 *   "rest",
 *   { device: deviceFromConfig("sbc2"), ini },
 *   { dependsOn: healthy.apply(() => canary) },
 * );
 * ```
 */
export function assertHealthyOutput(
  args: AssertHealthyOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<DeviceStatus> {
  const isBeforeTheChange = opts.dependsOn !== undefined && pulumi.runtime.isDryRun();
  const judge = (known: AssertHealthyArgs) =>
    isBeforeTheChange ? getStatus({ device: known.device }) : assertHealthy(known);
  // A preview shows what follows, so it must not wait for the id of what will be created.
  const settled = isBeforeTheChange ? {} : opts;
  // What a password opens is no secret itself: the status tells nothing of it.
  return pulumi.unsecret(outputForm(judge, args, settled));
}

type Arguments = Omit<AssertHealthyArgs, "device">;

const BY_DEFAULT: HealthChecks = { maxSeverity: "minor", unlocked: true };
const LONGEST_WAIT = 86_400;

function checkedArguments({ waitSeconds = 0, ...checks }: Arguments): {
  checks: HealthChecks;
  waitSeconds: number;
} {
  const problems = healthProblems(checks);
  if (problems.length > 0) throw runError(problems.join("\n"));
  if (typeof waitSeconds !== "number" || !(waitSeconds >= 0 && waitSeconds <= LONGEST_WAIT)) {
    throw runError(`waitSeconds must be a number of seconds from 0 to ${LONGEST_WAIT}`);
  }
  const isDefault = Object.values(checks).every((each) => each === undefined);
  return { checks: isDefault ? BY_DEFAULT : checks, waitSeconds };
}

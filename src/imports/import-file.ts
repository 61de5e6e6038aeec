import * as pulumi from "@pulumi/pulumi";
import { present } from "../declare/present";
import type { DeviceStatus } from "../device/answers/status";
import type { Observed } from "../ini/observe";
import { adoptedIni } from "../reconcile/adopted";
import type { IncrementalIniInputs } from "../reconcile/ini/incremental-ini-config";
import { markOf } from "../reconcile/life/device-mark";
import { resourceId } from "../reconcile/life/engine-answers";
import type { DeviceArgs } from "../resources/device";
import { type IncrementalIniConfigArgs, incrementalIni } from "../resources/incremental-ini-config";
import { registration } from "../resources/registration";
import { plain, Secret, settled, stored } from "./values";

/** What a program declares at its top: each resource is a `new IncrementalIniConfig(name, { device, ini, variables })`. */
export interface Declared {
  device: DeviceArgs;
  resources: readonly {
    name: string;
    ini: string;
    /** A secret as a whole, or plain. */
    variables?: { values: Record<string, string>; secret: boolean };
  }[];
}

/** What a device answered. */
export interface Seen {
  observed: Observed;
  status: DeviceStatus;
}

/**
 * A file for `pulumi import --file` that takes resources into a state as their creation would leave them, if the device
 * holds what they declare. It has inputs and outputs, so that the CLI (from 3.254 on) asks no provider to read. Secrets
 * are marked as such, and stand in it in clear: the CLI takes plain text, or what only the stack's own key can encrypt.
 *
 * @throws RunError if arguments are malformed
 * @throws ReconcileError if the device shows something else
 */
export async function importFile({ device, resources }: Declared, seen: Seen): Promise<string> {
  const imports = [];
  for (const { name, ini, variables } of resources) {
    const values = variables?.secret ? pulumi.secret(variables.values) : variables?.values;
    imports.push(await imported(name, { device, ini, ...present({ variables: values }) }, seen));
  }
  return `${JSON.stringify({ resources: imports }, undefined, 2)}\n`;
}

async function imported(
  name: string,
  args: IncrementalIniConfigArgs,
  { observed, status }: Seen,
): Promise<object> {
  const [provider, , properties, options, module, type] = registration(incrementalIni(name, args).of);
  const { text } = await pulumi.runtime.serializeFunction(() => provider);
  const inputs = (await settled({ ...properties, __provider: text })) as Record<string, unknown>;
  const known = plain(inputs) as IncrementalIniInputs;
  const state = { ...adoptedIni(known, observed), __mediantDevice: markOf(status) };
  const secret = (options as pulumi.CustomResourceOptions | undefined)?.additionalSecretOutputs ?? [];
  const outputs = Object.entries(state).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (Object.hasOwn(inputs, key)) return [[key, inputs[key]]];
    return [[key, secret.includes(key) ? new Secret(value) : value]];
  });
  return {
    type: `pulumi-nodejs:dynamic/${module}:${type}`,
    name,
    id: resourceId(type, known),
    inputs: stored(inputs),
    outputs: stored(Object.fromEntries(outputs)),
  };
}

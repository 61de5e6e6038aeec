import * as pulumi from "@pulumi/pulumi";
import { present } from "../declare/present";
import { settledValue } from "./outputs";

/** What one of our classes hands to the constructor of Pulumi's dynamic resource. */
export interface Registration {
  /** The name of the class. */
  type: string;
  provider: pulumi.dynamic.ResourceProvider;
  name: string;
  opts: pulumi.CustomResourceOptions | undefined;
  inputs: pulumi.Inputs;
  /** What the provider adds for the program to read. */
  outputs?: readonly string[];
  /** The same, kept as secrets. An input may stand here too, and what only the provider reads. */
  secretOutputs?: readonly string[];
}

/** The arguments of the constructor of Pulumi's dynamic resource. */
export type Handed = [
  provider: pulumi.dynamic.ResourceProvider,
  name: string,
  properties: pulumi.Inputs,
  opts: pulumi.CustomResourceOptions | undefined,
  module: string,
  type: string,
];

/**
 * The arguments of `super`, with what all resources have in common. Each property costs the program about a sixth of
 * what a small resource costs, so those are left out that are not set or that no program reads: the engine keeps them
 * all the same.
 */
export function registration(of: Registration): Handed {
  const { type, provider, name, opts, inputs, outputs = [], secretOutputs = [] } = of;
  const read = [...outputs, ...secretOutputs].filter((output) => !isOurs(output));
  const properties: pulumi.Inputs = {
    ...Object.fromEntries(read.map((output) => [output, undefined])),
    ...(mayBeSetElsewhere(opts) ? inputs : present(inputs)),
    ...present({ __mediantName: name, __mediantParent: parentOf(opts) }),
  };
  const ignored = opts?.ignoreChanges?.flatMap(ignoredOfLargeTables) ?? [];
  const options =
    secretOutputs.length === 0 && ignored.length === 0
      ? opts
      : pulumi.mergeOptions(opts, {
          additionalSecretOutputs: [...secretOutputs],
          ...present({ ignoreChanges: ignored.length === 0 ? undefined : ignored }),
        });
  return [provider, name, properties, options, "mediant", type];
}

/** Gives a resource an output for each argument that is not set, made only if a program reads it. */
export function offerUnset(resource: pulumi.Resource, { inputs }: Registration): void {
  for (const name of Object.keys(inputs)) {
    if (isOurs(name) || Object.hasOwn(resource, name)) continue;
    const get = () => resource.urn.apply(() => undefined);
    Object.defineProperty(resource, name, { get, configurable: true, enumerable: true });
  }
}

function isOurs(property: string): boolean {
  return property.startsWith("__mediant");
}

/** Whether an argument that the program leaves out may have a value all the same: the one of before, or another's. */
function mayBeSetElsewhere({
  ignoreChanges = [],
  transforms = [],
  transformations = [],
}: pulumi.CustomResourceOptions = {}): boolean {
  return ignoreChanges.length + transforms.length + transformations.length > 0;
}

/** What is ignored of `tables` is ignored of the large ones too, which are another property. */
function ignoredOfLargeTables(path: string): string[] {
  const [, rest] = /^tables($|[.[].*)/s.exec(path) ?? [];
  if (rest === undefined) return [];
  return rest === "" ? ["__mediantTables", "largeTables"] : [`__mediantTables${rest}`];
}

/**
 * Where a resource stands below components, as `type/name` of its parent; undefined at the top. Two resources may
 * have one name below different parents, and only this tells them apart in the provider's process.
 */
function parentOf(opts: pulumi.CustomResourceOptions | undefined): Promise<string | undefined> | undefined {
  // A promise and no output: an output of the parent would make the resource wait for its own siblings.
  return opts?.parent === undefined ? undefined : settledValue(opts.parent.urn).then(placeOf);
}

/** `urn:pulumi:stack::project::type$type::name`; the name may hold colons. */
function placeOf(urn: string): string | undefined {
  const [, , types = "", ...name] = urn.split("::");
  return types === "" || types === "pulumi:pulumi:Stack" ? undefined : `${types}/${name.join("::")}`;
}

/** What Pulumi calls the type of a class of ours, in states and policies. */
export type TypeToken = `pulumi-nodejs:dynamic/mediant:${string}`;

/**
 * Whether a value is a resource of this type. Pulumi writes the type on every resource, so this holds for a resource
 * of another copy of the package as well, which `instanceof` does not know.
 */
export function isOfType(value: unknown, token: TypeToken): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { __pulumiType?: unknown }).__pulumiType === token
  );
}

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
  /** What the provider adds. Pulumi gives a class only those properties that it was told of. */
  outputs?: readonly string[];
  /** The same, kept as secrets. An input may stand here too. */
  secretOutputs?: readonly string[];
}

/** The form of the state, and which device it was. */
const COMMON_OUTPUTS = ["__mediantSchema", "__mediantDevice", "__mediantOther"];

/** The arguments of the constructor of Pulumi's dynamic resource. */
export type Handed = [
  provider: pulumi.dynamic.ResourceProvider,
  name: string,
  properties: pulumi.Inputs,
  opts: pulumi.CustomResourceOptions | undefined,
  module: string,
  type: string,
];

/** The arguments of `super`, with what all resources have in common. */
export function registration(of: Registration): Handed {
  const { type, provider, name, opts, inputs, outputs = [], secretOutputs = [] } = of;
  const unset = [...COMMON_OUTPUTS, ...outputs, ...secretOutputs].map((output) => [output, undefined]);
  const properties = {
    ...Object.fromEntries(unset),
    ...inputs,
    __mediantName: name,
    __mediantParent: parentOf(opts),
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

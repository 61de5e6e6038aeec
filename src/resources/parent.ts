import type * as pulumi from "@pulumi/pulumi";
import { settledValue } from "./outputs";

/**
 * Where a resource stands below components, as `type/name` of its parent; undefined at the top. Two resources may
 * have one name below different parents, and only this tells them apart in the provider's process.
 */
export function parentOf(
  opts: pulumi.CustomResourceOptions | undefined,
): Promise<string | undefined> | undefined {
  // A promise and no output: an output of the parent would make the resource wait for its own siblings.
  return opts?.parent === undefined ? undefined : settledValue(opts.parent.urn).then(placeOf);
}

/** `urn:pulumi:stack::project::type$type::name`; the name may hold colons. */
function placeOf(urn: string): string | undefined {
  const [, , types = "", ...name] = urn.split("::");
  return types === "" || types === "pulumi:pulumi:Stack" ? undefined : `${types}/${name.join("::")}`;
}

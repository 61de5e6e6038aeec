import * as pulumi from "@pulumi/pulumi";
import { isKnown, settledValue } from "../resources/outputs";
import { runError } from "../resources/run-error";

/**
 * The resources, and what components among them are made of, when the engine is done with all of them. What comes of
 * it depends on each of them.
 */
export function settledResources(
  dependsOn: pulumi.ResourceOptions["dependsOn"],
): pulumi.Output<pulumi.Resource[]> {
  if (dependsOn === undefined) return pulumi.output([]);
  const late: pulumi.Output<unknown> = pulumi.output<object>(dependsOn);
  const resources = late.apply(async (given) => {
    const found = new Set<pulumi.Resource>();
    for (const resource of Array.isArray(given) ? given : [given]) await collect(resource, found);
    await Promise.all([...found].map(settled));
    return [...found];
  });
  // The id of what a preview creates is unknown, and so is then all that depends on it.
  return resources.apply((all) => pulumi.all(all.map(idOf)).apply(() => all));
}

function idOf(resource: pulumi.Resource): pulumi.Output<string> {
  return pulumi.CustomResource.isInstance(resource) ? resource.id : resource.urn;
}

/** What a component holds, and the SDK leaves out of its types. */
interface Parts {
  __data?: Promise<unknown>;
  __childResources?: ReadonlySet<pulumi.Resource>;
}

/** A component's own urn is there before its parts are; so the SDK too waits for the parts if one is depended on. */
async function collect(resource: unknown, found: Set<pulumi.Resource>): Promise<void> {
  if (!pulumi.Resource.isInstance(resource)) {
    throw runError("dependsOn must be a resource, or a list of resources");
  }
  if (found.has(resource)) return;
  found.add(resource);
  if (!pulumi.ComponentResource.isInstance(resource)) return;
  const parts = resource as Parts;
  await parts.__data;
  for (const part of parts.__childResources ?? []) await collect(part, found);
}

async function settled(resource: pulumi.Resource): Promise<void> {
  const urn = await settledValue(resource.urn);
  if (pulumi.runtime.isDryRun() || !pulumi.CustomResource.isInstance(resource)) return;
  // An update that goes on after errors gives no id to what it did not make.
  if (await isKnown(resource.id)) return;
  throw runError(`${urn} was not applied, so what depends on it is not judged`);
}

/** The graph of a stack: who depends on whom, what goes first, what must be replaced together. */
import type { ResourceState } from "./state";
import { mapValues, type PropertyMap, UNKNOWN } from "./values";

/** The URNs a resource stands on: its parent, its provider, its dependencies. */
function dependenciesOf(resource: ResourceState): Set<string> {
  const { parent, provider, deletedWith, dependencies, propertyDependencies } = resource;
  const urns = [...dependencies, ...Object.values(propertyDependencies).flat(), parent, deletedWith];
  return new Set([...urns, provider?.replace(/::[^:]*$/, "")].filter((urn) => urn !== undefined));
}

/** Puts what is to be deleted into rounds: each may go at once, when those before it have gone. */
export function deletionRounds(condemned: readonly ResourceState[]): ResourceState[][] {
  const rounds: ResourceState[][] = [];
  let left = [...condemned];
  while (left.length > 0) {
    const urns = new Set(left.map(({ urn }) => urn));
    const round = left.filter(
      (resource) => ![...dependenciesOf(resource)].some((urn) => urns.has(urn) && urn !== resource.urn),
    );
    // A cycle cannot come out of a program; a state that holds one all the same is deleted in one go.
    rounds.unshift(round.length > 0 ? round : left);
    left = round.length > 0 ? left.filter((resource) => !round.includes(resource)) : [];
  }
  return rounds;
}

/** All that a resource stands on, directly or not. */
export function transitiveDependencies(resource: ResourceState, all: readonly ResourceState[]): Set<string> {
  const found = new Set<string>();
  const visit = (current: ResourceState) => {
    for (const urn of dependenciesOf(current)) {
      if (found.has(urn)) continue;
      found.add(urn);
      for (const next of all) if (next.urn === urn) visit(next);
    }
  };
  visit(resource);
  return found;
}

/**
 * Which dependents must be replaced when a resource is deleted before its replacement exists: those whose provider asks
 * for it when every input that comes from a replaced resource is unknown.
 * @param candidates what is there, each after what it depends on
 */
export async function dependentReplacements(
  root: ResourceState,
  candidates: readonly ResourceState[],
  isReplacedBy: (dependent: ResourceState, inputs: PropertyMap) => Promise<boolean>,
): Promise<ResourceState[]> {
  const replaced = new Set([root.urn]);
  const result: ResourceState[] = [];
  for (const resource of candidates) {
    if (!resource.custom || resource.external || resource.delete) continue;
    const isTouched = (name: string) =>
      resource.propertyDependencies[name]?.some((urn) => replaced.has(urn)) === true;
    const goesAlong = resource.deletedWith !== undefined && replaced.has(resource.deletedWith);
    if (!goesAlong && !Object.keys(resource.inputs).some(isTouched)) continue;
    const names = Object.fromEntries(Object.keys(resource.inputs).map((name) => [name, name]));
    const inputs = mapValues(names, (name) => (isTouched(name) ? UNKNOWN : (resource.inputs[name] ?? null)));
    if (goesAlong || (await isReplacedBy(resource, inputs))) {
      replaced.add(resource.urn);
      result.push(resource);
    }
  }
  return result;
}

import { isUnknown } from "../../declare/unknown";
import { type Configuration, declaredBy, sameValue, type Value } from "../../ini/configuration";
import { NameMap, nameKey } from "../../ini/names";
import { listed } from "./log";

/** What one resource declares for a device, as far as the others must know it. */
export interface Declaration {
  configuration: Configuration;
  ownTables: readonly string[];
  /** Undefined where it is not known yet, or where the resource saves in a way of its own. */
  save: boolean | undefined;
  /** The whole configuration of the device, beside which only what says the same may be declared. */
  whole?: boolean;
}

/**
 * What the resources of one run declare, device by device. The engine checks them one at a time in one process,
 * so two that contradict each other are found before anything is sent.
 */
class RunRegistry {
  private readonly devices = new Map<string, Map<string, Declaration>>();

  /** Adds a declaration, in the place of an earlier one by the same resource, and says what it contradicts. */
  declare(device: string, resource: string, declaration: Declaration): string[] {
    const others = this.devices.get(device) ?? new Map<string, Declaration>();
    this.devices.set(device, others);
    others.delete(resource);
    const problems = [...others].flatMap(([name, other]) => contradictions(name, other, declaration));
    others.set(resource, declaration);
    return problems;
  }

  /** What the other resources of the run declare for a device, as far as they were met. */
  others(device: string, resource: string): Configuration[] {
    const declared = [...(this.devices.get(device) ?? [])];
    return declared.filter(([name]) => name !== resource).map(([, { configuration }]) => configuration);
  }
}

/** That of the run: a provider process serves one preview or one update. */
export const runRegistry = new RunRegistry();

function contradictions(name: string, other: Declaration, own: Declaration): string[] {
  const problems: string[] = besideWhole(name, other, own);
  const theirs = declaredBy(other.configuration).values;
  for (const [address, value] of declaredBy(own.configuration).values) {
    const theirValue = theirs.get(address);
    if (theirValue !== undefined && differ(theirValue, value)) {
      problems.push(`${address} is declared with another value by ${name}`);
    }
  }
  for (const table of ownedBy(other, own.configuration))
    problems.push(`table ${table} is owned by ${name} (ownTables)`);
  for (const table of ownedBy(own, other.configuration)) {
    problems.push(`table ${table} cannot be owned (ownTables): ${name} declares rows in it`);
  }
  if (other.save !== undefined && own.save !== undefined && other.save !== own.save) {
    problems.push(
      `save is ${own.save} here and ${other.save} in ${name}: saving takes the whole device, so they must agree`,
    );
  }
  return problems;
}

/** A device has one whole configuration, and beside it only what stands in that one with the same value. */
function besideWhole(name: string, other: Declaration, own: Declaration): string[] {
  if (!other.whole && !own.whole) return [];
  if (other.whole && own.whole) return [`${name} declares the whole configuration of this device already`];
  const [whole, part] = other.whole ? [other, own] : [own, other];
  const inWhole = declaredBy(whole.configuration).values;
  const beside = [...declaredBy(part.configuration).values.keys()].filter((address) => !inWhole.has(address));
  if (beside.length === 0) return [];
  const named = listed(beside, 5);
  return [
    other.whole
      ? `${name} declares the whole configuration of this device, without ${named}: loading it would undo this one`
      : `this is the whole configuration of the device, without ${named} of ${name}: loading it would undo that one`,
  ];
}

function ownedBy(owner: Declaration, configuration: Configuration): string[] {
  const owned = new NameMap(owner.ownTables.map((table) => [table, true]));
  return Object.keys(configuration.tables).filter((table) => owned.has(nameKey(table)));
}

function differ(a: Value, b: Value): boolean {
  return !isUnknown(a) && !isUnknown(b) && !sameValue(a, b);
}

/** What of a device one resource of a run declares alone, by device and name of the thing. */
const claims = new Map<string, string>();

/**
 * Claims a thing of a device for a resource. The engine checks all resources of a run in one process, so that two
 * that want the same thing are found before anything is sent.
 *
 * @returns the resource that has claimed it before, undefined where it was free
 */
export function claim(device: string, thing: string, resource: string): string | undefined {
  const key = JSON.stringify([device, thing]);
  const owner = claims.get(key);
  if (owner === undefined) claims.set(key, resource);
  return owner === resource ? undefined : owner;
}

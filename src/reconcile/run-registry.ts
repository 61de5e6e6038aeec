import { type Configuration, declaredBy, sameValue, type Value } from "../ini/configuration";
import { NameMap, nameKey } from "../ini/names";
import { isUnknown } from "./unknown";

/** What one resource declares for a device, as far as the others must know it. */
export interface Declaration {
  configuration: Configuration;
  ownTables: readonly string[];
  save: boolean;
}

/**
 * What the resources of one run declare, device by device. The engine checks them one at a time in one process,
 * so two that contradict each other are found before anything is sent.
 */
export class RunRegistry {
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
}

function contradictions(name: string, other: Declaration, own: Declaration): string[] {
  const problems: string[] = [];
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
  if (other.save !== own.save) {
    problems.push(
      `save is ${own.save} here and ${other.save} in ${name}: saving takes the whole device, so they must agree`,
    );
  }
  return problems;
}

function ownedBy(owner: Declaration, configuration: Configuration): string[] {
  const owned = new NameMap(owner.ownTables.map((table) => [table, true]));
  return Object.keys(configuration.tables).filter((table) => owned.has(nameKey(table)));
}

function differ(a: Value, b: Value): boolean {
  return !isUnknown(a) && !isUnknown(b) && !sameValue(a, b);
}

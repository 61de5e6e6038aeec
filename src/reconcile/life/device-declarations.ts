import { contradictionsOf } from "./contradictions";
import { type Declaration, DeclaredPlaces } from "./declared-places";

/** A parameter or cell, and the resource that declares it. */
export interface DeclaredCell {
  resource: string;
  address: string;
}

/**
 * What the resources of a run declare for one device. It is kept by place, so that what a resource contradicts is
 * found by looking at its own places, however many resources there are. While there is one resource alone, it is not
 * looked at in parts at all: nothing can contradict it.
 */
export class DeviceDeclarations {
  private readonly places = new DeclaredPlaces();
  /** The declaration of the first resource, until there is a second one. */
  private alone: { resource: string; declaration: Declaration } | undefined;
  private readonly things = new Map<string, string>();
  /** Cells by their text, made when it is first asked after a change. */
  private cells: Map<string, DeclaredCell[]> | undefined;

  /** Takes a declaration in, in the place of an earlier one by the same resource. */
  set(resource: string, declaration: Declaration): void {
    this.cells = undefined;
    const isFirst = this.places.entries.size === 0 && (this.alone?.resource ?? resource) === resource;
    if (isFirst) {
      this.alone = { resource, declaration };
      return;
    }
    this.lookIntoFirst();
    this.places.set(resource, declaration);
  }

  private lookIntoFirst(): void {
    const { alone } = this;
    this.alone = undefined;
    if (alone !== undefined) this.places.set(alone.resource, alone.declaration);
  }

  /** Takes in all that was declared for the same device under another name. */
  takeIn(others: DeviceDeclarations): void {
    others.lookIntoFirst();
    for (const [resource, declaration] of others.places.entries) this.set(resource, declaration);
    for (const [thing, resource] of others.things) this.claim(thing, resource);
  }

  /** Claims a thing for a resource. @returns the resource that has claimed it before, if that is another one */
  claim(thing: string, resource: string): string | undefined {
    const owner = this.things.get(thing);
    if (owner === undefined) this.things.set(thing, resource);
    return owner === resource ? undefined : owner;
  }

  /** Whether another resource declares what has this key, a parameter, a row or a cell. */
  isDeclaredBeside(resource: string, key: string): boolean {
    if (this.alone?.resource === resource) return false;
    this.lookIntoFirst();
    return this.places.isDeclaredBeside(resource, key);
  }

  /** The cells that other resources declare with this text. */
  cellsBeside(resource: string, text: string): DeclaredCell[] {
    if (this.alone?.resource === resource) return [];
    this.lookIntoFirst();
    this.cells ??= cellsByText(this.places.entries);
    return (this.cells.get(text) ?? []).filter((cell) => cell.resource !== resource);
  }

  /** What a resource says otherwise than others, one sentence each. */
  contradictions(resource: string): string[] {
    return contradictionsOf(this.places, resource);
  }
}

function cellsByText(entries: DeclaredPlaces["entries"]): Map<string, DeclaredCell[]> {
  const cells = new Map<string, DeclaredCell[]>();
  for (const [resource, { values }] of entries)
    for (const { address, value } of values.values()) {
      if (typeof value !== "string") continue;
      const alike = cells.get(value);
      if (alike === undefined) cells.set(value, [{ resource, address }]);
      else alike.push({ resource, address });
    }
  return cells;
}

import { nameKey } from "../../ini/names";
import type { Declaration } from "./declared-places";
import { type DeclaredCell, DeviceDeclarations } from "./device-declarations";
import type { DeviceMark } from "./device-mark";
import { type DeviceSigns, MetDevices } from "./met-devices";

export type { Declaration } from "./declared-places";

/**
 * What the resources of one run declare, device by device. The engine checks them one at a time in one process,
 * so two that contradict each other are found before anything is sent.
 */
export class RunRegistry {
  /** By the key of a connection; two keys that turn out to be one device share their declarations. */
  private readonly devices = new Map<string, DeviceDeclarations>();
  private readonly together = new MetDevices();
  private readonly marks = new Map<string, DeviceMark>();
  private readonly leaving = new Set<string>();

  /** @param unite is told that two connections lead to one device */
  constructor(private readonly unite: (kept: string, other: string) => void = () => {}) {}

  /** Which device goes by a name, as a state of the run has it. */
  met(name: string, mark: DeviceMark): void {
    this.marks.set(name, mark);
  }

  markOf(name: string): DeviceMark | undefined {
    return this.marks.get(name);
  }

  /** The resource of this id leaves its device, for it was declared for one of another name. */
  letGo(id: string): void {
    this.leaving.add(id);
  }

  isLetGo(id: string): boolean {
    return this.leaving.has(id);
  }

  /** Adds a declaration, in the place of an earlier one by the same resource, and says what it contradicts. */
  declare(device: string, resource: string, declaration: Declaration): string[] {
    const declarations = this.of(device);
    declarations.set(resource, declaration);
    return declarations.contradictions(resource);
  }

  /** Whether another resource of the run declares a parameter, a row or a cell of a device, as far as it was met. */
  declaredElsewhere(device: string, resource: string): (address: string) => boolean {
    const declarations = this.devices.get(device);
    return (address) => declarations?.isDeclaredBeside(resource, nameKey(address)) ?? false;
  }

  /** The cells that other resources of the run declare with a text, as far as they were met. */
  cellsElsewhere(device: string, resource: string): (text: string) => DeclaredCell[] {
    return (text) => this.devices.get(device)?.cellsBeside(resource, text) ?? [];
  }

  /**
   * Claims a thing of a device, of which there is one, for a resource.
   *
   * @returns the resource that has claimed it before; undefined if it was free
   */
  claim(device: string, thing: string, resource: string): string | undefined {
    return this.of(device).claim(thing, resource);
  }

  /** Whether the run declares things for more than one connection, so that two of them may be one device. */
  get hasSeveral(): boolean {
    return this.devices.size > 1;
  }

  /**
   * Takes in which device answers at a connection. A device that is known under another key is one device from here
   * on: what is declared for both is compared, and their writes wait for each other.
   */
  meet(device: string, signs: DeviceSigns): void {
    for (const other of this.together.meet(device, signs)) {
      this.unite(other, device);
      const [kept, added] = [this.of(other), this.of(device)];
      if (kept === added) continue;
      kept.takeIn(added);
      for (const [key, declarations] of this.devices) if (declarations === added) this.devices.set(key, kept);
    }
  }

  /** What a resource contradicts now that it is known which keys are one device; empty if its device has one key. */
  contradictionsOnceMet(device: string, resource: string): string[] {
    const keys = this.together.keysOf(device);
    if (keys.length < 2) return [];
    const one = `${keys.join(" and ")} are one device (${this.together.textOf(device)})`;
    return this.of(device)
      .contradictions(resource)
      .map((problem) => `${problem}; ${one}`);
  }

  private of(device: string): DeviceDeclarations {
    let declarations = this.devices.get(device);
    if (declarations === undefined) {
      declarations = new DeviceDeclarations();
      this.devices.set(device, declarations);
    }
    return declarations;
  }
}

import { nameKey } from "../../ini/names";
import { type Declaration, DeviceDeclarations } from "./device-declarations";
import type { DeviceMark } from "./device-mark";

export type { Declaration } from "./device-declarations";

/**
 * What the resources of one run declare, device by device. The engine checks them one at a time in one process,
 * so two that contradict each other are found before anything is sent.
 */
class RunRegistry {
  private readonly devices = new Map<string, DeviceDeclarations>();
  private readonly marks = new Map<string, DeviceMark>();
  private readonly leaving = new Set<string>();

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

  /**
   * Claims a thing of a device, of which there is one, for a resource.
   *
   * @returns the resource that has claimed it before; undefined if it was free
   */
  claim(device: string, thing: string, resource: string): string | undefined {
    return this.of(device).claim(thing, resource);
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

/** That of the run: a provider process serves one preview or one update. */
export const runRegistry = new RunRegistry();

/** What tells devices apart once they have answered. */
export interface DeviceSigns {
  /** Of the unit, or of those of a pair that have answered so far. */
  serialNumbers?: readonly string[];
  /** The address that the device says it has. */
  address?: string;
}

/**
 * Which keys of connections turned out to be one device. The serial number decides. Without one, the address that a
 * device tells does, if it is how another connection reaches its device: two devices behind two routers may well
 * have one address each for itself.
 */
export class MetDevices {
  /** The keys of one device, by each of them. */
  private readonly groups = new Map<string, Set<string>>();
  private readonly signs = new Map<string, string>();
  private readonly bySerial = new Map<string, string>();
  /** Keys by the address in their url, and by the address that a device without a serial number told. */
  private readonly reachedAt = new Map<string, string>();
  private readonly told = new Map<string, string>();

  /** @returns the keys, other than this one, that are found now to be the same device */
  meet(key: string, { serialNumbers = [], address }: DeviceSigns): string[] {
    const serials = serialNumbers.filter((serial) => /[1-9a-z]/i.test(serial));
    const same = new Set<string>();
    for (const serial of serials) {
      const other = this.bySerial.get(serial);
      if (other === undefined) this.bySerial.set(serial, key);
      else same.add(other);
    }
    const own = addressIn(key);
    if (own !== undefined) {
      this.reachedAt.set(own, key);
      const other = this.told.get(own);
      if (other !== undefined) same.add(other);
    }
    if (serials.length === 0 && address !== undefined) {
      const other = this.reachedAt.get(address);
      if (other !== undefined) same.add(other);
      this.told.set(address, key);
    }
    const group = this.groupOf(key);
    if (!this.signs.has(key)) this.signs.set(key, textOf(serials, address));
    const found = [...same].filter((other) => !group.has(other));
    for (const other of found) this.unite(key, other);
    return found;
  }

  keysOf(key: string): string[] {
    return [...this.groupOf(key)].sort();
  }

  /** By what a device was told to be the same as another: `S/N 10245678`. */
  textOf(key: string): string {
    return this.signs.get(key) ?? "";
  }

  private groupOf(key: string): Set<string> {
    const group = this.groups.get(key) ?? new Set([key]);
    this.groups.set(key, group);
    return group;
  }

  private unite(key: string, other: string): void {
    const group = new Set([...this.groupOf(key), ...this.groupOf(other)]);
    for (const member of group) this.groups.set(member, group);
  }
}

/** The address of a url that has one in place of a name, at the usual port: others lead to devices behind a router. */
function addressIn(key: string): string | undefined {
  return /^https?:\/\/(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\])$/.exec(key)?.[1]?.replace(/^\[|\]$/g, "");
}

function textOf(serials: readonly string[], address: string | undefined): string {
  return serials.length > 0 ? `S/N ${serials.join(" or ")}` : `at ${address}`;
}

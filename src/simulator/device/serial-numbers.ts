const FIRST = 10_245_678;
const taken = new Set<string>();

/** A serial number that no other simulator of this process has at the moment; the next one is free as well, for a pair. */
export function takeSerialNumber(): string {
  for (let number = FIRST; ; number += 2) {
    const serialNumber = String(number);
    if (taken.has(serialNumber)) continue;
    taken.add(serialNumber);
    return serialNumber;
  }
}

/** A simulator that ended gives its number back. */
export function giveSerialNumberBack(serialNumber: string): void {
  taken.delete(serialNumber);
}

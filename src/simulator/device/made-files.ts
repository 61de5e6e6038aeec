import { randomBytes } from "node:crypto";
import { VERSION } from "./software";

/** Whether a simulated device can read a version out of a load: `7.40A.500.010`. */
export function isLoadVersion(version: string): boolean {
  return new RegExp(`^${VERSION.source}$`).test(version);
}

/**
 * A file that a simulated device takes for a software load: it runs the version afterwards.
 * @param version such as `7.40A.500.010`
 * @param size bytes; a load of a real device has 50 to 300 MB
 * @throws RangeError if the version has another form
 */
export function makeSoftwareLoad(version: string, size = 1_000_000): Buffer {
  if (!isLoadVersion(version)) throw new RangeError("the version must have the form 7.40A.500.010");
  const head = Buffer.from(`Software load for a simulated device\n${version}\n`);
  return Buffer.concat([head, Buffer.alloc(Math.max(0, size - head.length))]);
}

/**
 * A licence file that simulated devices take. Each has another key.
 * @param serialNumbers of the device, or of both units of a pair
 */
export function makeLicenseFile(serialNumbers: readonly string[]): string {
  const units = serialNumbers.map((serialNumber) => {
    const key = Buffer.concat([Buffer.from(`licence:${serialNumber}:`), randomBytes(24)]);
    return `S/N ${serialNumber}\n${key.toString("base64")}\n`;
  });
  return `; Licence for simulated devices\n${units.join("")}`;
}

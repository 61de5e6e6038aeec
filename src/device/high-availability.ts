import type { DeviceStatus } from "./status";

/**
 * Whether the device is one of a high-availability pair in operation. The manual names `Stand Alone` only
 * (LTRT-41760 section 8), later editions `Operational` and `Not Operational`; any further word is taken for a pair.
 */
export function isPair({ highAvailability }: DeviceStatus): boolean {
  const word = (highAvailability ?? "").replace(/[\s_-]+/g, "").toLowerCase();
  return !["", "standalone", "notoperational"].includes(word);
}

import type { Dialect } from "./dialect";

/** The manual's form ends in a small z (LTRT-41760 sections 7 and 8); later firmware sends the offset and no fraction. */
export function timeStamp(ms: number, { old }: Dialect): string {
  const iso = new Date(ms).toISOString();
  return old ? iso.replace("Z", "z") : iso.replace(/\.\d+Z$/, "+00:00");
}

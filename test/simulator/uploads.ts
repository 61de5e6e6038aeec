import { setTimeout as pause } from "node:timers/promises";
import type { Ask, Bench } from "./harness";

export const SOFTWARE = "PUT /api/v1/files/software";
export const HITLESS = "PUT /api/v1/files/software/hitless";

/** A software load: bytes of no meaning, with its version near the beginning. */
export function softwareLoad(version: string, size = 100_000): Buffer {
  const load = Buffer.alloc(size, 0x9a);
  load.write(`\0CMP\0${version}\0`, 100);
  return load;
}

export const rawFile = (file: Buffer): Ask => ({
  headers: { "content-type": "application/octet-stream" },
  body: file,
});

/** The form of later editions. */
export function formFile(file: Buffer, fileName = "file.dat", boundary = "edge"): Ask {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\n\r\n`;
  return {
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** The fields of a status that say what an upgrade does. */
export interface UpgradeState {
  versionID: string;
  upgradeStatus?: string;
  highAvailability: string;
  operationalState: string;
  serialNumber?: string;
  saveNeeded?: boolean;
  resetNeeded?: boolean;
}

export async function state({ ask }: Pick<Bench, "ask">): Promise<UpgradeState> {
  return JSON.parse((await ask("GET /api/v1/status")).text);
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(10);
}

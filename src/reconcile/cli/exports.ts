import { type CanonicalScript, canonicalScript } from "../../cli/canonical";
import { lineKey } from "../../cli/compare";
import { parseScript } from "../../cli/parse";
import type { DeviceClient } from "../../device/client";
import { type Device, Slot } from "../../device/shared/device";
import { decodeIni, type Encoding } from "../../ini/encoding";

/** A device's running script as it is worked with. */
interface ExportedScript {
  script: CanonicalScript;
  encoding: Encoding;
}

/** The exports of one device that a process has read: each is parsed once, however many resources look at it. */
const EXPORTS = new Slot(() => new WeakMap<Buffer, ExportedScript>());

/** The device's running script, read. */
export function exportedScript(device: Device, bytes: Buffer): ExportedScript {
  const exports = device.recall(EXPORTS);
  const known = exports.get(bytes);
  if (known !== undefined) return known;
  const { text, encoding } = decodeIni(bytes);
  const exported = { script: canonicalScript(parseScript(text, { tolerant: true })), encoding };
  exports.set(bytes, exported);
  return exported;
}

/**
 * The device's running script as the cache has it or a GET brings it: what a refresh reads.
 * @param doubt whether something is missing that may merely have been cut off: another read, shared too, decides
 */
export async function readCli(
  client: DeviceClient,
  doubt: (script: CanonicalScript) => boolean,
): Promise<CanonicalScript> {
  const { device } = client;
  const read = async (key: string) =>
    exportedScript(device, await device.cache.get(key, () => client.cliScript())).script;
  const script = await read("cliScript");
  return doubt(script) ? read("cliScript again") : script;
}

/** Whether two exports say the same. */
export function sameExport(a: CanonicalScript, b: CanonicalScript): boolean {
  return JSON.stringify(a.lines.map(lineKey)) === JSON.stringify(b.lines.map(lineKey));
}

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Connection } from "./connect/connection";
import { DeviceError } from "./errors";
import { Slot } from "./shared/device";

/** What this process keeps of a device before it changes it. */
class KeptBefore {
  /** The documents as they were read last, by the ending of their file. */
  private readonly documents = new Map<"ini" | "cli", Buffer>();
  private isKept = false;

  /** A document was read. */
  saw(ending: "ini" | "cli", document: Buffer): void {
    if (!this.isKept) this.documents.set(ending, document);
  }

  /**
   * Writes what was read last to `<folder>/<device>.<time>.ini` and `.cli`, before the first change of this process.
   * @returns the files
   * @throws DeviceError MEDIANT_FILE if a file cannot be written: nothing was sent then
   */
  async keep({ name }: Pick<Connection, "name">, folder: string, now = new Date()): Promise<string[]> {
    if (this.isKept) return [];
    this.isKept = true;
    const stem = `${fileName(name)}.${now.toISOString().replace(/:/g, "-").replace(/\..*/, "Z")}`;
    const files: string[] = [];
    try {
      await mkdir(folder, { recursive: true });
      for (const [ending, document] of this.documents) {
        const file = join(folder, `${stem}.${ending}`);
        await writeFile(file, document, { mode: 0o600 });
        files.push(file);
      }
    } catch (error) {
      this.isKept = false;
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
      const sentence = `keepBefore: what the device holds cannot be written to ${folder} (${code}), so nothing is changed`;
      throw new DeviceError("MEDIANT_FILE", sentence, { device: name });
    }
    this.documents.clear();
    return files;
  }
}

export const KEPT_BEFORE = new Slot(() => new KeptBefore());

/** A device's name may hold what no file name may. */
function fileName(name: string): string {
  return name.replace(/[^\w.-]+/g, "_");
}

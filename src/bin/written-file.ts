import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "./outcome";

/** Writes the file that an option names, `-` for stdout. @throws UsageError if it cannot be written */
export async function writtenFile(option: string, file: string, text: string | Buffer): Promise<void> {
  if (file === "-") {
    process.stdout.write(text);
    return;
  }
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown cause";
    throw new UsageError(`${option} ${file}: it cannot be written (${code})`);
  }
}

import { readFileSync } from "node:fs";
import { UsageError } from "./outcome";

/** The file that an option names. @throws UsageError if it cannot be read */
export function givenFile(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const why = code === "ENOENT" ? "there is no such file" : `cannot be read (${code})`;
    throw new UsageError(`${option} ${file}: ${why}`);
  }
}

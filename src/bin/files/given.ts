import { CliSyntaxError } from "../../cli/errors";
import { type FileKind, kindOf } from "../../files/kind";
import { decodeIni, type Encoding } from "../../ini/encoding";
import { IniError } from "../../ini/errors";
import { givenFile } from "../given-file";

/** A configuration file that a command was given. */
export interface ConfigurationFile {
  name: string;
  text: string;
  encoding: Encoding;
  kind: FileKind;
}

/** @throws UsageError if it cannot be read */
export function configurationFile(name: string): ConfigurationFile {
  const { text, encoding } = decodeIni(givenFile("file", name));
  return { name, text, encoding, kind: kindOf(name, text) };
}

/** What a file that is no sound ini or script has wrong; undefined for every other error. */
export function unsoundness(error: unknown): string | undefined {
  return error instanceof IniError || error instanceof CliSyntaxError ? error.message : undefined;
}

/** @throws Error that names the file, if `work` finds it unsound */
export function naming<T>(file: ConfigurationFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = unsoundness(error);
    throw reason === undefined ? error : new Error(`${file.name}: ${reason}`);
  }
}

import { formatCli } from "./cli/layout";
import { formatIni } from "./ini/layout";
import type { FileKind } from "./kind";

/** A file in its canonical layout: applied twice, it is applied once. @throws IniError, CliSyntaxError */
export function formatFile(text: string, kind: FileKind): string {
  return kind === "ini" ? formatIni(text) : formatCli(text);
}

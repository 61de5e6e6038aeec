/** The two languages of a device's configuration. */
export type FileKind = "ini" | "cli";

/**
 * In which language a file is written: as its name ends, else as its first line does that is neither blank nor a
 * comment.
 */
export function kindOf(name: string, text: string): FileKind {
  const ending = /\.(ini|cli)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === "ini" || ending === "cli") return ending;
  const first = /^[ \t\uFEFF]*([^\s;#!].*)$/m.exec(text)?.[1] ?? "";
  return /^conf[a-z]*[ \t]/i.test(first) && !first.includes("=") ? "cli" : "ini";
}

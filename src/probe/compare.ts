import { withoutObscured } from "../secrets/values";

/** Lines of a dump that say what is configured: without the header, whose clock goes on, and with secrets masked. */
function linesOf(dump: string): string[] {
  return dump
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && (!line.startsWith(";") || /is hidden but|\*\*\* TABLE/.test(line)))
    .map((line) => withoutObscured(line));
}

/**
 * What differs between two dumps, by name only: `ConditionTable 7`, `SyslogServerIP`. A secret counts as unchanged if
 * it is obscured in both, for some devices obscure it anew each time.
 */
export function differences(before: string, after: string): string[] {
  const [left, right] = [count(linesOf(before)), count(linesOf(after))];
  const lines = [...new Set([...left.keys(), ...right.keys()])];
  const different = lines.filter((line) => left.get(line) !== right.get(line));
  return [...new Set(different.map(nameIn))];
}

function nameIn(line: string): string {
  const [name = ""] = line.split("=", 1);
  return name.trimEnd();
}

function count(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

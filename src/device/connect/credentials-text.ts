import { parse } from "ini";

/** Keys and values by the name of their section. */
export type Sections = ReadonlyMap<string, Record<string, unknown>>;

/**
 * Reads the text of a credentials file.
 * @param place what each error begins with
 * @throws Error with one sentence that never holds a value
 */
export function parseSections(text: string, place: string): Sections {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  lines.forEach((line, index) => {
    const problem = valueProblem(line);
    if (problem !== undefined) throw new Error(`${place}: line ${index + 1}: ${problem}`);
  });
  // The INI reader nests [a.b] under a; host names are common section names, so their dots are escaped.
  const escaped = lines.map((line) => (/^\s*\[/.test(line) ? line.trim().replace(/\\?\./g, "\\.") : line));
  const sections = new Map<string, Record<string, unknown>>();
  for (const [name, value] of Object.entries(parse(escaped.join("\n")))) {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) sections.set(name, value);
    else throw new Error(`${place}: ${name} stands before the first section`);
  }
  return sections;
}

/** A value that the INI reader would cut or change without a word: a password cut short locks the account. */
function valueProblem(line: string): string | undefined {
  if (/^\s*([;#]|$)/.test(line)) return undefined;
  if (/[\p{Cc}\u2028\u2029]/u.test(line.replaceAll("\t", ""))) return "has a control character";
  if (/^\s*\[/.test(line)) return /^\s*\[[^\]]*\]\s*$/.test(line) ? undefined : "a section is [name]";
  const at = line.indexOf("=");
  if (at < 0) return "is neither a section, a comment nor key = value";
  const value = line.slice(at + 1).trim();
  if (value.startsWith('"')) {
    return isJsonString(value) ? undefined : 'inside "…", write \\" for a quote and \\\\ for a backslash';
  }
  return /^'|[;#]|\\\\/.test(value)
    ? 'put a value with ; # \\\\ or a leading \' in double quotes: key = "…"'
    : undefined;
}

function isJsonString(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "string";
  } catch {
    return false;
  }
}

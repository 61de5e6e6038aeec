import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "ini";
import { suggest } from "../../text/suggest";

/** One section of the credentials file. */
export interface Profile {
  /** Where it stands, for messages: file and section. */
  place: string;
  url?: string;
  username?: string;
  password?: string;
  /** PEM text: the file holds a path, from the file's own folder on where it is relative. */
  ca?: string;
  fingerprint256?: string;
}

const keys = ["url", "username", "password", "ca", "fingerprint256"] as const;
type Key = (typeof keys)[number];

/** `$MEDIANT_CREDENTIALS`, else `~/.config/pulumi-mediant/credentials`. */
function credentialsFile(env: NodeJS.ProcessEnv): string {
  return env["MEDIANT_CREDENTIALS"] || join(homeFolder(env), ".config", "pulumi-mediant", "credentials");
}

/**
 * Reads one section of the credentials file.
 * @throws Error with one sentence that names file and section, and never a value
 */
export function readProfile(name: string, env: NodeJS.ProcessEnv): Profile {
  const file = credentialsFile(env);
  const sections = sectionsOf(file);
  const section = sections.get(name);
  if (section === undefined) {
    const names = [...sections.keys()].join(", ");
    throw new Error(
      `credentials file ${file}: no section [${name}]; ${names === "" ? "it has none" : `it has ${names}`}`,
    );
  }
  const place = `credentials file ${file}, section [${name}]`;
  const profile: Profile = { place };
  for (const [key, value] of Object.entries(section)) {
    if (!isKey(key)) {
      const meant = suggest(key, keys);
      throw new Error(
        `${place}: ${key} is not a key${meant === undefined ? "" : `; did you mean ${meant}?`}`,
      );
    }
    // The INI reader turns a bare true, false or null into that value; a list comes from key[].
    if (Array.isArray(value)) throw new Error(`${place}: ${key} must be one value`);
    if (String(value) !== "") profile[key] = String(value);
  }
  if (profile.ca !== undefined) profile.ca = readAuthority(profile.ca, dirname(file), place, env);
  return profile;
}

type Sections = ReadonlyMap<string, Record<string, unknown>>;

/** The file as it was read last: each of a thousand devices asks for its section, and none for a parse of its own. */
let lastRead: { version: string; sections: Sections } | undefined;

function sectionsOf(file: string): Sections {
  try {
    const { mode, ino, size, mtimeMs, ctimeMs } = statSync(file);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw new Error(`credentials file ${file}: others can read it; run chmod 600 on it`);
    }
    const version = [file, ino, size, mtimeMs, ctimeMs].join(" ");
    if (lastRead?.version !== version) {
      lastRead = { version, sections: parseSections(readFileSync(file, "utf8"), file) };
    }
    return lastRead.sections;
  } catch (error) {
    throw readable(error, `credentials file ${file}`);
  }
}

function readAuthority(path: string, folder: string, place: string, env: NodeJS.ProcessEnv): string {
  const file = resolve(folder, path.replace(/^~(?=[\\/])/, homeFolder(env)));
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw readable(error, `${place}: ca ${file}`);
  }
}

function readable(error: unknown, place: string): Error {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  if (code === undefined && error instanceof Error) return error;
  return new Error(
    code === "ENOENT" ? `${place}: there is no such file` : `${place}: cannot be read (${code})`,
  );
}

function parseSections(text: string, file: string): Sections {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  lines.forEach((line, index) => {
    const problem = valueProblem(line);
    if (problem !== undefined) throw new Error(`credentials file ${file}: line ${index + 1}: ${problem}`);
  });
  // The INI reader nests [a.b] under a; host names are common section names, so their dots are escaped.
  const escaped = lines.map((line) => (/^\s*\[/.test(line) ? line.trim().replace(/\\?\./g, "\\.") : line));
  const sections = new Map<string, Record<string, unknown>>();
  for (const [name, value] of Object.entries(parse(escaped.join("\n")))) {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) sections.set(name, value);
    else throw new Error(`credentials file ${file}: ${name} stands before the first section`);
  }
  return sections;
}

/** A value that the INI reader would cut or change without a word: a password cut short locks the account. */
function valueProblem(line: string): string | undefined {
  if (/^\s*([;#[]|$)/.test(line)) return undefined;
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

function isKey(key: string): key is Key {
  return (keys as readonly string[]).includes(key);
}

function homeFolder(env: NodeJS.ProcessEnv): string {
  return env["HOME"] || homedir();
}

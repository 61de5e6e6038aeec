import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { suggest } from "../../text/suggest";
import { parseSections, type Sections } from "./credentials-text";

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
      lastRead = { version, sections: parseSections(readFileSync(file, "utf8"), `credentials file ${file}`) };
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

function isKey(key: string): key is Key {
  return (keys as readonly string[]).includes(key);
}

function homeFolder(env: NodeJS.ProcessEnv): string {
  return env["HOME"] || homedir();
}

/** A firmware version such as `7.20A.256.024`: major 7, minor 20, letter A, then stream and build. */
export interface FirmwareVersion {
  major: number;
  /** Two digits: 0 is what the manuals call 7.0, 20 what they call 7.2. */
  minor: number;
  /** Capital; empty if there is none. */
  letter: string;
  /** The numbers behind: stream, build. */
  build: number[];
}

/** Reads a version as `/status` gives it in `versionID`; undefined for any other text. */
export function parseVersion(text: string): FirmwareVersion | undefined {
  const parts = /^(\d{1,4})\.(\d{2})([A-Z]?)((?:\.\d{1,9}){0,8})$/i.exec(text.trim());
  if (parts === null) return undefined;
  const [, major, minor, letter = "", build = ""] = parts;
  return {
    major: Number(major),
    minor: Number(minor),
    letter: letter.toUpperCase(),
    build: build.split(".").slice(1).map(Number),
  };
}

/** Order of two versions, number by number: negative if `a` is older, 0 if they are the same, undefined if one cannot be read. */
export function compareVersions(a: string, b: string): number | undefined {
  const left = parseVersion(a);
  const right = parseVersion(b);
  if (left === undefined || right === undefined) return undefined;
  const byNumber = compareNumbers([left.major, left.minor], [right.major, right.minor]);
  if (byNumber !== 0) return byNumber;
  if (left.letter !== right.letter) return left.letter < right.letter ? -1 : 1;
  return compareNumbers(left.build, right.build);
}

/** Missing numbers count as 0. */
function compareNumbers(a: number[], b: number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/** The release as the manuals name it: `7.0`, `7.2`, `7.4`, `7.26`; undefined if the version cannot be read. */
export function releaseOf(text: string): string | undefined {
  const version = parseVersion(text);
  if (version === undefined) return undefined;
  const minor = version.minor % 10 === 0 ? version.minor / 10 : String(version.minor).padStart(2, "0");
  return `${version.major}.${minor}`;
}

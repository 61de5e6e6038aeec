import { createHash } from "node:crypto";
import type { License } from "../device/answers/license";
import { redact } from "../text/redact";
import { present } from "./present";

/*
 * Licence keys, and the units of a device that have them (LTRT-41760 section 10). A licence file is text: a line
 * `S/N <serial number>` for each unit, and that unit's key behind it or on the lines below.
 */

/** The key for one unit. */
export interface LicenseKey {
  serialNumber: string;
  /** A secret. */
  key: string;
}

/** Bytes; no licence file is nearly as large. */
export const LICENSE_FILE_LIMIT = 1_000_000;

/** Of a file that was read as it is, a byte a character, and of one that was decoded. */
const BYTE_ORDER_MARK = /^(?:\u00EF\u00BB\u00BF|\uFEFF)/;
/** No serial number has a `+` or a `/`: with one of them, what begins with `S/N` is a key. */
const SERIAL_NUMBER = /^S\/N\s*(?:[:#]\s*)?([^\s:=+/]+)(?=[\s:=]|$)\s*(?:[:=]\s*)?/i;
const KEY = /^(?![[=-])[!-~]+$/;
const MORE_OF_A_KEY = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads a licence file. Comments (`;`), headings (`[LicenseKeys]`) and lines of prose are passed over: the device
 * judges the file, and only what belongs to which unit is needed here.
 *
 * @returns the keys in the order of the file, or what is wrong with it as the end of a sentence that begins with its
 * path
 */
export function readLicenseFile(text: string): { keys: LicenseKey[]; fault?: string } {
  const keys: LicenseKey[] = [];
  for (const line of text.replace(BYTE_ORDER_MARK, "").split(/\r\n|\r|\n/)) {
    const content = line.replace(/;.*/s, "").trim();
    const serialNumber = SERIAL_NUMBER.exec(content)?.[1];
    if (serialNumber !== undefined) keys.push({ serialNumber, key: "" });
    const part = content.replace(SERIAL_NUMBER, "");
    const last = keys.at(-1);
    // A key has no blanks. It may go on over several lines, but not with a rule or a word of prose.
    const isKey = last?.key === "" ? KEY : MORE_OF_A_KEY;
    if (last !== undefined && isKey.test(part)) last.key += part;
  }
  const fault = faultOf(keys);
  return fault === undefined ? { keys } : { keys: [], fault };
}

function faultOf(keys: readonly LicenseKey[]): string | undefined {
  if (keys.length === 0) return "is no licence file: it has no line with a serial number (S/N …)";
  const seen = new Set<string>();
  for (const { serialNumber, key } of keys) {
    if (key === "") return `has no key for S/N ${serialNumber}`;
    if (seen.has(serialKey(serialNumber))) return `has S/N ${serialNumber} twice`;
    seen.add(serialKey(serialNumber));
  }
  return undefined;
}

/** One unit of a device, as its licence shows it. */
export interface LicensedUnit {
  serialNumber?: string;
  /** A secret; undefined if the device does not show it. */
  key?: string;
  description?: string;
}

/** The unit that answers, and the other one of a pair if the device shows it. */
export function unitsOf(license: License): LicensedUnit[] {
  const active = {
    serialNumber: license.serialNumber,
    key: license.key,
    description: license.keyDescription,
  };
  const redundant = {
    serialNumber: license.serialNumberRedundant,
    key: license.keyRedundant,
    description: license.keyDescriptionRedundant,
  };
  return redundant.serialNumber === undefined && redundant.key === undefined ? [active] : [active, redundant];
}

/** A key that a unit is to have. It holds no key and yet is kept secret, for whoever guesses one could prove it. */
export interface WantedKey {
  /** Absent if the device did not say it. */
  serialNumber?: string;
  /** SHA-256 of the key, 64 hex digits. */
  digest: string;
}

/** How what is wanted stands with the units of a device. */
export interface KeyComparison {
  /**
   * `holds`: every unit that shows a key, and for which one is wanted, has that one. `differs`: one of them has
   * another. `unseen`: none of the units shows a key, or none is one of ours.
   */
  verdict: "holds" | "differs" | "unseen";
  /** The unit that decided; where it is `unseen`, the one that answers. */
  unit: LicensedUnit | undefined;
}

/** Compares keys unit by unit: after a switchover the same ones stand in the other places. */
export function compareKeys(wanted: readonly WantedKey[], units: readonly LicensedUnit[]): KeyComparison {
  const judged = units.flatMap((unit) => {
    const { serialNumber, key } = unit;
    const forUnit = wanted.filter((each) => maybeSame(each.serialNumber, serialNumber));
    if (key === undefined || forUnit.length === 0) return [];
    return [{ unit, holds: forUnit.some(({ digest }) => digest === keyDigest(key)) }];
  });
  const decisive = judged.find(({ holds }) => !holds) ?? judged[0];
  if (decisive === undefined) return { verdict: "unseen", unit: units[0] };
  return { verdict: decisive.holds ? "holds" : "differs", unit: decisive.unit };
}

/** What is wanted of the keys of a file. */
export function wantedOf(keys: readonly LicenseKey[]): WantedKey[] {
  return keys.map(({ serialNumber, key }) => ({ serialNumber, digest: keyDigest(key) }));
}

/** A key by itself is for the unit that is named, else for the one that has it already, else for the one that answers. */
export function wantedOfKey(
  key: string,
  serialNumber: string | undefined,
  units: readonly LicensedUnit[],
): WantedKey[] {
  const unit = units.find((each) => sameKey(each.key, key)) ?? units[0];
  return [present({ serialNumber: serialNumber ?? unit?.serialNumber, digest: keyDigest(key) })];
}

/** Whether one of the serial numbers is that of a unit, as far as the device tells its own. */
export function fitsAUnit(serialNumbers: readonly string[], units: readonly LicensedUnit[]): boolean {
  return units.some((unit) => serialNumbers.some((serial) => maybeSame(serial, unit.serialNumber)));
}

/** Devices show keys with blanks or broken over lines, which are no part of them. */
export function keyDigest(key: string): string {
  return createHash("sha256").update(withoutBlanks(key)).digest("hex");
}

/** Whether two keys are the same, blanks aside. */
export function sameKey(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && withoutBlanks(a) === withoutBlanks(b));
}

function withoutBlanks(key: string): string {
  return key.replace(/\s+/g, "");
}

function maybeSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || serialKey(a) === serialKey(b);
}

function serialKey(serialNumber: string): string {
  return serialNumber.trim().toLowerCase();
}

/** What a unit says that its key allows; a device may print the key there, and what is shown in the open must not have it. */
export function describedIn(
  unit: LicensedUnit | undefined,
  secrets: Iterable<string>,
): { keyDescription?: string } {
  const text = unit?.description;
  return present({ keyDescription: text && redact(text, secrets) });
}

/** The keys that the units show, as they stand there and without blanks. */
export function keysOf(units: readonly LicensedUnit[]): string[] {
  return units.flatMap(({ key }) => (key === undefined ? [] : [...new Set([key, withoutBlanks(key)])]));
}

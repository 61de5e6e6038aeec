import * as v from "valibot";
import { parseAnswer } from "./answers";

/** A device's licence (LTRT-41760 section 10; the redundant unit's half as later editions have it). What the device leaves out is undefined. */
export interface License {
  /** 1, the only one there is. */
  licenseVersion?: number;
  /** Of the unit that answers. */
  serialNumber?: string;
  /** A secret. Devices show it as it was given, so it can be compared. */
  key?: string;
  /** What the key allows, in several lines: board type, security, coders. */
  keyDescription?: string;
  /** Of the other unit of a pair. */
  serialNumberRedundant?: string;
  /** A secret. */
  keyRedundant?: string;
  keyDescriptionRedundant?: string;
  /** Fields without a place above, and known ones whose value cannot be read. */
  other: Record<string, unknown>;
}

const word = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform((value) => String(value).trim()),
  v.nonEmpty(),
);

const lines = v.pipe(
  v.string(),
  v.transform((value) => value.replace(/\r\n?/g, "\n").trim()),
);

const count = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\s*\d+\s*$/), v.transform(Number))]),
  v.finite(),
);

const fields = {
  licenseVersion: count,
  serialNumber: word,
  key: word,
  keyDescription: lines,
  serialNumberRedundant: word,
  keyRedundant: word,
  keyDescriptionRedundant: lines,
};

const names = Object.keys(fields) as (keyof typeof fields)[];
const nameOf = new Map(names.map((name) => [name.toLowerCase(), name]));

/** Reads the answer to `GET /api/v1/license`; undefined where it holds no field of a licence. Never throws. */
export function parseLicense(body: Buffer): License | undefined {
  const license: Partial<Record<keyof typeof fields, unknown>> = {};
  const other: [string, unknown][] = [];
  for (const [key, value] of Object.entries(parseAnswer(body).fields)) {
    const name = nameOf.get(key.toLowerCase());
    const parsed = name === undefined ? undefined : v.safeParse(fields[name], value);
    if (name !== undefined && parsed?.success) license[name] = parsed.output;
    else other.push([key, value]);
  }
  return Object.keys(license).length === 0
    ? undefined
    : ({ ...license, other: Object.fromEntries(other) } as License);
}

import * as v from "valibot";
import { fieldReader } from "./answer-fields";

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

/** Reads the answer to `GET /api/v1/license`; undefined if it holds no field of a licence. Never throws. */
export const parseLicense: (body: Buffer) => License | undefined = fieldReader(fields);

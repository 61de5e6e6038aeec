import * as v from "valibot";

/** What a lab device of one firmware answered: the content of `<version>.profile.json`. It holds no secret. */
export interface FirmwareProfile {
  /** Version of this form. */
  profile: 1;
  /** `versionID` of the device that was asked. */
  firmware: string;
  /** `productType` of that device. */
  product?: string | undefined;
  /** The table in whose unused rows it was asked. */
  table: string;
  /** What `incrementalTables` of a device with this firmware can be. */
  incrementalTables: "whole" | "rows";
  /** By the names of the simulator's options; what was not learned is left out. */
  answers: Record<string, string | number>;
  /** Columns and parameters that a dump shows obscured: `WebUsers.Password`. */
  obscured: string[];
  /** Answers that have no name, and why a question has no answer. */
  notes: string[];
}

const text = v.pipe(v.string(), v.nonEmpty());

const profileSchema: v.GenericSchema<unknown, FirmwareProfile> = v.object({
  profile: v.literal(1),
  firmware: text,
  product: v.optional(text),
  table: text,
  incrementalTables: v.picklist(["whole", "rows"]),
  answers: v.record(text, v.union([text, v.pipe(v.number(), v.minValue(1))])),
  obscured: v.array(text),
  notes: v.array(text),
});

/** How the file of a profile ends. */
export const PROFILE_ENDING = ".profile.json";

/** The name of the file of a profile. */
export const profileFileName = ({ firmware }: Pick<FirmwareProfile, "firmware">): string =>
  `${firmware.replace(/[^\w.-]+/g, "_")}${PROFILE_ENDING}`;

export const renderProfile = (profile: FirmwareProfile): string =>
  `${JSON.stringify(profile, undefined, 2)}\n`;

/** @throws if the text is no profile; the message says what is wrong, to follow the name of the file */
export function parseProfile(file: string): FirmwareProfile {
  let value: unknown;
  try {
    value = JSON.parse(file);
  } catch {
    throw new Error("it is not JSON");
  }
  const read = v.safeParse(profileSchema, value);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new Error(`${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
}

/** Only firmware that keeps the rows that a file leaves out can be sent single rows. */
export const incrementalTablesOf = (answers: FirmwareProfile["answers"]): "whole" | "rows" =>
  answers["tableMode"] === "merge" ? "rows" : "whole";

/**
 * What no manual settles, or on what manuals and tools disagree. A name is the same here, as an option of the
 * simulator, as an answer in a profile and in `docs/evidence.md`.
 */
export interface Behaviour {
  /** What a table in an incremental ini does with the rows that it leaves out. @default "replace" */
  tableMode: "merge" | "replace";
  /** What a row in the file does to the columns that FORMAT leaves out. @default "default" */
  partialColumns: "keep" | "default";
  /** What `$$` in a cell is: the column's default, the text itself, or nothing: the cell stays. @default "default" */
  defaultMark: "default" | "text" | "ignored";
  /** Whether a file may carry status columns, whose values count for nothing. @default "ignored" */
  statusColumns: "ignored" | "refused";
  /** What a row means that stands twice in a file: which of the two counts, or 400. @default "refused" */
  duplicateRows: "refused" | "first" | "last";
  /** Whether a second row may have the name by which other tables refer to the first one. @default "taken" */
  duplicateNames: "taken" | "dropped";
  /** In which order a dump has the rows of a table: by index, or as they came. @default "index" */
  rowOrder: "index" | "sent";
  /** Whether a dump shows parameters that are at their default. @default "dropped" */
  defaults: "dropped" | "shown";
  /** Whether a dump has a column that is at its default in all rows. @default "shown" */
  columnsAtDefault: "shown" | "left out";
  /** Whether a secret is obscured in the same form in each dump. @default "steady" */
  obscuring: "steady" | "anew";
  /** Whether `saveNeeded` of the status tells of an unsaved change; 7.0 has no such field. @default "told" */
  unsavedChange: "told" | "silent";
  /** What becomes of a last line without a line end: it counts, it is lost, or the file is refused. @default "taken" */
  lastLineEnd: "taken" | "lost" | "refused";
  /** What becomes of a line that is neither a parameter nor a row. @default "refused" */
  faultyLines: "refused" | "ignored";
  /** Form in which files are taken. @default by the firmware: raw for 7.0, else multipart */
  upload: "raw" | "multipart" | "both";
  /** What a part with `Content-Transfer-Encoding: base64` means: the decoded file, or the letters. @default "decoded" */
  base64Parts: "decoded" | "kept";
  /** What a request with `Expect: 100-continue` gets: a 100, no word until the end, or 400. @default "continued" */
  expectContinue: "continued" | "ignored" | "refused";
  /** Whether a download is sent whatever `Accept` says, or 406 where it excludes octet-stream. @default "any" */
  downloadAccept: "any" | "checked";
  /** What becomes of a slash at the end of a path and of empty parameters: ignored, or 404 and 400. @default "ignored" */
  looseUrls: "ignored" | "refused";
  /**
   * Form of the answer to an incremental CLI script, and so what tells of a wrong command (see CliAnswer).
   * @default by the firmware: manual for 7.0, else status
   */
  cliAnswer: "manual" | "description-output" | "status" | "text" | "refused";
  /** The largest body that is taken, in bytes; a larger one is answered 400. @default no limit */
  largestBodyBytes: number;
}

/** The behaviour of a device, with what the firmware decides left open. */
export type SettledBehaviour = Omit<Behaviour, "upload" | "cliAnswer"> &
  Partial<Pick<Behaviour, "upload" | "cliAnswer">>;

type Choices = { [Name in Exclude<keyof Behaviour, "largestBodyBytes">]: readonly Behaviour[Name][] };

/** What each can be; the first is the default, but for the two that the firmware decides. */
export const CHOICES: Choices = {
  tableMode: ["replace", "merge"],
  partialColumns: ["default", "keep"],
  defaultMark: ["default", "text", "ignored"],
  statusColumns: ["ignored", "refused"],
  duplicateRows: ["refused", "first", "last"],
  duplicateNames: ["taken", "dropped"],
  rowOrder: ["index", "sent"],
  defaults: ["dropped", "shown"],
  columnsAtDefault: ["shown", "left out"],
  obscuring: ["steady", "anew"],
  unsavedChange: ["told", "silent"],
  lastLineEnd: ["taken", "lost", "refused"],
  faultyLines: ["refused", "ignored"],
  upload: ["raw", "multipart", "both"],
  base64Parts: ["decoded", "kept"],
  expectContinue: ["continued", "ignored", "refused"],
  downloadAccept: ["any", "checked"],
  looseUrls: ["ignored", "refused"],
  cliAnswer: ["manual", "description-output", "status", "text", "refused"],
};

/** What a profile of a firmware says, as `pulumi-mediant probe` learned it: what it does not know is left out. */
export interface SimulatorProfile {
  /** `versionID` of the device that was asked. */
  firmware?: string | undefined;
  /** By the names of {@link Behaviour}. */
  answers: Readonly<Record<string, string | number | undefined>>;
}

/** The behaviour that options and a profile ask for: options first, then the profile, then the defaults. */
export function behaviourOf(options: Partial<Behaviour>, profile?: SimulatorProfile): SettledBehaviour {
  const told = readAnswers(profile?.answers ?? {});
  const asked = Object.fromEntries(
    Object.keys({ ...CHOICES, largestBodyBytes: 0 }).flatMap((name) => {
      const value = options[name as keyof Behaviour] ?? told[name as keyof Behaviour];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { ...DEFAULTS, ...asked };
}

const { upload: _byFirmware, cliAnswer: _byFirmwareToo, ...SETTLED } = CHOICES;

const DEFAULTS = {
  ...Object.fromEntries(Object.entries(SETTLED).map(([name, [first]]) => [name, first])),
  largestBodyBytes: Number.POSITIVE_INFINITY,
} as SettledBehaviour;

/** @throws if an answer has a value that the simulator does not know; what it has no name for is left out */
function readAnswers(answers: SimulatorProfile["answers"]): Partial<Behaviour> {
  const read: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(answers)) {
    const choices: readonly string[] | undefined = Object.hasOwn(CHOICES, name)
      ? CHOICES[name as keyof Choices]
      : undefined;
    if (value === undefined || (choices === undefined && name !== "largestBodyBytes")) continue;
    const known = choices ? choices.includes(String(value)) : typeof value === "number" && value > 0;
    if (!known)
      throw new Error(`The profile says ${name}: ${JSON.stringify(value)}, which is none of its values`);
    read[name] = value;
  }
  return read;
}

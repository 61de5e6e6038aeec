import { NameMap } from "../ini/names";
import type { Observed } from "../ini/observe";

/*
 * The auxiliary files that a device takes (LTRT-41760 section 6.4), and what shows in the ini that one is loaded:
 * a parameter with its name. The file itself cannot be read back.
 */

/** The auxiliary files that a device takes. LTRT-41760 section 6.4. */
export type AuxiliaryKind = "amd" | "castable" | "codertable" | "cpt" | "dialplan" | "prt" | "voiceprompts";

interface Kind {
  /** What a line of a log calls the file. */
  words: string;
  /** The ini parameter that names it. */
  parameter: string;
  /** Several can be loaded, and the parameter's names end in `_0`, `_1`, … */
  several?: true;
}

export const AUXILIARY_KINDS: Record<AuxiliaryKind, Kind> = {
  amd: { words: "answering machine detection", parameter: "AMDSensitivityFileName" },
  castable: { words: "CAS table", parameter: "CASFileName", several: true },
  codertable: { words: "coders table", parameter: "CoderTblFileName" },
  cpt: { words: "call progress tones", parameter: "CallProgressTonesFilename" },
  dialplan: { words: "dial plan", parameter: "DialPlanFileName" },
  prt: { words: "prerecorded tones", parameter: "PrerecordedTonesFileName" },
  voiceprompts: { words: "voice prompts", parameter: "VoicePromptsFileName" },
};

export function isAuxiliaryKind(kind: unknown): kind is AuxiliaryKind {
  return typeof kind === "string" && Object.hasOwn(AUXILIARY_KINDS, kind);
}

/** By what a later dump shows whether the file is still the one that was loaded. */
export interface FileSign {
  /** As the dump spells it. */
  parameter: string;
  /** What the device called the file right after the load. */
  fileName: string;
}

/**
 * The sign of a file that was just loaded; undefined if the dump withholds the parameter or does not have it.
 *
 * @param before a dump from before the load, undefined if there is none: of several files of a kind, the one whose
 * name changed is ours, else the one that is called as ours was
 * @param sent the name under which the file was sent
 */
export function signOf(
  kind: AuxiliaryKind,
  before: Observed | undefined,
  after: Observed,
  sent: string,
): FileSign | undefined {
  const earlier = before === undefined ? undefined : fileNames(kind, before);
  const shown = [...fileNames(kind, after)].map(([parameter, fileName]) => ({ parameter, fileName }));
  const changed = shown.filter(({ parameter, fileName }) => earlier && earlier.get(parameter) !== fileName);
  return only(shown) ?? only(changed) ?? only(shown.filter(({ fileName }) => fileName === sent));
}

/** The name of the file in a dump: that of the sign if the dump withholds it, undefined if there is none. */
export function fileNameNow({ parameter, fileName }: FileSign, observed: Observed): string | undefined {
  if (observed.hiddenParameters.has(parameter)) return fileName;
  return nameIn(observed, parameter);
}

function fileNames(kind: AuxiliaryKind, observed: Observed): NameMap<string> {
  const { parameter, several } = AUXILIARY_KINDS[kind];
  const numbered = new RegExp(`^${parameter}_[0-9]+$`, "i");
  const names = several
    ? [...observed.parameters.keys()].filter((name) => numbered.test(name))
    : [observed.parameters.spelling(parameter) ?? parameter];
  return new NameMap(
    names.flatMap((name): [string, string][] => {
      const fileName = nameIn(observed, name);
      return fileName === undefined ? [] : [[name, fileName]];
    }),
  );
}

/** The empty name is that of a file which was taken away. */
function nameIn(observed: Observed, parameter: string): string | undefined {
  const value = observed.parameters.get(parameter);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

/** So much of a file tells whether it is text. Bytes. */
export const HEAD_BYTES = 4096;

/**
 * Whether the head of a file is text: no control character but blanks and line ends. The binary forms have zeros and
 * other small bytes from their first line on.
 */
export function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d)) && !head.includes(0x7f);
}

/** Why a text cannot be loaded, as the end of a sentence that begins with its path. */
export function textFault(kind: AuxiliaryKind | undefined): string {
  const what = kind === undefined ? "auxiliary files" : AUXILIARY_KINDS[kind].words;
  return `is text, and the device takes ${what} in binary form only: make the .dat of it with AudioCodes' DConvert`;
}

/** An auxiliary file on the device. Its content is not kept. */
export interface AuxiliaryFile {
  fileName?: string;
  /** In bytes. */
  size: number;
  /** In hexadecimal, lower case. */
  sha256: string;
}

interface AuxiliaryKind {
  /** The ini parameter that names the loaded file. */
  parameter: string;
  /** Whether the device works with it from the next reset on only. */
  needsReset: boolean;
}

/** The kinds of LTRT-41760 section 6.4, by the last part of their URLs. */
export const AUXILIARY_KINDS: Readonly<Record<string, AuxiliaryKind>> = {
  amd: { parameter: "AMDSensitivityFileName", needsReset: false },
  castable: { parameter: "CASFileName_0", needsReset: true },
  codertable: { parameter: "CoderTblFileName", needsReset: false },
  cpt: { parameter: "CallProgressTonesFilename", needsReset: true },
  dialplan: { parameter: "DialPlanFileName", needsReset: false },
  prt: { parameter: "PrerecordedTonesFileName", needsReset: true },
  voiceprompts: { parameter: "VoicePromptsFileName", needsReset: true },
};

/** The auxiliary files by kind: those in use, in flash, and at the last start. */
export class AuxiliaryFiles {
  readonly running = new Map<string, AuxiliaryFile>();
  readonly #flash = new Map<string, AuxiliaryFile>();
  readonly #booted = new Map<string, AuxiliaryFile>();

  get saveNeeded(): boolean {
    return Object.keys(AUXILIARY_KINDS).some((kind) => this.#differs(kind, this.#flash));
  }

  get resetNeeded(): boolean {
    return Object.entries(AUXILIARY_KINDS).some(
      ([kind, { needsReset }]) => needsReset && this.#differs(kind, this.#booted),
    );
  }

  save(): void {
    replace(this.#flash, this.running);
  }

  boot(): void {
    replace(this.running, this.#flash);
    this.markBooted();
  }

  /** From now on the device works with what is in use. */
  markBooted(): void {
    replace(this.#booted, this.running);
  }

  #differs(kind: string, before: ReadonlyMap<string, AuxiliaryFile>): boolean {
    return this.running.get(kind)?.sha256 !== before.get(kind)?.sha256;
  }
}

function replace(target: Map<string, AuxiliaryFile>, source: ReadonlyMap<string, AuxiliaryFile>): void {
  target.clear();
  for (const [kind, file] of source) target.set(kind, file);
}

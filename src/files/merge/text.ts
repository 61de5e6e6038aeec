/** A merged file. */
export interface MergedFile {
  text: string;
  /** How many places have both values, between markers. */
  conflicts: number;
}

/** Writes a merged file line by line. */
export class MergedText {
  private readonly lines: string[] = [];
  conflicts = 0;

  /** @param marker how many signs a conflict marker has: 7 for git, unless `.gitattributes` says otherwise */
  constructor(
    private readonly eol: string,
    private readonly marker: number,
  ) {}

  add(lines: readonly string[], blank = false): void {
    if (blank && lines.length > 0 && this.lines.length > 0 && this.lines.at(-1) !== "") this.lines.push("");
    for (const line of lines) this.lines.push(line);
  }

  conflict(ours: readonly string[], theirs: readonly string[]): void {
    this.conflicts += 1;
    const mark = (sign: string, name = "") => sign.repeat(this.marker) + name;
    this.add([mark("<", " ours"), ...ours, mark("="), ...theirs, mark(">", " theirs")]);
  }

  get file(): MergedFile {
    return { text: this.lines.map((line) => line + this.eol).join(""), conflicts: this.conflicts };
  }
}

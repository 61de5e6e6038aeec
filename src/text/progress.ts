/** Milliseconds between two lines, and before the first: a small or quick upload needs none. */
const lineEveryMs = 10_000;

const units = ["bytes", "kB", "MB", "GB"] as const;

/** A number of bytes for people, in decimal units: `210 MB`, `1.4 GB`, `12 kB`, `300 bytes`. */
export function sizeText(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // What would be rounded to 1000 is 1 of the next unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits).replace(/\.0$/, "")} ${units[unit]}`;
}

/** How much of the whole is there, in whole percent; 100 only if it is all. */
export function percentOf(part: number, whole: number): number {
  return part >= whole ? 100 : Math.floor((part / whole) * 100);
}

/** What is told of one upload while it runs. Moments are milliseconds. */
export class UploadProgress {
  #toldAt: number;
  #toldBytes = 0;

  constructor(
    private readonly size: number,
    startedAt: number,
  ) {
    this.#toldAt = startedAt;
  }

  /** The line that is due when `sent` bytes are out: `43 % of 210 MB, 12 MB/s`, at the speed since the line before. */
  line(sent: number, now: number): string | undefined {
    const ms = now - this.#toldAt;
    if (ms < lineEveryMs || sent >= this.size) return undefined;
    const speed = sizeText(((sent - this.#toldBytes) / ms) * 1000);
    this.#toldAt = now;
    this.#toldBytes = sent;
    return `${percentOf(sent, this.size)} % of ${sizeText(this.size)}, ${speed}/s`;
  }
}

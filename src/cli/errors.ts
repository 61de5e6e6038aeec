/** Where something stands in a script; both count from 1. */
export interface Place {
  line: number;
  column: number;
}

const BRAND = Symbol.for("pulumi-mediant.error");

/**
 * A CLI script that cannot be read in one way only, or a line that cannot be written without breaking out of
 * its place. The message names the line, never its value.
 */
export class CliSyntaxError extends Error {
  override readonly name = "CliSyntaxError";
  readonly code = "MEDIANT_CLI_SYNTAX";
  readonly [BRAND] = true;
  /** From 1; undefined if the fault is in a line that stands in no text. */
  readonly line: number | undefined;
  /** From 1; undefined as `line` is. */
  readonly column: number | undefined;

  constructor(
    /** What is wrong, without the place. */
    readonly problem: string,
    place?: Place,
  ) {
    super(place === undefined ? problem : `script line ${place.line}, column ${place.column}: ${problem}`);
    this.line = place?.line;
    this.column = place?.column;
    // The engine prints stacks of provider errors several times over; the message says it all.
    this.stack = `${this.name}: ${this.message}`;
  }
}

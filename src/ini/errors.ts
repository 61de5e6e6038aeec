/** Where something stands in an ini text; both count from 1. */
export interface Place {
  line: number;
  column: number;
}

/** One thing that is wrong with an ini text or with the arguments it came from. */
export interface IniProblem {
  /** What is wrong and how to mend it, without the value itself. */
  message: string;
  /** A `;` that ends or comments nothing. */
  semicolon?: true;
  /** Absent if the problem is in an argument and not in a text. */
  place?: Place;
}

/** So many problems stand in the message; the rest is counted. */
const LISTED = 50;

/**
 * The ini configuration that a user wrote is not acceptable.
 *
 * `problems` lists all that was found, in the order of the text; `line` and `column` are those of the first.
 */
export class IniError extends Error {
  override readonly name = "IniError";
  readonly code = "MEDIANT_INI";
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(
    readonly problems: readonly IniProblem[],
    source = "ini",
  ) {
    const lines = problems.slice(0, LISTED).map((problem) => describe(problem, source));
    const rest = problems.length - lines.length;
    super([...lines, ...(rest > 0 ? [`and ${rest} more problems`] : [])].join("\n"));
    this.line = problems[0]?.place?.line;
    this.column = problems[0]?.place?.column;
    // The engine prints stacks of provider errors several times over; the message says it all.
    this.stack = `${this.name}: ${this.message}`;
  }
}

function describe(problem: IniProblem, source: string): string {
  return problem.place === undefined
    ? problem.message
    : `${source} line ${problem.place.line}, column ${problem.place.column}: ${problem.message}`;
}

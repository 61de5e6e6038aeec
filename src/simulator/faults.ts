/** Picks requests: `PUT /api/v1/files/ini`, `/api/v1/status`, or a pattern over `METHOD /path`. Undefined: every one. */
export type RequestMatch = string | RegExp | undefined;

/** A request as faults see it: method, and path without its query. */
export interface FaultTarget {
  method: string;
  path: string;
}

type FaultKind = "conflict" | "loseRequest" | "loseAnswer" | "fail" | "hang" | "cutMidBody";

interface Fault {
  kind: FaultKind;
  match: RequestMatch;
  timesLeft: number;
  until: number;
  status: number;
}

/** What goes wrong on demand. Each call adds to what was asked before, until `clear()`. */
export type FaultControls = Omit<Faults, "take" | "refusedLine" | "isWithoutEffect">;

/** The faults that were asked for, and the questions that the device puts to them on the way of each request. */
export class Faults {
  readonly #now: () => number;
  #faults: Fault[] = [];
  #refusedTexts: string[] = [];
  readonly #withoutEffect = new Set<string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Writes are answered 409, so many times, or for so long; once where neither is said. */
  conflict(options: { times?: number; ms?: number; match?: RequestMatch } = {}): void {
    const { ms, times = ms === undefined ? 1 : Number.POSITIVE_INFINITY, match } = options;
    const until = ms === undefined ? Number.POSITIVE_INFINITY : this.#now() + ms;
    this.#add("conflict", match, times, { until });
  }

  /** The connection is cut in place of the answer, before or after the request had its effect. */
  loseAnswer(match: RequestMatch, options: { applied: boolean; times?: number }): void {
    this.#add(options.applied ? "loseAnswer" : "loseRequest", match, options.times ?? 1);
  }

  /** Answered with this status, without effect. */
  fail(status: number, match?: RequestMatch, times = 1): void {
    this.#add("fail", match, times, { status });
  }

  /** Never answered, and without effect; the connection stays open. */
  hang(match?: RequestMatch, times = 1): void {
    this.#add("hang", match, times);
  }

  /** The connection is cut after half of the answer's body. */
  cutMidBody(match?: RequestMatch, times = 1): void {
    this.#add("cutMidBody", match, times);
  }

  /** Uploads that contain the text are answered 400, with a description that echoes its line. */
  refuseUploadContaining(text: string): void {
    this.#refusedTexts.push(text);
  }

  /** An ini file that sets this parameter, or this column (`Table.Column`), is taken, but the value stays. */
  noEffectFor(name: string): void {
    this.#withoutEffect.add(name.toLowerCase());
  }

  clear(): void {
    this.#faults = [];
    this.#refusedTexts = [];
    this.#withoutEffect.clear();
  }

  /** Whether the fault applies to this request; counts it. */
  take(kind: FaultKind, target: FaultTarget): { status: number } | undefined {
    const fault = this.#faults.find(
      (each) =>
        each.kind === kind && each.timesLeft > 0 && this.#now() < each.until && matches(each.match, target),
    );
    if (fault) fault.timesLeft--;
    return fault;
  }

  /** The line of the upload that is to be refused. */
  refusedLine(upload: string): string | undefined {
    const text = this.#refusedTexts.find((refused) => upload.includes(refused));
    return text === undefined ? undefined : upload.split(/\r?\n/).find((line) => line.includes(text));
  }

  isWithoutEffect(name: string): boolean {
    return this.#withoutEffect.has(name.toLowerCase());
  }

  #add(
    kind: FaultKind,
    match: RequestMatch,
    timesLeft: number,
    more: { until?: number; status?: number } = {},
  ) {
    this.#faults.push({ kind, match, timesLeft, until: Number.POSITIVE_INFINITY, status: 0, ...more });
  }
}

function matches(match: RequestMatch, { method, path }: FaultTarget): boolean {
  if (match === undefined) return true;
  const line = `${method} ${path}`;
  if (typeof match === "string") return match === line || match === path;
  return line.search(match) >= 0;
}

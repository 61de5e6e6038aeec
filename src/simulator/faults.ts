import { type After, systemAfter } from "./timers";

/** Picks requests: `PUT /api/v1/files/ini`, `/api/v1/status`, or a pattern over `METHOD /path`. Undefined: every one. */
export type RequestMatch = string | RegExp | undefined;

/** A request as faults see it: method, and path without its query. */
export interface FaultTarget {
  method: string;
  path: string;
}

/** What goes unlike a reset should. */
export interface ResetFault {
  /** Whether the device goes down at all: `false` is a reset that is announced and never comes. @default true */
  goesDown?: boolean;
  /** How long it is dark, in seconds; `Infinity` until `powerOn()`. @default `resetSeconds` of the simulator */
  seconds?: number;
  /** What it answers to everything while its services start, so many times or for so long; once where neither is said. */
  early?: { status: number; times?: number; ms?: number };
}

/** What is wrong with an answer that the device gives without a sign of trouble. */
export interface SpoiltAnswer {
  /** @default that of the answer */
  status?: number;
  /** What becomes of the body. @default as it is */
  body?: (whole: Buffer) => Buffer | string;
  headers?: Record<string, string>;
  /** What tells where the body ends: its length, or that the connection closes. @default "length" */
  end?: "length" | "close";
  /** How slowly it comes: milliseconds before the first byte, then between pieces of so many bytes. @default at once */
  pace?: { firstMs?: number; everyMs?: number; bytes?: number };
}

/** What becomes of a software load that looks right: the device takes it, but starts with the old one; or refuses it. */
export type SoftwareFault = "unchanged" | "refused";

/** How a CLI script goes that the device takes with 200, without doing all of it or without saying so. */
export interface ScriptFault {
  /** So many of its lines run, and the rest does not; 0 for none. A whole script resets all the same. @default all */
  lines?: number;
  /** What an incremental script is said to have printed, whatever became of it. */
  output?: string;
  /** Whether an incremental script is answered by `{"status": "success"}` alone. @default false */
  bare?: boolean;
}

/** When something happens beside a request: before it has an effect, or after that and before its answer. */
type Moment = "before" | "after";

type FaultKind =
  | "conflict"
  | "early"
  | "loseRequest"
  | "loseAnswer"
  | "fail"
  | "hang"
  | "cutMidBody"
  | "spoil"
  | "cutUpload"
  | "late";

interface Fault {
  kind: FaultKind;
  match: RequestMatch;
  timesLeft: number;
  until: number;
  status: number;
  share: number;
  afterMs: number;
  spoilt: SpoiltAnswer;
}

/** What goes wrong on demand. Each call adds to what was asked before, until `clear()`. */
export type FaultControls = Omit<
  Faults,
  | "take"
  | "refusedLine"
  | "isWithoutEffect"
  | "takeReset"
  | "takeSoftwareOutcome"
  | "takeLicenseIgnored"
  | "takeScriptOutcome"
  | "changed"
  | "passes"
  | "answerEarly"
>;

/** The faults that were asked for, and the questions that the device puts to them on the way of each request. */
export class Faults {
  readonly #now: () => number;
  readonly #after: After;
  #faults: Fault[] = [];
  #resets: ResetFault[] = [];
  #softwareOutcomes: SoftwareFault[] = [];
  #ignoredLicenses = 0;
  #scriptOutcomes: ScriptFault[] = [];
  #consequences: { happens: () => void; afterMs: number }[] = [];
  #events: { match: RequestMatch; moment: Moment; happens: () => void }[] = [];
  #refusedTexts: { text: string; echo: (line: string) => string }[] = [];
  readonly #withoutEffect = new Set<string>();

  constructor(now: () => number, after: After = systemAfter) {
    this.#now = now;
    this.#after = after;
  }

  /** Writes are answered 409, so many times, or for so long; once where neither is said. */
  conflict(options: { times?: number; ms?: number; match?: RequestMatch } = {}): void {
    this.#add("conflict", options.match, ...this.#span(options));
  }

  /** The next resets, one where not said, go like this. Whoever orders them, a full upload or a pulled plug too. */
  atReset(fault: ResetFault, times = 1): void {
    for (let time = 0; time < times; time++) this.#resets.push(fault);
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

  /** Answered with the status of success, but with another body, or in another way, than the device should. */
  spoil(match: RequestMatch, spoilt: SpoiltAnswer, times = 1): void {
    this.#add("spoil", match, times, { spoilt });
  }

  /**
   * The connection is cut when that share of an upload arrived, and nothing is applied.
   * @param share from 0 to 1: all of it, but no answer
   */
  cutUpload(share: number, match?: RequestMatch, times = 1): void {
    if (!(share >= 0 && share <= 1)) throw new Error("share is a number from 0 to 1");
    this.#add("cutUpload", match, times, { share });
  }

  /** Uploads that change the running configuration are answered at once and take effect so many milliseconds later. */
  applyLate(afterMs: number, match?: RequestMatch, times = 1): void {
    this.#add("late", match, times, { afterMs });
  }

  /**
   * What happens so many milliseconds after the next incremental upload took effect, once: an alarm that is raised, a
   * monitor that falls, a partner that leaves.
   */
  afterChange(happens: () => void, afterMs = 0): void {
    this.#consequences.push({ happens, afterMs });
  }

  /** What happens beside the next request that matches, once: a change by hand, a reset, another unit in its place. */
  beside(match: RequestMatch, moment: Moment, happens: () => void): void {
    this.#events.push({ match, moment, happens });
  }

  /** What becomes of the next software loads. */
  softwareOutcome(outcome: SoftwareFault, times = 1): void {
    for (let time = 0; time < times; time++) this.#softwareOutcomes.push(outcome);
  }

  /** The next licences are accepted and reset the device, which then has the keys that it had before. */
  ignoreLicense(times = 1): void {
    this.#ignoredLicenses += times;
  }

  /** How the next CLI scripts go, incremental or whole. */
  scriptOutcome(outcome: ScriptFault, times = 1): void {
    for (let time = 0; time < times; time++) this.#scriptOutcomes.push(outcome);
  }

  /**
   * Uploads that contain the text are answered 400, with a description that echoes its line. Of a software load or
   * an auxiliary file the first 4 KiB are looked at.
   * @param echo how the line is written there. Default: as it came
   */
  refuseUploadContaining(text: string, echo: (line: string) => string = (line) => line): void {
    this.#refusedTexts.push({ text, echo });
  }

  /** An ini file or a script that sets this parameter, or this column (`Table.Column`), is taken, but the value stays. */
  noEffectFor(name: string): void {
    this.#withoutEffect.add(name.toLowerCase());
  }

  clear(): void {
    this.#faults = [];
    this.#resets = [];
    this.#softwareOutcomes = [];
    this.#ignoredLicenses = 0;
    this.#scriptOutcomes = [];
    this.#consequences = [];
    this.#events = [];
    this.#refusedTexts = [];
    this.#withoutEffect.clear();
  }

  /** Whether the fault applies to this request; counts it. */
  take(
    kind: FaultKind,
    target: FaultTarget,
  ): Pick<Fault, "status" | "share" | "afterMs" | "spoilt"> | undefined {
    const fault = this.#faults.find(
      (each) =>
        each.kind === kind && each.timesLeft > 0 && this.#now() < each.until && matches(each.match, target),
    );
    if (fault) fault.timesLeft--;
    return fault;
  }

  /** How the reset that begins now goes; counts it. */
  takeReset(): ResetFault {
    return this.#resets.shift() ?? {};
  }

  /** What becomes of the load that is here now; counts it. */
  takeSoftwareOutcome(): SoftwareFault | undefined {
    return this.#softwareOutcomes.shift();
  }

  /** Whether the licence that is here now has no effect; counts it. */
  takeLicenseIgnored(): boolean {
    if (this.#ignoredLicenses === 0) return false;
    this.#ignoredLicenses--;
    return true;
  }

  /** How the script that is here now goes; counts it. */
  takeScriptOutcome(): ScriptFault | undefined {
    return this.#scriptOutcomes.shift();
  }

  /** A request is at this moment of its way. */
  passes(moment: Moment, target: FaultTarget): void {
    const event = this.#events.find((each) => each.moment === moment && matches(each.match, target));
    if (event === undefined) return;
    this.#events = this.#events.filter((each) => each !== event);
    event.happens();
  }

  /** An incremental upload took effect. */
  changed(): void {
    const consequences = this.#consequences;
    this.#consequences = [];
    for (const { happens, afterMs } of consequences)
      if (afterMs === 0) happens();
      else this.#after(afterMs, happens);
  }

  /** From now on, when the device is back and not yet itself. */
  answerEarly(early: NonNullable<ResetFault["early"]>): void {
    const [times, more] = this.#span(early);
    this.#add("early", undefined, times, { ...more, status: early.status });
  }

  /** The line of the upload that is to be refused, as it is echoed. */
  refusedLine(upload: string): string | undefined {
    const refused = this.#refusedTexts.find(({ text }) => upload.includes(text));
    const line = refused && upload.split(/\r?\n/).find((each) => each.includes(refused.text));
    return line === undefined ? undefined : refused?.echo(line);
  }

  isWithoutEffect(name: string): boolean {
    return this.#withoutEffect.has(name.toLowerCase());
  }

  #span({ ms, times }: { ms?: number; times?: number }): [number, { until: number }] {
    const forever = Number.POSITIVE_INFINITY;
    return [
      times ?? (ms === undefined ? 1 : forever),
      { until: ms === undefined ? forever : this.#now() + ms },
    ];
  }

  #add(
    kind: FaultKind,
    match: RequestMatch,
    timesLeft: number,
    more: Partial<Pick<Fault, "until" | "status" | "share" | "afterMs" | "spoilt">> = {},
  ) {
    this.#faults.push({
      kind,
      match,
      timesLeft,
      until: Number.POSITIVE_INFINITY,
      status: 0,
      share: 1,
      afterMs: 0,
      spoilt: {},
      ...more,
    });
  }
}

function matches(match: RequestMatch, { method, path }: FaultTarget): boolean {
  if (match === undefined) return true;
  const line = `${method} ${path}`;
  if (typeof match === "string") return match === line || match === path;
  return line.search(match) >= 0;
}

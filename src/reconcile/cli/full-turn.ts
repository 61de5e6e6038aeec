import { createHash } from "node:crypto";
import { readCliAnswer } from "../../cli/answer";
import type { CanonicalScript, CliLine } from "../../cli/canonical";
import { besideLines } from "../../cli/changes";
import { addressOf, type CliChange, compareScripts, lineKey, type ShownLines } from "../../cli/compare";
import type { DeclaredScript } from "../../cli/declared";
import { lineText } from "../../cli/effect";
import { judgeScript, refusedLinesOf, type ScriptVerdict } from "../../cli/judge";
import { lossOfCliAccess } from "../../cli/loss-of-access";
import { renderScript } from "../../cli/render";
import { parseAnswer } from "../../device/answers/lenient-json";
import type { DeviceClient } from "../../device/client";
import { decodeIni, type Encoding } from "../../ini/encoding";
import { listed } from "../../text/listed";
import { redact } from "../../text/redact";
import { encoded } from "../life/encoded";
import { isRefused, ReconcileError } from "../life/errors";
import { exportedScript, sameExport } from "./exports";
import type { ScriptJob } from "./incremental-turn";
import { failuresOf, provenSecrets, refusal, tellVerdict } from "./verify";

/** What a load that broke off leaves in the state: digests, of what was declared and of what the device showed before. */
export interface PendingCli {
  script: string;
  before: string;
}

export interface WholeCliJob extends ScriptJob {
  label: string;
  /** What the device showed beside the script right after it was loaded, by `lineKey`; undefined before that. */
  own: readonly string[] | undefined;
  /** Digest of the script of which `known.refused` tells what a load did not bring. */
  triedScript: string | undefined;
  /** Whether the load may take away what we reach the device by. */
  allowLossOfAccess: boolean;
}

/** One load of a whole script, alone on the device: observe, upload, reset, read back. LTRT-41760 section 6.2.1. */
export class WholeCliLoad {
  lastSeen: CanonicalScript | undefined;
  /** Whether there is something to tell the next run. */
  touched = false;
  /** What a run that breaks off leaves for the next one; undefined while nothing was sent. */
  pending: PendingCli | undefined;
  shown: ShownLines;
  /** What the device kept in place of lines that a load did not bring, and of lines that it did not take away. */
  refused: ShownLines | undefined;
  own: readonly string[] | undefined;
  /** Digest of the script of which `refused` tells what a load did not bring. */
  triedScript: string | undefined;
  /** What the device said to the load, without the secrets that are known. */
  output = "";
  /** The device's words of refusal, beside a 200. */
  private readonly refusals: string[] = [];
  /** What came in place of an answer to a load that the device was not seen to begin. */
  private unanswered: Error | undefined;
  private encoding: Encoding = "utf-8";
  private readonly wait: { label: string };

  constructor(
    private readonly client: DeviceClient,
    private readonly job: WholeCliJob,
  ) {
    this.wait = { label: job.label };
    this.shown = job.known.shown;
    this.refused = job.known.refused;
    this.own = job.own;
    this.triedScript = job.triedScript;
  }

  /** @param pending what an earlier run left: it is finished without another load if the device took that one */
  async run(pending: PendingCli | undefined): Promise<void> {
    const { declared, known, own } = this.job;
    await this.client.awaken(this.wait);
    const differences = (script: CanonicalScript) => {
      const { changes, unseen } = compareScripts(declared, script, known.shown);
      return { open: [...changes, ...unseen], beside: strangers(script, declared, own) };
    };
    const before = await this.read((script) => {
      const { open, beside } = differences(script);
      return open.length + beside.length > 0
        ? "it differs from the declaration, so the device would be reset"
        : undefined;
    });
    const { open, beside } = differences(before);
    if (open.length === 0 && beside.length === 0) {
      this.refused = undefined;
      return;
    }
    if (this.wasTried(open, beside) && this.judgeAgain(before, beside)) return;
    if (pending !== undefined && this.tookEffect(pending, before)) {
      await this.judge(undefined, before);
      return;
    }
    await this.refuseLossOfAccess(before);
    await this.upload(before);
    await this.judge(before, await this.read());
  }

  private async refuseLossOfAccess(before: CanonicalScript): Promise<void> {
    const { declared, allowLossOfAccess } = this.job;
    if (allowLossOfAccess) return;
    const { ipAddress } = await this.client.status();
    const { origin, username } = this.client.connection;
    const addresses = [new URL(origin).hostname, ...(ipAddress === undefined ? [] : [ipAddress])];
    const problems = lossOfCliAccess(before, declared, { addresses, username });
    if (problems.length > 0)
      throw new ReconcileError(problems.map((problem) => `${problem} (allowLossOfAccess permits it)`));
  }

  /** Whether all that differs is what an earlier load has not brought either. */
  private wasTried(open: readonly CliChange[], beside: readonly CliLine[]): boolean {
    const { declared, known } = this.job;
    const { refused } = known;
    if (refused === undefined) return false;
    const now = { ...refusedLinesOf(declared, open), ...linesByKey(beside) };
    return Object.entries(now).every(([key, as]) => refused[key] === as);
  }

  /**
   * What a load did not bring, looked at again without one: a user may have said that it is at its default.
   * @returns false if it needs a load: the script is another one than the one that was tried
   * @throws ReconcileError if it is the same script, of which another reset would bring no more
   */
  private judgeAgain(now: CanonicalScript, beside: readonly CliLine[]): boolean {
    const { declared } = this.job;
    const verdict = this.verdict(now, now);
    const failures = [...failuresOf(verdict, declared), ...leftovers(beside, declared)];
    const isSame = this.triedScript === digestOf(declared);
    if (failures.length > 0 && !isSame) return false;
    this.touched = true;
    this.shown = { ...this.job.known.shown, ...verdict.shown };
    if (failures.length > 0) throw new ReconcileError([...failures, NOT_AGAIN]);
    this.refused = undefined;
    return true;
  }

  /** Whether the device took the load of an earlier run: it shows something else than before that, and what was declared. */
  private tookEffect(pending: PendingCli, now: CanonicalScript): boolean {
    const { declared } = this.job;
    if (pending.script !== digestOf(declared) || pending.before === digestOf(now)) return false;
    return failuresOf(this.verdict(undefined, now), declared).length === 0;
  }

  private verdict(before: CanonicalScript | undefined, after: CanonicalScript): ScriptVerdict {
    const { declared, known, mayBeAtDefault } = this.job;
    return judgeScript(declared, { before, after }, known, mayBeAtDefault);
  }

  private async upload(before: CanonicalScript): Promise<void> {
    const { declared } = this.job;
    const sent = renderScript(declared);
    const body = encoded(sent, this.encoding);
    this.pending = { script: digestOf(declared), before: digestOf(before) };
    this.touched = true;
    try {
      const { said, failure, wentDown } = await this.client.putCliScript(body, declared.secrets, this.wait);
      if (said !== undefined) this.listen(said.body, sent);
      this.unanswered = wentDown ? undefined : failure;
    } catch (error) {
      if (isRefused(error)) {
        this.pending = undefined;
        this.touched = false;
      }
      throw error;
    }
  }

  private listen(body: Buffer, sent: string): void {
    const { declared } = this.job;
    const answer = readCliAnswer(decodeIni(body).text, parseAnswer(body), sent);
    const { description, output, ok } = answer;
    this.output = redact([description, output].filter((text) => text !== "").join("\n"), declared.secrets);
    if (!ok) this.refusals.push(refusal({ ...answer, sent }, declared, this.lastSeen));
  }

  /** @param before undefined if the load was an earlier run's */
  private async judge(before: CanonicalScript | undefined, first: CanonicalScript): Promise<void> {
    const { declared, known, own, log } = this.job;
    this.touched = true;
    let after = first;
    let verdict = this.verdict(before, after);
    let stayed = stayedBeside(before, after, declared);
    // What the device showed beside the script when it was loaded last is its own, and comes back with each load.
    const ownBefore = own === undefined ? undefined : new Set(own);
    const notTaken = () => stayed.filter((line) => ownBefore?.has(lineKey(line)) === false);
    if (failuresOf(verdict, declared).length > 0 || notTaken().length > 0) {
      // It may have started a second time, and shown what it had in between.
      await this.client.awaken(this.wait);
      after = await this.read();
      verdict = this.verdict(before, after);
      stayed = stayedBeside(before, after, declared);
    }
    this.shown = await provenSecrets(declared, { verdict, earlier: known.shown, log }, async () => {
      return this.verdict(before, await this.read()).shown;
    });
    const left = notTaken();
    const leftKeys = linesByKey(left);
    this.own = besideLines(after, declared)
      .map(lineKey)
      .filter((key) => !Object.hasOwn(leftKeys, key));
    this.pending = undefined;
    const failures = [
      ...this.refusals,
      ...failuresOf(verdict, declared, after),
      ...leftovers(left, declared),
    ];
    // It was not loaded: the next run may load it.
    if (failures.length > 0 && this.unanswered !== undefined) throw this.unanswered;
    if (failures.length > 0) {
      this.shown = { ...known.shown, ...this.shown };
      const changes = [...verdict.refused, ...verdict.unconfirmed];
      this.refused = { ...refusedLinesOf(declared, changes), ...leftKeys };
      this.triedScript = digestOf(declared);
      throw new ReconcileError(failures);
    }
    this.refused = undefined;
    tellVerdict(log, verdict, declared);
    if (stayed.length === 0 || before === undefined || sameExport(before, after)) return;
    log(`left out, and still on the device: ${listed(addressesOf(stayed, declared))}`);
  }

  /** @param doubt why one read that shows this is not enough */
  private async read(doubt?: (script: CanonicalScript) => string | undefined): Promise<CanonicalScript> {
    const parsed = (bytes: Buffer) => exportedScript(this.client.device, bytes);
    const doubtOf = doubt && ((bytes: Buffer) => doubt(parsed(bytes).script));
    const { script, encoding } = parsed(await this.client.cliScript(doubtOf));
    this.encoding = encoding;
    this.lastSeen = script;
    return script;
  }
}

const NOT_AGAIN =
  "the script was loaded before without this result, so it was not loaded again: each load resets the device; " +
  "change the script, or load it once more with `pulumi up --replace <urn>`";

/** Lines beside a script that the device showed before it was loaded, and shows still; of a row, only what opens it. */
function stayedBeside(
  before: CanonicalScript | undefined,
  after: CanonicalScript,
  declared: CanonicalScript,
): CliLine[] {
  const earlier = new Set(before?.lines.map(lineKey));
  const stayed = besideLines(after, declared).filter(
    (line) => line.mode.length > 0 && line.opens !== "submode" && earlier.has(lineKey(line)),
  );
  const rows = new Set(stayed.filter(({ opens }) => opens === "row").map(pathOf));
  return stayed.filter(({ mode }) => !mode.some((_text, i) => rows.has(mode.slice(0, i + 1).join("\n"))));
}

function pathOf(line: CliLine): string {
  return [...line.mode, lineText(line)].join("\n");
}

function linesByKey(lines: readonly CliLine[]): ShownLines {
  return Object.fromEntries(lines.map((line) => [lineKey(line), lineText(line)]));
}

function addressesOf(lines: readonly CliLine[], { secrets }: DeclaredScript): string[] {
  return lines.map((line) => redact(addressOf(line), secrets));
}

function leftovers(lines: readonly CliLine[], declared: DeclaredScript): string[] {
  return addressesOf(lines, declared).map(
    (address) =>
      `${address}: the script leaves it out, and the device still has it; if that is its default, declare it`,
  );
}

/** What a device has beside a whole script, but for what it showed there right after the load. */
export function strangers(
  exported: CanonicalScript,
  declared: CanonicalScript,
  own: readonly string[] = [],
): CliLine[] {
  const known = new Set(own);
  return besideLines(exported, declared).filter((line) => !known.has(lineKey(line)));
}

/** Lines of a device as the changes that they are against a script which leaves them out. */
export function strangerChanges(lines: readonly CliLine[]): CliChange[] {
  const nothing = { lines: [], queries: [] };
  const { changes } = compareScripts({ lines, queries: [] }, nothing);
  return changes.map((change) => ({ ...change, before: change.after, after: undefined }));
}

/** Takes nothing out of it back: a script may hold secrets. */
function digestOf({ lines }: CanonicalScript): string {
  return createHash("sha256")
    .update(JSON.stringify(lines.map(lineKey)))
    .digest("hex");
}

import type { LineMatcher } from "../../cli/at-default";
import type { CanonicalScript } from "../../cli/canonical";
import { compareScripts, type ShownLines } from "../../cli/compare";
import type { DeclaredScript } from "../../cli/declared";
import { judgeScript, type KnownLines, refusedLinesOf, type ScriptVerdict } from "../../cli/judge";
import type { ConfirmArgs } from "../../declare/checks";
import type { DeviceClient } from "../../device/client";
import { readLate } from "../../device/late";
import type { Encoding } from "../../ini/encoding";
import type { Observed } from "../../ini/observe";
import { secretTest } from "../../ini/secrets";
import { redact } from "../../text/redact";
import { Confirmation } from "../health/confirmation";
import {
  confirmAndSave,
  isStale,
  isUndone,
  markFailed,
  type WatchedChange,
} from "../health/confirmed-change";
import { type Leftovers, UnconfirmedError } from "../health/undo";
import type { SeenBefore } from "../health/verdict";
import { dumpChanges, NOTHING_COUNTS } from "../ini/beside";
import { putBack } from "../ini/put-back";
import { readDump } from "../ini/sightings";
import { stillOther, type WentOut, wentOut } from "../ini/way-back";
import { isOutcomeUnknown, isRefused, ReconcileError, reasonsOf } from "../life/errors";
import type { Log } from "../life/log";
import { sendAndLook } from "../life/lost-answers";
import { runScript } from "../life/run-script";
import { mustSave } from "../life/saving";
import { exportedScript, sameExport } from "./exports";
import { LineChange } from "./line-change";
import { failuresOf, provenSecrets, refusal, tellVerdict } from "./verify";

/** What one script wants of its device. */
export interface ScriptJob {
  declared: DeclaredScript;
  /** What earlier applies have shown. */
  known: KnownLines;
  /** The lines that may be absent from an export. */
  mayBeAtDefault: LineMatcher;
  log: Log;
}

/** What one incremental script wants of its device. */
export interface CliJob extends ScriptJob {
  /** Whether the script is to run although nothing differs. */
  force: boolean;
  /** Whether a change is to be saved to flash. */
  save: boolean;
  /** Whether an earlier run sent something that is not known to be saved. */
  unsaved: boolean;
  /** How the device was before a change that an earlier run made, and that is not saved yet. */
  seenBefore?: SeenBefore | undefined;
  /** How a change is confirmed before it is saved. */
  confirm?: ConfirmArgs;
  /** What takes back what the ini cannot. */
  restoreScript?: DeclaredScript;
  label: string;
}

/**
 * One turn of a script on a device, under its write lock: observe, compare, run, read back, save. What is known when
 * it breaks off is in its properties.
 */
export class CliTurn {
  /** What the device held last, as far as it could be read. */
  lastSeen: CanonicalScript | undefined;
  /** Whether the device may have been changed. */
  touched = false;
  /** Whether the running configuration still has to be saved. */
  unsaved: boolean;
  shown: ShownLines;
  /** How the device was before a change that waits to be confirmed. */
  seenBefore: SeenBefore | undefined;
  /** What the device kept in place of lines that it did not take. */
  refused: ShownLines | undefined;
  /** What the commands printed, without the secrets that are known. */
  output = "";
  private encoding: Encoding = "utf-8";
  private readonly confirmation: Confirmation | undefined;
  /** The device's ini before a change that is to be confirmed: what the script changes shows there, too. */
  private base: Observed | undefined;

  constructor(
    private readonly client: DeviceClient,
    private readonly job: CliJob,
  ) {
    this.unsaved = job.unsaved;
    this.shown = job.known.shown;
    this.refused = job.known.refused;
    const { confirm, label, log } = job;
    if (confirm !== undefined)
      this.confirmation = new Confirmation(
        client,
        confirm,
        [log],
        label,
        job.unsaved ? job.seenBefore : undefined,
      );
  }

  /** @throws ReconcileError that names the lines which did not come true; DeviceError */
  async run(): Promise<void> {
    try {
      await this.converge();
    } catch (error) {
      const { client, confirmation, touched } = this;
      markFailed(client, confirmation, { error, touched });
      if (this.unsaved && !isUndone(error)) this.seenBefore = confirmation?.before;
      if (isStale(error, confirmation)) this.shown = this.job.known.shown;
      // Nothing of the change is left: the next run does it again.
      if (error instanceof UnconfirmedError && error.flash) this.touched = false;
      throw error;
    }
  }

  private async converge(): Promise<void> {
    const { declared, force, known } = this.job;
    const before = await this.read((script) => this.doubtOf(script));
    const { changes, unseen } = compareScripts(declared, before, known.shown);
    const differs = changes.length > 0 || unseen.length > 0;
    if (declared.lines.length > 0 && (force || differs)) {
      if (this.confirmation !== undefined) {
        await this.confirmation.begin(this.unsaved, this.job.save);
        this.base = await this.ini();
      }
      const after = await this.apply(before, differs);
      await this.judge(before, after);
    } else if (declared.queries.length > 0) {
      await this.ask();
    }
    await this.finish(before);
  }

  /** Sends the whole script, since a line may need what those above it have done, and reads back. */
  private async apply(before: CanonicalScript, differs: boolean): Promise<CanonicalScript> {
    const { declared } = this.job;
    const send = async (): Promise<CanonicalScript> => {
      await this.send(declared).catch(async (error) => {
        throw isOutcomeUnknown(error) ? error : await this.withTraces(error, before);
      });
      return this.readTaken(before, differs);
    };
    return sendAndLook(send, async () => {
      const now = await this.readSent();
      if (!differs || !this.tookEffect(before, now)) return undefined;
      if (declared.queries.length > 0) await this.ask();
      return now;
    });
  }

  /** Reads back a script that ran; a device that shows nothing of it is given time. */
  private readTaken(before: CanonicalScript, differs: boolean): Promise<CanonicalScript> {
    const { declared, log } = this.job;
    const isEnough = (now: CanonicalScript) =>
      !differs || !sameExport(before, now) || failuresOf(this.verdict(before, now), declared).length === 0;
    return readLate(this.client.transport.clock, () => this.readSent(), isEnough, log);
  }

  /** Reads back a script that may have run. */
  private readSent(): Promise<CanonicalScript> {
    this.touched = true;
    this.unsaved = this.job.save;
    return this.read();
  }

  /**
   * Whether the device shows all that a script of which the answer was lost was to bring. A line that it does not
   * show may be one that it never shows or one that never ran: then the script is better run again.
   */
  private tookEffect(before: CanonicalScript, now: CanonicalScript): boolean {
    const { declared, known } = this.job;
    if (sameExport(before, now)) return false;
    const { changes, unseen } = compareScripts(declared, now, known.shown);
    if (unseen.length > 0 || changes.some(({ kind }) => kind === "missing")) return false;
    return failuresOf(this.verdict(before, now), declared).length === 0;
  }

  /** A script that broke off has left what ran before the line: that is read, so that the state can say so. */
  private async withTraces(error: unknown, before: CanonicalScript): Promise<unknown> {
    if (!(error instanceof ReconcileError) && !isRefused(error)) return error;
    try {
      const now = await this.read();
      const { shown } = this.verdict(before, now);
      // A line that is not shown may never have run: only a form that is there tells something.
      const forms = Object.entries(shown).filter(([, as]) => as !== null);
      this.shown = { ...this.job.known.shown, ...Object.fromEntries(forms) };
      this.touched ||= error instanceof ReconcileError || !sameExport(before, now);
      this.unsaved ||= this.job.save && (error instanceof ReconcileError || !sameExport(before, now));
    } catch {
      // The script's own failure is the one to tell.
      this.touched = true;
      this.unsaved = this.job.save;
    }
    return error;
  }

  /** Runs the queries alone: there is nothing to change. They can be asked twice. */
  private async ask(): Promise<void> {
    const { queries } = this.job.declared;
    const script = { lines: [], queries: queries.map((query) => ({ ...query, at: 0 })) };
    await sendAndLook(
      () => this.send(script),
      () => Promise.resolve(undefined),
    );
  }

  private async send(script: CanonicalScript): Promise<void> {
    const { secrets } = this.job.declared;
    const said = await runScript(this.client, script, { secrets, encoding: this.encoding });
    this.output = redact(said.output, secrets);
    if (said.ok) return;
    throw new ReconcileError([refusal(said, this.job.declared, this.lastSeen)]);
  }

  /** Why one read is not enough: what a script takes away may merely have been cut off. */
  private doubtOf(before: CanonicalScript): string | undefined {
    const { declared, known } = this.job;
    if (!declared.lines.some(({ negated }) => negated)) return undefined;
    const { changes } = compareScripts(declared, before, known.shown);
    return changes.length > 0 ? undefined : "it shows nothing of what the script takes away";
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

  private verdict(before: CanonicalScript, after: CanonicalScript): ScriptVerdict {
    const { declared, known, mayBeAtDefault } = this.job;
    return judgeScript(declared, { before, after }, known, mayBeAtDefault);
  }

  private async judge(before: CanonicalScript, after: CanonicalScript): Promise<void> {
    const { declared, known, log } = this.job;
    const verdict = this.verdict(before, after);
    this.shown = await provenSecrets(declared, { verdict, earlier: known.shown, log }, async () => {
      return this.verdict(before, await this.read()).shown;
    });
    const failures = failuresOf(verdict, declared, after);
    if (failures.length > 0) {
      // The forms of other values tell the next run what the device keeps.
      this.shown = { ...known.shown, ...this.shown };
      this.refused = refusedLinesOf(declared, [...verdict.refused, ...verdict.unconfirmed]);
      throw new ReconcileError(failures);
    }
    this.refused = undefined;
    tellVerdict(log, verdict, declared);
  }

  /** Confirms what is not saved yet, and saves it. */
  private async finish(before: CanonicalScript): Promise<void> {
    const { job, client } = this;
    const mayHaveToSave = job.save && (job.declared.lines.length > 0 || this.unsaved);
    const saves = mayHaveToSave && (await mustSave(client, this.unsaved));
    const change = () => this.change(before);
    await confirmAndSave(client, this.confirmation, { touched: this.touched, saves, change });
    if (mayHaveToSave) this.unsaved = false;
  }

  /** What the script has changed, as the device shows it now: in its script, and in its ini. */
  private async change(before: CanonicalScript): Promise<WatchedChange> {
    const { base, lastSeen } = this;
    const held = base && (await this.ini());
    const out = base && held && { ...wentOut(base, dumpChanges(base, held, NOTHING_COUNTS)), held };
    const lines = new LineChange(before, lastSeen ?? before, this.job.declared);
    return {
      stands: async () => lines.stands(await this.read()),
      restore: out && (() => this.putBack(out, lines)),
    };
  }

  /** By the ini, if the lines show there; the rest by the script that takes it back. */
  private async putBack(out: WentOut, change: LineChange): Promise<Leftovers> {
    const { restoreScript } = this.job;
    const byIni = await putBack(this.client, out, secretTest([]));
    const linesLeft = change.left(await this.read());
    if (byIni.left.length === 0 && linesLeft.length === 0) return byIni;
    if (restoreScript === undefined) {
      const reasons = [...byIni.reasons, "no restoreScript says how to take these lines back"];
      return { left: [...byIni.left, ...linesLeft], reasons };
    }
    try {
      await this.send(restoreScript);
    } catch (error) {
      const reasons = [...byIni.reasons, ...reasonsOf(error)];
      return { left: [...byIni.left, ...change.left(await this.read())], reasons };
    }
    const left = stillOther(out, await this.ini(), true);
    return { left: [...left, ...change.left(await this.read())], reasons: byIni.reasons };
  }

  private async ini(): Promise<Observed> {
    return (await readDump(this.client)).observed;
  }
}

import type { LineMatcher } from "../../cli/at-default";
import { type CanonicalScript, canonicalScript } from "../../cli/canonical";
import { addressOf, compareScripts, lineKey, type ShownLines } from "../../cli/compare";
import type { DeclaredScript } from "../../cli/declared";
import { judgeScript, type KnownLines, refusedLinesOf, type ScriptVerdict } from "../../cli/judge";
import { parseScript } from "../../cli/parse";
import type { ConfirmArgs } from "../../declare/checks";
import type { DeviceClient } from "../../device/client";
import { type Device, Slot } from "../../device/shared/device";
import { decodeIni, type Encoding } from "../../ini/encoding";
import { type Observed, observe } from "../../ini/observe";
import { secretTest } from "../../ini/secrets";
import { withoutObscured } from "../../secrets/values";
import { redact } from "../../text/redact";
import { Confirmation } from "../health/confirmation";
import { type Leftovers, UnconfirmedError, undo } from "../health/undo";
import type { SeenBefore } from "../health/verdict";
import { dumpChanges, NOTHING_COUNTS } from "../ini/beside";
import { putBack } from "../ini/put-back";
import { stillOther, type WentOut, wentOut } from "../ini/way-back";
import { isOutcomeUnknown, isRefused, ReconcileError, reasonsOf } from "../life/errors";
import type { Log } from "../life/log";
import { sendAndLook } from "../life/lost-answers";
import { runScript } from "../life/run-script";
import { markUnconfirmed, mustSave, save } from "../life/saving";
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

/** A device's running script as it is worked with. */
interface ExportedScript {
  script: CanonicalScript;
  encoding: Encoding;
}

/** The exports of one device that a process has read: each is parsed once, however many resources look at it. */
const EXPORTS = new Slot(() => new WeakMap<Buffer, ExportedScript>());

/** The device's running script, read. */
export function exportedScript(device: Device, bytes: Buffer): ExportedScript {
  const exports = device.recall(EXPORTS);
  const known = exports.get(bytes);
  if (known !== undefined) return known;
  const { text, encoding } = decodeIni(bytes);
  const exported = { script: canonicalScript(parseScript(text, { tolerant: true })), encoding };
  exports.set(bytes, exported);
  return exported;
}

/**
 * The device's running script as the cache has it or a GET brings it: what a refresh reads.
 * @param doubt whether something is missing that may merely have been cut off: another read, shared too, decides
 */
export async function readCli(
  client: DeviceClient,
  doubt: (script: CanonicalScript) => boolean,
): Promise<CanonicalScript> {
  const { device } = client;
  const read = async (key: string) =>
    exportedScript(device, await device.cache.get(key, () => client.cliScript())).script;
  const script = await read("cliScript");
  return doubt(script) ? read("cliScript again") : script;
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
      const isUndone = error instanceof UnconfirmedError && error.isUndone;
      if (this.confirmation?.hasHeld === false && this.touched && !isUndone)
        markUnconfirmed(this.client, this.confirmation.label);
      if (this.unsaved && !isUndone) this.seenBefore = this.confirmation?.before;
      // What the device showed of a change tells nothing after that was put back.
      if (error instanceof UnconfirmedError && this.confirmation?.onFailure !== "leave")
        this.shown = this.job.known.shown;
      // Nothing of the change is left: the next run does it again.
      if (error instanceof UnconfirmedError && error.flash) this.touched = false;
      throw error;
    }
  }

  private async converge(): Promise<void> {
    const { declared, force, known } = this.job;
    const before = await this.read();
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
      return this.readSent();
    };
    return sendAndLook(send, async () => {
      const now = await this.readSent();
      if (!differs || !this.tookEffect(before, now)) return undefined;
      if (declared.queries.length > 0) await this.ask();
      return now;
    });
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
    throw new ReconcileError([refusal(said, this.job.declared)]);
  }

  private async read(): Promise<CanonicalScript> {
    const { script, encoding } = exportedScript(this.client.device, await this.client.cliScript());
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
    const { shown } = verdict;
    this.shown = await provenSecrets(declared, { shown, earlier: known.shown, log }, async () => {
      return this.verdict(before, await this.read()).shown;
    });
    const failures = failuresOf(verdict, declared);
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
    if (saves || this.touched) await this.confirm(before);
    if (saves) await save(client);
    if (mayHaveToSave) this.unsaved = false;
  }

  /** @throws UnconfirmedError if a check fails, when the change was undone as `onFailure` says */
  private async confirm(before: CanonicalScript): Promise<void> {
    const { confirmation, client, base, lastSeen } = this;
    if (confirmation === undefined) return;
    const held = base && (await this.ini());
    const out = base && held && { ...wentOut(base, dumpChanges(base, held, NOTHING_COUNTS)), held };
    const change = new LineChange(before, lastSeen ?? before, this.job.declared);
    const end = await confirmation.watch(async () => change.stands(await this.read()));
    if (end.kind === "held") return;
    throw await undo(client, confirmation, end, out && (() => this.putBack(out, change)));
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
    return observe(decodeIni(await this.client.ini()).text);
  }
}

/** What a script has changed, in terms of the exports before and after it; what others change elsewhere is theirs. */
class LineChange {
  private readonly gone: CanonicalScript["lines"];
  private readonly come: CanonicalScript["lines"];

  /** @param declared a secret that is not among its lines and shows another form is obscured anew, not changed */
  constructor(before: CanonicalScript, after: CanonicalScript, declared: CanonicalScript) {
    const ours = new Set(declared.lines.map(addressOf));
    const other = (lines: CanonicalScript["lines"], there: CanonicalScript) => {
      const [keys, shown] = [keysOf(there), shownKeysOf(there)];
      return lines.filter((line) =>
        ours.has(addressOf(line)) ? !keys.has(lineKey(line)) : !shown.has(shownKey(line)),
      );
    };
    this.gone = other(before.lines, after);
    this.come = other(after.lines, before);
  }

  /** Whether an export still shows the change. */
  stands(now: CanonicalScript): boolean {
    const [keys, shown] = [keysOf(now), shownKeysOf(now)];
    return (
      this.come.every((line) => shown.has(shownKey(line))) &&
      !this.gone.some((line) => keys.has(lineKey(line)))
    );
  }

  /** The lines that are not back as they were, without their values. */
  left(now: CanonicalScript): string[] {
    const keys = keysOf(now);
    const other = [
      ...this.gone.filter((line) => !keys.has(lineKey(line))),
      ...this.come.filter((line) => keys.has(lineKey(line))),
    ];
    return [...new Set(other.map(addressOf))];
  }
}

/** Of a line whose secret may be obscured anew each time. */
function shownKey(line: CanonicalScript["lines"][number]): string {
  return withoutObscured(lineKey(line));
}

function shownKeysOf({ lines }: CanonicalScript): Set<string> {
  return new Set(lines.map(shownKey));
}

function keysOf({ lines }: CanonicalScript): Set<string> {
  return new Set(lines.map(lineKey));
}

/** Whether two exports say the same. */
export function sameExport(a: CanonicalScript, b: CanonicalScript): boolean {
  return JSON.stringify(a.lines.map(lineKey)) === JSON.stringify(b.lines.map(lineKey));
}

import { createHash } from "node:crypto";
import type { CanonicalScript, CliLine } from "../../cli/canonical";
import { besideLines } from "../../cli/changes";
import { addressOf, type CliChange, compareScripts, lineKey, type ShownLines } from "../../cli/compare";
import { renderScript } from "../../cli/render";
import { observeShown } from "../../cli/shown";
import type { DeviceClient } from "../../device/client";
import { ReadCache } from "../../device/shared/read-cache";
import type { Encoding } from "../../ini/encoding";
import { redact } from "../../text/redact";
import { encoded } from "../life/encoded";
import { isRefused, ReconcileError } from "../life/errors";
import { listed } from "../life/log";
import { exportedScript, type ScriptJob, sameExport } from "./incremental-turn";
import { provenSecrets, refusedLines, tellHidden } from "./verify";

/** What a load that broke off leaves in the state: digests, of what was declared and of what the device showed before. */
export interface PendingCli {
  script: string;
  before: string;
}

export interface WholeCliJob extends ScriptJob {
  label: string;
  /** What the device showed beside the script right after it was loaded, by `lineKey`; undefined before that. */
  own: readonly string[] | undefined;
}

/** One load of a whole script, alone on the device: observe, upload, reset, read back. LTRT-41760 section 6.2.1. */
export class WholeCliLoad {
  lastSeen: CanonicalScript | undefined;
  /** What a run that breaks off leaves for the next one; undefined while nothing was sent. */
  pending: PendingCli | undefined;
  shown: ShownLines;
  own: readonly string[] | undefined;
  /** What the device said to the load, without the secrets that are known. */
  output = "";
  private encoding: Encoding = "utf-8";
  private readonly wait: { label: string };

  constructor(
    private readonly client: DeviceClient,
    private readonly job: WholeCliJob,
  ) {
    this.wait = { label: job.label };
    this.shown = job.shown;
    this.own = job.own;
  }

  /** @param pending what an earlier run left: it is finished without another load where the device took that one */
  async run(pending: PendingCli | undefined): Promise<void> {
    const { declared, shown, own } = this.job;
    await this.client.awaken(this.wait);
    const before = await this.read();
    const { changes } = compareScripts(declared, before, shown);
    if (changes.length === 0 && strangers(before, declared, own).length === 0) return;
    if (pending !== undefined && this.tookEffect(pending, before)) {
      await this.judge(undefined, before);
      return;
    }
    await this.upload(before);
    await this.judge(before, await this.read());
  }

  /** Whether the device took the load of an earlier run: it shows something else than before that, and what was declared. */
  private tookEffect(pending: PendingCli, now: CanonicalScript): boolean {
    if (pending.script !== digestOf(this.job.declared) || pending.before === digestOf(now)) return false;
    return observeShown(this.job.declared, now, undefined, this.job.shown).refused.length === 0;
  }

  private async upload(before: CanonicalScript): Promise<void> {
    const { declared } = this.job;
    const body = encoded(renderScript(declared), this.encoding);
    const cache = ReadCache.for(this.client.connection.origin);
    cache.drop();
    this.pending = { script: digestOf(declared), before: digestOf(before) };
    try {
      await this.client.putCliScript(body, declared.secrets, this.wait);
    } catch (error) {
      if (isRefused(error)) this.pending = undefined;
      throw error;
    } finally {
      cache.drop();
    }
  }

  /** @param before undefined where the load was an earlier run's */
  private async judge(before: CanonicalScript | undefined, after: CanonicalScript): Promise<void> {
    const { declared, shown: earlier, log } = this.job;
    const { shown, refused } = observeShown(declared, after, before, earlier);
    this.shown = await provenSecrets(declared, { shown, earlier, log }, async () => {
      return observeShown(declared, await this.read(), before, earlier).shown;
    });
    if (refused.length > 0) throw new ReconcileError(refusedLines(refused, declared));
    tellHidden(log, declared, this.shown, earlier);
    const beside = besideLines(after, declared);
    this.own = beside.map(lineKey);
    this.pending = undefined;
    if (before === undefined || sameExport(before, after)) return;
    const earlierKeys = new Set(before.lines.map(lineKey));
    const stayed = beside.filter((line) => line.mode.length > 0 && earlierKeys.has(lineKey(line)));
    if (stayed.length === 0) return;
    const addresses = stayed.map((line) => redact(addressOf(line), declared.secrets));
    log(`left out, and still on the device: ${listed(addresses)}`);
  }

  /** @param doubt why one read that shows this is not enough */
  private async read(doubt?: (script: CanonicalScript) => string | undefined): Promise<CanonicalScript> {
    const doubtOf = doubt && ((bytes: Buffer) => doubt(exportedScript(bytes).script));
    const { script, encoding } = exportedScript(await this.client.cliScript(doubtOf));
    this.encoding = encoding;
    this.lastSeen = script;
    return script;
  }
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

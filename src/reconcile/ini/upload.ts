import type { IniRow } from "../../cli/ini-rows";
import type { DeviceStatus } from "../../device/answers/status";
import type { DeviceClient } from "../../device/client";
import { readLate } from "../../device/late";
import type { ReadCache } from "../../device/shared/read-cache";
import { type Address, rowAddress, splitAddress } from "../../ini/address";
import type { Change } from "../../ini/compare";
import { type Encoding, encodeIni } from "../../ini/encoding";
import { NameMap, nameKey } from "../../ini/names";
import { liveValue, type Observed } from "../../ini/observe";
import { type IniText, renderIni } from "../../ini/render";
import type { SecretTest } from "../../ini/secrets";
import { listed } from "../../text/listed";
import { isAway, isOutcomeUnknown, isRefused, ReconcileError, reasonsOf } from "../life/errors";
import { deviceLog, LISTED, tellChanges } from "../life/log";
import { ATTEMPTS, sendAndLook } from "../life/lost-answers";
import { type Beside, besideUpload, type Damage, dumpChanges, sameRow } from "./beside";
import { type Fragment, secretTexts, withTaken } from "./fragment";
import { type IniPlan, isEmptyPlan, planIni } from "./plan/plan";
import { TableOverlay } from "./plan/table-overlay";
import { danglingWords } from "./references/dangling";
import { removeRowsByCli } from "./row-removal";
import { changedNames, readDump, SIGHTINGS, type Sightings } from "./sightings";
import { emptiedBy, isAsBefore } from "./way-back";

/** How often what was lost is put back without any effect. */
const VAIN_ATTEMPTS = 2;

/** What was sent, and the device right before that. */
export interface Sent {
  base: Observed;
  plan: IniPlan;
  /** Whether it may have been sent at all: a plan can be empty. */
  went: boolean;
}

/** Whether a device shows anything of an upload, whatever else it shows. */
function showsAnyOf({ base, plan }: Sent, now: Observed): boolean {
  return (
    [...plan.written.keys()].some((one) => !isAsBefore(liveValue(base, one), liveValue(now, one))) ||
    [...plan.removed.values()].some(({ table, index }) => !now.tables.get(table)?.rows.has(index))
  );
}

/** Thrown in the middle of an upload that has become needless. */
class NothingLeft extends Error {}

/**
 * One turn of ini uploads on a device, under its write lock: read, upload, read back. What is known when it breaks
 * off is in its properties.
 *
 * Nobody else can be locked out meanwhile. So the last read comes right before the upload, which is planned anew
 * after every wait.
 */
export class IniTurn {
  /** Whether the device may have been changed. */
  wrote = false;
  /** The last dump that could be read since the uploads; undefined if none could be. */
  after: Observed | undefined;
  /** The status, if it was asked for before the first read. */
  status: DeviceStatus | undefined;
  /** References that the device emptied beside the uploads. */
  readonly emptied: Address[] = [];
  private first: Observed | undefined;
  private latest: Observed | undefined;
  /** The last plan: what was planned to see what must be turned away is sent if nothing was. */
  private planned: { before: Observed; fragments: readonly Fragment[]; plan: IniPlan } | undefined;
  private readonly cache: ReadCache;
  private readonly sightings: Sightings;
  private encoding: Encoding = "utf-8";
  private longHeaders = false;
  private lookedTwice = false;
  /** Once a turn each is enough: a group can go out in many uploads, of which the device takes nothing. */
  private readonly waitedInVain = new Set<"upload" | "script">();
  private readonly told = new Set<string>();

  constructor(
    private readonly client: DeviceClient,
    private readonly isSecret: SecretTest,
  ) {
    this.cache = client.device.cache;
    this.sightings = client.device.recall(SIGHTINGS);
  }

  /**
   * The device before any upload: later ones take its form.
   * @param doubt why one read that shows this is not enough to send tables whole
   * @param label who waits for a device that starts, for the log
   */
  async begin(doubt: (observed: Observed) => string | undefined, label = "ini"): Promise<Observed> {
    const awake = async <R>(ask: () => Promise<R>): Promise<R> => {
      try {
        return await ask();
      } catch (error) {
        if (!isAway(error)) throw error;
        this.status = await this.client.awaken({ label });
        return ask();
      }
    };
    // Asked later, it would let time go by between the last read and the upload.
    if (!this.client.uploads.isReady) this.status = await awake(() => this.client.status());
    const earlier = this.sightings.last(this.cache);
    const { incrementalTables } = this.client.connection;
    const before = await awake(() => this.read(incrementalTables === "rows" ? undefined : doubt));
    this.longHeaders = before.longHeaders;
    if (earlier !== undefined) await this.tellMeanwhile(earlier, before);
    this.first = this.shown;
    return this.shown;
  }

  /** The last dump. */
  get shown(): Observed {
    if (this.latest === undefined) throw new Error("internal error: the device was not read yet");
    return this.latest;
  }

  async read(doubt?: (observed: Observed) => string | undefined): Promise<Observed> {
    const { observed, encoding } = await readDump(this.client, doubt);
    this.encoding = encoding;
    this.latest = observed;
    if (this.wrote) this.after = this.latest;
    this.sightings.see(this.latest, this.cache);
    return this.latest;
  }

  plan(before: Observed, fragments: readonly Fragment[]): IniPlan {
    const { planned } = this;
    if (planned?.before === before && sameItems(planned.fragments, fragments)) return planned.plan;
    const { incrementalTables, username } = this.client.connection;
    const plan = planIni(before, fragments, { incrementalTables, username, encoding: this.encoding });
    this.planned = { before, fragments, plan };
    return plan;
  }

  /** Sends what the fragments want of the device as it was read last. */
  async upload(fragments: readonly Fragment[]): Promise<Sent> {
    const planOn = (now: Observed, wanted: readonly Fragment[]) =>
      this.plan(
        now,
        wanted.map((each) => withoutChangedRows(each, this.first ?? now, now)),
      );
    let sent: Sent = { base: this.shown, plan: planOn(this.shown, fragments), went: false };
    let { plan } = sent;
    for (const note of plan.notes) this.tell(note);
    const planAgain = async (): Promise<void> => {
      const now = await this.read();
      const { base, plan: first, went } = sent;
      const wanted = went ? fragments.map((each) => withTaken(each, first.written, base, now)) : fragments;
      plan = planOn(now, wanted);
      if (!went) sent = { base: now, plan, went };
    };
    const renew = async (): Promise<IniText> => {
      await planAgain();
      if (isEmptyPlan(plan)) throw new NothingLeft();
      return plan.text;
    };
    if (isEmptyPlan(plan)) return sent;
    const send = async (): Promise<true> => {
      await this.put(plan.text, secretTexts(fragments), renew);
      sent.went = true;
      return true;
    };
    const look = async (): Promise<true | undefined> => {
      sent.went = true;
      await planAgain();
      return isEmptyPlan(plan) || undefined;
    };
    try {
      await sendAndLook(send, look);
    } catch (error) {
      if (!(error instanceof NothingLeft)) throw error;
    }
    return sent;
  }

  /**
   * What the device shows after an upload, when what it lost or kept against the plan is put right.
   * @param isEnough whether the device need not be given time, although it shows nothing of the upload
   */
  async readBack(sent: Sent, isEnough: () => boolean = () => false): Promise<Observed> {
    if (sent.went) {
      // Rows that stay go by the CLI: many devices keep what an ini leaves out.
      const removesOnly = sent.plan.written.size === 0;
      await this.readLate("upload", (now) => removesOnly || showsAnyOf(sent, now) || isEnough());
      await this.putBack(sent);
    }
    await this.removeKeptRows(sent.plan);
    if (sent.went || this.after !== undefined) {
      const beside = this.beside(sent);
      this.emptied.push(...emptiedBy(beside.changes));
      this.tellBeside(beside);
    }
    return this.shown;
  }

  /** Reads a device that may take a change after its answer, unless it was waited for in vain. */
  private async readLate(what: "upload" | "script", isEnough: (now: Observed) => boolean): Promise<void> {
    const { client, waitedInVain } = this;
    let wasEnough = true;
    await readLate(
      client.transport.clock,
      () => this.read(),
      (now) => {
        wasEnough = waitedInVain.has(what) || isEnough(now);
        return wasEnough;
      },
      (line) => this.tell(line),
    );
    if (!wasEnough) waitedInVain.add(what);
  }

  /** @param renew makes the text anew after a wait, from what the device shows then */
  private async put(text: IniText, secrets: Iterable<string>, renew: () => Promise<IniText>): Promise<void> {
    try {
      await this.client.putIncrementalIni(this.encode(text), secrets, async () => this.encode(await renew()));
      this.wrote = true;
    } catch (error) {
      if (isOutcomeUnknown(error)) this.wrote = true;
      throw error;
    }
  }

  private encode(text: IniText): Buffer {
    const body = encodeIni(renderIni(text, { longHeaders: this.longHeaders }), this.encoding);
    // The plan has refused what the encoding has no form for.
    if (body === undefined) throw new Error("internal error: an upload that cannot be encoded");
    return body;
  }

  private beside({ base, plan }: Sent): Beside {
    return besideUpload(base, this.shown, plan, this.sightings.counting);
  }

  /** Rows that nobody declared must stand as they stood; what an upload lost of them goes back at once. */
  private async putBack(sent: Sent): Promise<void> {
    let before: Beside | undefined;
    for (let attempt = 1, vain = 0; ; attempt++) {
      const beside = await this.besideLookedAtTwice(sent);
      const { damage, renumbered } = beside;
      if (renumbered.length > 0) throw new ReconcileError([renumberedWords(renumbered)]);
      if (damage.length === 0) return;
      const rows = listed([...new Set(damage.map(({ table, index }) => rowAddress(table, index)))]);
      const lost = `the device changed rows that nobody declared, and they could not be put back: ${rows}`;
      const why = () => danglingWords(sent.base, this.shown, { lost: damage, isSecret: this.isSecret });
      if (before !== undefined && sameDamage(before.damage, damage)) {
        vain++;
        const copies = beside.come.length > before.come.length;
        if (vain === VAIN_ATTEMPTS || copies) throw new ReconcileError([lost + why()]);
      }
      if (attempt > ATTEMPTS) throw new ReconcileError([lost + why()]);
      this.tell(`putting back what the upload changed and nobody declared: ${rows}`);
      before = beside;
      try {
        const restored = () => restoring(this.shown, damage);
        const renew = async () => {
          await this.read();
          return restored();
        };
        if (restored().tables.length > 0) await this.put(restored(), [], renew);
      } catch (error) {
        if (!isOutcomeUnknown(error)) throw new ReconcileError([lost, ...reasonsOf(error)]);
        before = undefined;
      }
      await this.read();
      this.learnFrom(damage);
    }
  }

  /** A value that counts by itself is no damage: a second read, once a turn, tells it from one. */
  private async besideLookedAtTwice(sent: Sent): Promise<Beside> {
    const beside = this.beside(sent);
    const suspected = suspectedNames(beside);
    if (suspected.size === 0 || this.lookedTwice) return beside;
    this.lookedTwice = true;
    const first = this.shown;
    this.sightings.learn(first, await this.read(), suspected);
    return this.beside(sent);
  }

  /** A cell that shows a third value, neither what it showed nor what was put back, counts by itself. */
  private learnFrom(damage: readonly Damage[]): void {
    for (const { table, index, column, raw, now } of damage) {
      const cell = this.shown.tables.get(table)?.rows.get(index)?.get(column);
      if (now !== undefined && cell !== undefined && cell.text !== now && cell.raw !== raw)
        this.sightings.counting.set(`${table}.${column}`, true);
    }
  }

  /** What is other than this run has seen it last, with no write of ours between. */
  private async tellMeanwhile(earlier: Observed, before: Observed): Promise<void> {
    const { counting } = this.sightings;
    const suspected = changedNames(dumpChanges(earlier, before, counting));
    if (suspected.size > 0) this.sightings.learn(before, await this.read(), suspected);
    const { parameters, cells, gone, come } = dumpChanges(earlier, this.shown, counting);
    const changes = cells.map(
      ({ table, index, column, before: was, after: is }): Change => ({
        address: `${rowAddress(table, index)} ${column}`,
        before: was.text,
        after: is?.text,
      }),
    );
    const addressOf = ({ table, index }: { table: string; index: string }) => rowAddress(table, index);
    this.tellOthers("not by this run, since it read last: ", {
      changes: [...parameters, ...changes],
      gone: gone.map(addressOf),
      come: come.map(addressOf),
    });
  }

  private tellBeside(beside: Beside): void {
    this.tellOthers("beside our change, by the device or by someone else: ", beside);
  }

  private tellOthers(what: string, { changes, gone, come }: Pick<Beside, "changes" | "gone" | "come">): void {
    const log = deviceLog(this.client.connection.name);
    tellChanges(log, changes, this.isSecret, what);
    if (gone.length > 0) log(`${what}gone: ${listed(gone, LISTED)}`);
    if (come.length > 0) log(`${what}new: ${listed(come, LISTED)}`);
  }

  /** Rows that had to go and that the device keeps although their table came without them go by the CLI. */
  private async removeKeptRows(plan: IniPlan): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const kept = this.keptRows(plan);
      if (kept.length === 0) return;
      const ran = await this.removeByCli(kept);
      await this.readLate("script", () => ran !== "all" || this.keptRows(plan).length < kept.length);
      if (ran !== "unknown") return;
    }
  }

  private keptRows(plan: IniPlan): IniRow[] {
    return [...plan.removed.values()].flatMap(({ table, index }) => {
      const row = this.shown.tables.get(table)?.rows.get(index);
      if (row === undefined) return [];
      const cells = Object.fromEntries([...row].map(([column, { text }]) => [column, text]));
      return [{ table, index, cells }];
    });
  }

  /** @returns how many of the commands the device says to have run */
  private async removeByCli(rows: readonly IniRow[]): Promise<"all" | "some" | "unknown"> {
    this.wrote = true;
    try {
      const refusals = await removeRowsByCli(this.client, rows);
      for (const refusal of refusals) this.tell(refusal);
      return refusals.length === 0 ? "all" : "some";
    } catch (error) {
      if (!isRefused(error) && !isOutcomeUnknown(error)) throw error;
      if (isRefused(error)) this.tell(reasonsOf(error).join("; "));
      return "unknown";
    }
  }

  /** A line about the device as a whole, once a turn. */
  private tell(line: string): void {
    if (!this.told.has(line)) deviceLog(this.client.connection.name)(line);
    this.told.add(line);
  }
}

/** A row that was to go because it was as we made it stays if somebody changed it since that was seen. */
function withoutChangedRows(fragment: Fragment, seen: Observed, now: Observed): Fragment {
  if (fragment.removedRows.size === 0 || seen === now) return fragment;
  const removedRows = new NameMap<true>();
  for (const row of fragment.removedRows.keys()) {
    const split = splitAddress(row);
    if (split.kind === "row" && sameRow(seen, now, split.table, split.index)) removedRows.set(row, true);
  }
  return { ...fragment, removedRows };
}

/** What puts damaged cells back. A device that loses the rows that a table leaves out must get the table whole. */
function restoring(shown: Observed, damage: readonly Damage[]): IniText {
  const overlay = new TableOverlay(shown, { incrementalTables: "whole" });
  for (const { table, index, column, raw } of damage) overlay.set(table, index, column, raw);
  return { parameters: [], tables: overlay.tables().flatMap((name) => overlay.table(name) ?? []) };
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

function sameDamage(a: readonly Damage[], b: readonly Damage[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function suspectedNames({ damage, changes }: Beside): Set<string> {
  const names = new Set<string>();
  for (const { table, column, now } of damage)
    if (now !== undefined) names.add(nameKey(`${table}.${column}`));
  for (const { address, before, after } of changes) {
    if (before === undefined || after === undefined) continue;
    const split = splitAddress(address);
    names.add(nameKey(split.kind === "cell" ? `${split.table}.${split.column}` : address));
  }
  return names;
}

function renumberedWords(renumbered: Beside["renumbered"]): string {
  const rows = listed(renumbered.map(({ from, to }) => `${from} is ${to} now`));
  return (
    `the device gave rows other numbers: ${rows}. They stay as they are, because sending them again would make ` +
    "copies of them; declare the rows of this table with the numbers that the device gives them"
  );
}

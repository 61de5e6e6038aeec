import type { DeviceClient } from "../device/client";
import { isDeviceError } from "../device/errors";
import { ReadCache } from "../device/read-cache";
import { type GroupKind, type Ticket, WriteQueue } from "../device/write-queue";
import { rowAddress } from "../ini/address";
import type { Value } from "../ini/configuration";
import { decodeIni, type Encoding, encodeIni } from "../ini/encoding";
import { NameMap } from "../ini/names";
import { type Observed, observe } from "../ini/observe";
import { type IniText, renderIni } from "../ini/render";
import { ReconcileError, reasonsOf, type Touched } from "./failure";
import { type Fragment, secretTexts, withTaken } from "./fragment";
import { type IniPlan, isEmptyPlan, planIni, TableOverlay } from "./ini-plan";
import { unconfirmed, unmanagedDamage, type Verdict, verifyFragment } from "./ini-verify";
import type { Log } from "./log";
import { removeRowsByCli } from "./row-removal";
import { proveSecrets } from "./steady-secrets";

/** What one resource hands to the device's write queue. */
export interface IniJob {
  fragment: Fragment;
  /** Whether a change is to be saved to flash. */
  save: boolean;
  /** Whether an earlier run left a change unsaved. */
  unsaved: boolean;
  log: Log;
}

/** How a job ended well. */
export interface IniOutcome {
  before: Observed;
  after: Observed;
  verdict: Verdict;
}

/**
 * Brings the device to what a job's fragment wants: observe, plan, apply, verify, save. Jobs that wait for one
 * device together share one upload, one read-back and one save; each is judged by itself.
 *
 * @throws ReconcileError where the device does not show what was declared, DeviceError where nothing was sent
 */
export function convergeIni(client: DeviceClient, job: IniJob): Promise<IniOutcome> {
  const queue = WriteQueue.for(client.connection.origin);
  return queue.submit(kindFor(client), { ...job, before: undefined, written: new NameMap<Value>() });
}

/** The device's ini as the cache has it or a GET brings it: what a refresh reads. */
export async function readIni(client: DeviceClient): Promise<Observed> {
  const bytes = await ReadCache.for(client.connection.origin).get("ini", () => client.ini());
  return observe(decodeIni(bytes).text);
}

interface QueuedJob extends IniJob {
  /** The device before the first upload that carried this job: a parked job comes by several times. */
  before: Observed | undefined;
  /** All that uploads for this job have changed. */
  written: NameMap<Value>;
}

type IniTicket = Ticket<QueuedJob, IniOutcome>;

const kinds = new WeakMap<DeviceClient, GroupKind<QueuedJob, IniOutcome>>();
let kindCount = 0;

function kindFor(client: DeviceClient): GroupKind<QueuedJob, IniOutcome> {
  let kind = kinds.get(client);
  if (kind === undefined) {
    // Jobs of one origin that log in otherwise do not share an upload, and the queue tells kinds by name.
    kind = { name: `ini ${++kindCount}`, run: (tickets) => new GroupWrite(client).run(tickets) };
    kinds.set(client, kind);
  }
  return kind;
}

/** A write whose answer was lost is looked up, and sent again where it left nothing, so many times in all. */
const UPLOADS = 3;

/** One turn of a device's write lock. */
class GroupWrite {
  private readonly cache: ReadCache;
  private encoding: Encoding = "utf-8";
  private longHeaders = false;
  private after: Observed | undefined;
  private wrote = false;
  private readonly forms = new Map<IniTicket, Touched["forms"]>();
  private readonly told = new Set<string>();

  constructor(private readonly client: DeviceClient) {
    this.cache = ReadCache.for(client.connection.origin);
  }

  async run(tickets: IniTicket[]): Promise<void> {
    let accepted = tickets;
    try {
      const before = await this.read();
      this.longHeaders = before.longHeaders;
      for (const ticket of tickets) ticket.job.before ??= before;
      accepted = this.refuse(before, tickets);
      const { applied, plan } = await this.apply(before, accepted);
      if (applied.length === 0) return;
      const shown = this.wrote ? await this.putBack(before, plan, await this.read()) : before;
      const after = await this.removeKeptRows(plan, shown);
      this.after = after;
      const judged = applied.map((ticket) => ({ ticket, verdict: this.verify(ticket, after) }));
      const verdicts = judged.map(({ verdict }) => verdict);
      await proveSecrets(this.client.connection.origin, verdicts, after, () => this.read());
      for (const { ticket, verdict } of judged) this.forms.set(ticket, formsOf(ticket.job.fragment, verdict));
      await this.save(judged);
      for (const { ticket, verdict } of judged) this.settle(ticket, verdict, after);
    } catch (error) {
      // What was answered already stays answered; the rest may have touched the device.
      for (const ticket of accepted) ticket.reject(this.touchedError(error, ticket));
    }
  }

  private async read(): Promise<Observed> {
    const { text, encoding } = decodeIni(await this.client.ini());
    this.encoding = encoding;
    return observe(text);
  }

  /** Turns away what cannot be sent at all, before anything is. */
  private refuse(before: Observed, tickets: IniTicket[]): IniTicket[] {
    const fragments = tickets.map((ticket) => ticket.job.fragment);
    const { refused } = planIni(before, fragments, this.rules());
    return tickets.filter((ticket) => {
      const reasons = refused.get(ticket.job.fragment);
      if (reasons !== undefined) ticket.reject(this.touchedError(new ReconcileError(reasons), ticket, false));
      return reasons === undefined;
    });
  }

  /**
   * Sends what all want in one upload. Where the device refuses it, the first one to blame is found by halves and
   * turned away with the device's words, and the rest goes on: only the guilty fail, at few uploads.
   */
  private async apply(
    before: Observed,
    tickets: IniTicket[],
  ): Promise<{ applied: IniTicket[]; plan: IniPlan }> {
    let pending = tickets;
    // Of those pending the first so many were taken, by the upload of this plan.
    let taken = 0;
    let plan = planIni(before, [], this.rules());
    let next = pending.length;
    while (taken < pending.length) {
      let refused = pending.length + 1;
      let words: unknown;
      while (refused - taken > 1) {
        // Each upload carries what was taken before it too: planned on the first dump, it must not undo that.
        try {
          plan = await this.upload(before, pending.slice(0, next));
          taken = next;
        } catch (error) {
          if (!isRefusal(error)) throw error;
          refused = next;
          words = error;
        }
        if (taken === pending.length) return { applied: pending, plan };
        next = Math.floor((taken + refused) / 2);
      }
      const guilty = pending[refused - 1];
      guilty?.reject(this.touchedError(words, guilty, false));
      pending = pending.filter((ticket) => ticket !== guilty);
      next = pending.length;
    }
    return { applied: pending, plan };
  }

  private async upload(before: Observed, tickets: IniTicket[]): Promise<IniPlan> {
    const fragments = tickets.map((ticket) => ticket.job.fragment);
    const first = planIni(before, fragments, this.rules());
    for (const note of first.notes) this.tell(note);
    let plan = first;
    for (let attempt = 1; !isEmptyPlan(plan); attempt++) {
      try {
        await this.put(plan.text, fragments);
        break;
      } catch (error) {
        if (!isOutcomeUnknown(error) || attempt === UPLOADS) throw error;
        const now = await this.read();
        const taken = fragments.map((fragment) => withTaken(fragment, first.written, before, now));
        plan = planIni(now, taken, this.rules());
      }
    }
    for (const ticket of tickets)
      for (const [address, value] of first.written) ticket.job.written.set(address, value);
    return first;
  }

  private async put(text: IniText, fragments: readonly Fragment[]): Promise<void> {
    const body = encodeIni(renderIni(text, { longHeaders: this.longHeaders }), this.encoding);
    // The plan has refused what the encoding has no form for.
    if (body === undefined) throw new Error("internal error: an upload that cannot be encoded");
    this.cache.drop();
    try {
      await this.client.putIncrementalIni(body, secretTexts(fragments));
      this.wrote = true;
    } catch (error) {
      if (isOutcomeUnknown(error)) this.wrote = true;
      throw error;
    } finally {
      this.cache.drop();
    }
  }

  /** Rows that nobody declared must stand as they stood; what an upload lost of them goes back at once. */
  private async putBack(before: Observed, plan: IniPlan, after: Observed): Promise<Observed> {
    this.after = after;
    for (let attempt = 1; ; attempt++) {
      const damage = unmanagedDamage(before, this.after, plan);
      if (damage.length === 0) return this.after;
      const rows = [...new Set(damage.map(({ table, index }) => rowAddress(table, index)))].join(", ");
      const lost = `the device changed rows that nobody declared, and they could not be put back: ${rows}`;
      if (attempt > UPLOADS) throw new ReconcileError([lost]);
      this.tell(`putting back what the upload changed and nobody declared: ${rows}`);
      // A device that loses the rows that a table leaves out must get the table whole.
      const overlay = new TableOverlay(this.after, { incrementalTables: "whole" });
      for (const { table, index, column, raw } of damage) overlay.set(table, index, column, raw);
      const tables = overlay.tables().flatMap((name) => overlay.table(name) ?? []);
      try {
        if (tables.length > 0) await this.put({ parameters: [], tables }, []);
      } catch (error) {
        if (!isOutcomeUnknown(error)) throw new ReconcileError([lost, ...reasonsOf(error)]);
      }
      this.after = await this.read();
    }
  }

  /** Rows that had to go and that the device keeps although their table came without them go by the CLI. */
  private async removeKeptRows(plan: IniPlan, after: Observed): Promise<Observed> {
    let shown = after;
    for (let attempt = 1; attempt <= UPLOADS; attempt++) {
      const kept = [...plan.removed.values()].flatMap(({ table, index }) => {
        const row = shown.tables.get(table)?.rows.get(index);
        if (row === undefined) return [];
        return [
          { table, index, cells: Object.fromEntries([...row].map(([column, { text }]) => [column, text])) },
        ];
      });
      if (kept.length === 0) return shown;
      this.cache.drop();
      try {
        for (const refusal of await removeRowsByCli(this.client, kept)) this.tell(refusal);
        attempt = UPLOADS;
      } catch (error) {
        if (!isRefusal(error) && !isOutcomeUnknown(error)) throw error;
        if (isRefusal(error)) this.tell(reasonsOf(error).join("; "));
      } finally {
        this.wrote = true;
        this.cache.drop();
      }
      shown = await this.read();
    }
    return shown;
  }

  private verify(ticket: IniTicket, after: Observed): Verdict {
    const { fragment, before, written } = ticket.job;
    return verifyFragment(fragment, before ?? after, after, written);
  }

  /** A change ends in a save; what was already as declared is saved only where the device says that it is not. */
  private async save(judged: { ticket: IniTicket }[]): Promise<void> {
    const wanting = judged.filter(({ ticket }) => ticket.job.save);
    if (wanting.length === 0) return;
    if (this.wrote || wanting.some(({ ticket }) => ticket.job.unsaved))
      return this.client.saveConfiguration();
    const { saveNeeded } = await this.client.status();
    if (saveNeeded === true) await this.client.saveConfiguration();
    if (saveNeeded === undefined) {
      for (const { ticket } of wanting) {
        ticket.job.log(
          "already as declared; this firmware does not say whether it is saved, so it was not saved again",
        );
      }
    }
  }

  private settle(ticket: IniTicket, verdict: Verdict, after: Observed): void {
    const { fragment, log } = ticket.job;
    const before = ticket.job.before ?? after;
    const reasons = [...verdict.problems];
    if (verdict.unconfirmed.length > 0) reasons.push(unconfirmed(verdict.unconfirmed));
    if (verdict.mayComeLater.length > 0) {
      // What it refers to may be on its way in another resource.
      if (reasons.length === 0 && !ticket.lastChance) {
        ticket.park();
        return;
      }
      reasons.push(...verdict.mayComeLater);
    }
    for (const note of verdict.notes) log(note);
    if (reasons.length === 0) ticket.resolve({ before, after, verdict });
    else
      ticket.reject(
        new ReconcileError(reasons, { before, after, forms: formsOf(fragment, verdict), unsaved: false }),
      );
  }

  /** The error for a job whose turn broke off: it keeps what an upload of this turn or an earlier one has done. */
  private touchedError(error: unknown, ticket: IniTicket, wrote = this.wrote): unknown {
    const { before, fragment, written, save } = ticket.job;
    if ((!wrote && written.size === 0) || before === undefined) return error;
    const forms = this.forms.get(ticket) ?? fragment.forms;
    return new ReconcileError(reasonsOf(error), { before, after: this.after, forms, unsaved: save && wrote });
  }

  /** A line about the device as a whole, once a turn. */
  private tell(line: string): void {
    if (!this.told.has(line)) console.log(`[${this.client.connection.name}] ${line}`);
    this.told.add(line);
  }

  private rules() {
    const { incrementalTables, username } = this.client.connection;
    return { incrementalTables, username, encoding: this.encoding };
  }
}

function formsOf(fragment: Fragment, verdict: Verdict): Touched["forms"] {
  return new NameMap([...fragment.forms, ...verdict.forms]);
}

function isRefusal(error: unknown): boolean {
  return isDeviceError(error) && error.code === "MEDIANT_REFUSED";
}

function isOutcomeUnknown(error: unknown): boolean {
  return isDeviceError(error) && error.code === "MEDIANT_OUTCOME_UNKNOWN";
}

import type { DeviceClient } from "../../device/client";
import { Slot } from "../../device/shared/device";
import type { GroupKind, Ticket } from "../../device/shared/write-queue";
import type { Value } from "../../ini/configuration";
import { decodeIni } from "../../ini/encoding";
import { NameMap } from "../../ini/names";
import { type Observed, observe } from "../../ini/observe";
import { isRefused, ReconcileError, reasonsOf } from "../life/errors";
import type { Log } from "../life/log";
import { saveAfter } from "../life/saving";
import type { Fragment } from "./fragment";
import { proveSecrets } from "./obscured-secrets";
import type { IniPlan } from "./plan";
import { type StayedRows, settleRows } from "./released-rows";
import { doubtfulRows, type ShownRows } from "./shown-rows";
import { type Touched, TouchedError } from "./touched";
import { IniTurn } from "./upload";
import { unconfirmed, type Verdict, verifyFragment } from "./verify";

/** What one resource hands to the device's write queue. */
export interface IniJob {
  fragment: Fragment;
  /** Whether a change is to be saved to flash. */
  save: boolean;
  /** Whether something was sent, by an earlier run or by this one, that is not known to be saved. */
  unsaved: boolean;
  /** What the state knows of the tables; undefined if there was none. */
  rows: ShownRows | undefined;
  log: Log;
}

/** How a job ended well. */
export interface IniOutcome {
  before: Observed;
  after: Observed;
  verdict: Verdict;
  /** What the uploads changed, for this job and for others that shared them. */
  written: NameMap<Value>;
}

/**
 * Brings the device to what a job's fragment wants: observe, plan, apply, verify, save. Jobs that wait for one
 * device together share one upload, one read-back and one save; each is judged by itself.
 *
 * @throws ReconcileError where the device does not show what was declared, DeviceError where nothing was sent
 */
export function convergeIni(client: DeviceClient, job: IniJob): Promise<IniOutcome> {
  const queue = client.device.queue;
  return queue.submit(kindFor(client), { ...job, before: undefined, written: new NameMap<Value>() });
}

/**
 * The device's ini as the cache has it or a GET brings it: what a refresh reads.
 * @param doubt whether something is missing that may merely have been cut off: another read, shared too, decides
 */
export async function readIni(
  client: DeviceClient,
  doubt: (observed: Observed) => boolean = () => false,
): Promise<Observed> {
  const cache = client.device.cache;
  const read = async (key: string) => observe(decodeIni(await cache.get(key, () => client.ini())).text);
  const observed = await read("ini");
  return doubt(observed) ? read("ini again") : observed;
}

interface QueuedJob extends IniJob {
  /** The device before the first upload that carried this job: a parked job comes by several times. */
  before: Observed | undefined;
  /** All that uploads for this job have changed. */
  written: NameMap<Value>;
}

type IniTicket = Ticket<QueuedJob, IniOutcome>;

/** Jobs of one device that log in otherwise do not share an upload. */
const KINDS = new Slot(() => new Map<DeviceClient, GroupKind<QueuedJob, IniOutcome>>());

function kindFor(client: DeviceClient): GroupKind<QueuedJob, IniOutcome> {
  const kinds = client.device.recall(KINDS);
  let kind = kinds.get(client);
  if (kind === undefined) {
    const stayed: StayedRows = new NameMap();
    // The queue tells kinds by name.
    kind = { name: `ini ${kinds.size + 1}`, run: (tickets) => new GroupWrite(client, stayed).run(tickets) };
    kinds.set(client, kind);
  }
  return kind;
}

/** One turn of a device's write lock. */
class GroupWrite {
  private readonly turn: IniTurn;
  private readonly forms = new Map<IniTicket, Touched["forms"]>();

  /** @param stayed rows that an earlier turn of this run let go of and that could not go yet */
  constructor(
    private readonly client: DeviceClient,
    private readonly stayed: StayedRows,
  ) {
    this.turn = new IniTurn(client);
  }

  async run(tickets: IniTicket[]): Promise<void> {
    let accepted = tickets;
    try {
      const jobs = tickets.map(({ job }) => job);
      const before = await this.turn.begin((observed) => doubtfulRows(observed, jobs));
      for (const ticket of tickets) ticket.job.before ??= before;
      this.settleRows(before, tickets);
      accepted = this.refuse(before, tickets);
      const { applied, plan } = await this.apply(before, accepted);
      if (applied.length === 0) return;
      const after = await this.turn.readBack(before, plan);
      const judged = applied.map((ticket) => ({ ticket, verdict: this.verify(ticket, after) }));
      const verdicts = judged.map(({ verdict }) => verdict);
      await proveSecrets(this.client.device, verdicts, after, () => this.turn.read());
      for (const { ticket, verdict } of judged) this.forms.set(ticket, formsOf(ticket.job.fragment, verdict));
      await this.save(judged);
      for (const { ticket, verdict } of judged) this.settle(ticket, verdict, after);
    } catch (error) {
      // What was answered already stays answered; the rest may have touched the device.
      for (const ticket of accepted) ticket.reject(this.touchedError(error, ticket));
    }
  }

  /** Keeps the rows that are no longer as they were made, and tells whose they are not. */
  private settleRows(before: Observed, tickets: IniTicket[]): void {
    const jobs = tickets.map(({ job }) => job);
    const settled = settleRows(
      before,
      jobs.map(({ fragment }) => fragment),
      this.stayed,
    );
    for (const [at, job] of jobs.entries()) {
      const { fragment, lines } = settled[at] ?? { fragment: job.fragment, lines: [] };
      job.fragment = fragment;
      for (const line of lines) job.log(line);
    }
  }

  /** Turns away what cannot be sent at all, before anything is. */
  private refuse(before: Observed, tickets: IniTicket[]): IniTicket[] {
    const fragments = tickets.map((ticket) => ticket.job.fragment);
    const { refused } = this.turn.plan(before, fragments);
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
    let plan = this.turn.plan(before, []);
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
          if (!isRefused(error)) throw error;
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
    const fragments = tickets.map(({ job }) => job.fragment);
    const plan = await this.turn.upload(before, fragments);
    for (const { job } of tickets)
      for (const [address, value] of plan.written) job.written.set(address, value);
    return plan;
  }

  private verify(ticket: IniTicket, after: Observed): Verdict {
    const { fragment, before, written } = ticket.job;
    return verifyFragment(fragment, before ?? after, after, written);
  }

  private async save(judged: { ticket: IniTicket }[]): Promise<void> {
    const wanting = judged.map(({ ticket }) => ticket.job).filter(({ save }) => save);
    if (wanting.length === 0) return;
    const changed = this.turn.wrote || wanting.some((job) => isUnsaved(job));
    await saveAfter(this.client, changed);
  }

  private settle(ticket: IniTicket, verdict: Verdict, after: Observed): void {
    const { job } = ticket;
    const { fragment, log } = job;
    const before = job.before ?? after;
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
    if (reasons.length === 0) ticket.resolve({ before, after, verdict, written: ticket.job.written });
    else
      ticket.reject(
        // What the save found may not be what was sent: a device can apply it later.
        new TouchedError(reasons, {
          before,
          after,
          forms: formsOf(fragment, verdict),
          written: ticket.job.written,
          unsaved: isUnsaved(job),
        }),
      );
  }

  /** The error for a job whose turn broke off: it keeps what an upload of this turn or an earlier one has done. */
  private touchedError(error: unknown, ticket: IniTicket, wrote = this.turn.wrote): unknown {
    const { job } = ticket;
    const { before, fragment, written } = job;
    if ((!wrote && written.size === 0) || before === undefined) return error;
    const forms = this.forms.get(ticket) ?? fragment.forms;
    return new TouchedError(reasonsOf(error), {
      before,
      after: this.turn.after,
      forms,
      written,
      unsaved: isUnsaved(job, wrote),
    });
  }
}

/** Whether something was sent for a job that is not known to be saved; without `save` the state says so by that. */
function isUnsaved({ save, unsaved, written }: QueuedJob, wrote = false): boolean {
  return save && (unsaved || wrote || written.size > 0);
}

function formsOf(fragment: Fragment, verdict: Verdict): Touched["forms"] {
  return new NameMap([...fragment.forms, ...verdict.forms]);
}

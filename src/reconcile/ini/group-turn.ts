import type { DeviceClient } from "../../device/client";
import { Slot } from "../../device/shared/device";
import type { GroupKind, Ticket } from "../../device/shared/write-queue";
import type { Value } from "../../ini/configuration";
import { NameMap } from "../../ini/names";
import type { Observed } from "../../ini/observe";
import { isRefused, ReconcileError, reasonsOf } from "../life/errors";
import { firstRefused } from "../life/first-refused";
import type { Log } from "../life/log";
import { saveAfter } from "../life/saving";
import { type Fragment, withTaken } from "./fragment";
import { proveSecrets } from "./obscured-secrets";
import { type StayedRows, settleRows } from "./released-rows";
import { doubtfulRows, type ShownRows } from "./shown-rows";
import { SIGHTINGS } from "./sightings";
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
  const { cache } = client.device;
  const read = async (key: string): Promise<Observed> => {
    const { generation } = cache;
    const bytes = await cache.get(key, () => client.ini());
    return client.device.recall(SIGHTINGS).document(bytes, cache, generation);
  };
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
    const name = `ini ${kinds.size + 1}`;
    kind = { name, run: (tickets) => new GroupWrite(client, tickets, stayed).run() };
    kinds.set(client, kind);
  }
  return kind;
}

/** One turn of a device's write lock. */
class GroupWrite {
  private readonly turn: IniTurn;
  private readonly forms = new Map<IniTicket, Touched["forms"]>();
  /** What the device refused. It is answered with the rest, so that what follows all of it goes out together. */
  private readonly turnedAway = new Map<IniTicket, unknown>();

  /** @param stayed rows that an earlier turn of this run let go of and that could not go yet */
  constructor(
    private readonly client: DeviceClient,
    private readonly tickets: readonly IniTicket[],
    private readonly stayed: StayedRows,
  ) {
    const secrets = tickets.map(({ job }) => job.fragment.isSecret);
    this.turn = new IniTurn(client, (address) => secrets.some((isSecret) => isSecret(address)));
  }

  async run(): Promise<void> {
    let accepted = this.tickets;
    try {
      const jobs = accepted.map(({ job }) => job);
      const before = await this.turn.begin((observed) => doubtfulRows(observed, jobs));
      for (const job of jobs) job.before ??= before;
      this.settleRows(before, jobs);
      accepted = this.refuse(before);
      const applied = await this.apply(accepted);
      if (applied.length === 0) return;
      const after = this.turn.shown;
      const judged = applied.map((ticket) => ({ ticket, verdict: this.verify(ticket, after) }));
      const verdicts = judged.map(({ verdict }) => verdict);
      await proveSecrets(this.client.device, verdicts, after, () => this.turn.read());
      for (const { ticket, verdict } of judged) this.forms.set(ticket, formsOf(ticket.job.fragment, verdict));
      await this.save(judged);
      for (const { ticket, verdict } of judged) this.settle(ticket, verdict, after);
    } catch (error) {
      // What was answered already stays answered; the rest may have touched the device.
      for (const ticket of accepted)
        if (!this.turnedAway.has(ticket)) ticket.reject(this.touchedError(error, ticket));
    } finally {
      for (const [ticket, error] of this.turnedAway) ticket.reject(error);
    }
  }

  /** Keeps the rows that are no longer as they were made, and tells whose they are not. */
  private settleRows(before: Observed, jobs: readonly QueuedJob[]): void {
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
  private refuse(before: Observed): IniTicket[] {
    const fragments = this.tickets.map((ticket) => ticket.job.fragment);
    const { refused } = this.turn.plan(before, fragments);
    return this.tickets.filter((ticket) => {
      const reasons = refused.get(ticket.job.fragment);
      if (reasons !== undefined) ticket.reject(this.touchedError(new ReconcileError(reasons), ticket, false));
      return reasons === undefined;
    });
  }

  /**
   * Sends what all want in one upload. If the device refuses it, the first job to blame is found by halves and turned
   * away with the device's words, and the rest goes on: only the guilty fail, at few uploads.
   */
  private async apply(tickets: readonly IniTicket[]): Promise<readonly IniTicket[]> {
    let pending = tickets;
    let taken = 0;
    for (;;) {
      let refusal: unknown;
      const accepts = async (from: number, to: number): Promise<boolean> => {
        try {
          await this.upload(pending.slice(0, from), pending.slice(from, to));
          return true;
        } catch (error) {
          if (!isRefused(error)) throw error;
          refusal = error;
          // What others changed meanwhile must not be undone by the next upload.
          await this.turn.read();
          return false;
        }
      };
      taken = await firstRefused(pending.length, accepts, taken);
      const guilty = pending[taken];
      if (guilty === undefined) return pending;
      this.turnedAway.set(guilty, this.touchedError(refusal, guilty, false));
      pending = pending.filter((ticket) => ticket !== guilty);
    }
  }

  /** An upload is planned with what was taken before it too: it must not undo that. */
  private async upload(taken: readonly IniTicket[], tickets: readonly IniTicket[]): Promise<void> {
    const { shown } = this.turn;
    const held = taken.map(({ job }) => withTaken(job.fragment, job.written, job.before ?? shown, shown));
    const sent = await this.turn.upload([...held, ...tickets.map(({ job }) => job.fragment)]);
    for (const { job } of tickets)
      for (const [address, value] of sent.plan.written) job.written.set(address, value);
    await this.turn.readBack(sent);
  }

  private verify(ticket: IniTicket, after: Observed): Verdict {
    const { fragment, before, written } = ticket.job;
    return verifyFragment(fragment, before ?? after, after, written);
  }

  private async save(judged: { ticket: IniTicket }[]): Promise<void> {
    const wanting = judged.map(({ ticket }) => ticket.job).filter(({ save }) => save);
    if (wanting.length === 0) return;
    const changed = this.turn.wrote || wanting.some((job) => isUnsaved(job));
    await saveAfter(this.client, changed, this.turn.status);
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

import type { ConfirmArgs } from "../../declare/checks";
import type { DeviceClient } from "../../device/client";
import { Slot } from "../../device/shared/device";
import type { GroupKind, Ticket } from "../../device/shared/write-queue";
import type { Address } from "../../ini/address";
import type { Value } from "../../ini/configuration";
import { declaredBy } from "../../ini/declared";
import { NameMap } from "../../ini/names";
import { liveValue, type Observed } from "../../ini/observe";
import type { SecretTest } from "../../ini/secrets";
import { Confirmation, watchWords } from "../health/confirmation";
import { isPassing } from "../health/look";
import { UnconfirmedError, undo } from "../health/undo";
import type { SeenBefore } from "../health/verdict";
import { isRefused, ReconcileError, reasonsOf } from "../life/errors";
import { type Log, listed } from "../life/log";
import { markUnconfirmed, mustSave, save } from "../life/saving";
import { sameShown } from "./beside";
import { type Fragment, withTaken } from "./fragment";
import { unconfirmed } from "./likely-causes";
import { proveSecrets } from "./obscured-secrets";
import { isEmptyPlan } from "./plan/plan";
import { putBack } from "./put-back";
import { type StayedRows, settleRows } from "./released-rows";
import { doubtfulRows, type ShownRows } from "./shown-rows";
import { SIGHTINGS } from "./sightings";
import { type Touched, TouchedError } from "./touched";
import { IniTurn, type Sent } from "./upload";
import { type Verdict, verifyFragment } from "./verify";
import type { WentOut } from "./way-back";

/** What one resource hands to the device's write queue. */
export interface IniJob {
  fragment: Fragment;
  /** Whether a change is to be saved to flash. */
  save: boolean;
  /** How a change is confirmed before it is saved. */
  confirm?: ConfirmArgs;
  /** Whether something was sent, by an earlier run or by this one, that is not known to be saved. */
  unsaved: boolean;
  /** How the device was before a change that an earlier run made, and that is not saved yet. */
  seenBefore?: SeenBefore | undefined;
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
  return queue.submit(kindFor(client, job.confirm), {
    ...job,
    before: undefined,
    written: new NameMap<Value>(),
  });
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

/** What goes out together on one connection. */
interface Kinds {
  stayed: StayedRows;
  /** By how a change is confirmed: jobs that are confirmed otherwise, or not at all, go out by themselves. */
  byConfirm: Map<string, GroupKind<QueuedJob, IniOutcome>>;
}

/** Jobs of one device that log in otherwise do not share an upload. */
const KINDS = new Slot(() => new Map<DeviceClient, Kinds>());

function kindFor(client: DeviceClient, confirm: ConfirmArgs | undefined): GroupKind<QueuedJob, IniOutcome> {
  const clients = client.device.recall(KINDS);
  const kinds: Kinds = clients.get(client) ?? { stayed: new NameMap(), byConfirm: new Map() };
  clients.set(client, kinds);
  const { stayed, byConfirm } = kinds;
  const key = JSON.stringify(confirm ?? null);
  let kind = byConfirm.get(key);
  if (kind === undefined) {
    // The queue tells kinds by name.
    const name = `ini ${clients.size}.${byConfirm.size + 1}`;
    kind = { name, run: (tickets) => new GroupWrite(client, tickets, stayed).run() };
    byConfirm.set(key, kind);
  }
  return kind;
}

/** One turn of a device's write lock. */
class GroupWrite {
  private readonly turn: IniTurn;
  private readonly isSecret: SecretTest;
  private readonly forms = new Map<IniTicket, Touched["forms"]>();
  /** What the device refused. It is answered with the rest, so that what follows all of it goes out together. */
  private readonly turnedAway = new Map<IniTicket, unknown>();
  private readonly sent: Sent[] = [];
  /** Whether something differs, so that an upload goes out. */
  private sends = false;
  private readonly confirmation: Confirmation | undefined;

  /** @param stayed rows that an earlier turn of this run let go of and that could not go yet */
  constructor(
    private readonly client: DeviceClient,
    private readonly tickets: readonly IniTicket[],
    private readonly stayed: StayedRows,
  ) {
    const secrets = tickets.map(({ job }) => job.fragment.isSecret);
    this.isSecret = (address) => secrets.some((isSecret) => isSecret(address));
    this.turn = new IniTurn(client, this.isSecret);
    const jobs = tickets.map(({ job }) => job);
    const confirm = jobs[0]?.confirm;
    if (confirm !== undefined) {
      const label = jobs.map(({ fragment }) => fragment.label).join(", ");
      const logs = jobs.map(({ log }) => log);
      this.confirmation = new Confirmation(client, confirm, logs, label, jobs.find(hasSeen)?.seenBefore);
    }
  }

  async run(): Promise<void> {
    let accepted = this.tickets;
    try {
      const jobs = accepted.map(({ job }) => job);
      const [label] = jobs.map(({ fragment }) => fragment.label);
      const before = await this.turn.begin((observed) => doubtfulRows(observed, jobs), label);
      for (const job of jobs) job.before ??= before;
      this.settleRows(before, jobs);
      accepted = this.refuse(before);
      if (this.sends && this.confirmation !== undefined) {
        await this.confirmation.begin(
          this.isOurs(),
          jobs.some((job) => job.save),
        );
        this.tellLasting(before);
        // The last read comes right before the upload.
        await this.turn.read();
      }
      const applied = await this.apply(accepted);
      if (applied.length === 0) return;
      const after = this.turn.shown;
      const judged = applied.map((ticket) => ({ ticket, verdict: this.verify(ticket, after) }));
      const verdicts = judged.map(({ verdict }) => verdict);
      await proveSecrets(this.client.device, verdicts, after, () => this.turn.read());
      for (const { ticket, verdict } of judged) this.forms.set(ticket, formsOf(ticket.job.fragment, verdict));
      if (await this.mustSave(applied)) {
        await this.confirm();
        await save(this.client);
      } else if (this.turn.wrote) await this.confirm();
      for (const { ticket, verdict } of judged) this.settle(ticket, verdict, after);
    } catch (error) {
      if (this.confirmation?.hasHeld === false && this.turn.wrote && !isUndone(error))
        markUnconfirmed(this.client, this.confirmation.label);
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
    const plan = this.turn.plan(before, fragments);
    const { refused } = plan;
    this.sends = !isEmptyPlan(plan);
    return this.tickets.filter((ticket) => {
      const reasons = refused.get(ticket.job.fragment);
      if (reasons !== undefined) ticket.reject(this.touchedError(new ReconcileError(reasons), ticket, false));
      return reasons === undefined;
    });
  }

  /**
   * Sends what all want in one upload. Where the device refuses it, the first one to blame is found by halves and
   * turned away with the device's words, and the rest goes on: only the guilty fail, at few uploads.
   */
  private async apply(tickets: readonly IniTicket[]): Promise<readonly IniTicket[]> {
    let pending = tickets;
    // The first `taken` of the pending jobs have been applied and read back.
    let taken = 0;
    let next = pending.length;
    while (taken < pending.length) {
      let refused = pending.length + 1;
      let words: unknown;
      while (refused - taken > 1) {
        try {
          await this.upload(pending.slice(0, taken), pending.slice(taken, next));
          taken = next;
        } catch (error) {
          if (!isRefused(error)) throw error;
          refused = next;
          words = error;
          // What others changed meanwhile must not be undone by the next upload.
          await this.turn.read();
        }
        if (taken === pending.length) return pending;
        next = Math.floor((taken + refused) / 2);
      }
      const guilty = pending[refused - 1];
      if (guilty !== undefined) this.turnedAway.set(guilty, this.touchedError(words, guilty, false));
      pending = pending.filter((ticket) => ticket !== guilty);
      next = pending.length;
    }
    return pending;
  }

  /** An upload is planned with what was taken before it too: it must not undo that. */
  private async upload(taken: readonly IniTicket[], tickets: readonly IniTicket[]): Promise<void> {
    const { shown } = this.turn;
    const held = taken.map(({ job }) => withTaken(job.fragment, job.written, job.before ?? shown, shown));
    const sent = await this.turn.upload([...held, ...tickets.map(({ job }) => job.fragment)]);
    if (sent.went) this.sent.push(sent);
    for (const { job } of tickets)
      for (const [address, value] of sent.plan.written) job.written.set(address, value);
    try {
      await this.turn.readBack(sent);
    } catch (error) {
      if (this.confirmation === undefined || !isPassing(error)) throw error;
      const end = await this.confirmation.awaitBack(async () => true);
      if (end.kind === "gone") throw new UnconfirmedError(watchWords(end), false, false);
      await this.turn.readBack(sent);
    }
  }

  private verify(ticket: IniTicket, after: Observed): Verdict {
    const { fragment, before, written } = ticket.job;
    return verifyFragment(fragment, before ?? after, after, written);
  }

  private async mustSave(applied: readonly IniTicket[]): Promise<boolean> {
    const wanting = applied.map(({ job }) => job).filter((job) => job.save);
    if (wanting.length === 0) return false;
    const changed = this.turn.wrote || wanting.some((job) => isUnsaved(job));
    return mustSave(this.client, changed, this.turn.status);
  }

  /**
   * Watches what is not saved yet; also what a run that broke off has left.
   * @throws UnconfirmedError if a check fails, when the change was undone as `onFailure` says
   */
  private async confirm(): Promise<void> {
    const { confirmation, client, isSecret, sent } = this;
    if (confirmation === undefined) return;
    const watched = this.turn.shown;
    const stands = async () => {
      const now = await this.turn.read();
      const written = sent.flatMap(({ plan }) => [...plan.written.keys()]);
      const removed = sent.flatMap(({ plan }) => [...plan.removed.values()]);
      const has = ({ tables }: Observed, row: { table: string; index: string }) =>
        tables.get(row.table)?.rows.has(row.index) === true;
      return (
        written.every((address) => sameShown(liveValue(watched, address), liveValue(now, address))) &&
        removed.every((row) => has(now, row) === has(watched, row))
      );
    };
    const end = await confirmation.watch(stands);
    if (end.kind === "held") return;
    const out = wentOutBy(sent, this.turn.emptied, watched);
    const restore = out && (() => putBack(client, out, isSecret));
    const error = await undo(client, confirmation, end, restore);
    if (!error.flash && restore !== undefined) await this.turn.read().catch(() => undefined);
    throw error;
  }

  /** Says which parameters no ini can put back: it has no word for a default. */
  private tellLasting(before: Observed): void {
    if (this.confirmation?.onFailure !== "restore") return;
    for (const { job } of this.tickets) {
      const names = Object.keys(job.fragment.declared.parameters).filter(
        (name) => !before.parameters.has(name) && !before.hiddenParameters.has(name),
      );
      if (names.length > 0) job.log(`${LASTING}${listed(names)}`);
    }
  }

  /** Whether what the device has unsaved may come from our own runs. */
  private isOurs(): boolean {
    return this.tickets.some(({ job }) => isUnsaved(job));
  }

  private settle(ticket: IniTicket, verdict: Verdict, after: Observed): void {
    const { job } = ticket;
    const { fragment, log } = job;
    const before = job.before ?? after;
    const reasons = [...verdict.problems];
    if (verdict.unconfirmed.length > 0)
      reasons.push(unconfirmed(verdict.unconfirmed, { fragment, before, after }));
    if (verdict.mayComeLater.length > 0) {
      // What it refers to may be on its way in another resource.
      if (reasons.length === 0 && !ticket.lastChance) {
        ticket.park();
        return;
      }
      reasons.push(...verdict.mayComeLater);
      if (ticket.lastChance && this.tickets.length >= MANY_WAITING)
        reasons.push(
          `${this.tickets.length} resources waited for what others bring, and Pulumi works on so many at once only ` +
            "(four for each processor): dependsOn puts them after those others, or --parallel raises the number",
        );
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
          seenBefore: undefined,
        }),
      );
  }

  /** What a later run compares with, as long as the change waits to be confirmed. */
  private seenBefore(unsaved: boolean, error: unknown): SeenBefore | undefined {
    return unsaved && !isUndone(error) ? this.confirmation?.before : undefined;
  }

  /** The error for a job whose turn broke off: it keeps what an upload of this turn or an earlier one has done. */
  private touchedError(error: unknown, ticket: IniTicket, wrote = this.turn.wrote): unknown {
    const { job } = ticket;
    const { before, fragment, written } = job;
    const isUnconfirmed = error instanceof UnconfirmedError;
    const reasons = isUnconfirmed ? [unconfirmedChange(job), ...error.reasons] : reasonsOf(error);
    // Nothing of it is left: the next run does it again.
    if (isUnconfirmed && error.flash) return new ReconcileError(reasons);
    if ((!wrote && written.size === 0) || before === undefined) return error;
    // What the device showed of a change tells nothing after that was put back.
    const isLeft = !isUnconfirmed || this.confirmation?.onFailure === "leave";
    const forms = (isLeft ? this.forms.get(ticket) : undefined) ?? fragment.forms;
    return new TouchedError(reasons, {
      before,
      after: this.turn.after,
      forms,
      written,
      unsaved: isUnsaved(job, wrote),
      seenBefore: this.seenBefore(isUnsaved(job, wrote), error),
    });
  }
}

/** As many as Pulumi works on at once on one processor: they may keep out the one that they wait for. */
const MANY_WAITING = 4;

/** Whether something was sent for a job that is not known to be saved; without `save` the state says so by that. */
function isUnsaved({ save, unsaved, written }: QueuedJob, wrote = false): boolean {
  return save && (unsaved || wrote || written.size > 0);
}

function hasSeen({ unsaved, seenBefore }: IniJob): boolean {
  return unsaved && seenBefore !== undefined;
}

const LASTING =
  'at their default, which no ini can put back if the change is not confirmed (onFailure "reset" can): ';

function isUndone(error: unknown): boolean {
  return error instanceof UnconfirmedError && error.isUndone;
}

/** The change of a job that was not confirmed, by its addresses. */
function unconfirmedChange({ fragment, written }: QueuedJob): string {
  const { values } = declaredBy(fragment.declared);
  const ours = [...written.keys()].filter((address) => values.has(address) || fragment.restored.has(address));
  return ours.length === 0 ? "not confirmed" : `not confirmed: ${listed(ours)}`;
}

/** What all uploads of a turn have done together; undefined if none went out. */
function wentOutBy(sent: readonly Sent[], emptied: readonly Address[], held: Observed): WentOut | undefined {
  const [first] = sent;
  if (first === undefined) return undefined;
  const written = new NameMap<Value>();
  const removed: WentOut["removed"] = new NameMap();
  for (const { plan } of sent) {
    for (const [address, value] of plan.written) written.set(address, value);
    for (const [row, place] of plan.removed) removed.set(row, place);
  }
  return { base: first.base, written, removed, emptied, held };
}

function formsOf(fragment: Fragment, verdict: Verdict): Touched["forms"] {
  return new NameMap([...fragment.forms, ...verdict.forms]);
}

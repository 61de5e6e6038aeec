import type { DeviceClient } from "../../../device/client";
import type { Address } from "../../../ini/address";
import type { Value } from "../../../ini/configuration";
import { NameMap } from "../../../ini/names";
import { liveValue, type Observed } from "../../../ini/observe";
import type { SecretTest } from "../../../ini/secrets";
import { listed } from "../../../text/listed";
import { Confirmation, watchWords } from "../../health/confirmation";
import { confirmAndSave, markFailed, type WatchedChange } from "../../health/confirmed-change";
import { isPassing } from "../../health/look";
import { UnconfirmedError } from "../../health/undo";
import { isRefused, ReconcileError } from "../../life/errors";
import { mustSave } from "../../life/saving";
import { sameShown } from "../beside";
import { type Fragment, withTaken } from "../fragment";
import { proveSecrets } from "../obscured-secrets";
import { isEmptyPlan } from "../plan/plan";
import { putBack } from "../put-back";
import { type StayedRows, settleRows } from "../released-rows";
import { isNothing, withoutHandedOver } from "../restore";
import { doubtfulRows } from "../shown-rows";
import { IniTurn, type Sent } from "../upload";
import { type Verdict, verifyFragment } from "../verify";
import type { WentOut } from "../way-back";
import { Answers } from "./answers";
import { firstRefused } from "./by-halves";
import { hasSeen, type IniTicket, isUnsaved, type QueuedJob } from "./jobs";

/**
 * One turn of a device's write lock for the jobs that go out together: read, reject what cannot be sent, upload, read
 * back, watch, save, answer.
 */
export class GroupTurn {
  private readonly turn: IniTurn;
  private readonly isSecret: SecretTest;
  private readonly confirmation: Confirmation | undefined;
  private readonly answers: Answers;
  /** What the device refused. It is answered with the rest, so that what follows all of it goes out together. */
  private readonly refusedByDevice = new Map<IniTicket, unknown>();
  private readonly sent: Sent[] = [];
  /** Whether something differs, so that an upload goes out. */
  private sends = false;

  /** @param stayed rows that an earlier turn of this run let go of and that could not go yet */
  constructor(
    private readonly client: DeviceClient,
    private readonly tickets: readonly IniTicket[],
    private readonly stayed: StayedRows,
  ) {
    const jobs = tickets.map(({ job }) => job);
    this.isSecret = (address) => jobs.some(({ fragment }) => fragment.isSecret(address));
    this.turn = new IniTurn(client, this.isSecret);
    this.confirmation = confirmationOf(client, jobs);
    this.answers = new Answers(this.turn, this.confirmation, tickets.length);
  }

  async run(): Promise<void> {
    let pending = this.tickets;
    try {
      const before = await this.begin();
      pending = this.rejectUnsendable(before);
      await this.askBefore(before);
      const applied = await this.apply(pending);
      if (applied.length > 0) await this.finish(applied);
    } catch (error) {
      markFailed(this.client, this.confirmation, { error, touched: this.turn.wrote });
      // What was answered already stays answered; the rest may have touched the device.
      for (const ticket of pending)
        if (!this.refusedByDevice.has(ticket)) ticket.reject(this.answers.failed(ticket, error));
    } finally {
      for (const [ticket, error] of this.refusedByDevice) ticket.reject(error);
    }
  }

  /** Reads the device, and settles which rows go. */
  private async begin(): Promise<Observed> {
    const jobs = this.tickets.map(({ job }) => job);
    const before = await this.turn.begin((observed) => doubtfulRows(observed, jobs), jobs[0]?.fragment.label);
    for (const job of jobs) job.before ??= before;
    this.settleRows(before, jobs);
    return before;
  }

  /** Keeps the rows that are no longer as they were made, and tells whose they are not. */
  private settleRows(before: Observed, jobs: readonly QueuedJob[]): void {
    for (const job of jobs) job.fragment = withoutTaken(job.fragment);
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

  /** Rejects what cannot be sent at all, before anything is. @returns the others */
  private rejectUnsendable(before: Observed): IniTicket[] {
    const fragments = this.tickets.map((ticket) => ticket.job.fragment);
    const plan = this.turn.plan(before, fragments);
    this.sends = !isEmptyPlan(plan);
    return this.tickets.filter((ticket) => {
      const reasons = plan.refused.get(ticket.job.fragment);
      if (reasons !== undefined)
        ticket.reject(this.answers.failed(ticket, new ReconcileError(reasons), false));
      return reasons === undefined;
    });
  }

  /** Asks a device that is to confirm a change how it is before the change. */
  private async askBefore(before: Observed): Promise<void> {
    if (!this.sends || this.confirmation === undefined) return;
    await this.confirmation.begin(
      this.isOurs(),
      this.tickets.some(({ job }) => job.save),
    );
    this.tellLasting(before);
    // The last read comes right before the upload.
    await this.turn.read();
  }

  /**
   * Sends what all want in one upload. If the device refuses it, the first one to blame is found by halves and turned
   * away with the device's words, and the rest goes on: only the guilty fail, at few uploads.
   */
  private async apply(tickets: readonly IniTicket[]): Promise<readonly IniTicket[]> {
    let pending = tickets;
    let taken = 0;
    for (;;) {
      let words: unknown;
      const accepts = async (from: number, to: number): Promise<boolean> => {
        try {
          await this.upload(pending.slice(0, from), pending.slice(from, to));
          return true;
        } catch (error) {
          if (!isRefused(error)) throw error;
          words = error;
          // What others changed meanwhile must not be undone by the next upload.
          await this.turn.read();
          return false;
        }
      };
      const at = await firstRefused(pending.length, taken, accepts);
      const guilty = at === undefined ? undefined : pending[at];
      if (at === undefined || guilty === undefined) return pending;
      this.refusedByDevice.set(guilty, this.answers.failed(guilty, words, false));
      pending = pending.filter((ticket) => ticket !== guilty);
      taken = at;
    }
  }

  /** An upload is planned with what was taken before it too: it must not undo that. */
  private async upload(taken: readonly IniTicket[], tickets: readonly IniTicket[]): Promise<void> {
    const { shown } = this.turn;
    const held = taken.map(({ job }) => withTaken(job.fragment, job.written, job.before ?? shown, shown));
    const sent = await this.turn.upload([...held, ...tickets.map(({ job }) => job.fragment)]);
    if (sent.went) this.sent.push(sent);
    for (const { job } of tickets)
      for (const [address, value] of sent.plan.written) job.written.set(address, value);
    const isEnough = () => !tickets.some((ticket) => this.lacks(ticket));
    try {
      await this.turn.readBack(sent, isEnough);
    } catch (error) {
      if (this.confirmation === undefined || !isPassing(error)) throw error;
      const end = await this.confirmation.awaitBack(async () => true);
      if (end.kind === "gone") throw new UnconfirmedError(watchWords(end), false, false);
      await this.turn.readBack(sent, isEnough);
    }
  }

  /** Whether a job is about to fail by what the device shows. One that can wait for others is not. */
  private lacks(ticket: IniTicket): boolean {
    const { problems, unconfirmed, mayComeLater } = this.verify(ticket, this.turn.shown);
    return problems.length > 0 || unconfirmed.length > 0 || (ticket.lastChance && mayComeLater.length > 0);
  }

  /** Judges what the device shows, confirms and saves it, and answers the jobs. */
  private async finish(applied: readonly IniTicket[]): Promise<void> {
    const after = this.turn.shown;
    const judged = applied.map((ticket) => ({ ticket, verdict: this.verify(ticket, after) }));
    const verdicts = judged.map(({ verdict }) => verdict);
    await proveSecrets(this.client.device, verdicts, after, () => this.turn.read());
    for (const { ticket, verdict } of judged) this.answers.keep(ticket, verdict);
    const saves = await this.mustSave(applied);
    await this.confirmAndSave(saves);
    for (const { ticket, verdict } of judged) this.answers.settle(ticket, verdict, after);
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

  private async confirmAndSave(saves: boolean): Promise<void> {
    try {
      const change = async () => this.change();
      await confirmAndSave(this.client, this.confirmation, { touched: this.turn.wrote, saves, change });
    } catch (error) {
      // Not all of the change may be put back, and the jobs' states say what is left.
      const isOnDevice = error instanceof UnconfirmedError && !error.flash && this.sent.length > 0;
      if (isOnDevice) await this.turn.read().catch(() => undefined);
      throw error;
    }
  }

  /** What the uploads of this turn have changed, as the device shows it now. */
  private change(): WatchedChange {
    const { client, isSecret, sent } = this;
    const watched = this.turn.shown;
    const written = sent.flatMap(({ plan }) => [...plan.written.keys()]);
    const removed = sent.flatMap(({ plan }) => [...plan.removed.values()]);
    const has = ({ tables }: Observed, row: { table: string; index: string }) =>
      tables.get(row.table)?.rows.has(row.index) === true;
    const stands = async () => {
      const now = await this.turn.read();
      return (
        written.every((address) => sameShown(liveValue(watched, address), liveValue(now, address))) &&
        removed.every((row) => has(now, row) === has(watched, row))
      );
    };
    const out = wentOutBy(sent, this.turn.emptied, watched);
    return { stands, restore: out && (() => putBack(client, out, isSecret)) };
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
}

/** A fragment that lets go of nothing that others declare by now: the program may have told of them since it was made. */
function withoutTaken(fragment: Fragment): Fragment {
  const { isDeclaredElsewhere } = fragment;
  if (isDeclaredElsewhere === undefined || isNothing(fragment)) return fragment;
  return { ...fragment, ...withoutHandedOver(fragment, isDeclaredElsewhere) };
}

/** How the jobs of a group are confirmed: they all say it in the same way. */
function confirmationOf(client: DeviceClient, jobs: readonly QueuedJob[]): Confirmation | undefined {
  const confirm = jobs[0]?.confirm;
  if (confirm === undefined) return undefined;
  const label = jobs.map(({ fragment }) => fragment.label).join(", ");
  const logs = jobs.map(({ log }) => log);
  return new Confirmation(client, confirm, logs, label, jobs.find(hasSeen)?.seenBefore);
}

const LASTING =
  'at their default, which no ini can put back if the change is not confirmed (onFailure "reset" can): ';

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

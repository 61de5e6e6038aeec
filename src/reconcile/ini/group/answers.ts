import { declaredBy } from "../../../ini/declared";
import { NameMap } from "../../../ini/names";
import type { Observed } from "../../../ini/observe";
import { listed } from "../../../text/listed";
import type { Confirmation } from "../../health/confirmation";
import { isStale, isUndone } from "../../health/confirmed-change";
import { UnconfirmedError } from "../../health/undo";
import { ReconcileError, reasonsOf } from "../../life/errors";
import type { Fragment } from "../fragment";
import { unconfirmed } from "../likely-causes";
import { type Touched, TouchedError } from "../touched";
import type { IniTurn } from "../upload";
import type { Verdict } from "../verify";
import { type IniTicket, isUnsaved, type QueuedJob } from "./jobs";

/** Answers the jobs of one turn: each by itself, although they shared its uploads. */
export class Answers {
  /** How the device shows what a job declares, once that is read back. */
  private readonly forms = new Map<IniTicket, Touched["forms"]>();

  /** @param waiting how many jobs are in the turn */
  constructor(
    private readonly turn: Pick<IniTurn, "wrote" | "after">,
    private readonly confirmation: Confirmation | undefined,
    private readonly waiting: number,
  ) {}

  /** Keeps what the device shows of a job, in case the turn breaks off later. */
  keep(ticket: IniTicket, verdict: Verdict): void {
    this.forms.set(ticket, formsOf(ticket.job.fragment, verdict));
  }

  /** Answers a job of a turn that went well: by what the device shows, it came true or it did not. */
  settle(ticket: IniTicket, verdict: Verdict, after: Observed): void {
    const { fragment, log, written, before = after } = ticket.job;
    const problems = [...verdict.problems];
    if (verdict.unconfirmed.length > 0)
      problems.push(unconfirmed(verdict.unconfirmed, { fragment, before, after }));
    const waits = verdict.mayComeLater.length > 0;
    // What it refers to may be on its way in another resource.
    if (waits && problems.length === 0 && !ticket.lastChance) {
      ticket.park();
      return;
    }
    const reasons = [...problems, ...verdict.mayComeLater];
    if (waits && ticket.lastChance && this.waiting >= MANY_WAITING) reasons.push(manyWait(this.waiting));
    for (const note of verdict.notes) log(note);
    if (reasons.length === 0) {
      ticket.resolve({ before, after, verdict, written });
      return;
    }
    const forms = formsOf(fragment, verdict);
    // What the save found may not be what was sent: a device can apply it later.
    const unsaved = isUnsaved(ticket.job);
    ticket.reject(
      new TouchedError(reasons, { before, after, forms, written, unsaved, seenBefore: undefined }),
    );
  }

  /**
   * The error for a job that failed or whose turn broke off: it keeps what an upload of this turn or an earlier one has
   * done.
   * @param wrote whether this turn may have changed the device for the job
   */
  failed(ticket: IniTicket, error: unknown, wrote = this.turn.wrote): unknown {
    const { job } = ticket;
    const { before, fragment, written } = job;
    const isUnconfirmed = error instanceof UnconfirmedError;
    const reasons = isUnconfirmed ? [unconfirmedChange(job), ...error.reasons] : reasonsOf(error);
    // Nothing of it is left: the next run does it again.
    if (isUnconfirmed && error.flash) return new ReconcileError(reasons);
    if ((!wrote && written.size === 0) || before === undefined) return error;
    const learnt = isStale(error, this.confirmation) ? undefined : this.forms.get(ticket);
    const unsaved = isUnsaved(job, wrote);
    return new TouchedError(reasons, {
      before,
      after: this.turn.after,
      forms: learnt ?? fragment.forms,
      written,
      unsaved,
      seenBefore: unsaved && !isUndone(error) ? this.confirmation?.before : undefined,
    });
  }
}

function manyWait(waiting: number): string {
  return (
    `${waiting} resources waited for rows of other resources, and Pulumi works on a limited number at once ` +
    "(four for each processor): put them after the others with dependsOn, or raise the number with --parallel"
  );
}

/** As many as Pulumi works on at once on one processor: they may keep out the one that they wait for. */
const MANY_WAITING = 4;

/** The change of a job that was not confirmed, by its addresses. */
function unconfirmedChange({ fragment, written }: QueuedJob): string {
  const { values } = declaredBy(fragment.declared);
  const ours = [...written.keys()].filter((address) => values.has(address) || fragment.restored.has(address));
  return ours.length === 0 ? "not confirmed" : `not confirmed: ${listed(ours)}`;
}

function formsOf(fragment: Fragment, verdict: Verdict): Touched["forms"] {
  return new NameMap([...fragment.forms, ...verdict.forms]);
}

/** With more jobs of a kind than that a queue serves a large run: only there a wait for more pays. */
const FEW = 12;
/** How many times as long as the engine usually takes for a resource its next one is waited for. */
const PATIENCE = 4;
/** After so many groups of several jobs the engine may bring more again than it did. */
const GROUPS_BETWEEN_TRIALS = 16;
/** Milliseconds. What takes longer than that is no pace, but other work of the engine. */
const LONGEST_GAP = 2_000;

/**
 * How fast the engine hands its resources to a process, all devices together. It writes its checkpoint before and after
 * each, so it is the slower the more there are, and the busier the machine.
 */
export class HandOver {
  #since: number | undefined;
  #gap: number | undefined;

  /** A job came to one of the queues. */
  came(now: number): void {
    if (this.#since !== undefined) {
      const gap = Math.min(now - this.#since, LONGEST_GAP);
      this.#gap = this.#gap === undefined ? gap : this.#gap + (gap - this.#gap) / 8;
    }
    this.#since = now;
  }

  /** A job was settled: only now can the engine bring another in its place. */
  settled(now: number): void {
    this.#since = now;
  }

  /** After how many milliseconds without a job likely none will come. */
  get patienceMs(): number {
    return PATIENCE * (this.#gap ?? 0);
  }
}

/**
 * How many jobs of one kind the engine brings to a queue at once. It works on a fixed number of resources, which it does
 * not tell: what was once waited for in vain tells it, until more are there.
 */
export class Pace {
  #came = 0;
  /** With so many, a wait was in vain. */
  #most: number | undefined;
  #groups = 0;

  /** Another job came. @param unsettled the jobs that wait or run now, this one included */
  joined(unsettled: number): void {
    this.#came++;
    if (this.#most !== undefined && unsettled > this.#most) this.#most = undefined;
  }

  /** A group went out, since no other job had come for a while. */
  left(jobs: number): void {
    // In a small run nothing was waited for.
    if (this.#came <= FEW) return;
    this.#groups++;
    this.#most = this.#isTrial(jobs) ? undefined : jobs;
  }

  /** Whether the next group waits all the same: ever more rarely if jobs come one by one, for they follow one another. */
  #isTrial(jobs: number): boolean {
    const isEarly = Number.isInteger(Math.log2(this.#groups));
    return isEarly || (jobs > 1 && this.#groups % GROUPS_BETWEEN_TRIALS === 0);
  }

  /** Whether a group that is so large now will likely grow. */
  bringsMore(jobs: number): boolean {
    return this.#came > FEW && (this.#most === undefined || jobs < this.#most);
  }
}
